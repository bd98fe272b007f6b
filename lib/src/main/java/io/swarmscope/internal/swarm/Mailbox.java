package io.swarmscope.internal.swarm;

import io.swarmscope.internal.fork.Nanos;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What waits for the swarm thread. Any thread puts, never waiting; only the swarm thread takes.
 *
 * <p>Commands and requests of strangers are refused when it is full; events are always taken, because each is the end of
 * something the swarm itself began or a connection that the host's limits admitted, which bounds them.
 */
final class Mailbox<T> {

    private final int capacity;
    private final Runnable bell;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition filled = lock.newCondition();

    // Guarded by lock.
    private ArrayDeque<T> waiting = new ArrayDeque<>();
    private boolean closed;
    private boolean takerWaits;
    private boolean alarmSet;
    private long alarmAt;

    Mailbox(int capacity) {
        this(capacity, () -> {});
    }

    /**
     * One that tells when something was put, on the thread that did.
     *
     * @param bell for who takes by {@link #poll}
     */
    Mailbox(int capacity, Runnable bell) {
        this.capacity = capacity;
        this.bell = bell;
    }

    /** Whether it was put: no if the mailbox is full or closed. */
    boolean offer(T input) {
        return put(input, capacity);
    }

    /** Whether it was put: no only if the mailbox is closed. */
    boolean force(T input) {
        return put(input, Integer.MAX_VALUE);
    }

    private boolean put(T input, int bound) {
        lock.lock();
        try {
            if (closed || waiting.size() >= bound) {
                return false;
            }
            waiting.add(input);
            if (takerWaits) {
                // Signalling costs as much as the put; a taker that is busy looks again by itself.
                takerWaits = false;
                filled.signal();
            }
        } finally {
            lock.unlock();
        }
        bell.run();
        return true;
    }

    /**
     * Everything that waits, in order; waits for something until the time given has passed.
     *
     * <p>It waits with an alarm that outlives the wait, because most waits end long before their time: a time limit of its own would cost a
     * virtual thread a timer each time, as much as all the rest.
     *
     * @param empty what the last call returned, emptied by its reader, so that two queues take turns
     */
    ArrayDeque<T> take(ArrayDeque<T> empty, long maxNanos) throws InterruptedException {
        long until = System.nanoTime() + maxNanos;
        lock.lockInterruptibly();
        try {
            while (waiting.isEmpty() && !closed && !Nanos.reached(until, System.nanoTime())) {
                setAlarm(until);
                takerWaits = true;
                filled.await();
            }
            takerWaits = false;
            ArrayDeque<T> full = waiting;
            waiting = empty;
            return full;
        } finally {
            lock.unlock();
        }
    }

    private void setAlarm(long at) {
        if (!alarmSet || at - alarmAt < 0) {
            alarmSet = true;
            alarmAt = at;
            CompletableFuture.delayedExecutor(at - System.nanoTime(), TimeUnit.NANOSECONDS, Runnable::run).execute(() -> ring(at));
        }
    }

    private void ring(long at) {
        lock.lock();
        try {
            if (alarmSet && alarmAt == at) { // or else an earlier one was set meanwhile
                alarmSet = false;
                filled.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Takes nothing more. What waits can still be taken. */
    void close() {
        lock.lock();
        try {
            closed = true;
            filled.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** The next that waits, without waiting; {@code null} if none. For who does not wait, and for the end, when nobody takes any more. */
    @Nullable T poll() {
        lock.lock();
        try {
            return waiting.poll();
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }
}
