package io.swarmscope.internal.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.swarmscope.PeerId;
import io.swarmscope.internal.wire.Limits;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReputationTest {
    private static final long SEED = 4711;
    private static final long MILLI = 1_000_000;

    private final Random random = new Random(SEED);
    private final AtomicLong now = new AtomicLong(-5); // nanoTime may be anything
    private final AtomicLong wallClock = new AtomicLong(1_700_000_000_000L);
    private final InstantSource clock = () -> Instant.ofEpochMilli(wallClock.get());
    private final Reputation reputation = new Reputation(now::get, clock);

    @Test
    void noFreshIdentityOutranksAPeerThatHasProvenItself() {
        for (int i = 0; i < 200; i++) {
            PeerId proven = peer(i);
            int observations = 20 + random.nextInt(200);
            int successes = (int) Math.ceil(observations * (0.8 + 0.2 * random.nextDouble()));
            observe(proven, successes, observations - successes, random.nextInt(2_000) * MILLI);
            now.addAndGet(Duration.ofMinutes(random.nextInt(300)).toNanos());

            assertThat(reputation.score(proven))
                    .as("seed %d, %d of %d", SEED, successes, observations)
                    .isGreaterThan(reputation.score(peer(100_000 + i)))
                    .isLessThanOrEqualTo(1);
        }
    }

    @Test
    void whoMostlyFailsIsBelowANewcomer() {
        observe(peer(1), 1, 9, MILLI);

        assertThat(reputation.score(peer(1))).isLessThan(reputation.score(peer(2)));
    }

    @Test
    void moreEvidenceBetterResultsAndQuickerAnswersCountForMore() {
        observe(peer(1), 50, 0, MILLI);
        observe(peer(2), 5, 0, MILLI);
        observe(peer(3), 45, 5, MILLI);
        observe(peer(4), 50, 0, 800 * MILLI);

        assertThat(reputation.score(peer(1)))
                .isGreaterThan(reputation.score(peer(2)))
                .isGreaterThan(reputation.score(peer(3)))
                .isGreaterThan(reputation.score(peer(4)));
    }

    @Test
    void aLieCostsMoreThanFailuresAndIsForgottenSlowly() {
        observe(peer(1), 50, 0, MILLI);
        double before = reputation.score(peer(1));

        reputation.misbehaved(peer(1), "invented a hit");
        assertThat(reputation.score(peer(1))).isLessThan(before / 5);

        now.addAndGet(Duration.ofHours(1).toNanos());
        observe(peer(1), 50, 0, MILLI);
        assertThat(reputation.score(peer(1))).isLessThan(before / 2);
    }

    @Test
    void aStrangerThatLiesIsWorseThanAStranger() {
        reputation.misbehaved(peer(1), "invented a hit");

        assertThat(reputation.score(peer(1))).isLessThan(reputation.score(peer(2)));
    }

    @Test
    void observationsLoseWeightWithTime() {
        observe(peer(1), 0, 50, MILLI);
        now.addAndGet(Duration.ofHours(5).toNanos());
        observe(peer(1), 3, 0, MILLI);

        assertThat(reputation.score(peer(1))).isGreaterThan(TrackRecord.NEWCOMER);
    }

    @Test
    void theBestAreChosenAndChangingOnePeersOutcomesChangesWhoIsAsked() {
        List<PeerId> peers = IntStream.range(0, 6).mapToObj(this::peer).toList();
        peers.subList(0, 3).forEach(p -> observe(p, 30, 0, MILLI));
        peers.subList(3, 6).forEach(p -> observe(p, 20, 10, MILLI));

        assertThat(choose(3, peers)).containsExactlyInAnyOrderElementsOf(peers.subList(0, 3));

        observe(peers.get(0), 0, 40, MILLI);
        assertThat(choose(3, peers)).doesNotContain(peers.get(0)).contains(peers.get(1), peers.get(2));
    }

    @Test
    void newcomersGetAShareAndNotMore() {
        List<PeerId> peers = IntStream.range(0, 10).mapToObj(this::peer).toList();
        peers.subList(0, 5).forEach(p -> observe(p, 30, 0, MILLI));

        Map<PeerId, Integer> asked = new HashMap<>();
        for (int i = 0; i < 1_000; i++) {
            choose(2, peers).forEach(p -> asked.merge(p, 1, Integer::sum));
        }
        int explored = peers.subList(5, 10).stream().mapToInt(p -> asked.getOrDefault(p, 0)).sum();

        assertThat(explored).as("seed %d, of 2000 choices", SEED).isBetween(150, 400);
        assertThat(asked).as("all that are alike have their turn").hasSize(10);
    }

    @Test
    void whereNobodyIsKnownAnybodyIsChosenOnce() {
        List<PeerId> peers = IntStream.range(0, 5).mapToObj(this::peer).toList();

        assertThat(choose(3, peers)).hasSize(3).doesNotHaveDuplicates();
        assertThat(choose(9, peers)).containsExactlyInAnyOrderElementsOf(peers);
        assertThat(choose(3, List.of())).isEmpty();
    }

    @Test
    void aFewOutdatedRecordsMeanNothingAFloodOfThemDoes() {
        observe(peer(1), 50, 0, MILLI);
        double before = reputation.score(peer(1));

        reputation.outdated(peer(1), "older than known");
        reputation.outdated(peer(1), "older than known");
        assertThat(reputation.score(peer(1))).isGreaterThan(0.95 * before).isLessThan(before);

        for (int i = 0; i < 1_000; i++) {
            reputation.outdated(peer(1), "older than known");
        }
        assertThat(reputation.score(peer(1))).isLessThan(TrackRecord.NEWCOMER);
    }

    @Test
    void tenOutdatedRecordsCostWhatOneFailureDoes() {
        observe(peer(1), 9, 1, MILLI);
        observe(peer(2), 9, 0, MILLI);
        for (int i = 0; i < 10; i++) {
            reputation.outdated(peer(2), "older than known");
        }
        assertThat(reputation.score(peer(2))).isCloseTo(reputation.score(peer(1)), within(1e-9));
    }

    @Test
    void whatIsKnownSurvivesARestartAndWasForgottenMeanwhileAsIfTheNodeHadRun() {
        List<PeerId> peers = IntStream.range(0, 50).mapToObj(this::peer).toList();
        for (PeerId peer : peers) {
            observe(peer, random.nextInt(40), random.nextInt(10), random.nextInt(900) * MILLI);
            for (int lies = random.nextInt(3); lies > 0; lies--) {
                reputation.misbehaved(peer, "invented a hit");
            }
            pass(Duration.ofMinutes(random.nextInt(20)));
        }
        List<ReputationEntry> saved = reputation.snapshot();
        pass(Duration.ofHours(3));

        AtomicLong otherOrigin = new AtomicLong(Long.MAX_VALUE - 7); // nanoTime begins anywhere, and may wrap
        Reputation restarted = new Reputation(otherOrigin::get, clock);
        restarted.restore(saved);

        for (PeerId peer : peers) {
            assertThat(restarted.score(peer)).as("seed %d, %s", SEED, peer).isCloseTo(reputation.score(peer), within(1e-6));
            assertThat(restarted.latency(peer)).isEqualTo(reputation.latency(peer));
        }
    }

    @Test
    void aClockThatWasSetBackForgetsNothing() {
        reputation.misbehaved(peer(1), "invented a hit");
        List<ReputationEntry> saved = reputation.snapshot();
        double before = reputation.score(peer(1));
        wallClock.addAndGet(-Duration.ofDays(400).toMillis());

        Reputation restarted = new Reputation(now::get, clock);
        restarted.restore(saved);
        assertThat(restarted.score(peer(1))).isEqualTo(before);
    }

    @Test
    void impossibleFiguresAreNotTakenBackAndNeitherIsWhatIsKnownBetter() {
        reputation.misbehaved(peer(1), "invented a hit");
        double liar = reputation.score(peer(1));
        long at = wallClock.get();
        reputation.restore(List.of(
                new ReputationEntry(peer(1), 100, 0, 0, 1, at),
                new ReputationEntry(peer(2), Double.NaN, 0, 0, 1, at),
                new ReputationEntry(peer(3), -1, 0, 0, 1, at),
                new ReputationEntry(peer(4), 1, Double.POSITIVE_INFINITY, 0, 1, at),
                new ReputationEntry(peer(5), 1, 0, 0, Double.NaN, at),
                new ReputationEntry(peer(6), 3, 0, 0, -1, Long.MIN_VALUE)));
        assertThat(reputation.snapshot()).extracting(ReputationEntry::peer).containsExactlyInAnyOrder(peer(1), peer(6));
        assertThat(reputation.score(peer(1))).isEqualTo(liar);
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
        wallClock.addAndGet(time.toMillis());
    }

    @Test
    void aFloodOfStrangersDisplacesNobody() {
        PeerId proven = peer(1);
        observe(proven, 50, 0, MILLI);
        for (int i = 0; i < 3 * Limits.REPUTATION_PEERS; i++) {
            reputation.failed(peer(1_000 + i));
            if (i % 1_000 == 0) {
                observe(proven, 1, 0, MILLI);
            }
        }

        assertThat(reputation.score(proven)).isGreaterThan(0.5);
    }

    private void observe(PeerId peer, int successes, int failures, long nanos) {
        for (int i = 0; i < successes; i++) {
            reputation.succeeded(peer, nanos);
        }
        for (int i = 0; i < failures; i++) {
            reputation.failed(peer);
        }
    }

    private List<PeerId> choose(int count, List<PeerId> peers) {
        return reputation.choose(count, peers, id -> id, random);
    }

    private PeerId peer(int number) {
        return PeerId.ofPublicKey(new byte[] {8, 1, 18, 4, (byte) (number >> 24), (byte) (number >> 16), (byte) (number >> 8), (byte) number});
    }
}
