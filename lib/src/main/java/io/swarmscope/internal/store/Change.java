package io.swarmscope.internal.store;

import java.util.List;

/** Something to write into the database: an immutable value, for any thread. {@link Store} carries it out. */
public sealed interface Change {

    /** About how many bytes it keeps in memory while it waits. */
    default int bytes() {
        return Row.OVERHEAD;
    }

    /**
     * Puts a row in the place of the one with the same key. A head, tombstone or version with a lower sequence than the one in its place is
     * left out: two threads may hand in theirs in either order.
     */
    record Put(Row row) implements Change {
        @Override
        public int bytes() {
            return row.bytes();
        }
    }

    /** Deletes a head. */
    record DeleteHead(String namespace, String name) implements Change {}

    /** Deletes a tombstone; that of the package where the version is empty. */
    record DeleteTombstone(String namespace, String name, String version) implements Change {}

    /** Deletes a version. */
    record DeleteVersion(String namespace, String name, String version) implements Change {}

    /** Deletes an own record; the head where the version is empty. */
    record DeleteOwn(String namespace, String name, String version) implements Change {}

    /** Takes something out of the outbox. */
    record DeleteOutbox(String key) implements Change {}

    /** Forgets to whom a namespace belongs. */
    record DeleteNamespace(String namespace) implements Change {}

    /** Makes these all the known peers. */
    record ReplacePeers(List<Row.Peer> peers) implements Change {
        /** Copies the list. */
        public ReplacePeers {
            peers = List.copyOf(peers);
        }

        @Override
        public int bytes() {
            return Row.OVERHEAD + total(peers);
        }
    }

    /** Makes these the whole routing table. */
    record ReplaceRouting(List<Row.Routing> peers) implements Change {
        /** Copies the list. */
        public ReplaceRouting {
            peers = List.copyOf(peers);
        }

        @Override
        public int bytes() {
            return Row.OVERHEAD + total(peers);
        }
    }

    /** Makes these all that is known of how peers behaved. */
    record ReplaceReputation(List<Row.Standing> peers) implements Change {
        /** Copies the list. */
        public ReplaceReputation {
            peers = List.copyOf(peers);
        }

        @Override
        public int bytes() {
            return Row.OVERHEAD + total(peers);
        }
    }

    /** Deletes the heads, tombstones, versions, providers and claims to namespaces that have expired by then. */
    record Expire(long now) implements Change {}

    private static int total(List<? extends Row> rows) {
        return rows.stream().mapToInt(Row::bytes).sum();
    }
}
