package io.swarmscope.internal.store;

import io.swarmscope.PeerId;

/**
 * A row of the database, one record for each table; immutable values for any thread, their arrays not copied. Times are milliseconds since
 * 1970. A row is what its columns say: whether a record in it is genuine is for its reader to check.
 */
@SuppressWarnings("ArrayRecordComponent") // written and read, never compared
public sealed interface Row {

    /** What a row takes in the queue besides its arrays and texts. */
    int OVERHEAD = 100;

    /** About how many bytes it keeps in memory. */
    int bytes();

    /** The head of a package, as it was signed. */
    record Head(String namespace, String name, long sequence, long expires, byte[] record) implements Row {
        @Override
        public int bytes() {
            return OVERHEAD + namespace.length() + name.length() + record.length;
        }
    }

    /** The withdrawal of a version; of the package where the version is empty. */
    record Tombstone(String namespace, String name, String version, long sequence, long expires, byte[] record) implements Row {
        @Override
        public int bytes() {
            return OVERHEAD + namespace.length() + name.length() + version.length() + record.length;
        }
    }

    /** The record of a version. */
    record Version(String namespace, String name, String version, long sequence, long expires, byte[] record) implements Row {
        @Override
        public int bytes() {
            return OVERHEAD + namespace.length() + name.length() + version.length() + record.length;
        }
    }

    /**
     * A record of this node's own. It never expires: it is renewed.
     *
     * @param version which version; empty for the head, or for the withdrawal of the package
     * @param withdrawn whether it is a withdrawal
     * @param renewAt when it is to be signed and published anew
     */
    record Own(String namespace, String name, String version, byte[] record, boolean withdrawn, long renewAt) implements Row {
        @Override
        public int bytes() {
            return OVERHEAD + namespace.length() + name.length() + version.length() + record.length;
        }
    }

    /** What is still to be sent. */
    record Outbox(String key, int attempts, long nextAt) implements Row {
        @Override
        public int bytes() {
            return OVERHEAD + key.length();
        }
    }

    /** To whom a namespace belongs. */
    record Namespace(String namespace, byte[] owner, long until) implements Row {
        @Override
        public int bytes() {
            return OVERHEAD + namespace.length() + owner.length;
        }
    }

    /** Two records that contradict each other, the second of which was refused. {@code refuted} is its SHA-256. */
    record Evidence(String namespace, String name, String kind, byte[] first, byte[] second, long foundAt, byte[] refuted)
            implements Row {
        @Override
        public int bytes() {
            return OVERHEAD + namespace.length() + name.length() + first.length + second.length + refuted.length;
        }
    }

    /** Who serves a key. Addresses are multiaddrs, one a line. */
    record Provider(byte[] key, PeerId provider, String addresses, long expires) implements Row {
        @Override
        public int bytes() {
            return OVERHEAD + key.length + addresses.length();
        }
    }

    /** A known peer. Addresses are lines of text TAB flags TAB failures. */
    record Peer(PeerId peer, String addresses, long lastUsed) implements Row {
        @Override
        public int bytes() {
            return OVERHEAD + addresses.length();
        }
    }

    /** A peer of the routing table, and where it stood. */
    record Routing(PeerId peer, int position) implements Row {
        @Override
        public int bytes() {
            return OVERHEAD;
        }
    }

    /** What was observed of a peer: decayed weights, as they were at {@code weighedAt}. */
    record Standing(PeerId peer, double successes, double failures, double lies, double latencyNanos, long weighedAt) implements Row {
        @Override
        public int bytes() {
            return OVERHEAD;
        }
    }
}
