package io.swarmscope.internal.link.yamux;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Looks at every session now and then, on one daemon thread for all of them that ends when there are none: what hangs in a read or
 * write cannot watch itself.
 */
final class Clock {
    private static final Duration SLOWEST = Duration.ofSeconds(1);
    private static final Duration FASTEST = Duration.ofMillis(5);

    /** How much later than allowed something may be found, as a part of the time allowed. */
    private static final int PRECISION = 8;

    private static final ScheduledThreadPoolExecutor EXECUTOR = executor();

    private Clock() {}

    private static ScheduledThreadPoolExecutor executor() {
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("yamux-clock").factory());
        executor.setRemoveOnCancelPolicy(true);
        executor.setKeepAliveTime(SLOWEST.toMillis(), TimeUnit.MILLISECONDS);
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    /** Runs a task once, which must not block or throw. */
    static Future<?> in(long nanos, Runnable task) {
        return EXECUTOR.schedule(task, nanos, TimeUnit.NANOSECONDS);
    }

    /**
     * Runs a task, which must not block or throw, until it is cancelled.
     *
     * @param shortest the shortest time that the task watches
     */
    static Future<?> every(Duration shortest, Runnable task) {
        long nanos = Math.max(
                FASTEST.toNanos(), Math.min(SLOWEST.toNanos(), shortest.dividedBy(PRECISION).toNanos()));
        return EXECUTOR.scheduleWithFixedDelay(task, nanos, nanos, TimeUnit.NANOSECONDS);
    }
}
