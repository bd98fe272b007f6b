package io.swarmscope.internal.search;

import static io.swarmscope.internal.search.Street.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.swarmscope.PeerId;
import io.swarmscope.Query;
import io.swarmscope.QueryConfig;
import io.swarmscope.RegistryException;
import io.swarmscope.SearchReport.Cause;
import io.swarmscope.SearchReport.StopReason;
import io.swarmscope.SearchStream;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.record.Heads;
import io.swarmscope.internal.record.RecordCodec;
import io.swarmscope.internal.record.Signed;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Hits come while the search runs, and nothing of it is left when its reader has gone. */
class HitStreamTest {
    private static final QueryConfig CONFIG = new QueryConfig(Duration.ofSeconds(10), 10, true, 3);
    private static final Query LOGGER = Query.text("logger");
    private static final SearchService.Watch UNWATCHED = (search, found) -> search.get();
    private static final Duration LONG = Duration.ofSeconds(20);

    private final Identity alice = Heads.someone();
    private final Signed<?> aliceLogger = Heads.signed(alice, "alice/logger");
    private final Signed<?> fastLogger = Heads.signed(alice, "alice/fast-logger");
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
    void ownHitsComeAtOnceAndThoseOfPeersAsTheyComeIn() throws Exception {
        street.index.offer(fastLogger);
        CountDownLatch answer = new CountDownLatch(1);
        SearchHandler honest = Street.handlerWith(aliceLogger, fastLogger);
        PeerId slow = street.neighbour(stream -> {
            answer.await();
            honest.handle(stream);
        });
        try (SearchStream hits = stream(LONG)) {
            assertThat(hits.next().found().id()).as("though the peer has not answered").isEqualTo(fastLogger.id());
            assertThatThrownBy(hits::report).isInstanceOf(IllegalStateException.class);
            answer.countDown();

            assertThat(hits.next().found().id()).isEqualTo(aliceLogger.id());
            assertThat(hits.hasNext()).as("each package once").isFalse();
            assertThatThrownBy(hits::next).isInstanceOf(NoSuchElementException.class);
            assertThat(hits.report().stopped()).isEqualTo(StopReason.ALL_ANSWERED);
            assertThat(hits.report().complete()).isTrue();
            assertThat(hits.report().localHits()).isEqualTo(1);
            assertThat(hits.report().peers()).singleElement().satisfies(peer -> {
                assertThat(peer.peer()).isEqualTo(slow);
                assertThat(peer.cause()).isEqualTo(Cause.NONE);
            });
        }
    }

    @Test
    void whatIsKnownAndNotYetGivenComesBestFirst() throws Exception {
        street.index.offer(Heads.signed(alice, "alice/very-fast-logger"));
        street.honest(fastLogger, aliceLogger);
        try (SearchStream hits = stream(LONG)) {
            await().atMost(PATIENCE).until(() -> street.index.packages() == 3);
            assertThat(names(hits)).startsWith("alice/logger").hasSize(3);
        }
    }

    @Test
    void noMoreThanTheLimitAreGiven() throws Exception {
        street.honest(aliceLogger, fastLogger, Heads.signed(alice, "alice/third-logger"));
        try (SearchStream hits = street.service(CONFIG).stream(LOGGER.limit(2), LONG, () -> {}, UNWATCHED)) {
            assertThat(names(hits)).hasSize(2);
            assertThat(hits.report().stopped()).isEqualTo(StopReason.LIMIT_FILLED);
        }
    }

    @Test
    void ofAPackageThatIsRenewedMeanwhileTheNewestRecordIsGivenOnce() throws Exception {
        street.index.offer(aliceLogger);
        Signed<?> newer = RecordCodec.seal(alice, Heads.head(Heads.manifest("alice/logger", "2.0.0"), 2, Instant.now()));
        street.honest(newer);
        try (SearchStream hits = stream(LONG)) {
            await().atMost(PATIENCE).until(() -> street.index.sequence(newer.id()) == 2);
            assertThat(hits.next().found().version()).isEqualTo("2.0.0");
            assertThat(hits.hasNext()).isFalse();
        }
    }

