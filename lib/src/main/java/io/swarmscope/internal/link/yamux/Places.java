package io.swarmscope.internal.link.yamux;

import io.swarmscope.internal.fork.Deadline;
import java.util.ArrayDeque;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How many streams we may open: so many at once, and so many that the peer has not acknowledged. Threads that find no place wait in
 * the order they came. For any thread.
 */
final class Places {
    private final ReentrantLock lock = new ReentrantLock();
    private final Deadlines deadlines;
    private final ArrayDeque<Waiter> waiting = new ArrayDeque<>(1);
    private int free;
    private int freeUnacknowledged;
    private boolean closed;

    Places(int open, int unacknowledged, Deadlines deadlines) {
        this.free = open;
        this.freeUnacknowledged = unacknowledged;
        this.deadlines = deadlines;
    }

    private static final class Waiter {
        final Thread thread = Thread.currentThread();
        final Deadline deadline;
        volatile boolean admitted;

        Waiter(Deadline deadline) {
            this.deadline = deadline;
        }
    }

    /**
     * Takes a place of both kinds, waiting for it.
     *
     * @return false if the time ran out; true also when {@link #close} let everybody in
     */
    boolean acquire(Deadline deadline) throws InterruptedException {
        Waiter waiter;
        lock.lock();
        try {
            if (closed || (waiting.isEmpty() && take())) {
                return true;
            }
            waiter = new Waiter(deadline);
            waiting.add(waiter);
        } finally {
            lock.unlock();
        }
        deadlines.atLatest(deadline.nanoTime());
        while (!waiter.admitted) {
            LockSupport.park(this);
            if (Thread.interrupted()) {
                if (!giveUp(waiter)) {
                    release();
                    acknowledged();
                }
                throw new InterruptedException();
            }
            if (!waiter.admitted && deadline.passed()) {
                return !giveUp(waiter);
            }
        }
        return true;
    }

    /** Leaves the queue; false if a place was given in the meantime. */
    private boolean giveUp(Waiter waiter) {
        lock.lock();
        try {
            return waiting.remove(waiter);
        } finally {
            lock.unlock();
        }
    }

    /** A stream of ours is over. */
    void release() {
        lock.lock();
        try {
            free++;
            admit();
        } finally {
            lock.unlock();
        }
    }

    /** The peer acknowledged a stream, or it is over without. */
    void acknowledged() {
        lock.lock();
        try {
            freeUnacknowledged++;
            admit();
        } finally {
            lock.unlock();
        }
    }

    /** Lets everybody in, now and later: to find out that there is nothing left to open. */
    void close() {
        lock.lock();
        try {
            closed = true;
            waiting.forEach(Places::admit);
            waiting.clear();
        } finally {
            lock.unlock();
        }
    }

    /** Wakes those whose time is up; returns the nanoseconds to the earliest deadline of the others. */
    long wakeOverdue() {
        long next = Deadlines.NEVER;
        lock.lock();
        try {
            for (Waiter waiter : waiting) {
                long left = waiter.deadline.remainingNanos();
                if (left > 0) {
                    next = Math.min(next, left);
                } else {
                    LockSupport.unpark(waiter.thread);
                }
            }
        } finally {
            lock.unlock();
        }
        return next;
    }

    /** How many threads wait. */
    int waiting() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    private void admit() {
        while (!waiting.isEmpty() && take()) {
            admit(waiting.remove());
        }
    }

    private static void admit(Waiter waiter) {
        waiter.admitted = true;
        LockSupport.unpark(waiter.thread);
    }

    private boolean take() {
        if (free <= 0 || freeUnacknowledged <= 0) {
            return false;
        }
        free--;
        freeUnacknowledged--;
        return true;
    }
}
