package io.swarmscope.internal.link.yamux;

import java.util.concurrent.Future;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Wakes the application threads of one session whose time is up. Any thread says until when it waits, the clock's thread wakes.
 *
 * <p>Waiting with a time limit of its own would cost each thread a timer each time, a fifth of the price of a whole request. Nearly
 * all waits end before their deadlines, and these hardly ever come earlier than the earliest known: so only that one has a timer, and
 * when it fires everybody is looked at.
 */
final class Deadlines {

    /** That nobody waits. */
    static final long NEVER = Long.MAX_VALUE;

    private final ReentrantLock lock = new ReentrantLock();
    private final Check check;
    private volatile boolean armed;

    /** When {@link #check} runs next, if it is {@link #armed}. */
    private volatile long at;

    // Guarded by lock.
    private boolean closed;

    @Nullable
    private Future<?> timer;

    /** Looks at everybody who may be waiting. */
    interface Check {
        /**
         * Wakes those whose time is up.
         *
         * @return the nanoseconds to the earliest deadline of the others, or {@link #NEVER}
         */
        long wakeOverdue(long now);
    }

    Deadlines(Check check) {
        this.check = check;
    }

    /** Makes sure that whoever waits is woken at that time. To be called when {@link Check} can see him, before he waits. */
    void atLatest(long deadline) {
        if (!armed || deadline - at < 0) {
            arm(deadline);
        }
    }

    private void arm(long deadline) {
        lock.lock();
        try {
            if (closed || (armed && deadline - at >= 0)) {
                return;
            }
            if (timer != null) {
                timer.cancel(false);
            }
            at = deadline;
            armed = true;
            timer = Clock.in(deadline - System.nanoTime(), this::fire);
        } finally {
            lock.unlock();
        }
    }

    private void fire() {
        // Before the look around: who comes after it arms the timer himself.
        armed = false;
        long now = System.nanoTime();
        long next = check.wakeOverdue(now);
        if (next != NEVER) {
            atLatest(now + next);
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            if (timer != null) {
                timer.cancel(false);
            }
        } finally {
            lock.unlock();
        }
    }
}
