package io.swarmscope.internal.simulation;

import io.swarmscope.internal.fork.World;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Lock;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The world of the threads of a simulation. */
final class VirtualWorld extends World {

    /** How often who waits for a lock looks: another thread of the simulation may have it, but that is rare. */
    private static final long LOOK_NANOS = 1_000_000;

    private final Engine engine;
    private final RandomGenerator random;

    VirtualWorld(Engine engine, RandomGenerator random) {
        this.engine = engine;
        this.random = random;
    }

    @Override
    public long now() {
        return engine.now();
    }

    @Override
    public RandomGenerator random() {
        return random;
    }

    @Override
    public <T extends @Nullable Object> T await(CompletableFuture<T> future, long nanos)
            throws InterruptedException, ExecutionException, TimeoutException {
        if (!future.isDone()) {
            long until = engine.now() + nanos;
            Signal done = new Signal(engine);
            future.whenComplete((value, failure) -> done.fire());
            while (!future.isDone() && engine.now() < until) {
                done.await(until);
            }
            if (!future.isDone()) {
                throw new TimeoutException();
            }
        }
        return future.get();
    }

    @Override
    public boolean take(Lock lock, long nanos) throws InterruptedException {
        return take(lock::tryLock, nanos);
    }

    @Override
    public boolean take(Semaphore permits, long nanos) throws InterruptedException {
        return take(permits::tryAcquire, nanos);
    }

    private boolean take(BooleanSupplier attempt, long nanos) throws InterruptedException {
        long until = engine.now() + nanos;
        while (!attempt.getAsBoolean()) {
            if (engine.now() >= until) {
                return false;
            }
            engine.waitUntil(Math.min(until, engine.now() + LOOK_NANOS));
        }
        return true;
    }

    @Override
    public void pause(long nanos) throws InterruptedException {
        engine.waitUntil(engine.now() + nanos);
    }

    @Override
    public Thread start(String name, Runnable task) {
        return engine.start(name, task);
    }

    @Override
    public boolean join(Thread thread, Duration patience) throws InterruptedException {
        return engine.join(thread, engine.now() + patience.toNanos());
    }
}
