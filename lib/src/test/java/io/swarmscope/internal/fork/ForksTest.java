package io.swarmscope.internal.fork;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.swarmscope.internal.fork.Outcome.Cancelled;
import io.swarmscope.internal.fork.Outcome.Failed;
import io.swarmscope.internal.fork.Outcome.Value;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract of {@link Forks}, for every implementation that loads on the JDK that runs the tests. */
@ParameterizedClass(name = "{0}")
@MethodSource("implementations")
class ForksTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    @Parameter
    Forks forks;

    private final Queue<Thread> threads = new ConcurrentLinkedQueue<>();
    private final AtomicInteger interrupted = new AtomicInteger();

    static Stream<Named<Forks>> implementations() {
        return Variants.loadable().stream().map(forks -> Named.of(forks.kind(), forks));
    }

    @Test
    void theRunningReleaseGetsItsOwnVariant() {
        int release = Runtime.version().feature();
        String expected = release == 21 || release == 25 ? "StructuredTaskScope (Java " + release + ")" : "virtual threads";
        assertThat(Forks.best().kind()).isEqualTo(expected);
    }

    @Test
    void outcomesComeInTheOrderOfTheTasks() throws Exception {
        // Each task waits for the one after it, so they end in reverse.
        int count = 20;
        List<CountDownLatch> ended = Stream.generate(() -> new CountDownLatch(1)).limit(count + 1).toList();
        ended.get(count).countDown();
        List<Callable<Integer>> tasks = IntStream.range(0, count)
                .<Callable<Integer>>mapToObj(i -> () -> {
                    ended.get(i + 1).await();
                    ended.get(i).countDown();
                    return i;
                })
                .toList();
        assertThat(run(tasks, Forks.all()))
                .containsExactlyElementsOf(IntStream.range(0, count).mapToObj(Value::new).toList());
    }

    @Test
    void noTasksNoOutcomes() throws Exception {
        assertThat(this.<String>run(List.of(), outcomes -> {
                    throw new AssertionError("nothing to ask about");
                }))
                .isEmpty();
    }

    @Test
    void aFailureCarriesWhatWasThrown() throws Exception {
        Exception checked = new IOException("gone");
        Error error = new AssertionError("broken");
        InterruptedException ownInterrupt = new InterruptedException("of its own making");
        List<Outcome<String>> outcomes = run(
                List.of(
                        () -> {
                            throw checked;
                        },
                        () -> "fine",
                        () -> {
                            throw error;
                        },
                        () -> {
                            throw ownInterrupt;
                        }),
                Forks.all());
        assertThat(outcomes)
                .containsExactly(
                        new Failed<>(checked), new Value<>("fine"), new Failed<>(error), new Failed<>(ownInterrupt));
    }

    @Test
    void nullIsAFailure() throws Exception {
        assertThat(run(List.<Callable<String>>of(() -> null), Forks.anyValue()))
                .singleElement()
                .isInstanceOfSatisfying(Failed.class, failed -> assertThat(failed.cause())
                        .isInstanceOf(NullPointerException.class));
    }

    @Test
    void enoughStopsTheRest() throws Exception {
        CountDownLatch othersRun = new CountDownLatch(2);
        List<Outcome<String>> outcomes = run(
                List.of(
                        stuck(othersRun),
                        () -> {
                            othersRun.await();
                            return "first";
                        },
                        stuck(othersRun)),
                Forks.anyValue());
        assertThat(outcomes).containsExactly(new Cancelled<>(), new Value<>("first"), new Cancelled<>());
        assertThat(interrupted).hasValue(2);
        nothingIsAlive();
    }

    @Test
    void aFailureIsNotASuccess() throws Exception {
        CountDownLatch failureSeen = new CountDownLatch(1);
        IOException cause = new IOException("no route");
        List<Outcome<String>> outcomes = run(
                List.of(
                        () -> {
                            throw cause;
                        },
                        () -> {
                            failureSeen.await();
                            return "second";
                        }),
                soFar -> {
                    failureSeen.countDown();
                    return Forks.<String>anyValue().test(soFar);
                });
        assertThat(outcomes).containsExactly(new Failed<>(cause), new Value<>("second"));
    }

    @Test
    void oneFailureCanBeEnoughToo() throws Exception {
        IOException cause = new IOException("no route");
        CountDownLatch othersRun = new CountDownLatch(1);
        List<Outcome<String>> outcomes = run(
                List.of(stuck(othersRun), () -> {
                    othersRun.await();
                    throw cause;
                }),
                Forks.anyFailure());
        assertThat(outcomes).containsExactly(new Cancelled<>(), new Failed<>(cause));
    }

    @Test
    void enoughIsAskedAfterEachOutcomeAndByOneThreadAtATime() throws Exception {
        int count = 200;
        AtomicInteger inside = new AtomicInteger();
        List<List<Outcome<Integer>>> asked = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch go = new CountDownLatch(1);
        List<Callable<Integer>> tasks = IntStream.range(0, count)
                .<Callable<Integer>>mapToObj(i -> () -> {
                    if (i == count - 1) {
                        go.countDown();
                    }
                    go.await();
                    return i;
                })
                .toList();
        run(tasks, outcomes -> {
            assertThat(inside.incrementAndGet()).isOne();
            asked.add(List.copyOf(outcomes));
            Thread.yield();
            inside.decrementAndGet();
            return false;
        });
        assertThat(asked).hasSize(count);
        for (int i = 1; i < count; i++) {
            assertThat(asked.get(i)).hasSize(i + 1);
            assertThat(asked.get(i).subList(0, i)).isEqualTo(asked.get(i - 1));
        }
    }

    @Test
    void whatEnoughHasSeenIsWhatTheCallerGets() throws Exception {
        int count = 100;
        AtomicReference<List<Outcome<Integer>>> seen = new AtomicReference<>(List.of());
        List<Callable<Integer>> tasks =
                IntStream.range(0, count).<Callable<Integer>>mapToObj(i -> () -> i).toList();
        List<Outcome<Integer>> outcomes = run(tasks, soFar -> {
            seen.set(List.copyOf(soFar));
            return soFar.size() >= 7;
        });
        assertThat(outcomes).hasSize(count).containsAll(seen.get());
        assertThat(outcomes.stream().filter(o -> !(o instanceof Cancelled))).hasSize(7);
    }

    @Test
    void whatEnoughThrowsComesOutAfterAllHaveEnded() {
        CountDownLatch othersRun = new CountDownLatch(1);
        assertThatThrownBy(() -> run(
                        List.of(stuck(othersRun), () -> {
                            othersRun.await();
                            return "done";
                        }),
                        outcomes -> {
                            throw new IllegalStateException("cannot decide");
                        }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("cannot decide");
        assertThat(interrupted).hasValue(1);
        nothingIsAlive();
    }

    @Test
    void theDeadlineEndsWhatIsNotDone() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        List<Callable<String>> tasks = List.of(() -> "quick", stuck(started));
        long begin = System.nanoTime();
        List<Outcome<String>> outcomes =
                forks.run("test", tasks, Forks.all(), Deadline.after(Duration.ofSeconds(1)));
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isBetween(Duration.ofMillis(999), Duration.ofSeconds(10));
        assertThat(outcomes).containsExactly(new Value<>("quick"), new Cancelled<>());
        assertThat(interrupted).hasValue(1);
        nothingIsAlive();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE})
    void afterTheDeadlineNothingStarts(long seconds) throws Exception {
        AtomicBoolean ran = new AtomicBoolean();
        List<Callable<Boolean>> tasks = List.of(() -> ran.getAndSet(true), () -> ran.getAndSet(true));
        assertThat(forks.run("test", tasks, Forks.all(), Deadline.after(Duration.ofSeconds(seconds))))
                .containsExactly(new Cancelled<>(), new Cancelled<>());
        assertThat(ran).isFalse();
    }

    @Test
    void aDeadlineThatIsNeverReachedIsFine() throws Exception {
        assertThat(forks.run("test", List.of(() -> 1), Forks.all(), Deadline.after(Duration.ofSeconds(Long.MAX_VALUE))))
                .containsExactly(new Value<>(1));
    }

    @Test
    void interruptingTheCallerCancelsAll() throws Exception {
        CountDownLatch started = new CountDownLatch(3);
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread caller = Thread.startVirtualThread(() -> {
            try {
                run(List.of(stuck(started), stuck(started), stuck(started)), Forks.all());
            } catch (Throwable e) {
                thrown.set(e);
            }
        });
        started.await();
        caller.interrupt();
        caller.join();
        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
        assertThat(interrupted).hasValue(3);
        nothingIsAlive();
    }

    @Test
    void anInterruptedCallerStartsNothing() {
        AtomicBoolean ran = new AtomicBoolean();
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> run(List.of(() -> ran.getAndSet(true)), Forks.all()))
                .isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
        assertThat(ran).isFalse();
    }

    @Test
    void aTaskThatIgnoresItsInterruptIsWaitedFor() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch interruptSeen = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        AtomicBoolean ended = new AtomicBoolean();
        AtomicReference<List<Outcome<String>>> result = new AtomicReference<>();
        Thread caller = Thread.startVirtualThread(() -> {
            try {
                result.set(run(
                        List.of(
                                () -> {
                                    started.countDown();
                                    while (release.getCount() > 0) {
                                        try {
                                            release.await();
                                        } catch (InterruptedException e) {
                                            interruptSeen.countDown();
                                        }
                                    }
                                    ended.set(true);
                                    return "too late";
                                },
                                () -> {
                                    started.await();
                                    return "first";
                                }),
                        Forks.anyValue()));
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        interruptSeen.await();
        assertThat(caller.join(Duration.ofMillis(100))).isFalse();
        release.countDown();
        caller.join();
        assertThat(ended).isTrue();
        assertThat(result.get()).containsExactly(new Cancelled<>(), new Value<>("first"));
    }

    @Test
    void anInterruptWhileTheRestIsCancelledIsKeptForTheCaller() throws Exception {
        CountDownLatch interruptSeen = new CountDownLatch(1);
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        AtomicBoolean statusKept = new AtomicBoolean();
        AtomicReference<List<Outcome<String>>> result = new AtomicReference<>();
        Thread caller = Thread.startVirtualThread(() -> {
            try {
                result.set(run(
                        List.of(
                                () -> {
                                    started.countDown();
                                    try {
                                        new CountDownLatch(1).await();
                                    } catch (InterruptedException e) {
                                        interruptSeen.countDown();
                                        release.await();
                                    }
                                    return "too late";
                                },
                                () -> {
                                    started.await();
                                    return "first";
                                }),
                        Forks.anyValue()));
                statusKept.set(Thread.currentThread().isInterrupted());
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        interruptSeen.await();
        // Not while it still waits for outcomes: there an interrupt ends the call.
        await().until(() -> Stream.of(caller.getStackTrace())
                .anyMatch(frame -> frame.getMethodName().equals("end")));
        caller.interrupt();
        release.countDown();
        caller.join();
        assertThat(statusKept).isTrue();
        assertThat(result.get()).containsExactly(new Cancelled<>(), new Value<>("first"));
    }

    @Test
    void tasksRunOnVirtualThreadsWithTheNameOfTheCall() throws Exception {
        List<Callable<Thread>> tasks = List.of(Thread::currentThread, Thread::currentThread);
        List<Outcome<Thread>> outcomes = forks.run("search", tasks, Forks.all(), Deadline.after(LONG));
        assertThat(outcomes)
                .allSatisfy(outcome -> assertThat(((Value<Thread>) outcome).value().isVirtual()).isTrue())
                .extracting(outcome -> ((Value<Thread>) outcome).value().getName())
                .containsExactly("search-0", "search-1");
    }

    @Test
    void aTaskMayForkItself() throws Exception {
        Callable<Integer> inner = () -> run(List.of(() -> 1, () -> 2), Forks.<Integer>all()).size();
        assertThat(run(List.of(inner, inner), Forks.all())).containsExactly(new Value<>(2), new Value<>(2));
    }

    @Test
    void aPlanStartsFurtherTasksWhenOthersHaveEnded() throws Exception {
        // A chain: each task is started when the one before it has ended, and the third value is enough.
        List<Outcome<Integer>> outcomes = forks.run("test", new Plan<Integer>() {
            private int started;
            private int ended;

            @Override
            public void ended(int task, Outcome<Integer> outcome, long now) {
                assertThat(outcome).isEqualTo(new Value<>(task));
                ended++;
            }

            @Override
            public Step<Integer> next(long now) {
                if (ended == 3) {
                    return Step.ending();
                }
                if (started > ended) {
                    return Step.waiting(now + LONG.toNanos());
                }
                int number = started++;
                return new Step<>(List.of(() -> number), now + LONG.toNanos(), false);
            }
        });
        assertThat(outcomes).containsExactly(new Value<>(0), new Value<>(1), new Value<>(2));
    }

    @Test
    void aPlanIsAskedAgainWhenTheTimeItNamedHasCome() throws Exception {
        // Nobody answers the first question in time: the plan asks another beside it.
        CountDownLatch started = new CountDownLatch(1);
        long began = System.nanoTime();
        List<Outcome<String>> outcomes = forks.run("test", new Plan<String>() {
            private int step;
            private boolean done;

            @Override
            public void ended(int task, Outcome<String> outcome, long now) {
                done = true;
            }

            @Override
            public Step<String> next(long now) {
                if (done) {
                    return Step.ending();
                }
                return switch (step++) {
                    case 0 -> new Step<>(List.of(stuck(started)), now + Duration.ofMillis(50).toNanos(), false);
                    case 1 -> new Step<>(List.of(() -> "hedge"), now + LONG.toNanos(), false);
                    default -> throw new AssertionError("asked without need");
                };
            }
        });
        assertThat(outcomes).containsExactly(new Cancelled<>(), new Value<>("hedge"));
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isBetween(Duration.ofMillis(50), LONG.dividedBy(2));
        nothingIsAlive();
    }

    @Test
    void aTaskThatEndsMayBringTheNextTimeForward() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        List<Outcome<String>> outcomes = forks.run("test", new Plan<String>() {
            private boolean begun;
            private long until = System.nanoTime() + LONG.toNanos();

            @Override
            public void ended(int task, Outcome<String> outcome, long now) {
                until = now + Duration.ofMillis(20).toNanos();
            }

            @Override
            public Step<String> next(long now) {
                List<Callable<String>> start = begun ? List.of() : List.of(stuck(started), () -> {
                    started.await();
                    return "first";
                });
                begun = true;
                return new Step<>(start, until, Nanos.reached(until, now));
            }
        });
        assertThat(outcomes).containsExactly(new Cancelled<>(), new Value<>("first"));
        nothingIsAlive();
    }

    @Test
    void whatAPlanThatEndsStillWantsToStartIsCancelled() throws Exception {
        AtomicBoolean ran = new AtomicBoolean();
        List<Outcome<Boolean>> outcomes = forks.run("test", new Plan<Boolean>() {
            @Override
            public void ended(int task, Outcome<Boolean> outcome, long now) {}

            @Override
            public Step<Boolean> next(long now) {
                return new Step<>(List.of(() -> ran.getAndSet(true)), now, true);
            }
        });
        assertThat(outcomes).containsExactly(new Cancelled<>());
        assertThat(ran).isFalse();
    }

    @Test
    void whatAPlanThrowsComesOutAfterAllHaveEnded() {
        CountDownLatch started = new CountDownLatch(1);
        assertThatThrownBy(() -> forks.run("test", new Plan<String>() {
                    private int step;

                    @Override
                    public void ended(int task, Outcome<String> outcome, long now) {}

                    @Override
                    public Step<String> next(long now) {
                        if (step++ > 0) {
                            throw new IllegalStateException("at a loss");
                        }
                        return new Step<>(List.of(stuck(started)), now + Duration.ofMillis(20).toNanos(), false);
                    }
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("at a loss");
        nothingIsAlive();
    }

    private <T> List<Outcome<T>> run(List<Callable<T>> tasks, Predicate<? super List<Outcome<T>>> enough)
            throws InterruptedException {
        return forks.run("test", tasks, enough, Deadline.after(LONG));
    }

    /** A task that ends by its interrupt only, and counts it. */
    private Callable<String> stuck(CountDownLatch started) {
        return () -> {
            threads.add(Thread.currentThread());
            started.countDown();
            try {
                new CountDownLatch(1).await();
                return "never";
            } catch (InterruptedException e) {
                interrupted.incrementAndGet();
                throw e;
            }
        };
    }

    private void nothingIsAlive() {
        await().atMost(Duration.ofSeconds(5)).until(() -> threads.stream().noneMatch(Thread::isAlive));
    }
}
