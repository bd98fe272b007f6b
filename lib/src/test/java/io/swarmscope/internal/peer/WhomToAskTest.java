package io.swarmscope.internal.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.swarmscope.PeerId;
import io.swarmscope.PeerStanding;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.jupiter.api.Test;

/** Properties of whom {@link Reputation} asks, over generated histories. */
class WhomToAskTest {
    private static final long MILLI = 1_000_000;

    private final AtomicLong now = new AtomicLong(17);
    private final AtomicLong wallClock = new AtomicLong(1_700_000_000_000L);
    private final InstantSource clock = () -> Instant.ofEpochMilli(wallClock.get());
    private final Reputation reputation = new Reputation(now::get, clock);

    /** What tests say of candidates: from one network each, or all from one; near or not. */
    private record Told(IntFunction<Optional<String>> networks, double near, List<PeerId> all) implements Facts<PeerId> {
        @Override
        public PeerId id(PeerId candidate) {
            return candidate;
        }

        @Override
        public Optional<String> network(PeerId candidate) {
            return networks.apply(all.indexOf(candidate));
        }

        @Override
        public double nearness(PeerId candidate) {
            return near;
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void noFreshIdentityIsAskedBeforeAPeerThatHasProvenItself(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 100; i++) {
            PeerId proven = peer(i);
            int observations = 20 + random.nextInt(200);
            int successes = (int) Math.ceil(observations * (0.8 + 0.2 * random.nextDouble()));
            observe(reputation, proven, successes, observations - successes, random.nextInt(5_000) * MILLI);
            pass(Duration.ofMinutes(random.nextInt(600)));

            // However near they say they are, and however many they are.
            List<PeerId> all = new ArrayList<>(List.of(proven));
            IntStream.range(0, 30).forEach(j -> all.add(peer(100_000 + j)));
            Told told = new Told(n -> n == 0 ? Optional.of("far/24") : Optional.of("many/24"), 1, all);
            PeerId first = choose(reputation, 2, all, told, random).getFirst();
            assertThat(first).as("seed %d, %d of %d", seed, successes, observations).isEqualTo(proven);
            assertThat(reputation.standing(proven, 0).score())
                    .as("seed %d, %d of %d", seed, successes, observations)
                    .isGreaterThan(reputation.standing(peer(100_000), 1).score());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void changingOnePeersOutcomesChangesWhoIsAsked(long seed) {
        Random random = new Random(seed);
        List<PeerId> peers = IntStream.range(0, 12).mapToObj(WhomToAskTest::peer).toList();
        peers.forEach(peer -> observe(reputation, peer, 20 + random.nextInt(20), random.nextInt(4), random.nextInt(50) * MILLI));
        for (PeerId peer : choose(reputation, 4, peers, id -> id, random)) {
            observe(reputation, peer, 0, 200, MILLI);
            for (int i = 0; i < 20; i++) {
                assertThat(choose(reputation, 4, peers, id -> id, random)).as("seed %d", seed).doesNotContain(peer);
            }
        }
        PeerId fallen = peers.stream().filter(peer -> reputation.score(peer) < TrackRecord.NEWCOMER).findFirst().orElseThrow();
        observe(reputation, fallen, 10_000, 0, MILLI);
        assertThat(choose(reputation, 12, peers, id -> id, random).subList(0, 8)).as("seed %d", seed).contains(fallen);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void whatIsRestoredCountsTheSame(long seed) {
        Random random = new Random(seed);
        List<PeerId> peers = IntStream.range(0, 30).mapToObj(WhomToAskTest::peer).toList();
        for (PeerId peer : peers) {
            observe(reputation, peer, random.nextInt(40), random.nextInt(10), random.nextInt(900) * MILLI);
            if (random.nextInt(5) == 0) {
                reputation.misbehaved(peer, "invented a hit");
            }
            pass(Duration.ofMinutes(random.nextInt(20)));
        }
        List<ReputationEntry> saved = reputation.snapshot();
        pass(Duration.ofHours(1));
        AtomicLong otherOrigin = new AtomicLong(Long.MIN_VALUE + 3);
        Reputation restarted = new Reputation(otherOrigin::get, clock);
        restarted.restore(saved);
        for (PeerId peer : peers) {
            PeerStanding before = reputation.standing(peer, 0.5);
            PeerStanding after = restarted.standing(peer, 0.5);
            assertThat(after.score()).as("seed %d", seed).isCloseTo(before.score(), within(1e-6));
            assertThat(after.latency()).isEqualTo(before.latency());
            assertThat(after.newcomer()).isEqualTo(before.newcomer());
        }
        observe(reputation, peers.getFirst(), 5, 5, MILLI);
        observe(restarted, peers.getFirst(), 5, 5, MILLI);
        assertThat(restarted.score(peers.getFirst())).isCloseTo(reputation.score(peers.getFirst()), within(1e-6));
    }

    @Test
    void manyFreshIdentitiesFromOnePlaceDoNotGetAllOfTheNewcomersShare() {
        Random random = new Random(42);
        List<PeerId> peers = IntStream.range(0, 205).mapToObj(WhomToAskTest::peer).toList();
        peers.subList(0, 3).forEach(peer -> observe(reputation, peer, 30, 0, MILLI));
        // 200 from one network, two from networks of their own.
        Told told = new Told(n -> Optional.of(n < 5 ? n + "/24" : "many/24"), 0, peers);
        int many = 0;
        int few = 0;
        for (int i = 0; i < 10_000; i++) {
            PeerId last = choose(reputation, 3, peers, told, random).getLast();
            many += peers.indexOf(last) >= 5 ? 1 : 0;
            few += peers.indexOf(last) == 3 || peers.indexOf(last) == 4 ? 1 : 0;
        }
        // Three of eight searches with a fan-out of three explore; of these a quarter at most is one network's.
        assertThat(many).as("of 10,000").isBetween(750, 1_125);
        assertThat(few).as("of 10,000").isBetween(1_600, 2_150);
    }

    @Test
    void whereNobodyIsKnownEachNetworkHasItsTurnBeforeOneHasTwo() {
        Random random = new Random(43);
        List<PeerId> peers = IntStream.range(0, 100).mapToObj(WhomToAskTest::peer).toList();
        Told told = new Told(n -> Optional.of(n < 2 ? n + "/24" : "many/24"), 0, peers);
        for (int i = 0; i < 100; i++) {
            assertThat(choose(reputation, 3, peers, told, random)).contains(peers.get(0), peers.get(1));
        }
    }

    @Test
    void peersOnThisMachineStandForThemselves() {
        Random random = new Random(44);
        List<PeerId> peers = IntStream.range(0, 9).mapToObj(WhomToAskTest::peer).toList();
        peers.subList(0, 3).forEach(peer -> observe(reputation, peer, 30, 0, MILLI));
        Map<PeerId, Integer> asked = new HashMap<>();
        for (int i = 0; i < 4_000; i++) {
            asked.merge(choose(reputation, 3, peers, id -> id, random).getLast(), 1, Integer::sum);
        }
        assertThat(asked).hasSize(9);
        assertThat(peers.subList(3, 9).stream().mapToInt(asked::get).sum()).isBetween(1_300, 1_700);
    }

    @Test
    void aDeclaredPlaceNearbyIsWorthATenthAtMostAndOnlyToWhoServes() {
        observe(reputation, peer(1), 50, 0, MILLI);
        double far = reputation.standing(peer(1), 0).score();
        double near = reputation.standing(peer(1), 1).score();
        assertThat(near).isGreaterThan(far).isLessThanOrEqualTo(Math.min(1, far + 0.1));

        observe(reputation, peer(2), 10, 10, 400 * MILLI);
        assertThat(reputation.standing(peer(2), 1).score() - reputation.standing(peer(2), 0).score()).isBetween(0.0, 0.1);

        assertThat(reputation.standing(peer(3), 1).score()).isEqualTo(TrackRecord.NEWCOMER);
        observe(reputation, peer(4), 1, 9, MILLI);
        assertThat(reputation.standing(peer(4), 1).score()).isEqualTo(reputation.standing(peer(4), 0).score());

        List<PeerId> alike = List.of(peer(5), peer(6));
        alike.forEach(peer -> observe(reputation, peer, 30, 0, 200 * MILLI));
        Facts<PeerId> sixIsHere = new Facts<>() {
            @Override
            public PeerId id(PeerId candidate) {
                return candidate;
            }

            @Override
            public double nearness(PeerId candidate) {
                return candidate.equals(peer(6)) ? 1 : 0;
            }
        };
        for (int i = 0; i < 20; i++) {
            assertThat(choose(reputation, 1, alike, sixIsHere, new Random(i))).containsExactly(peer(6));
        }
    }

    @Test
    void eachTermIsExplained() {
        observe(reputation, peer(1), 18, 2, 250 * MILLI);
        reputation.misbehaved(peer(1), "invented a hit");
        PeerStanding standing = reputation.standing(peer(1), 0.5);
        assertThat(standing.successes()).isEqualTo(18);
        assertThat(standing.failures()).isEqualTo(2);
        assertThat(standing.latencyFactor()).isCloseTo(0.8, within(1e-9));
        assertThat(standing.lieFactor()).isCloseTo(0.1, within(1e-9));
        assertThat(standing.newcomer()).isFalse();
        double base = 0.1 + 0.9 * standing.bound() * standing.latencyFactor();
        assertThat(standing.score()).isCloseTo((base + 0.1 * 0.5 * standing.bound()) * 0.1, within(1e-9));
        assertThat(reputation.standing(peer(1), 0).score()).isEqualTo(reputation.score(peer(1)));
        assertThat(standing.toString())
                .contains("served 18.0 of 20.0", "latency 250 ms (factor 0.80)", "nearness 0.50", "lies 1.0 (factor 0.10)");
        assertThat(reputation.standing(peer(9), 0).toString()).contains("score 0.100", "latency unknown", "newcomer");
        assertThat(reputation.snapshot()).as("to explain is not to know").hasSize(1);
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
        wallClock.addAndGet(time.toMillis());
    }

    private static void observe(Reputation reputation, PeerId peer, int successes, int failures, long nanos) {
        for (int i = 0; i < successes; i++) {
            reputation.succeeded(peer, nanos);
        }
        for (int i = 0; i < failures; i++) {
            reputation.failed(peer);
        }
    }

    private static List<PeerId> choose(Reputation reputation, int count, List<PeerId> peers, Facts<PeerId> facts, Random random) {
        return reputation.choose(count, peers, facts, random);
    }

    private static PeerId peer(int number) {
        return PeerId.ofPublicKey(new byte[] {8, 1, 18, 4, (byte) (number >> 24), (byte) (number >> 16), (byte) (number >> 8), (byte) number});
    }
}
