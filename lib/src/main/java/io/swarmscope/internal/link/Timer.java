package io.swarmscope.internal.link;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Runs short tasks later, all on one virtual thread of its own. Safe for any thread. Tasks must not block: they close
 * sockets, or start threads that may.
 */
final class Timer {
    private final ScheduledThreadPoolExecutor executor;

    Timer(String name) {
        executor = new ScheduledThreadPoolExecutor(
                1, Thread.ofVirtual().name("swarmscope-link-timer-" + name).factory());
        // Nearly every task is a deadline that is met, and so cancelled; it must not stay in memory until it is due.
        executor.setRemoveOnCancelPolicy(true);
    }

    /** A task that may still be called off. */
    @FunctionalInterface
    interface Pending {
        /** Calls the task off, unless it runs or ran. Idempotent. */
        void cancel();
    }

    /** Runs the task once that much time has passed; after {@link #close} at once, because what it guards must end then. */
    Pending after(Duration delay, Runnable task) {
        try {
            var future = executor.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
            return () -> future.cancel(false);
        } catch (RejectedExecutionException e) {
            task.run();
            return () -> {};
        }
    }

    /** Drops what is pending and lets the thread end. */
    void close() {
        executor.shutdownNow();
    }

    /** Waits for the thread to end. */
    boolean awaitEnd(long nanos) throws InterruptedException {
        return executor.awaitTermination(nanos, TimeUnit.NANOSECONDS);
    }
}
