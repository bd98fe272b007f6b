package io.swarmscope.internal.search;

import static io.swarmscope.internal.search.Street.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.swarmscope.PeerId;
import io.swarmscope.Quorum;
import io.swarmscope.RegistryException;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.fork.Deadline;
import io.swarmscope.internal.fork.Forks;
import io.swarmscope.internal.kad.Bytes;
import io.swarmscope.internal.kad.End;
import io.swarmscope.internal.kad.KadRecord;
import io.swarmscope.internal.kad.LookupReport;
import io.swarmscope.internal.kad.Operation;
import io.swarmscope.internal.kad.OperationResult;
import io.swarmscope.internal.kad.PeerFailure;
import io.swarmscope.internal.record.Heads;
import io.swarmscope.internal.record.RecordKey;
import io.swarmscope.internal.record.Signed;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
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
                dht, street.asking, street.validator, street.index, id -> holder, Duration.ofSeconds(300), Forks.best());
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
