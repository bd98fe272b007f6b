package io.swarmscope.internal.kad;

import org.jspecify.annotations.Nullable;

/**
 * Peers that were read from messages, by their bytes: a lookup meets the same peers in every answer, and reading one again takes ten times as long as finding it
 * here. A memo of a pure function, direct-mapped, so it never grows; any thread. Threads may race for a place: entries are immutable, so a loser reads again and
 * nothing else happens.
 */
final class PeerMemo {

    private static final int SLOTS = 1 << 11;

    /**
     * An id and some six addresses; what is longer is rare with the honest. A part of an address has two bytes at least and becomes an object of eighty, so that what
     * others make up fills 7 MB at most.
     */
    private static final int BYTES_MAX = 128;

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
        return hash >>> 21; // 11 bits are left
    }
}
