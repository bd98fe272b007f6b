package io.swarmscope.host;

import io.swarmscope.PeerId;

/**
 * Hears of connections. Called on link threads, for one connection in the order opened, identified (any number of
 * times), closed. Implementations hand the event over and return; they must not block.
 */
public interface ConnectionListener {
    /** A connection is secured and multiplexed; streams can be opened. */
    void opened(Connection connection);

    /** The peer told about itself, first after opening and again when something changed. */
    void identified(Connection connection, Identified identified);

    /** A connection ended. No event for it follows. */
    void closed(Connection connection, String reason);

    /**
     * A peer broke a protocol; the stream or connection was ended already.
     *
     * @param peer who, as proven by the handshake
     * @param what which rule, in words
     */
    void misbehaved(PeerId peer, String what);
}
