package io.swarmscope.internal.kad;

import io.swarmscope.internal.kad.Candidate.State;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The peers one {@link Lookup} has heard of, nearest to its target first. Run by the thread that owns the DHT.
 *
 * <p>Bounded: of those not asked only the nearest are kept, and only so many are ever asked. Sorted by distance, which no two peers have
 * in common, so that the place of a peer also tells whether it is known.
 */
final class Candidates {

    private static final int FIRST_PLACES = 64;

    private final Key target;
    private final int unaskedMax;
    private Candidate[] sorted = new Candidate[FIRST_PLACES];

    /** The leading 64 bits of the distance of each, which nearly always decide. */
    private long[] distances = new long[FIRST_PLACES];

    private int size;
    private int unasked;

    /** Keeps at most {@code unaskedMax} that were not asked. */
    Candidates(Key target, int unaskedMax) {
        this.target = target;
        this.unaskedMax = unaskedMax;
    }

    int size() {
        return size;
    }

    /** The nearest has index 0. */
    Candidate get(int index) {
        return sorted[index];
    }

    @Nullable Candidate find(Key key) {
        int at = place(key);
        return at < 0 ? null : sorted[at];
    }

    /** Takes a peer in that somebody named, or notes that it was named again. */
    void offer(PeerInfo peer, @Nullable Candidate namedBy) {
        int at = place(peer.key());
        if (at >= 0) {
            sorted[at].namedAgain(peer);
            return;
        }
        at = -at - 1;
        if (unasked == unaskedMax) {
            int farthest = farthestUnasked();
            if (farthest < at) {
                return;
            }
            remove(farthest);
        }
        insert(at, new Candidate(peer, namedBy));
    }

    void asked(Candidate candidate, long now) {
        candidate.state = State.ASKED;
        candidate.askedAt = now;
        unasked--;
    }

    /** Forgets all that were not asked and that nobody but that peer named. */
    void forgetNamedOnlyBy(Candidate liar) {
        for (int i = size - 1; i >= 0; i--) {
            if (sorted[i].state == State.NEW && sorted[i].namedOnlyBy(liar)) {
                remove(i);
            }
        }
    }

    /** The index of a point, or -1 minus the index it belongs at. */
    private int place(Key key) {
        long distance = target.head() ^ key.head();
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            int order = Long.compareUnsigned(distances[middle], distance);
            if (order == 0) {
                order = target.compareDistance(sorted[middle].peer.key(), key);
                if (order == 0) {
                    return middle;
                }
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return -low - 1;
    }

    private int farthestUnasked() {
        int i = size - 1;
        while (sorted[i].state != State.NEW) {
            i--;
        }
        return i;
    }

    private void insert(int at, Candidate candidate) {
        if (size == sorted.length) {
            sorted = Arrays.copyOf(sorted, 2 * size);
            distances = Arrays.copyOf(distances, 2 * size);
        }
        System.arraycopy(sorted, at, sorted, at + 1, size - at);
        System.arraycopy(distances, at, distances, at + 1, size - at);
        sorted[at] = candidate;
        distances[at] = target.head() ^ candidate.peer.key().head();
        size++;
        unasked++;
    }

    private void remove(int at) {
        System.arraycopy(sorted, at + 1, sorted, at, size - at - 1);
        System.arraycopy(distances, at + 1, distances, at, size - at - 1);
        size--;
        unasked--;
    }
}
