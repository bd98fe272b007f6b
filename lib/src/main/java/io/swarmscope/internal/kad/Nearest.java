package io.swarmscope.internal.kad;

import io.swarmscope.internal.kad.Bucket.Entry;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The entries nearest to a target among those offered, sorted by insertion since they are few. Used by one thread, once. */
final class Nearest {

    private final Key target;
    private final Entry[] best;

    /** The leading 64 bits of the distance of each, which nearly always decide. */
    private final long[] distances;

    private int size;

    /** Keeps at most {@code count}. */
    Nearest(Key target, int count) {
        this.target = target;
        this.best = new Entry[count];
        this.distances = new long[count];
    }

    boolean full() {
        return size == best.length;
    }

    void offer(Bucket bucket) {
        long head = target.head();
        for (int i = 0; i < bucket.size(); i++) {
            long distance = head ^ bucket.head(i);
            if (!full() || (size > 0 && Long.compareUnsigned(distance, distances[size - 1]) <= 0)) {
                insert(bucket.get(i), distance);
            }
        }
    }

    private void insert(Entry entry, long distance) {
        int at = full() ? size : size++;
        while (at > 0 && nearer(entry, distance, at - 1)) {
            if (at < size) {
                best[at] = best[at - 1];
                distances[at] = distances[at - 1];
            }
            at--;
        }
        if (at < size) {
            best[at] = entry;
            distances[at] = distance;
        }
    }

    private boolean nearer(Entry entry, long distance, int than) {
        int order = Long.compareUnsigned(distance, distances[than]);
        return order == 0 ? target.compareDistance(entry.key, best[than].key) < 0 : order < 0;
    }

    /** Nearest first, without the one at that point, and so many at most. */
    Entry[] toArray(int count, @Nullable Key except) {
        for (int i = 0; except != null && i < size; i++) {
            if (best[i].key.equals(except)) {
                size--;
                System.arraycopy(best, i + 1, best, i, size - i);
            }
        }
        return count == best.length && full() ? best : Arrays.copyOf(best, Math.min(count, size));
    }
}
