package io.swarmscope.internal.fork;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What the code of a call finds around it: a clock, chance, and ways to wait and to start a thread. On every thread it is the machine's, except on those
 * of a simulation, which have virtual time. Thread-safe.
 *
 * <p>Parts that decide take time and randomness as arguments. A call does not run in one place: it goes from its caller's thread through the parts of a node
 * to threads that it forks, and each of them waits. So what it waits by belongs to the thread and is not handed down.
 */
public abstract class World {

    private static final World MACHINE = new Machine();
    private static final ThreadLocal<@Nullable World> OF_THREAD = new ThreadLocal<>();

    /** Until there is a simulation in this process, no thread looks for a world of its own. */
    private static volatile boolean simulated;

    /** Whose clock it is. */
    protected World() {}

    /** The one of this thread. */
    public static World here() {
        if (simulated) {
            World own = OF_THREAD.get();
            return own == null ? MACHINE : own;
        }
        return MACHINE;
    }

    /** Runs something on this thread in a world of its own. */
    public static <T> T in(World world, Supplier<T> what) {
        simulated = true;
        World before = OF_THREAD.get();
        OF_THREAD.set(world);
        try {
            return what.get();
        } finally {
            if (before == null) {
                OF_THREAD.remove();
            } else {
                OF_THREAD.set(before);
            }
        }
    }

    /** The reading of this thread's clock, as {@link System#nanoTime()}. */
    public static long nanoTime() {
        return here().now();
    }

    /** The reading of the clock. */
    public abstract long now();

    /** Chance, for the calling thread only. */
    public abstract RandomGenerator random();

    /** Waits for a future; as {@link CompletableFuture#get(long, TimeUnit)}. */
    public abstract <T extends @Nullable Object> T await(CompletableFuture<T> future, long nanos)
            throws InterruptedException, ExecutionException, TimeoutException;

    /** Takes a lock; as {@link Lock#tryLock(long, TimeUnit)}. */
    public abstract boolean take(Lock lock, long nanos) throws InterruptedException;

    /** Takes a permit; as {@link Semaphore#tryAcquire(long, TimeUnit)}. */
    public abstract boolean take(Semaphore permits, long nanos) throws InterruptedException;

    /** Waits. */
    public abstract void pause(long nanos) throws InterruptedException;

    /** Starts a thread for work that waits. */
    public abstract Thread start(String name, Runnable task);

    /** Waits for the end of a thread that was started here; whether it came in time. */
    public abstract boolean join(Thread thread, Duration patience) throws InterruptedException;

    private static final class Machine extends World {

        @Override
        public long now() {
            return System.nanoTime();
        }

        @Override
        public RandomGenerator random() {
            return ThreadLocalRandom.current();
        }

        @Override
        public <T extends @Nullable Object> T await(CompletableFuture<T> future, long nanos)
                throws InterruptedException, ExecutionException, TimeoutException {
            return future.get(nanos, TimeUnit.NANOSECONDS);
        }

        @Override
        public boolean take(Lock lock, long nanos) throws InterruptedException {
            return lock.tryLock(nanos, TimeUnit.NANOSECONDS);
        }

        @Override
        public boolean take(Semaphore permits, long nanos) throws InterruptedException {
            return permits.tryAcquire(nanos, TimeUnit.NANOSECONDS);
        }

        @Override
        public void pause(long nanos) throws InterruptedException {
            long until = System.nanoTime() + nanos;
            for (long left = nanos; left > 0; left = until - System.nanoTime()) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                LockSupport.parkNanos(this, left);
            }
        }

        @Override
        public Thread start(String name, Runnable task) {
            return Thread.ofVirtual().name(name).start(task);
        }

        @Override
        public boolean join(Thread thread, Duration patience) throws InterruptedException {
            return thread.join(patience);
        }
    }
}
