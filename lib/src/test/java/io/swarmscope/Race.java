package io.swarmscope;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Lets a few threads do something at the same moment, one or the other a bit later, as the dice say. For what jcstress cannot run. */
public final class Race {
    private static final int LATER_NANOS = 300_000;

    private Race() {}

    /**
     * Runs all on threads of their own and waits for them.
     *
     * @param most how long each may take; it is a lot, for a busy machine
     * @return what each returned or threw, in their order
     */
    public static List<Object> run(Random random, Duration most, List<? extends Callable<?>> racers) throws InterruptedException {
        CyclicBarrier start = new CyclicBarrier(racers.size());
        List<CompletableFuture<Object>> ends = new ArrayList<>();
        for (int i = 0; i < racers.size(); i++) {
            Callable<?> racer = racers.get(i);
            int later = random.nextBoolean() ? 0 : random.nextInt(LATER_NANOS);
            CompletableFuture<Object> end = new CompletableFuture<>();
            ends.add(end);
            Thread.ofVirtual().name("race-" + i).start(() -> {
                try {
                    start.await();
                    for (long until = System.nanoTime() + later; System.nanoTime() - until < 0; ) {
                        Thread.onSpinWait();
                    }
                    end.complete(racer.call());
                } catch (Throwable e) {
                    end.complete(e);
                }
            });
        }
        List<Object> results = new ArrayList<>();
        for (CompletableFuture<Object> end : ends) {
            try {
                results.add(end.get(most.toNanos(), TimeUnit.NANOSECONDS));
            } catch (TimeoutException e) {
                results.add(e);
            } catch (ExecutionException e) {
                throw new AssertionError(e);
            }
        }
        return results;
    }
}
