package io.swarmscope.internal.link.yamux;

import io.swarmscope.internal.wire.Limits;
import java.util.concurrent.atomic.AtomicLong;

/** The memory that the streams of one session may fill with received bytes, and by how much their windows have grown. For any thread. */
final class Budget {
    private final long limit;
    private final AtomicLong held = new AtomicLong();
    private final AtomicLong grown = new AtomicLong();

    Budget(long limit) {
        this.limit = limit;
    }

    /** Takes memory for received bytes; false if there is none left, because too many readers are slow. */
    boolean take(int bytes) {
        if (held.addAndGet(bytes) > limit) {
            held.addAndGet(-bytes);
            return false;
        }
        return true;
    }

    void give(int bytes) {
        held.addAndGet(-bytes);
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
        return held.get();
    }
}
