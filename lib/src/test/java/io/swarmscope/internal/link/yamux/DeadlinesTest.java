package io.swarmscope.internal.link.yamux;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class DeadlinesTest {
    private final Map<Thread, Long> waiting = new ConcurrentHashMap<>();
    private final AtomicInteger checks = new AtomicInteger();
    private final Deadlines deadlines = new Deadlines(this::wakeOverdue);

    private long wakeOverdue(long now) {
        checks.incrementAndGet();
        long next = Deadlines.NEVER;
        for (Map.Entry<Thread, Long> each : waiting.entrySet()) {
            long left = each.getValue() - now;
            if (left > 0) {
                next = Math.min(next, left);
            } else {
                LockSupport.unpark(each.getKey());
            }
        }
        return next;
    }

    private long waitFor(long nanos) {
        long end = System.nanoTime() + nanos;
        waiting.put(Thread.currentThread(), end);
        deadlines.atLatest(end);
        while (System.nanoTime() - end < 0) {
            LockSupport.park(this);
        }
        waiting.remove(Thread.currentThread());
        return System.nanoTime() - end;
    }

    @Test
    void everybodyIsWokenAtHisTimeWhateverTheOrder() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<CompletableFuture<Long>> late = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            long nanos = random.nextLong(100_000, 150_000_000);
            late.add(SessionTest.async(() -> waitFor(nanos)));
            if (i % 50 == 0) {
                SessionTest.get(SessionTest.async(() -> waitFor(1_000_000)));
            }
        }
        for (CompletableFuture<Long> each : late) {
            assertThat(SessionTest.get(each)).as("seed %d", seed).isNotNegative();
        }
    }

    @Test
    void waitsThatEndEarlyCostNoTimerEach() throws Exception {
        for (int i = 0; i < 10_000; i++) {
            deadlines.atLatest(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(300));
        }
        assertThat(SessionTest.get(SessionTest.async(() -> waitFor(400_000_000)))).isNotNegative();
        assertThat(checks.get()).isLessThan(20);
    }

    @Test
    void nobodyIsLookedAtAfterTheEnd() throws Exception {
        deadlines.atLatest(System.nanoTime() + TimeUnit.SECONDS.toNanos(30));
        deadlines.close();
        deadlines.atLatest(System.nanoTime());
        new CompletableFuture<Void>().completeOnTimeout(null, 30, TimeUnit.MILLISECONDS).get();
        assertThat(checks).hasValue(0);
    }
}
