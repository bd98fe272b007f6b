package io.swarmscope.internal.kad;

import static org.assertj.core.api.Assertions.assertThat;

import io.swarmscope.PeerId;
import io.swarmscope.internal.kad.Bucket.Entry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class RoutingTableTest {

    private static final int K = 3;
    private static final long MINUTE = 60 * Fixtures.SECOND;

    /** Two failures, two newcomers, checks after 5 min. */
    private static final KadConfig.TableConfig CONFIG =
            new KadConfig.TableConfig(2, 2, Duration.ofMinutes(5), Duration.ofMinutes(10), 4);

    private final RandomGenerator random = Fixtures.random("RoutingTableTest");
    private final PeerId self = Fixtures.peer(random);
    private final Key selfKey = Key.of(self);
    private final RoutingTable table = new RoutingTable(selfKey, K, CONFIG, 0);

    @Test
    void theClosestPeersAreThoseThatSortingAllOfThemGives() {
        List<PeerId> peers = Fixtures.peers(400, random);
        peers.forEach(peer -> seen(peer, 0));
        List<PeerId> inTable = table.peers();
        assertThat(inTable).hasSize(table.size()).doesNotHaveDuplicates();
        for (int i = 0; i < 300; i++) {
            Key target = i % 3 == 0 ? Key.of(inTable.get(i % inTable.size())) : Key.of(Fixtures.peer(random));
            PeerId except = i % 2 == 0 ? inTable.get(random.nextInt(inTable.size())) : Fixtures.peer(random);
            int count = random.nextInt(2 * table.size());
            List<PeerId> sorted = new ArrayList<>(inTable);
            sorted.remove(except);
            sorted.sort((x, y) -> target.compareDistance(Key.of(x), Key.of(y)));
            assertThat(closest(target, count, Key.of(except))).isEqualTo(sorted.subList(0, Math.min(count, sorted.size())));
        }
    }

    @Test
    void ofTheOwnPointTheNearestAreFoundToo() {
        List<PeerId> peers = Fixtures.peers(100, random);
        peers.forEach(peer -> seen(peer, 0));
        List<PeerId> sorted = table.peers();
        sorted.sort((x, y) -> selfKey.compareDistance(Key.of(x), Key.of(y)));
        assertThat(closest(selfKey, 10, null)).isEqualTo(sorted.subList(0, 10));
    }

    @Test
    void anEmptyTableKnowsNobody() {
        assertThat(closest(selfKey, 20, null)).isEmpty();
        assertThat(table.refreshTargets(0, random)).isEmpty();
        assertThat(table.nextCheck(100 * MINUTE)).isNull();
    }

    @Test
    void theNodeItselfNeverEntersItsTable() {
        assertThat(seen(self, 0)).isFalse();
        assertThat(table.find(self)).isNull();
        assertThat(table.failed(selfKey, 0)).isFalse();
        table.remove(self);
        assertThat(table.size()).isZero();
    }

    @Test
    void aNewcomerDoesNotPushOutAPeerThatLives() {
        List<PeerId> first = fillBucketZero(0);
        PeerId newcomer = Fixtures.peerInBucket(selfKey, 0, random);
        assertThat(seen(newcomer, MINUTE)).isFalse();
        assertThat(table.nextCheck(MINUTE)).isNull(); // nobody was silent for long enough

        PeerId checked = table.nextCheck(6 * MINUTE);
        assertThat(checked).isEqualTo(first.getFirst());
        assertThat(seen(checked, 6 * MINUTE)).isFalse(); // it answers the check
        assertThat(table.peers()).containsExactlyInAnyOrderElementsOf(first);
    }

    @Test
    void aPeerThatFailsItsCheckGivesWayToTheLatestNewcomer() {
        List<PeerId> first = fillBucketZero(0);
        List<PeerId> newcomers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            newcomers.add(Fixtures.peerInBucket(selfKey, 0, random));
            seen(newcomers.getLast(), MINUTE);
        }
        assertThat(table.nextCheck(6 * MINUTE)).isEqualTo(first.getFirst());
        assertThat(table.failed(Key.of(first.getFirst()), 6 * MINUTE)).isTrue();
        assertThat(table.peers()).containsExactlyInAnyOrder(first.get(1), first.get(2), newcomers.getLast());

        assertThat(table.nextCheck(6 * MINUTE)).isEqualTo(first.get(1));
        assertThat(table.failed(Key.of(first.get(1)), 6 * MINUTE)).isTrue();
        assertThat(table.peers()).contains(newcomers.get(2));
        table.nextCheck(6 * MINUTE);
        table.failed(Key.of(first.get(2)), 6 * MINUTE);
        assertThat(table.peers()).containsExactlyInAnyOrder(newcomers.get(2), newcomers.getLast(), first.get(2)); // two waited
    }

    @Test
    void aPeerThatFailsTwiceInARowLeaves() {
        PeerId peer = Fixtures.peer(random);
        seen(peer, 0);
        assertThat(table.failed(Key.of(peer), 1)).isFalse();
        seen(peer, 2);
        assertThat(table.failed(Key.of(peer), 3)).isFalse();
        assertThat(table.failed(Key.of(peer), 4)).isTrue();
        assertThat(table.size()).isZero();
    }

    @Test
    void aPeerThatFailedIsCheckedSoonButNotAtOnce() {
        PeerId peer = Fixtures.peer(random);
        seen(peer, 0);
        table.failed(Key.of(peer), MINUTE);
        assertThat(table.nextCheck(MINUTE)).isNull();
        assertThat(table.nextCheck(2 * MINUTE)).isEqualTo(peer);
        assertThat(table.nextCheck(2 * MINUTE)).isNull(); // it is under check
    }

    @Test
    void aPeerWithAConnectionNeedsNoCheck() {
        PeerId peer = Fixtures.peer(random);
        seen(peer, 0);
        table.connected(peer, true, 0);
        assertThat(table.nextCheck(20 * MINUTE)).isNull();
        table.connected(peer, false, 20 * MINUTE);
        assertThat(table.nextCheck(24 * MINUTE)).isNull();
        assertThat(table.nextCheck(26 * MINUTE)).isEqualTo(peer);
    }

    @Test
    void thoseWhosePlaceOthersWaitForAreCheckedFirstThenTheLongestSilent() {
        PeerId early = Fixtures.peerInBucket(selfKey, 2, random);
        PeerId earlier = Fixtures.peerInBucket(selfKey, 1, random);
        seen(earlier, 0);
        seen(early, 1);
        List<PeerId> full = fillBucketZero(2);
        seen(Fixtures.peerInBucket(selfKey, 0, random), 3);
        List<PeerId> order = new ArrayList<>();
        for (PeerId due = table.nextCheck(9 * MINUTE); due != null; due = table.nextCheck(9 * MINUTE)) {
            order.add(due);
        }
        assertThat(order).startsWith(full.get(0), full.get(1), full.get(2)).endsWith(earlier, early);
        assertThat(table.checkDue()).isGreaterThan(9 * MINUTE);
    }

    @Test
    void aPeerThatBecomesAClientLeavesAndIsNotAwaitedEither() {
        List<PeerId> first = fillBucketZero(0);
        PeerId newcomer = Fixtures.peerInBucket(selfKey, 0, random);
        seen(newcomer, 1);
        table.remove(newcomer);
        table.remove(first.getFirst());
        assertThat(table.peers()).containsExactlyInAnyOrder(first.get(1), first.get(2));
    }

    @Test
    void everyBucketDownToTheDeepestIsRefreshedUntilItWasLookedUp() {
        PeerId deep = Fixtures.peerInBucket(selfKey, 6, random);
        seen(deep, 0);
        assertThat(buckets(table.refreshTargets(0, random))).containsExactly(0, 1, 2, 3, 4, 5, 6);
        seen(Fixtures.peerInBucket(selfKey, 2, random), 0);
        table.lookedUp(Key.of(deep), 10 * MINUTE);
        table.lookedUp(Key.of(Fixtures.peerInBucket(selfKey, 2, random)), 10 * MINUTE);
        assertThat(buckets(table.refreshTargets(9 * MINUTE, random))).containsExactly(0, 1, 3, 4, 5);
        assertThat(buckets(table.refreshTargets(10 * MINUTE, random))).containsExactly(0, 1, 2, 3, 4, 5, 6);
    }

    @Test
    void underAnyMixOfEventsTheTableStaysWithinItsBounds() {
        List<PeerId> peers = Fixtures.peers(200, random);
        Set<PeerId> mayBeIn = new HashSet<>();
        long now = Long.MAX_VALUE - 50 * MINUTE; // the clock wraps on the way
        RoutingTable churned = new RoutingTable(selfKey, K, CONFIG, now);
        for (int i = 0; i < 20_000; i++) {
            PeerId peer = peers.get(random.nextInt(peers.size()));
            switch (random.nextInt(6)) {
                case 0, 1 -> {
                    churned.seen(peer, Key.of(peer), now);
                    mayBeIn.add(peer);
                }
                case 2 -> churned.failed(Key.of(peer), now);
                case 3 -> churned.connected(peer, random.nextBoolean(), now);
                case 4 -> churned.nextCheck(now);
                default -> churned.remove(peer);
            }
            now += random.nextLong(Fixtures.SECOND);
        }
        int sum = 0;
        for (int b = 0; b < Key.BITS; b++) {
            assertThat(churned.size(b)).isBetween(0, K);
            sum += churned.size(b);
        }
        assertThat(churned.peers()).hasSize(sum).hasSize(churned.size()).doesNotHaveDuplicates().isSubsetOf(mayBeIn);
    }

    private boolean seen(PeerId peer, long now) {
        return table.seen(peer, Key.of(peer), now);
    }

    private List<PeerId> closest(Key target, int count, Key except) {
        return Arrays.stream(table.closest(target, count, except)).map((Entry entry) -> entry.peer).toList();
    }

    /** The peers, the longest silent first. */
    private List<PeerId> fillBucketZero(long now) {
        List<PeerId> peers = new ArrayList<>();
        for (int i = 0; i < K; i++) {
            peers.add(Fixtures.peerInBucket(selfKey, 0, random));
            assertThat(seen(peers.getLast(), now + i)).isTrue();
        }
        return peers;
    }

    private List<Integer> buckets(List<Bytes> rawKeys) {
        return rawKeys.stream().map(raw -> selfKey.commonPrefixLength(Key.of(raw.array()))).toList();
    }
}
