package io.swarmscope.internal.kad;

import io.swarmscope.PeerId;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashSet;
import org.jspecify.annotations.Nullable;

/** The peers of a {@link RoutingTable} that share one number of leading bits with this node. Run by the thread that owns the DHT. */
final class Bucket {

    private static final int FIRST_PLACES = 4;

    private final int k;
    private Entry[] entries = new Entry[FIRST_PLACES];
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
        int failures;
        long lastSeen;

        Entry(PeerId peer, Key key, long now) {
            this.peer = peer;
            this.key = key;
            this.lastSeen = now;
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

    @Nullable Entry find(Key key) {
        for (int i = 0; i < size; i++) {
            if (entries[i].key.equals(key)) {
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
        }
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
