package io.swarmscope.internal.node;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * When this machine did not wake who waited: a thread that does nothing but wait for two milliseconds, again and again. While other programs have the
 * processors, a call cannot return, and is not to be blamed for that.
 */
final class Metronome implements AutoCloseable {

    private static final long TICK_NANOS = 2_000_000L;

    /** A time in which the thread should have run and did not. */
    private record Stall(long from, long to) {}

    private final Queue<Stall> stalls = new ConcurrentLinkedQueue<>();
    private volatile boolean closed;

    Metronome() {
        Thread.ofPlatform().daemon().name("metronome").start(this::tick);
    }

    private void tick() {
        while (!closed) {
            long due = System.nanoTime() + TICK_NANOS;
            LockSupport.parkNanos(TICK_NANOS);
            long woke = System.nanoTime();
            if (woke - due > TICK_NANOS) {
                stalls.add(new Stall(due, woke));
            }
        }
    }

    /** How much of the time between the two the machine was stalled. Forgets what it knew. */
    long stalledWithin(long from, long to) {
        long sum = 0;
        for (Stall stall = stalls.poll(); stall != null; stall = stalls.poll()) {
            sum += Math.max(0, Math.min(to, stall.to) - Math.max(from, stall.from));
        }
        return sum;
    }

    @Override
    public void close() {
        closed = true;
    }
}