    @Test
    void closingItEndsWhatItBegan() throws Exception {
        AtomicInteger open = new AtomicInteger();
        street.silent(open);
        street.silent(open);
        SearchStream hits = stream(LONG);
        await().atMost(PATIENCE).until(() -> open.get() == 2);

        hits.close();
        hits.close();

        assertThat(street.streams()).as("when close returns, nothing is left").isZero();
        assertThat(hits.hasNext()).isFalse();
        assertThat(hits.report().stopped()).isEqualTo(StopReason.CANCELLED);
        assertThat(hits.report().peers()).extracting(peer -> peer.cause()).containsOnly(Cause.CANCELLED);
        await().atMost(PATIENCE).until(() -> open.get() == 0);
    }

    @Test
    void itsDeadlineEndsItThoughNobodyReadsOrCloses() throws Exception {
        AtomicInteger open = new AtomicInteger();
        street.silent(open);
        street.honest(aliceLogger);
        SearchStream hits = stream(Duration.ofMillis(600));
        await().atMost(PATIENCE).until(() -> open.get() == 1);

        await().atMost(PATIENCE).until(() -> open.get() == 0 && street.streams() == 0);

        assertThat(names(hits)).as("what came until then is there").containsExactly("alice/logger");
        assertThat(hits.report().stopped()).isEqualTo(StopReason.DEADLINE);
        assertThat(hits.report().complete()).isFalse();
    }

    @Test
    void interruptingItsReaderEndsItWithAReport() throws Exception {
        AtomicInteger open = new AtomicInteger();
        street.silent(open);
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        AtomicBoolean status = new AtomicBoolean();
        Thread reader = Thread.startVirtualThread(() -> {
            try (SearchStream hits = stream(LONG)) {
                assertThat(hits.hasNext()).as("nobody answers").isFalse();
            } catch (RegistryException e) {
                status.set(Thread.currentThread().isInterrupted());
                thrown.set(e);
            }
        });
        await().atMost(PATIENCE).until(() -> open.get() == 1);

        reader.interrupt();

        assertThat(reader.join(Duration.ofSeconds(10))).isTrue();
        assertThat(thrown.get()).isInstanceOfSatisfying(RegistryException.Cancelled.class, e -> assertThat(e.report())
                .hasValueSatisfying(report -> assertThat(report.stopped()).isEqualTo(StopReason.CANCELLED)));
        assertThat(status).isTrue();
        assertThat(street.streams()).isZero();
    }

    @Test
    void anotherThreadMayCloseItUnderItsReader() throws Exception {
        AtomicInteger open = new AtomicInteger();
        street.silent(open);
        SearchStream hits = stream(LONG);
        AtomicReference<Boolean> more = new AtomicReference<>();
        Thread reader = Thread.startVirtualThread(() -> more.set(hits.hasNext()));
        await().atMost(PATIENCE).until(() -> open.get() == 1);

        hits.close();

        assertThat(reader.join(Duration.ofSeconds(10))).isTrue();
        assertThat(more.get()).isFalse();
    }

    @Test
    void whereTheNodeIsClosedItsReaderHearsThat() throws Exception {
        street.honest(aliceLogger);
        SearchStream hits = street.service(CONFIG).stream(LOGGER, LONG, () -> {
            throw new RegistryException.Closed(null);
        }, UNWATCHED);
        hits.next();

        assertThatThrownBy(hits::hasNext).isInstanceOf(RegistryException.Closed.class);
    }

    private SearchStream stream(Duration timeout) {
        return street.service(CONFIG).stream(LOGGER, timeout, () -> {}, UNWATCHED);
    }

    private static List<String> names(SearchStream hits) {
        List<String> names = new ArrayList<>();
        hits.forEachRemaining(hit -> names.add(hit.found().id().toString()));
        return names;
    }
}
