package io.swarmscope.internal.kad;

import org.jspecify.annotations.Nullable;

/**
 * Peers that were read from messages, by their bytes: a lookup meets the same peers in every answer, and reading one again takes ten times as long as finding it
 * here. A memo of a pure function, direct-mapped, so it never grows; any thread. Threads may race for a place: entries are immutable, so a loser reads again and
 * nothing else happens.
 */
final class PeerMemo {

    private static final int SLOTS = 1 << 13;

    /** What is longer is rare with the honest, and 8,192 of them would be many bytes. */
    private static final int BYTES_MAX = 256;

    private static final @Nullable Entry[] ENTRIES = new @Nullable Entry[SLOTS];

    private record Entry(Bytes bytes, PeerInfo peer) {}

    private PeerMemo() {}

    /** What these bytes were read as, null if that is not remembered. */
    static @Nullable PeerInfo get(Bytes bytes) {
        Entry entry = ENTRIES[slot(bytes)];
        return entry != null && entry.bytes.equals(bytes) ? entry.peer : null;
    }

    /** Remembers for a while what these bytes were read as. */
    static void put(Bytes bytes, PeerInfo peer) {
        if (bytes.length() <= BYTES_MAX) {
            ENTRIES[slot(bytes)] = new Entry(bytes, peer);
        }
    }

    private static int slot(Bytes bytes) {
        int hash = bytes.hashCode() * 0x9E3779B9;
        return hash >>> 19; // 13 bits are left
    }
}
