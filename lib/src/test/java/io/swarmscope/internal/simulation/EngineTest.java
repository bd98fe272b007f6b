package io.swarmscope.internal.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.swarmscope.internal.fork.Deadline;
import io.swarmscope.internal.fork.Forks;
import io.swarmscope.internal.fork.Outcome;
import io.swarmscope.internal.fork.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Virtual time, and what waits in it. */
class EngineTest {

    private final Engine engine = new Engine(1);
    private final Forks forks = new VirtualForks(engine);
    private final List<String> log = new ArrayList<>();

    @AfterEach
    void close() {
        engine.close();
    }

    private static Callable<String> after(long millis, String value) {
        return () -> {
            World.here().pause(Duration.ofMillis(millis).toNanos());
            return value;
        };
    }

    private <T> T virtually(Callable<T> what) {
        return engine.enter(() -> {
            try {
                return what.call();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Test
    void eventsComeInTheOrderOfTheirTimesAndThenOfTheirMaking() {
        engine.after(2_000, () -> log.add("c"));
        engine.after(1_000, () -> log.add("a"));
        engine.after(1_000, () -> log.add("b"));
        virtually(() -> {
            engine.advance(Duration.ofNanos(1_500));
            log.add("|");
            engine.advance(Duration.ofNanos(1_000));
            return true;
        });
        assertThat(log).containsExactly("a", "b", "|", "c");
        assertThat(engine.elapsed()).isEqualTo(Duration.ofNanos(2_500));
    }

    @Test
    void theFirstValueEndsTheOthersAtItsTime() throws Exception {
        List<Outcome<String>> outcomes = virtually(() -> forks.run(
                "test", List.of(after(50, "slow"), after(20, "quick"), after(90, "slower")), Forks.anyValue(), Deadline.after(Duration.ofSeconds(1))));
        assertThat(outcomes)
                .containsExactly(new Outcome.Cancelled<>(), new Outcome.Value<>("quick"), new Outcome.Cancelled<>());
        assertThat(engine.elapsed()).isEqualTo(Duration.ofMillis(20));
    }

    @Test
    void theDeadlineEndsWhoIsStillRunning() {
        List<Outcome<String>> outcomes = virtually(() -> forks.run(
                "test", List.of(after(5, "in time"), after(3_600_000, "never")), Forks.all(), Deadline.after(Duration.ofMillis(40))));
        assertThat(outcomes).containsExactly(new Outcome.Value<>("in time"), new Outcome.Cancelled<>());
        assertThat(engine.elapsed()).isEqualTo(Duration.ofMillis(40));
    }

    @Test
    void whatATaskThrowsIsItsOutcome() {
        IllegalStateException failure = new IllegalStateException("on purpose");
        List<Outcome<String>> outcomes = virtually(() -> forks.run(
                "test",
                List.<Callable<String>>of(() -> {
                    throw failure;
                }),
                Forks.all(),
                Deadline.after(Duration.ofSeconds(1))));
        assertThat(outcomes).containsExactly(new Outcome.Failed<>(failure));
    }

    @Test
    void whoWaitsForAFutureIsWokenWhenItIsThereOrWhenTheTimeIsUp() {
        CompletableFuture<String> soon = new CompletableFuture<>();
        engine.after(Duration.ofMillis(7).toNanos(), () -> soon.complete("there"));
        assertThat(virtually(() -> World.here().await(soon, Duration.ofSeconds(1).toNanos()))).isEqualTo("there");
        assertThat(engine.elapsed()).isEqualTo(Duration.ofMillis(7));
        assertThatThrownBy(() -> virtually(() -> World.here().await(new CompletableFuture<>(), Duration.ofMillis(3).toNanos())))
                .hasCauseInstanceOf(TimeoutException.class);
        assertThat(engine.elapsed()).isEqualTo(Duration.ofMillis(10));
    }

    @Test
    void aLockThatAnotherTaskHoldsIsWaitedForInVirtualTime() {
        ReentrantLock lock = new ReentrantLock();
        engine.start("holder", () -> {
            lock.lock();
            try {
                World.here().pause(Duration.ofMillis(30).toNanos());
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            } finally {
                lock.unlock();
            }
        });
        virtually(() -> {
            engine.advance(Duration.ofMillis(1));
            assertThat(World.here().take(lock, Duration.ofMillis(5).toNanos())).isFalse();
            assertThat(World.here().take(lock, Duration.ofMillis(50).toNanos())).isTrue();
            return true;
        });
        assertThat(engine.elapsed()).isBetween(Duration.ofMillis(30), Duration.ofMillis(32));
    }

    @Test
    void aDefectOfATaskComesToWhoLetsTimePass() {
        engine.start("faulty", () -> {
            throw new IllegalStateException("a defect");
        });
        assertThatThrownBy(() -> virtually(() -> {
            engine.advance(Duration.ofSeconds(1));
            return true;
        })).isInstanceOf(AssertionError.class).hasMessageContaining("a defect");
    }

    @Test
    void anotherThreadIsTurnedAway() throws InterruptedException {
        List<Throwable> thrown = new ArrayList<>();
        Thread stranger = Thread.ofPlatform().start(() -> {
            try {
                engine.enter(() -> true);
            } catch (IllegalStateException e) {
                thrown.add(e);
            }
        });
        stranger.join();
        assertThat(thrown).singleElement().extracting(Throwable::getMessage).asString().contains("belongs to the thread that made it");
    }

    @Test
    void whatAThreadCarriesOutAfterItsOwnEndIsInVirtualTimeToo() {
        List<Long> seen = new ArrayList<>();
        engine.start("short", () -> log.add("ended"));
        engine.after(1_000, () -> seen.add(World.nanoTime() - engine.now()));
        virtually(() -> {
            engine.advance(Duration.ofNanos(2_000));
            return true;
        });
        assertThat(log).containsExactly("ended");
        assertThat(seen).as("how far the event's clock was from the engine's").containsExactly(0L);
    }

    @Test
    void theWorldOfOtherThreadsIsTheMachine() {
        assertThat(Math.abs(World.nanoTime() - System.nanoTime())).isLessThan(Duration.ofMinutes(1).toNanos());
        assertThat(virtually(World::nanoTime)).isEqualTo(engine.now());
    }
}
