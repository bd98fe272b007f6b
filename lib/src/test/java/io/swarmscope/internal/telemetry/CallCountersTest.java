package io.swarmscope.internal.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.swarmscope.QueryMetrics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class CallCountersTest {
    private static final long MILLI = 1_000_000;

    private final CallCounters counters = new CallCounters();

    @Test
    void eachCallIsCountedOnceForWhatCameOfIt() {
        for (int i = 0; i < 4; i++) {
            counters.began();
        }
        counters.elsewhere();
        counters.asked(4, 1);
        counters.peerFailed("timed-out");
        counters.succeeded(10 * MILLI, 3);
        counters.elsewhere();
        counters.timedOut(20 * MILLI, 1);
        counters.here();
        counters.failed(30 * MILLI, "closed");

        QueryMetrics.Calls calls = counters.snapshot();
        assertThat(calls.total()).isEqualTo(4);
        assertThat(calls.successful()).isEqualTo(1);
        assertThat(calls.timedOut()).isEqualTo(1);
        assertThat(calls.inFlight()).isEqualTo(1);
        assertThat(calls.failures()).isEqualTo(Map.of("closed", 1L));
        assertThat(calls.peerFailures()).isEqualTo(Map.of("timed-out", 1L));
        assertThat(calls.fanOutEffectiveness()).isEqualTo(0.25);
        assertThat(calls.cacheHitRate()).isCloseTo(1 / 3.0, within(1e-9));
        assertThat(calls.durations().count()).isEqualTo(3);
        assertThat(calls.durations().p50()).isCloseTo(Duration.ofMillis(20), Duration.ofNanos(160_000));
        assertThat(calls.durations().max()).isEqualTo(Duration.ofMillis(30));
        assertThat(calls.results().count()).isEqualTo(2);
        assertThat(calls.results().mean()).isEqualTo(2);
        assertThat(calls.results().p99()).isEqualTo(3);
    }

    @Test
    void beforeTheFirstCallThereIsNothingToDivideBy() {
        QueryMetrics.Calls calls = counters.snapshot();
        assertThat(calls.total()).isZero();
        assertThat(calls.fanOutEffectiveness()).isZero();
        assertThat(calls.cacheHitRate()).isZero();
        assertThat(calls.durations().p99()).isZero();
    }

    @Test
    void figuresThatAreReadWhileCallsGoOnAddUpAndNeverFall() throws InterruptedException {
        AtomicBoolean done = new AtomicBoolean();
        List<Thread> callers = new ArrayList<>();
        for (int t = 0; t < 3; t++) {
            Random random = new Random(t);
            callers.add(Thread.ofPlatform().start(() -> {
                while (!done.get()) {
                    counters.began();
                    switch (random.nextInt(3)) {
                        case 0 -> counters.succeeded(1, 1);
                        case 1 -> counters.timedOut(1, 0);
                        default -> counters.failed(1, "cause-" + random.nextInt(3));
                    }
                }
            }));
        }
        QueryMetrics.Calls last = counters.snapshot();
        for (int i = 0; i < 2_000; i++) {
            QueryMetrics.Calls now = counters.snapshot();
            long failures = now.failures().values().stream().mapToLong(Long::longValue).sum();
            assertThat(now.total()).isEqualTo(now.successful() + now.timedOut() + failures + now.inFlight());
            assertThat(now.total()).isGreaterThanOrEqualTo(last.total());
            assertThat(now.successful()).isGreaterThanOrEqualTo(last.successful());
            assertThat(now.inFlight()).isNotNegative();
            last = now;
        }
        done.set(true);
        for (Thread caller : callers) {
            caller.join();
        }
        assertThat(counters.snapshot().inFlight()).isZero();
    }

    @Test
    void namesAreThoseOfOurTypes() {
        assertThat(CallCounters.name("CouldNotFindOut")).isEqualTo("could-not-find-out");
        assertThat(CallCounters.name("TIMED_OUT")).isEqualTo("timed-out");
        assertThat(CallCounters.name("Closed")).isEqualTo("closed");
    }
}
