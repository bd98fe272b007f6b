package io.swarmscope.internal.search;

import static io.swarmscope.internal.search.Street.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.swarmscope.PeerId;
import io.swarmscope.Quorum;
import io.swarmscope.RegistryException;
import io.swarmscope.SearchReport.Cause;
import io.swarmscope.SearchReport.PeerReport;
import io.swarmscope.SearchReport.StopReason;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.fork.Deadline;
import io.swarmscope.internal.fork.Forks;
import io.swarmscope.internal.kad.Bytes;
import io.swarmscope.internal.kad.End;
import io.swarmscope.internal.kad.Hop;
import io.swarmscope.internal.kad.KadRecord;
import io.swarmscope.internal.kad.LookupReport;
import io.swarmscope.internal.kad.Operation;
import io.swarmscope.internal.kad.OperationResult;
import io.swarmscope.internal.kad.PeerFailure;
import io.swarmscope.internal.record.Heads;
import io.swarmscope.internal.record.RecordCodec;
import io.swarmscope.internal.record.RecordKey;
import io.swarmscope.internal.record.Signed;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FindServiceTest {
    private final Identity alice = Heads.someone();
    private final Signed<?> logger = Heads.signed(alice, "alice/logger");
    private final RecordKey key = RecordKey.of(logger.id());
    private Street street;
    private Optional<PeerId> holder = Optional.empty();

    @BeforeEach
    void build() throws Exception {
        street = new Street();
    }

    @AfterEach
    void close() {
        street.close();
    }

    @Test
    void whatTheDhtHasIsFoundWithoutAskingAnybodyElse() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        street.answering(request -> {
            asked.incrementAndGet();
            return new byte[0];
        });

        Finding finding = find((operation, deadline) -> {
            assertThat(operation).isEqualTo(new Operation.GetValue(Bytes.of(key.toBytes()), 1));
            return value(logger, report(End.ENOUGH, 1, 1, 0));
        });

        assertFound(finding);
        assertThat(asked).hasValue(0);
        assertThat(street.index.find(logger.id())).as("it is known from now on").contains(logger);
    }

    @Test
    void whereTheDhtIsSlowANeighbourMayBeQuicker() throws Exception {
        street.silent(new AtomicInteger());
        street.honest(logger);

        Finding finding = find((operation, deadline) -> {
            new CountDownLatch(1).await();
            throw new AssertionError();
        });

        assertFound(finding);
        await().atMost(PATIENCE).until(() -> street.streams() == 0);
    }

    @Test
    void whereTheDhtCannotTellANeighbourMay() throws Exception {
        street.honest(logger);

        assertFound(find((operation, deadline) -> nothing(report(End.EXHAUSTED, 0, 0, 0))));
    }

    @Test
    void whatTheNearestPeersDoNotHaveIsAbsentWhateverSilentNeighboursDo() throws Exception {
        street.silent(new AtomicInteger());
        long began = System.nanoTime();

        assertAbsent(20, find((operation, deadline) -> nothing(report(End.CLOSEST_ANSWERED, 20, 20, 0))));
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void inASmallNetworkMostMustHaveAnswered() throws Exception {
        assertAbsent(3, find((o, d) -> nothing(report(End.EXHAUSTED, 3, 3, 0))));
        assertAbsent(2, find((o, d) -> nothing(report(End.EXHAUSTED, 3, 2, 1))));
        assertUnknown(report(End.EXHAUSTED, 3, 1, 2), "of 3 peers", "1 answered", "2 failed");
        assertUnknown(report(End.EXHAUSTED, 0, 0, 0), "no peer");
        assertUnknown(report(End.DEADLINE, 7, 4, 1), "of 7 peers", "4 answered", "1 failed", "2 were silent");
        assertUnknown(report(End.CLOSEST_ANSWERED, 3, 0, 3), "3 failed");
    }

    @Test
    void aPeerThatSendsAnotherPackageIsBlamed() throws Exception {
        PeerId liar = street.claiming(Heads.signed(alice, "alice/other").encoded());

        assertUnknown(report(End.EXHAUSTED, 0, 0, 0), "key-mismatch");

        assertThat(street.reputation.score(liar)).isLessThan(street.reputation.score(Heads.someone().peerId()));
    }

    @Test
    void aNodeThatClosesEndsIt() {
        assertThatThrownBy(() -> find((operation, deadline) -> {
                    throw new RegistryException.Closed(null);
                }))
                .isInstanceOf(RegistryException.Closed.class);
    }

    @Test
    void theDeadlineHoldsWhoeverIsSilent() throws Exception {
        AtomicInteger open = new AtomicInteger();
        street.silent(open);
        long began = System.nanoTime();

        Finding finding = finder((operation, deadline) -> {
                    new CountDownLatch(1).await();
                    throw new AssertionError();
                })
                .find(key, Quorum.FIRST_VALID, Deadline.after(Duration.ofMillis(400)));

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(4));
        assertThat(finding).isInstanceOf(Finding.Unknown.class);
        await().atMost(PATIENCE).until(() -> open.get() == 0 && street.streams() == 0);
    }

    @Test
    void interruptingTheCallerEndsIt() throws Exception {
        AtomicInteger open = new AtomicInteger();
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        street.silent(open);
        Thread caller = Thread.startVirtualThread(() -> {
            try {
                find((operation, deadline) -> {
                    new CountDownLatch(1).await();
                    throw new AssertionError();
                });
            } catch (Throwable e) {
                thrown.set(e);
            }
        });
        await().atMost(PATIENCE).until(() -> open.get() == 1);

        caller.interrupt();

        assertThat(caller.join(Duration.ofSeconds(5))).isTrue();
        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
        await().atMost(PATIENCE).until(() -> open.get() == 0 && street.streams() == 0);
    }

    @Test
    void whatWasFoundIsFoundAgainWithoutAskingUntilThereIsNewsOfIt() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        FindService finder = finder((operation, deadline) -> {
            asked.incrementAndGet();
            return value(logger, report(End.ENOUGH, 1, 1, 0));
        });
        assertThat(find(finder, Quorum.FIRST_VALID).report().hops()).isEqualTo(1);
        assertFound(find(finder, Quorum.FIRST_VALID));
        Finding again = find(finder, Quorum.FIRST_VALID);

        assertFound(again);
        assertThat(again.report().hops()).as("nobody was asked").isZero();
        assertThat(again.report().localHits()).isEqualTo(1);
        assertThat(asked).hasValue(1);
        finder.heard(logger.id());
        assertFound(find(finder, Quorum.FIRST_VALID));
        assertThat(asked).hasValue(2);
        assertThat(finder.counters()).containsEntry("find.cached", 2L).containsEntry("find.lookups", 2L);
    }

    @Test
    void whatIsReplacedMeanwhileIsNotFoundAgain() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        FindService finder = finder((operation, deadline) -> {
            asked.incrementAndGet();
            return value(logger, report(End.ENOUGH, 1, 1, 0));
        });
        find(finder, Quorum.FIRST_VALID);
        street.index.offer(RecordCodec.seal(alice, Heads.tombstone("alice/logger", 9, Instant.now())));

        find(finder, Quorum.FIRST_VALID);

        assertThat(asked).hasValue(2);
    }

    @Test
    void thatSomethingIsNotThereIsNotRemembered() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        FindService finder = finder((operation, deadline) -> asked.incrementAndGet() == 1
                ? nothing(report(End.CLOSEST_ANSWERED, 20, 20, 0))
                : value(logger, report(End.ENOUGH, 1, 1, 0)));

        assertAbsent(20, find(finder, Quorum.FIRST_VALID));
        assertFound(find(finder, Quorum.FIRST_VALID));
    }

    @Test
    void callsForOnePackageAtATimeShareOneLookup() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        CountDownLatch answer = new CountDownLatch(1);
        FindService finder = finder((operation, deadline) -> {
            asked.incrementAndGet();
            answer.await();
            return value(logger, report(End.ENOUGH, 1, 1, 0));
        });
        List<Caller> callers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            callers.add(new Caller(finder, Duration.ofSeconds(20)));
        }
        await().atMost(PATIENCE).until(() -> callers.stream().allMatch(Caller::isWaiting));

        answer.countDown();

        for (Caller caller : callers) {
            assertFound(caller.finding());
        }
        assertThat(asked).hasValue(1);
    }

    @Test
    void ifTheOneWhoLooksIsInterruptedAnotherTakesOver() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        CountDownLatch answer = new CountDownLatch(1);
        FindService finder = finder((operation, deadline) -> {
            asked.incrementAndGet();
            answer.await();
            return value(logger, report(End.ENOUGH, 1, 1, 0));
        });
        Caller first = new Caller(finder, Duration.ofSeconds(20));
        await().atMost(PATIENCE).until(() -> asked.get() == 1);
        Caller second = new Caller(finder, Duration.ofSeconds(20));
        Caller third = new Caller(finder, Duration.ofSeconds(20));
        await().atMost(PATIENCE).until(() -> second.isWaiting() && third.isWaiting());

        first.thread.interrupt();

        assertThat(first.thread.join(Duration.ofSeconds(10))).isTrue();
        assertThat(first.thrown.get()).isInstanceOf(InterruptedException.class);
        await().atMost(PATIENCE).until(() -> asked.get() == 2);
        answer.countDown();
        assertFound(second.finding());
        assertFound(third.finding());
        assertThat(asked).hasValue(2);
    }

    @Test
    void whoSharesALookupKeepsHisOwnDeadline() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        CountDownLatch answer = new CountDownLatch(1);
        FindService finder = finder((operation, deadline) -> {
            asked.incrementAndGet();
            answer.await();
            return value(logger, report(End.ENOUGH, 1, 1, 0));
        });
        Caller hurried = new Caller(finder, Duration.ofMillis(600));
        await().atMost(PATIENCE).until(() -> asked.get() == 1);
        Caller patient = new Caller(finder, Duration.ofSeconds(20));
        Caller mostHurried = new Caller(finder, Duration.ofMillis(50));

        assertThat(mostHurried.finding()).isInstanceOfSatisfying(Finding.Unknown.class, unknown -> assertThat(
                        unknown.report().stopped())
                .isEqualTo(StopReason.DEADLINE));
        assertThat(hurried.finding()).isInstanceOf(Finding.Unknown.class);
        await().atMost(PATIENCE).until(() -> asked.get() == 2);
        answer.countDown();
        assertFound(patient.finding());
    }

    @Test
    void aQuorumNeedsAsManyPeersAndTakesTheNewestOfTheirRecords() throws Exception {
        Signed<?> newer = RecordCodec.seal(alice, Heads.head(Heads.manifest("alice/logger", "2.0.0"), 2, Instant.now()));
        street.honest(logger);
        street.honest(newer);
        AtomicReference<Operation> operation = new AtomicReference<>();
        FindService finder = finder((asked, deadline) -> {
            operation.set(asked);
            return value(logger, report(End.EXHAUSTED, 3, 1, 0));
        });

        Finding two = find(finder, Quorum.of(2));
        Finding five = find(finder, Quorum.of(5));

        assertThat(operation.get()).isEqualTo(new Operation.GetValue(Bytes.of(key.toBytes()), 5));
        assertThat(two).isInstanceOfSatisfying(Finding.Found.class, found -> {
            assertThat(found.record()).isEqualTo(newer);
            assertThat(found.confirmations()).isEqualTo(2);
            assertThat(found.report().complete()).isTrue();
        });
        assertThat(five).isInstanceOfSatisfying(Finding.Found.class, found -> {
            assertThat(found.confirmations()).isLessThan(5);
            assertThat(found.report().complete()).as("fewer than wanted").isFalse();
        });
        assertThat(finder.counters()).as("a quorum asks the network").containsEntry("find.cached", 0L);
    }

    @Test
    void aPeerThatDoesNotHaveItOrFailsIsReplacedAndThePublisherIsAskedFirst() throws Exception {
        for (int i = 0; i < 3; i++) {
            street.honest();
            street.neighbour(stream -> stream.reset());
        }
        PeerId publisher = street.honest(logger);
        holder = Optional.of(publisher);

        Finding finding = find((operation, deadline) -> nothing(report(End.EXHAUSTED, 0, 0, 0)));

        assertFound(finding);
        assertThat(finding.report().peers().getFirst().peer()).isEqualTo(publisher);
        assertThat(finding.report().stopped()).isEqualTo(StopReason.LIMIT_FILLED);
    }

    @Test
    void theReportOfWhatCouldNotBeFoundOutSaysWhoDidWhat() throws Exception {
        PeerId empty = street.honest();
        PeerId busy = street.answering(request -> SearchAnswer.busy().encode());
        PeerId answered = Heads.someone().peerId();
        PeerId failed = Heads.someone().peerId();
        PeerId silent = Heads.someone().peerId();
        List<Hop> trail = List.of(
                new Hop(answered, 1, 1_000, OptionalLong.of(5_000), Optional.empty()),
                new Hop(failed, 1, 2_000, OptionalLong.empty(), Optional.of("gone")),
                new Hop(silent, 2, 3_000, OptionalLong.empty(), Optional.empty()));
        LookupReport lookup = new LookupReport(
                End.DEADLINE, 3, List.of(answered), List.of(new PeerFailure(failed, "gone")), 2, 10_000, trail);

        Finding finding = find((operation, deadline) -> nothing(lookup));

        assertThat(finding).isInstanceOf(Finding.Unknown.class);
        assertThat(finding.report().complete()).isFalse();
        assertThat(finding.report().peers()).hasSize(5);
        assertThat(finding.report().hops()).isEqualTo(2);
        assertThat(cause(finding, empty)).isEqualTo(Cause.EMPTY);
        assertThat(cause(finding, busy)).isEqualTo(Cause.REFUSED);
        assertThat(cause(finding, answered)).isEqualTo(Cause.NONE);
        assertThat(cause(finding, failed)).isEqualTo(Cause.UNREACHABLE);
        assertThat(cause(finding, silent)).isEqualTo(Cause.TIMED_OUT);
        assertThat(peer(finding, answered).elapsed()).isEqualTo(Duration.ofNanos(5_000));
        assertThat(peer(finding, silent).elapsed()).isEqualTo(Duration.ofNanos(7_000));
    }

    private static Cause cause(Finding finding, PeerId peer) {
        return peer(finding, peer).cause();
    }

    private static PeerReport peer(Finding finding, PeerId peer) {
        return finding.report().peers().stream().filter(p -> p.peer().equals(peer)).findFirst().orElseThrow();
    }

    /** Somebody who looks for the package on a thread of his own. */
    private final class Caller {
        private final AtomicReference<Finding> found = new AtomicReference<>();
        private final AtomicReference<Throwable> thrown = new AtomicReference<>();
        private final Thread thread;

        Caller(FindService finder, Duration timeout) {
            thread = Thread.startVirtualThread(() -> {
                try {
                    found.set(finder.find(key, Quorum.FIRST_VALID, Deadline.after(timeout)));
                } catch (Throwable e) {
                    thrown.set(e);
                }
            });
        }

        boolean isWaiting() {
            return thread.getState() == Thread.State.TIMED_WAITING;
        }

        Finding finding() throws InterruptedException {
            assertThat(thread.join(PATIENCE)).isTrue();
            assertThat(thrown.get()).isNull();
            return found.get();
        }
    }

    private Finding find(FindService finder, Quorum quorum) throws InterruptedException {
        return finder.find(key, quorum, Deadline.after(Duration.ofSeconds(20)));
    }

    private void assertFound(Finding finding) {
        assertThat(finding)
                .isInstanceOfSatisfying(Finding.Found.class, found -> assertThat(found.record()).isEqualTo(logger));
    }

    private static void assertAbsent(int answered, Finding finding) {
        assertThat(finding).isInstanceOfSatisfying(Finding.Absent.class, absent -> {
            assertThat(absent.answered()).isEqualTo(answered);
            assertThat(absent.report().complete()).isTrue();
        });
    }

    private void assertUnknown(LookupReport report, String... parts) throws Exception {
        assertThat(find((operation, deadline) -> nothing(report)))
                .isInstanceOfSatisfying(Finding.Unknown.class, unknown -> assertThat(unknown.why()).contains(parts));
    }

    private Finding find(FindService.Dht dht) throws InterruptedException {
        return finder(dht).find(key, Quorum.FIRST_VALID, Deadline.after(Duration.ofSeconds(20)));
    }

    private FindService finder(FindService.Dht dht) {
        return new FindService(
                street.self.peerId(),
                dht,
                street.asking,
                street.validator,
                street.index,
                id -> holder,
                Duration.ofSeconds(300),
                Forks.best());
    }

    private OperationResult value(Signed<?> head, LookupReport report) {
        KadRecord record = new KadRecord(Bytes.of(key.toBytes()), Bytes.of(head.encoded()));
        return new OperationResult.FoundValue(record, 1, report);
    }

    private static OperationResult nothing(LookupReport report) {
        return new OperationResult.FoundValue(null, 0, report);
    }

    private static LookupReport report(End end, int asked, int answered, int failed) {
        List<PeerId> who = Stream.generate(() -> Heads.someone().peerId()).limit(answered).toList();
        List<PeerFailure> failures = Stream.generate(() -> new PeerFailure(Heads.someone().peerId(), "reset"))
                .limit(failed)
                .toList();
        return new LookupReport(end, asked, who, failures, 1, 1_000);
    }
}
