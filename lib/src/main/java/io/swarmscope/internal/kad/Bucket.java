package io.swarmscope.internal.kad;

import io.swarmscope.Multiaddr;
import io.swarmscope.PeerId;
import io.swarmscope.internal.fork.Nanos;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The peers of a {@link RoutingTable} that share one number of leading bits with this node. Run by the thread that owns the DHT. */
final class Bucket {

    private static final int FIRST_PLACES = 4;

    /** Addresses of a peer change rarely, and others treat them as hints anyway. */
    private static final long INFO_KEPT = 30_000_000_000L;

    private final int k;
    private Entry[] entries = new Entry[FIRST_PLACES];

    /** {@link Key#head} of each entry, so that finding the nearest touches a few cache lines instead of every entry. */
    private long[] heads = new long[FIRST_PLACES];

    private int size;

    /** Newcomers to a full bucket, the latest last. */
    private final LinkedHashSet<PeerId> waiting = LinkedHashSet.newLinkedHashSet(0);

    /** When a point in this bucket was last looked up. */
    long lookedUp;

    /** One peer of the table. */
    static final class Entry {
        final PeerId peer;
        final Key key;
        boolean connected;
        /** Asked for a sign of life, and the answer is not there yet. */
        boolean checking;
        /** Known from before a restart and not heard of since. */
        boolean doubtful;
        int failures;
        long lastSeen;
        private @Nullable PeerInfo info;
        private long infoMade;

        Entry(PeerId peer, Key key, long now) {
            this.peer = peer;
            this.key = key;
            this.lastSeen = now;
        }

        /**
         * This peer for an answer, null while its addresses are not known. Kept for a while: an answer names twenty peers, and asking
         * the address book for each is most of its cost.
         */
        @Nullable PeerInfo info(Addresses book, long now) {
            PeerInfo made = info;
            if (made != null && !Nanos.reached(infoMade + INFO_KEPT, now)) {
                return made;
            }
            List<Multiaddr> known = book.of(peer);
            ConnectionType connection = connected ? ConnectionType.CONNECTED : ConnectionType.NOT_CONNECTED;
            info = known.isEmpty() ? null : new PeerInfo(peer, key, known, connection);
            infoMade = now;
            return info;
        }

        /** Whichever of the two was not heard of for longer. */
        Entry orStaler(@Nullable Entry other) {
            return other == null || lastSeen - other.lastSeen <= 0 ? this : other;
        }
    }

    Bucket(int k, long lookedUp) {
        this.k = k;
        this.lookedUp = lookedUp;
    }

    int size() {
        return size;
    }

    /** Index below {@link #size}; the order means nothing and changes with every removal. */
    Entry get(int index) {
        return entries[index];
    }

    /** {@link Key#head} of that entry. */
    long head(int index) {
        return heads[index];
    }

    @Nullable Entry find(Key key) {
        long head = key.head();
        for (int i = 0; i < size; i++) {
            if (heads[i] == head && entries[i].key.equals(key)) {
                return entries[i];
            }
        }
        return null;
    }

    /** The peer not heard of for longest, among those without a connection and not under check; null when there is none. */
    @Nullable Entry stalest() {
        Entry stalest = null;
        for (int i = 0; i < size; i++) {
            if (!entries[i].connected && !entries[i].checking) {
                stalest = entries[i].orStaler(stalest);
            }
        }
        return stalest;
    }

    boolean full() {
        return size == k;
    }

    /** Only while not {@link #full}. */
    void add(Entry entry) {
        if (size == entries.length) {
            entries = Arrays.copyOf(entries, Math.min(k, 2 * size));
            heads = Arrays.copyOf(heads, entries.length);
        }
        heads[size] = entry.key.head();
        entries[size++] = entry;
        waiting.remove(entry.peer);
    }

    void remove(Entry entry) {
        int at = 0;
        while (entries[at] != entry) {
            at++;
        }
        size--;
        entries[at] = entries[size];
        heads[at] = heads[size];
        Arrays.fill(entries, size, size + 1, null);
    }

    /** Remembers a newcomer; the one that waited for longest makes room. */
    void await(PeerId peer, int most) {
        waiting.remove(peer);
        waiting.add(peer);
        if (waiting.size() > most) {
            Iterator<PeerId> longest = waiting.iterator();
            longest.next();
            longest.remove();
        }
    }

    boolean awaited() {
        return !waiting.isEmpty();
    }

    /** Forgets a newcomer. */
    void stopAwaiting(PeerId peer) {
        waiting.remove(peer);
    }

    /** Takes out the newcomer that gave the freshest sign of life, null when there is none. */
    @Nullable PeerId nextAwaited() {
        return waiting.isEmpty() ? null : waiting.removeLast();
    }
}
