package io.swarmscope.internal.store;

/**
 * Who is told what the database holds when it is opened. Called on the store's thread while {@link Store#open} waits. If the file turns
 * out to be damaged on the way, what could be read of it comes first and what was salvaged is told again.
 */
public interface Contents {

    /**
     * A head, a tombstone, one of the latest versions, an own head or withdrawal of a package, something of the outbox, a namespace, a provider, a
     * peer, a peer of the routing table or the standing of one. Expired ones are left out; the routing table comes in its order.
     */
    void row(Row row);

    /** A record of this package was refuted, see {@link Row.Evidence}. */
    void refuted(String namespace, String name, byte[] sha256);
}
