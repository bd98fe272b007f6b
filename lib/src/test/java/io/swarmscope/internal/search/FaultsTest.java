package io.swarmscope.internal.search;

import static io.swarmscope.internal.search.Street.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.swarmscope.PeerId;
import io.swarmscope.Query;
import io.swarmscope.QueryConfig;
import io.swarmscope.SearchReport.Cause;
import io.swarmscope.SearchReport.Outcome;
import io.swarmscope.SearchReport.PeerReport;
import io.swarmscope.SearchReport.StopReason;
import io.swarmscope.SearchResult;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.fork.Forks;
import io.swarmscope.internal.record.Head;
import io.swarmscope.internal.record.Heads;
import io.swarmscope.internal.record.RecordCodec;
import io.swarmscope.internal.record.Signed;
import io.swarmscope.internal.swarm.Neighbour;
import io.swarmscope.internal.telemetry.Telemetry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a search does about peers that are of no help, and what its report says of them: real hosts on real sockets. */
class FaultsTest {
    private static final QueryConfig ONE_AT_A_TIME = new QueryConfig(Duration.ofSeconds(10), 10, true, 1);
    private static final Query LOGGER = Query.text("logger");
    private static final Duration LONG = Duration.ofSeconds(20);

    private final Identity alice = Heads.someone();
    private final Signed<?> logger = Heads.signed(alice, "alice/logger");
    private Street street;

    @BeforeEach
    void build() throws Exception {
        street = new Street();
    }

    @AfterEach
    void close() {
        street.close();
    }

    @Test
    void eachFaultIsNamedAndAnotherPeerAskedInItsPlace() throws Exception {
        byte[] forged = logger.encoded().clone();
        forged[forged.length - 1] ^= 1;
        assertReplaced(street.neighbour(stream -> stream.reset()), Cause.RESET);
        assertReplaced(street.neighbour(stream -> {}), Cause.RESET);
        assertReplaced(street.answering(request -> SearchAnswer.busy().encode()), Cause.REFUSED);
        assertReplaced(street.answering(request -> new byte[] {(byte) 0xff, 1, 2, 3}), Cause.MALFORMED);
        assertReplaced(street.claiming(forged), Cause.DISHONEST);
        assertReplaced(street.claiming(Heads.signed(alice, "alice/other").encoded()), Cause.DISHONEST);
        assertReplaced(street.honest(Heads.signed(alice, "alice/other")), Cause.EMPTY);
        PeerId lost = street.honest();
        street.neighbours.getLast().connection().close();
        assertReplaced(lost, Cause.UNREACHABLE);
    }

    private void assertReplaced(PeerId useless, Cause cause) throws Exception {
        PeerId honest = street.honest(logger);
        rank(useless, honest);

        SearchResult result = search();

        assertThat(result.report().peers()).as("%s", result.report()).extracting(PeerReport::peer).containsExactly(useless, honest);
        assertThat(peer(result, useless).cause()).as("%s", result.report()).isEqualTo(cause);
        assertThat(peer(result, honest).cause()).isEqualTo(Cause.NONE);
        assertThat(result.packages()).hasSize(1);
        assertThat(result.report().stopped()).isEqualTo(StopReason.ALL_ANSWERED);
        assertThat(result.complete()).as("a peer that answered in full took its place").isTrue();
        assertThat(result.report().toString()).contains(cause.name().toLowerCase(Locale.ROOT));
        street.neighbours.clear();
    }

    @Test
    void aPeerWhoseStreamBreaksIsAskedAgainIfThereIsNobodyElse() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        SearchHandler honest = Street.handlerWith(logger);
        PeerId moody = street.neighbour(stream -> {
            if (asked.incrementAndGet() < 3) {
                stream.reset();
            } else {
                honest.handle(stream);
            }
        });

        SearchResult result = search();

