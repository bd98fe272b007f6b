package io.swarmscope.internal.link.yamux;

import io.swarmscope.internal.wire.HeapShare;
import io.swarmscope.internal.wire.Limits;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that the streams of one session may fill with received bytes, and by how much their windows have grown. For any thread.
 *
 * <p>What goes beyond {@link Limits#YAMUX_BUFFERED_OWN} is also counted for all sessions of the process, since they share its heap: many
 * connections of one attacker must not do together what none of them may do.
 */
final class Budget {

    /** Subtracted when the session is over, so that nothing counts for all any more that is given back later. */
    private static final long OVER = 1L << 40;

    /** What all sessions of the process may hold beyond what each may in any case. */
    private static final HeapShare ALL = HeapShare.part(Limits.YAMUX_BUFFERED_PART_OF_HEAP);

    private final long limit;
    private final HeapShare shared;
    private final AtomicLong held = new AtomicLong();
    private final AtomicLong grown = new AtomicLong();

    Budget(long limit) {
        this(limit, ALL);
    }

    Budget(long limit, HeapShare shared) {
        this.limit = limit;
        this.shared = shared;
    }

    /** Takes memory for received bytes; false if there is none left, because too many readers are slow. */
    boolean take(int bytes) {
        while (true) {
            long before = held.get();
            long after = before + bytes;
            long more = beyond(after) - beyond(before);
            if (after > limit || !shared.take(more)) {
                return false;
            }
            if (held.compareAndSet(before, after)) {
                return true;
            }
            shared.give(more);
        }
    }

    void give(int bytes) {
        long before = held.getAndAdd(-bytes);
        shared.give(beyond(before) - beyond(before - bytes));
    }

    /** The session is over: what its streams still hold is read soon, or it is garbage. To be called once. */
    void over() {
        shared.give(beyond(held.getAndAdd(-OVER)));
    }

    private static long beyond(long bytes) {
        return Math.max(0, bytes - Limits.YAMUX_BUFFERED_OWN);
    }

    /** Whether a window may grow by that much beside those of all other streams. */
    boolean grow(long bytes, int streams) {
        if (grown.addAndGet(bytes) + (long) streams * Limits.YAMUX_WINDOW > limit) {
            grown.addAndGet(-bytes);
            return false;
        }
        return true;
    }

    void shrink(long bytes) {
        grown.addAndGet(-bytes);
    }

    long held() {
        long now = held.get();
        return now < -OVER / 2 ? now + OVER : now;
    }
}
