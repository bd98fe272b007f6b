package io.swarmscope.internal.search;

import static io.swarmscope.internal.search.Street.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.swarmscope.Facets;
import io.swarmscope.PackageManifest;
import io.swarmscope.PeerId;
import io.swarmscope.Query;
import io.swarmscope.QueryConfig;
import io.swarmscope.SearchReport;
import io.swarmscope.SearchReport.Outcome;
import io.swarmscope.SearchReport.StopReason;
import io.swarmscope.SearchResult;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.record.Head;
import io.swarmscope.internal.record.RecordCodec;
import io.swarmscope.internal.record.Heads;
import io.swarmscope.internal.record.Signed;
import io.swarmscope.internal.store.Match;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SearchServiceTest {
    private static final QueryConfig CONFIG = new QueryConfig(Duration.ofSeconds(10), 10, true, 3);
    private static final Query LOGGER = Query.text("logger");
    private static final Duration LONG = Duration.ofSeconds(20);

    private final Identity alice = Heads.someone();
    private final Identity bob = Heads.someone();
    private final Signed<?> aliceLogger = Heads.signed(alice, "alice/logger");
    private final Signed<?> bobLogger = Heads.signed(bob, "bob/fast-logger");
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
    void hitsOfAllPeersAndTheOwnIndexAreMergedAndRanked() throws Exception {
        Signed<?> own = Heads.signed(street.self, "own/loggers");
        street.index.offer(own);
        PeerId first = street.honest(aliceLogger, bobLogger, Heads.signed(bob, "bob/unrelated"));
        PeerId second = street.honest(aliceLogger);

        SearchResult result = search(LOGGER);

        assertThat(names(result)).containsExactly("alice/logger", "bob/fast-logger", "own/loggers");
        assertThat(result.hits().get(0).sources()).containsExactlyInAnyOrder(first, second);
        assertThat(result.hits().get(2).sources()).containsExactly(street.self.peerId());
        assertThat(result.hits().get(0).found().publisher()).isEqualTo(alice.peerId());
        assertThat(result.hits()).extracting(SearchResult.Hit::score).isSortedAccordingTo(java.util.Comparator.reverseOrder());
        assertThat(result.report().stopped()).isEqualTo(StopReason.ALL_ANSWERED);
        assertThat(result.report().localHits()).isEqualTo(1);
        assertThat(result.complete()).isTrue();
        assertThat(peer(result, first).hits()).isEqualTo(2);
        assertThat(peer(result, second).outcome()).isEqualTo(Outcome.ANSWERED);
    }

    @Test
    void whatWasFoundAtOthersIsKnownHereFromThenOn() throws Exception {
        street.honest(aliceLogger);
        search(LOGGER);
        street.neighbours.clear();

        SearchResult again = search(LOGGER);

        assertThat(names(again)).containsExactly("alice/logger");
        assertThat(again.report().stopped()).isEqualTo(StopReason.NO_PEERS);
    }

    @Test
    void ifTheOwnIndexFillsTheLimitNobodyIsAsked() throws Exception {
        street.index.offer(aliceLogger);
        AtomicInteger asked = new AtomicInteger();
        street.answering(request -> {
            asked.incrementAndGet();
            return new byte[0];
        });

        SearchResult result = search(LOGGER.limit(1));

        assertThat(names(result)).containsExactly("alice/logger");
        assertThat(result.report().stopped()).isEqualTo(StopReason.LIMIT_FILLED);
        assertThat(result.complete()).as("others were not asked").isFalse();
        assertThat(asked).hasValue(0);
    }

    @Test
    void aSearchForOneEndsOnFirstSuccessAndLeavesNoStream() throws Exception {
        AtomicInteger open = new AtomicInteger();
        PeerId silent = street.silent(open);
        PeerId quick = street.honest(aliceLogger);

        SearchResult result = search(LOGGER.limit(1));

        assertThat(names(result)).containsExactly("alice/logger");
        assertThat(result.report().stopped()).isEqualTo(StopReason.LIMIT_FILLED);
        assertThat(peer(result, quick).outcome()).isEqualTo(Outcome.ANSWERED);
        assertThat(peer(result, silent).outcome()).isEqualTo(Outcome.CANCELLED);
        assertThat(result.report().elapsed()).isLessThan(LONG.dividedBy(2));
        await().atMost(PATIENCE).until(() -> open.get() == 0 && street.streams() == 0);
    }

    @Test
    void aPeerThatNeverAnswersDelaysNobodyBeyondTheDeadline() throws Exception {
        AtomicInteger open = new AtomicInteger();
        PeerId silent = street.silent(open);
        street.honest(aliceLogger);
        Duration timeout = Duration.ofMillis(1500);

        SearchResult result = street.service(CONFIG).search(LOGGER, timeout);

        assertThat(names(result)).containsExactly("alice/logger");
        assertThat(result.report().stopped()).isEqualTo(StopReason.DEADLINE);
        assertThat(result.complete()).isFalse();
        assertThat(peer(result, silent).outcome()).isEqualTo(Outcome.TIMED_OUT);
        assertThat(peer(result, silent).elapsed()).isGreaterThanOrEqualTo(timeout.minusMillis(50));
        assertThat(result.report().elapsed()).isBetween(timeout.minusMillis(50), timeout.plusSeconds(5));
        await().atMost(PATIENCE).until(() -> open.get() == 0 && street.streams() == 0);
        assertThat(street.reputation.score(silent)).isLessThan(street.reputation.score(Heads.someone().peerId()));
    }

    @Test
    void interruptingTheCallerEndsItAndLeavesNoStream() throws Exception {
        AtomicInteger open = new AtomicInteger();
        street.silent(open);
        street.silent(open);
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread caller = Thread.startVirtualThread(() -> {
            try {
                search(LOGGER);
            } catch (Throwable e) {
                thrown.set(e);
            }
        });
        await().atMost(PATIENCE).until(() -> open.get() == 2);

        caller.interrupt();

        assertThat(caller.join(Duration.ofSeconds(5))).isTrue();
        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
        await().atMost(PATIENCE).until(() -> open.get() == 0 && street.streams() == 0);
        assertThat(street.neighbours).allMatch(n -> n.connection().isOpen());
    }

    @Test
    void whoSendsWhatDoesNotMatchMisbehavesAndNothingOfItIsUsed() throws Exception {
        assertMisbehaved(street.claiming(aliceLogger.encoded(), Heads.signed(bob, "bob/unrelated").encoded()), "match");
    }

    @Test
    void whoForgesASignatureMisbehaves() throws Exception {
        byte[] forged = aliceLogger.encoded().clone();
        forged[forged.length - 1] ^= 1;
        assertMisbehaved(street.claiming(forged), "signature");
    }

    @Test
    void whoReplaysARecordOfAnotherNetworkMisbehaves() throws Exception {
        Head h = (Head) aliceLogger.record();
        Head foreign = new Head(
                "other", h.manifest(), h.versions(), 1, h.publishedAt(), h.expiresAt());
        assertMisbehaved(street.claiming(RecordCodec.seal(alice, foreign).encoded()), "network");
    }

    @Test
    void whoSendsAWithdrawnPackageMisbehaves() throws Exception {
        Signed<?> withdrawn = RecordCodec.seal(alice, Heads.tombstone("alice/logger", 9, Instant.now()));
        assertMisbehaved(street.claiming(withdrawn.encoded()), "current state");
    }

    @Test
    void whoSendsAPackageTwiceMisbehaves() throws Exception {
        assertMisbehaved(street.claiming(aliceLogger.encoded(), aliceLogger.encoded()), "twice");
    }

    @Test
    void whoSendsMoreThanWasAskedForMisbehaves() throws Exception {
        byte[][] many = IntStream.range(0, 11)
                .mapToObj(i -> Heads.signed(alice, "alice/logger" + i).encoded())
                .toArray(byte[][]::new);
        assertMisbehaved(street.claiming(many), "more hits");
    }

    @Test
    void whoSendsRubbishMisbehaves() throws Exception {
        assertMisbehaved(street.answering(request -> new byte[] {(byte) 0xff, 1, 2, 3}), "");
    }

    @Test
    void whoAnnouncesAnEndlessAnswerMisbehaves() throws Exception {
        assertMisbehaved(
                street.neighbour(stream -> stream.finish(new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff, 0x7f})),
                "limit");
    }

    private void assertMisbehaved(PeerId liar, String what) throws Exception {
        PeerId honest = street.honest(bobLogger);

        SearchResult result = search(LOGGER);

        assertThat(peer(result, liar).outcome()).isEqualTo(Outcome.MISBEHAVED);
        assertThat(peer(result, liar).detail()).contains(what);
        assertThat(names(result)).as("only what the honest peer has").containsExactly("bob/fast-logger");
        assertThat(street.index.search(Query.all(), 10).best())
                .extracting(Match::id)
                .containsExactly(bobLogger.id());
        assertThat(street.reputation.score(liar)).isLessThan(street.reputation.score(Heads.someone().peerId()));
        assertThat(street.reputation.score(honest)).isGreaterThan(street.reputation.score(Heads.someone().peerId()));
        assertThat(result.complete()).isFalse();
    }

    @Test
    void anExpiredRecordIsNotShownButItsSenderIsNotBlamed() throws Exception {
        Head old = Heads.head(Heads.manifest("alice/logger", "1.0.0"), 1, Instant.now().minus(Duration.ofHours(2)));
        PeerId peer = street.claiming(RecordCodec.seal(alice, old).encoded(), bobLogger.encoded());

        SearchResult result = search(LOGGER);

        assertThat(names(result)).containsExactly("bob/fast-logger");
        assertThat(peer(result, peer).outcome()).isEqualTo(Outcome.ANSWERED);
    }

    @Test
    void theNewestRecordOfAPackageIsShownWhoeverHasIt() throws Exception {
        PackageManifest newer = Heads.manifest("alice/logger", "2.0.0");
        Signed<?> second = RecordCodec.seal(alice, Heads.head(newer, 2, Instant.now()));
        street.index.offer(aliceLogger);
        street.honest(aliceLogger);
        street.honest(second);

        SearchResult result = search(LOGGER);

        assertThat(result.packages()).extracting(p -> p.version()).containsExactly("2.0.0");
        assertThat(street.index.find(second.id())).contains(second);
    }

    @Test
    void whatIsKnownToBeWithdrawnIsNotShownThoughAPeerStillHasIt() throws Exception {
        street.index.offer(RecordCodec.seal(alice, Heads.tombstone("alice/logger", 2, Instant.now())));
        PeerId peer = street.honest(aliceLogger);

        SearchResult result = search(LOGGER);

        assertThat(result.hits()).isEmpty();
        assertThat(peer(result, peer).outcome()).isEqualTo(Outcome.ANSWERED);
    }

    @Test
    void whoResetsOrIsBusyHasFailed() throws Exception {
        PeerId resets = street.neighbour(stream -> stream.reset());
        PeerId busy = street.answering(request -> SearchAnswer.busy().encode());
        PeerId quits = street.neighbour(stream -> {});

        SearchResult result = search(LOGGER);

        assertThat(result.report().peers()).extracting(SearchReport.PeerReport::outcome).containsOnly(Outcome.FAILED);
        assertThat(result.report().stopped()).isEqualTo(StopReason.ALL_ANSWERED);
        assertThat(result.complete()).isFalse();
        assertThat(peer(result, busy).detail()).contains("more than it gives");
        assertThat(peer(result, resets).detail()).isNotEmpty();
        assertThat(peer(result, quits).detail()).isNotEmpty();
    }

    @Test
    void aPeerThatHasMoreThanItSentLeavesTheSearchIncomplete() throws Exception {
        Signed<?>[] many = IntStream.range(0, 5)
                .mapToObj(i -> Heads.signed(alice, "alice/logger-" + i))
                .toArray(Signed<?>[]::new);
        street.honest(many);

        SearchResult result = search(LOGGER.limit(3));

        assertThat(names(result)).containsExactly("alice/logger-0", "alice/logger-1", "alice/logger-2");
        assertThat(result.report().stopped()).isEqualTo(StopReason.LIMIT_FILLED);
        assertThat(result.complete()).isFalse();
    }

    @Test
    void aLaterPageIsCutFromWhatAllSentForTheFormerOnesToo() throws Exception {
        street.honest(heads(0, 3, 6));
        street.honest(heads(1, 4, 3));
        street.index.offer(heads(5)[0]);
        Query query = LOGGER.limit(2).withFacets(3);

        SearchResult last = search(query.offset(4).limit(3)); // seven are needed, so all must answer
        List<String> pages = new ArrayList<>();
        for (int offset = 0; offset < 8; offset += 2) {
            pages.addAll(names(search(query.offset(offset))));
        }

        assertThat(names(last)).containsExactly("a/logger5", "a/logger6");
        assertThat(last.complete()).isTrue();
        assertThat(last.total()).isEqualTo(6);
        assertThat(last.facets().tags()).as("of the local index").containsExactly(new Facets.Count("alpha", 1), new Facets.Count("beta", 1));
        assertThat(pages).containsExactly("a/logger0", "a/logger1", "a/logger3", "a/logger4", "a/logger5", "a/logger6");
        assertThat(search(query.offset(6)).complete()).isTrue();
        assertThat(search(LOGGER).facets()).as("not asked for").isEqualTo(Facets.NONE);
    }

    @Test
    void theNewestOfAllPeersComeFirstIfAskedFor() throws Exception {
        Instant now = Instant.now();
        street.honest(signedAt("a/logger", now.minusSeconds(30)), signedAt("a/logger-new", now.minusSeconds(5)));
        street.honest(signedAt("a/logger-newer", now.minusSeconds(4)));
        street.index.offer(signedAt("a/logger-old", now.minusSeconds(60)));

        assertThat(names(search(LOGGER.orderedBy(Query.Order.NEWEST))))
                .containsExactly("a/logger-newer", "a/logger-new", "a/logger", "a/logger-old");
    }

    @Test
    void aHitWithOneTypingErrorIsNoLieAndOneWithTwoIs() throws Exception {
        PeerId honest = street.honest(aliceLogger);
        PeerId liar = street.claiming(aliceLogger.encoded());

        SearchResult one = search(Query.text("lgoger"));
        SearchResult two = search(Query.text("lgogre"));

        assertThat(names(one)).containsExactly("alice/logger");
        assertThat(peer(one, liar).outcome()).isEqualTo(Outcome.ANSWERED);
        assertThat(peer(two, honest).hits()).isZero();
        assertThat(peer(two, liar).outcome()).isEqualTo(Outcome.MISBEHAVED);
    }

    private Signed<?>[] heads(int... numbers) {
        return IntStream.of(numbers).mapToObj(i -> Heads.signed(alice, "a/logger" + i)).toArray(Signed<?>[]::new);
    }

    private Signed<?> signedAt(String id, Instant time) {
        return RecordCodec.seal(alice, Heads.head(Heads.manifest(id, "1"), 1, time));
    }

    @Test
    void noMorePeersAreAskedThanTheFanOutSays() throws Exception {
        for (int i = 0; i < 5; i++) {
            street.honest(aliceLogger);
        }

        assertThat(search(LOGGER).report().peers()).hasSize(3);
        assertThat(street.service(CONFIG.withFanOut(1)).search(LOGGER, LONG).report().peers()).hasSize(1);
        assertThat(street.service(CONFIG.withFanOut(9)).search(LOGGER, LONG).report().peers()).hasSize(5);
    }

    @Test
    void theDeadlineShrinksToWhatLatenciesJustifyIfItMay() throws Exception {
        AtomicBoolean answers = new AtomicBoolean(true);
        SearchHandler honest = Street.handlerWith(aliceLogger);
        PeerId moody = street.neighbour(stream -> {
            if (answers.get()) {
                honest.handle(stream);
            } else {
                stream.timeout(Duration.ofMinutes(1));
                while (stream.input().read() >= 0) {}
                new CountDownLatch(1).await();
            }
        });
        SearchService adaptive = street.service(CONFIG);
        for (int i = 0; i < 5; i++) {
            adaptive.search(Query.text("nothing" + i), LONG);
        }
        answers.set(false);

        SearchResult result = adaptive.search(Query.text("nothing"), LONG);

        assertThat(peer(result, moody).outcome()).isEqualTo(Outcome.TIMED_OUT);
        assertThat(result.report().timeout()).isLessThan(LONG);
        assertThat(result.report().elapsed()).isBetween(Duration.ofMillis(450), LONG.dividedBy(2));

        Duration fixed = Duration.ofMillis(1_200);
        SearchResult patient = street.service(CONFIG.withAdaptiveTimeout(false)).search(Query.text("nothing"), fixed);
        assertThat(patient.report().timeout()).isEqualTo(fixed);
        assertThat(patient.report().elapsed()).isGreaterThan(fixed.minusMillis(50));
    }

    @Test
    void manySearchesAtOnceShareAConnection() throws Exception {
        street.honest(aliceLogger);
        street.honest(bobLogger);
        SearchService service = street.service(CONFIG.withAdaptiveTimeout(false));
        List<CompletableFuture<SearchResult>> results = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            CompletableFuture<SearchResult> result = new CompletableFuture<>();
            results.add(result);
            Thread.startVirtualThread(() -> {
                try {
                    result.complete(service.search(LOGGER, LONG));
                } catch (InterruptedException | RuntimeException e) {
                    result.completeExceptionally(e);
                }
            });
        }

        for (CompletableFuture<SearchResult> result : results) {
            assertThat(names(result.join())).containsExactly("alice/logger", "bob/fast-logger");
            assertThat(result.join().complete()).isTrue();
        }
        await().atMost(PATIENCE).until(() -> street.streams() == 0);
    }

    @Test
    void withoutAnyTimeTheOwnIndexStillAnswers() throws Exception {
        street.index.offer(aliceLogger);
        street.honest(bobLogger);

        SearchResult result = street.service(CONFIG).search(LOGGER, Duration.ZERO);

        assertThat(names(result)).containsExactly("alice/logger");
        assertThat(result.report().stopped()).isEqualTo(StopReason.DEADLINE);
    }

    private SearchResult search(Query query) throws InterruptedException {
        return street.service(CONFIG).search(query, LONG);
    }

    private static List<String> names(SearchResult result) {
        return result.packages().stream().map(p -> p.id().toString()).toList();
    }

    private static SearchReport.PeerReport peer(SearchResult result, PeerId peer) {
        return result.report().peers().stream().filter(p -> p.peer().equals(peer)).findFirst().orElseThrow();
    }
}