        assertThat(result.packages()).hasSize(1);
        assertThat(peer(result, moody).attempts()).isEqualTo(3);
        assertThat(peer(result, moody).outcome()).isEqualTo(Outcome.ANSWERED);
        assertThat(result.complete()).isTrue();
    }

    @Test
    void aPeerWhoseConnectionWasLostIsAskedOverAnotherOne() throws Exception {
        PeerId peer = street.honest(logger);
        Neighbour before = street.neighbours.getFirst();
        Neighbour after = street.again(before);
        before.connection().close();
        AtomicInteger looked = new AtomicInteger();
        Asking asking = new Asking(
                Heads.NETWORK,
                deadline -> List.of(looked.getAndIncrement() == 0 ? before : after),
                Neighbour::id,
                street.reputation,
                street.validator,
                street.index,
                Telemetry.OFF);

        SearchResult result = new SearchService(street.self.peerId(), ONE_AT_A_TIME, street.index, asking, Forks.best())
                .search(LOGGER, LONG);

        assertThat(result.packages()).hasSize(1);
        assertThat(peer(result, peer).outcome()).isEqualTo(Outcome.ANSWERED);
    }

    @Test
    void besideAPeerThatFellSilentAnotherIsAskedLongBeforeTheDeadline() throws Exception {
        AtomicBoolean silent = new AtomicBoolean();
        SearchHandler honest = Street.handlerWith();
        PeerId moody = street.neighbour(stream -> {
            if (silent.get()) {
                stream.timeout(Duration.ofMinutes(1));
                while (stream.input().read() >= 0) {}
                new CountDownLatch(1).await();
            } else {
                honest.handle(stream);
            }
        });
        SearchService service = street.service(ONE_AT_A_TIME.withAdaptiveTimeout(false));
        for (int i = 0; i < 5; i++) {
            service.search(LOGGER, LONG);
        }
        PeerId spare = street.honest(logger);
        rank(moody, spare);
        double before = street.reputation.score(moody);
        silent.set(true);

        SearchResult result = service.search(LOGGER, LONG);

        assertThat(result.packages()).hasSize(1);
        assertThat(peer(result, moody).cause()).isEqualTo(Cause.HEDGED);
        assertThat(peer(result, moody).outcome()).isEqualTo(Outcome.CANCELLED);
        assertThat(peer(result, spare).cause()).isEqualTo(Cause.NONE);
        assertThat(result.report().stopped()).isEqualTo(StopReason.ALL_ANSWERED);
        assertThat(result.report().elapsed()).isLessThan(LONG.dividedBy(2));
        assertThat(street.reputation.score(moody)).as("it is not preferred for ever").isLessThan(before);
        await().atMost(PATIENCE).until(() -> street.streams() == 0);
    }

    @Test
    void aSilentPeerIsNotAskedTwiceAndTheReportSaysItTimedOut() throws Exception {
        AtomicInteger open = new AtomicInteger();
        PeerId silent = street.silent(open);

        SearchResult result = street.service(ONE_AT_A_TIME).search(LOGGER, Duration.ofMillis(700));

        assertThat(peer(result, silent).cause()).isEqualTo(Cause.TIMED_OUT);
        assertThat(peer(result, silent).attempts()).isEqualTo(1);
        assertThat(result.report().stopped()).isEqualTo(StopReason.DEADLINE);
        assertThat(result.complete()).isFalse();
        await().atMost(PATIENCE).until(() -> open.get() == 0 && street.streams() == 0);
    }

    @Test
    void theReportSaysWhatEachPeerCostAndClaims() throws Exception {
        street.index.offer(Heads.signed(alice, "alice/own"));
        PeerId peer = street.honest(logger, Heads.signed(alice, "alice/other"), Heads.signed(alice, "alice/third"));

        SearchResult result = search();

        PeerReport report = peer(result, peer);
        assertThat(report.attempts()).isEqualTo(1);
        assertThat(report.bytesOut()).isBetween(10L, 100L);
        assertThat(report.bytesIn()).isGreaterThan(logger.encoded().length);
        assertThat(report.claim()).hasValueSatisfying(claim -> {
            assertThat(claim.records()).isEqualTo(3);
            assertThat(claim.newest()).contains(Instant.ofEpochMilli(Street.NEWEST));
        });
        assertThat(result.report().hops()).isEqualTo(1);
        assertThat(result.report().localRecords()).as("its own and what was found").isEqualTo(2);
        assertThat(result.report().knownRecords()).isEqualTo(3);
        assertThat(result.report().coverage()).isEqualTo(1);
        street.neighbours.clear();
        SearchResult alone = search();
        assertThat(alone.report().hops()).isZero();
        assertThat(alone.report().coverage()).as("two of the three that it heard of").isBetween(0.66, 0.67);
    }

    @Test
    void oneLiarDoesNotMakeUpANetwork() throws Exception {
        for (long claim : new long[] {3, 4, Long.MAX_VALUE}) {
            byte[] answer = new SearchAnswer(SearchAnswer.Status.OK, List.of(logger.encoded()), 1, claim, 0).encode();
            street.answering(request -> answer);
        }

        SearchResult result = street.service(ONE_AT_A_TIME.withFanOut(3)).search(LOGGER, LONG);

        assertThat(result.report().knownRecords()).isEqualTo(4);
        assertThat(result.report().coverage()).isEqualTo(1);
    }

    @Test
    void whoSendsWhatIsOutdatedIsNotCalledALiarButItIsHeldAgainstIt() throws Exception {
        Head old = Heads.head(Heads.manifest("alice/logger", "1.0.0"), 1, Instant.now().minus(Duration.ofHours(2)));
        PeerId expired = street.claiming(RecordCodec.seal(alice, old).encoded());
        street.index.offer(RecordCodec.seal(alice, Heads.head(Heads.manifest("alice/logger", "2.0.0"), 2, Instant.now())));
        PeerId replaced = street.claiming(Heads.signed(alice, "alice/logger").encoded());
        PeerId current = street.honest(Heads.signed(alice, "alice/new-logger"));
        SearchService service = street.service(ONE_AT_A_TIME.withFanOut(3));
        for (int i = 0; i < 30; i++) {
            assertThat(service.search(LOGGER, LONG).report().peers())
                    .extracting(PeerReport::outcome)
                    .containsOnly(Outcome.ANSWERED);
        }

        assertThat(street.reputation.score(expired)).isLessThan(street.reputation.score(current) - 0.03);
        assertThat(street.reputation.score(replaced)).isLessThan(street.reputation.score(current) - 0.03);
    }

    /** From now on the first of them is asked first. */
    private void rank(PeerId first, PeerId second) {
        IntStream.range(0, 50).forEach(i -> street.reputation.succeeded(first, 1_000_000));
        IntStream.range(0, 25).forEach(i -> street.reputation.succeeded(second, 1_000_000));
        IntStream.range(0, 25).forEach(i -> street.reputation.failed(second));
    }

    private SearchResult search() throws InterruptedException {
        return street.service(ONE_AT_A_TIME).search(LOGGER, LONG);
    }

    private static PeerReport peer(SearchResult result, PeerId peer) {
        return result.report().peers().stream().filter(p -> p.peer().equals(peer)).findFirst().orElseThrow();
    }
}
