package io.swarmscope.internal.kad;

import io.swarmscope.PeerId;
import io.swarmscope.internal.kad.Bucket.Entry;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The entries nearest to a target among those offered, sorted by insertion since they are few. Used by one thread, once. */
final class Nearest {

    private final Key target;
    private final @Nullable PeerId except;
    private final Entry[] best;
    private int size;

    /** Keeps at most {@code count}, and never the peer {@code except}. */
    Nearest(Key target, int count, @Nullable PeerId except) {
        this.target = target;
        this.except = except;
        this.best = new Entry[count];
    }

    boolean full() {
        return size == best.length;
    }

    void offer(Bucket bucket) {
        for (int i = 0; i < bucket.size(); i++) {
            Entry entry = bucket.get(i);
            if (!entry.peer.equals(except)) {
                offer(entry);
            }
        }
    }

    private void offer(Entry entry) {
        int at = size;
        if (!full()) {
            size++;
        } else if (size == 0 || target.compareDistance(best[size - 1].key, entry.key) <= 0) {
            return;
        } else {
            at--;
        }
        while (at > 0 && target.compareDistance(entry.key, best[at - 1].key) < 0) {
            best[at] = best[at - 1];
            at--;
        }
        best[at] = entry;
    }

    /** Nearest first. */
    Entry[] toArray() {
        return full() ? best : Arrays.copyOf(best, size);
    }
}
