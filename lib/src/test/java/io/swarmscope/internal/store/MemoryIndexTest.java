package io.swarmscope.internal.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.swarmscope.PackageId;
import io.swarmscope.PackageManifest;
import io.swarmscope.Query;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.record.Evidence;
import io.swarmscope.internal.record.Head;
import io.swarmscope.internal.record.RecordCodec;
import io.swarmscope.internal.record.Heads;
import io.swarmscope.internal.record.RecordKey;
import io.swarmscope.internal.record.Signed;
import io.swarmscope.internal.record.Tombstone;
import io.swarmscope.internal.wire.Limits;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MemoryIndexTest {
    private static final PackageId LOGGER = PackageId.parse("acme/logger");

    private final Identity self = Heads.someone();
    private final Identity bob = Heads.someone();
    private final Identity eve = Heads.someone();
    private volatile Instant now = Instant.parse("2026-11-21T12:00:00Z");
    private final MemoryIndex index = new MemoryIndex(self.peerId(), 100, () -> now, PackageIndex.Listener.NOBODY);

    @Test
    void whatIsOfferedIsFound() {
        Signed<?> head = head(bob, "acme/logger", 1);

        assertThat(index.offer(head)).isTrue();

        assertThat(index.find(LOGGER)).contains(head);
        assertThat(index.find(PackageId.parse("acme/other"))).isEmpty();
        assertThat(index.sequence(LOGGER)).isEqualTo(1);
        assertThat(names(Query.text("LOGGER"))).containsExactly("logger");
        assertThat(index.packages()).isEqualTo(1);
        assertThat(index.published()).isZero();
    }

    @Test
    void aNewerHeadReplacesAnOlderOneAndNeverTheOtherWayRound() {
        Signed<?> second = head(bob, "acme/logger", 2);
        index.offer(second);

        assertThat(index.offer(head(bob, "acme/logger", 1))).isFalse();
        assertThat(index.offer(second)).isFalse();
        assertThat(index.find(LOGGER)).contains(second);

        Signed<?> renewed = RecordCodec.seal(bob, second.record().withTimes(now.plusSeconds(1), now.plusSeconds(90)));
        assertThat(index.offer(renewed)).isTrue();
        assertThat(index.find(LOGGER)).contains(renewed);
        assertThat(index.packages()).isEqualTo(1);
    }

    @Test
    void aWithdrawnPackageIsNotFoundBySearchesAndItsOldHeadDoesNotComeBack() {
        Signed<?> old = head(bob, "acme/logger", 1);
        index.offer(old);
        Signed<?> withdrawal = RecordCodec.seal(bob, Heads.tombstone("acme/logger", 2, now));
        index.offer(withdrawal);

        assertThat(names(Query.all())).isEmpty();
        assertThat(index.offer(old)).isFalse();
        assertThat(index.find(LOGGER)).contains(withdrawal);
        assertThat(index.packages()).isZero();

        index.offer(head(bob, "acme/logger", 3));
        assertThat(names(Query.all())).containsExactly("logger");
    }

    @Test
    void whatHasExpiredIsNotFoundAndIsForgottenByMaintenance() {
        index.offer(head(bob, "acme/logger", 1));
        index.offer(head(self, "own/logger", 1));

        now = now.plus(Duration.ofHours(1));

        assertThat(index.find(LOGGER)).isEmpty();
        assertThat(names(Query.all())).isEmpty();
        assertThat(index.expire()).isEqualTo(2);
        assertThat(index.expire()).isZero();
        assertThat(index.packages()).isZero();
        assertThat(index.published()).isZero();
    }

    @Test
    void theOldestOfOthersAreForgottenAndOwnOnesNever() {
        MemoryIndex small = new MemoryIndex(self.peerId(), 3, () -> now, PackageIndex.Listener.NOBODY);
        IntStream.range(0, 5).forEach(i -> small.offer(head(self, "own/p" + i, 1)));
        IntStream.range(0, 5).forEach(i -> small.offer(head(bob, "bob/p" + i, 1)));
        small.offer(head(bob, "bob/p2", 2));
        small.offer(head(bob, "bob/p5", 1));

        assertThat(names(small, Query.text("bob"))).containsExactlyInAnyOrder("p4", "p2", "p5");
        assertThat(names(small, Query.text("own"))).hasSize(5);
        assertThat(small.packages()).isEqualTo(8);
        assertThat(small.published()).isEqualTo(5);
    }

    @Test
    void anIndexForOwnPackagesOnlyTakesNoOthers() {
        MemoryIndex own = new MemoryIndex(self.peerId(), 0, () -> now, PackageIndex.Listener.NOBODY);

        assertThat(own.offer(head(bob, "bob/p", 1))).isFalse();
        assertThat(own.offer(head(self, "own/p", 1))).isTrue();
    }

    @Test
    void theBestComeFirstTiesByIdAndTheTotalCountsAll() {
        for (String id : List.of("z/json", "a/xml", "b/json-path", "a/json", "c/gson")) {
            index.offer(RecordCodec.seal(
                    bob,
                    Heads.head(PackageManifest.of(id, "1", "x").withDescription("reads json"), 1, now)));
        }

        Matches matches = index.search(Query.text("json"), 4);

        assertThat(matches.best()).extracting(m -> m.id().toString())
                .containsExactly("a/json", "z/json", "b/json-path", "a/xml");
        assertThat(matches.total()).isEqualTo(5);
        assertThat(matches.all()).isFalse();
        assertThat(matches.best()).extracting(Match::score).isSortedAccordingTo(java.util.Comparator.reverseOrder());
        assertThat(matches.best().getFirst().id()).hasToString("a/json");
    }

    @Test
    void searchesAndChangesGoOnAtTheSameTime() throws Exception {
        Signed<?>[] heads = IntStream.range(0, 300)
                .mapToObj(i -> head(bob, "acme/p" + i % 150, 1 + i / 150))
                .toArray(Signed<?>[]::new);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Boolean>> tasks = IntStream.range(0, 8)
                    .mapToObj(t -> (Callable<Boolean>) () -> {
                        Random random = new Random(t);
                        for (int i = 0; i < 300; i++) {
                            index.offer(heads[random.nextInt(heads.length)]);
                            Matches matches = index.search(Query.text("acme"), 10);
                            if (matches.best().size() > 10 || matches.total() > 151) {
                                return false;
                            }
                        }
                        return true;
                    })
                    .toList();
            for (Future<Boolean> result : threads.invokeAll(tasks)) {
                assertThat(result.get()).isTrue();
            }
        }
        assertThat(index.packages()).isEqualTo(index.search(Query.all(), 1).total()).isLessThanOrEqualTo(100);
    }

    @Test
    void aWithdrawnVersionIsNobodysHeadWhicheverCameFirst() {
        Signed<?> withdrawal = RecordCodec.seal(bob, Heads.tombstone("acme/logger", "1.0.0", 6, now));
        for (long sequence : new long[] {5, 6, 7}) {
            for (boolean headFirst : new boolean[] {true, false}) {
                MemoryIndex any = new MemoryIndex(self.peerId(), 100, () -> now, PackageIndex.Listener.NOBODY);
                Signed<?> head = head(bob, "acme/logger", sequence);
                any.offer(headFirst ? head : withdrawal);
                any.offer(headFirst ? withdrawal : head);

                assertThat(any.find(LOGGER)).as("%d, %s", sequence, headFirst).isEmpty();
                assertThat(any.withdrawn(LOGGER, "1.0.0")).isEqualTo(Long.MAX_VALUE);
                assertThat(any.offer(head(bob, "acme/logger", 5, "0.9.0"))).isFalse();
                assertThat(any.offer(head(bob, "acme/logger", 6, "0.9.0"))).isTrue();
            }
        }
    }

    @Test
    void theTombstoneThatAHeadHadOvercomeStandsAgainWhenTheHeadIsGone() {
        Heard heard = new Heard();
        MemoryIndex any = new MemoryIndex(self.peerId(), 100, () -> now, heard);
        Signed<?> tombstone = withTimes(RecordCodec.seal(bob, Heads.tombstone("acme/logger", 2, now)), Duration.ofDays(30));
        any.offer(tombstone);
        any.offer(head(bob, "acme/logger", 3));

        now = now.plus(Duration.ofHours(1));
        assertThat(any.find(LOGGER)).contains(tombstone);
        assertThat(any.expire()).isEqualTo(1);

        assertThat(any.find(LOGGER)).contains(tombstone);
        assertThat(any.withdrawn(LOGGER, "1.0.0")).isEqualTo(2);
        now = now.plus(Duration.ofDays(30));
        assertThat(any.expire()).isEqualTo(1);
        assertThat(heard.told).containsExactly("stands 2", "stands 3", "stands 2", "gone /pkg/acme/logger");
    }

    @Test
    void aTombstoneThatComesAfterTheHeadThatOvercameItIsRemembered() {
        Heard heard = new Heard();
        MemoryIndex any = new MemoryIndex(self.peerId(), 100, () -> now, heard);
        Signed<?> head = head(bob, "acme/logger", 3);
        any.offer(head);

        assertThat(any.offer(RecordCodec.seal(bob, Heads.tombstone("acme/logger", 2, now)))).isTrue();

        assertThat(any.find(LOGGER)).contains(head);
        assertThat(any.withdrawn(LOGGER, "0.1")).isEqualTo(2);
        assertThat(heard.told).containsExactly("stands 3", "beneath 2");
    }

    @Test
    void tombstonesTakeNoRoomOfPackages() {
        MemoryIndex small = new MemoryIndex(self.peerId(), 3, () -> now, PackageIndex.Listener.NOBODY);
        IntStream.range(0, 5).forEach(i -> small.offer(RecordCodec.seal(bob, Heads.tombstone("bob/gone" + i, 1, now))));
        IntStream.range(0, 3).forEach(i -> small.offer(head(bob, "bob/p" + i, 1)));

        assertThat(names(small, Query.text("bob"))).hasSize(3);
        IntStream.range(0, 5).forEach(i -> assertThat(small.offer(head(bob, "bob/gone" + i, 1))).isFalse());
        assertThat(small.packages()).isEqualTo(3);
    }

    @Test
    void aHeadGoesEvenIfThereIsNoRoomToRememberWhy() {
        IntStream.range(0, Limits.RECORD_WITHDRAWN_VERSIONS)
                .forEach(i -> index.offer(RecordCodec.seal(bob, Heads.tombstone("acme/logger", "0." + i, 1, now))));
        index.offer(head(bob, "acme/logger", 2));
        index.offer(head(self, "own/logger", 2));

        assertThat(index.offer(RecordCodec.seal(bob, Heads.tombstone("acme/logger", "1.0.0", 3, now)))).isFalse();

        assertThat(index.find(LOGGER)).isEmpty();
        assertThat(index.packages()).isEqualTo(1);
        IntStream.rangeClosed(0, Limits.RECORD_WITHDRAWN_VERSIONS)
                .forEach(i -> assertThat(index.offer(RecordCodec.seal(self, Heads.tombstone("own/logger", "0." + i, 3, now)))).isTrue());
    }

    @Test
    void onlyTheKeyOfAPackageReplacesOrWithdrawsIt() {
        Signed<?> head = head(bob, "acme/logger", 1);
        index.offer(head);

        assertThat(index.offer(head(eve, "acme/logger", 9))).isFalse();
        assertThat(index.offer(RecordCodec.seal(eve, Heads.tombstone("acme/logger", 9, now)))).isFalse();
        assertThat(index.offer(RecordCodec.seal(eve, Heads.tombstone("acme/logger", "1.0.0", 9, now)))).isFalse();
        assertThat(index.find(LOGGER)).contains(head);

        now = now.plus(Duration.ofHours(1)); // nobody has anything there any more
        assertThat(index.offer(head(eve, "acme/logger", 9))).isTrue();
        assertThat(index.packages()).isEqualTo(1);
    }

    @Test
    void evidenceAgainstOneKeyIsNoneAgainstAnotherThatSaysTheSame() {
        Signed<Head> head = RecordCodec.seal(bob, Heads.head(Heads.manifest("acme/logger", "1.0.0"), 5, now));
        index.offer(head);
        Signed<?> same = RecordCodec.seal(eve, head.record());
        Signed<?> other = head(eve, "acme/logger", 5, "2.0.0");

        assertThat(index.refute(new Evidence(Evidence.Kind.SEQUENCE, other, same))).isTrue();
        assertThat(index.find(LOGGER)).contains(head);

        assertThat(index.refute(new Evidence(Evidence.Kind.SEQUENCE, head(bob, "acme/logger", 5, "2.0.0"), head))).isTrue();
        assertThat(index.find(LOGGER)).isEmpty();
        assertThat(index.offer(withTimes(head, Duration.ofHours(2)))).isFalse();
    }

    /** Three states with two sequence numbers, in which one number and one version are contradicted. */
    @Test
    void whoContradictsHimselfIsReadAlikeWhateverComesFirst() {
        PackageManifest first = Heads.manifest("acme/logger", "1.0.0");
        List<Signed<?>> said = List.of(
                RecordCodec.seal(bob, Heads.head(first, 4, now)),
                RecordCodec.seal(bob, Heads.head(first.withDescription("Something else"), 5, now)),
                head(bob, "acme/logger", 5, "1.1.0"));
        Set<Optional<Signed<?>>> standing = new HashSet<>();
        for (int order = 0; order < 6; order++) {
            List<Signed<?>> others = new ArrayList<>(said);
            List<Signed<?>> shuffled = new ArrayList<>(List.of(others.remove(order / 2)));
            shuffled.add(others.remove(order % 2));
            shuffled.addAll(others);
            MemoryIndex any = new MemoryIndex(self.peerId(), 100, () -> now, PackageIndex.Listener.NOBODY);
            shuffled.forEach(any::offer);
            shuffled.forEach(any::offer); // what lost to something that was refuted since

            standing.add(any.find(LOGGER));
            assertThat(any.evidence()).isPositive();
        }
        assertThat(standing).containsExactly(Optional.of(said.get(2)));
    }

    @Test
    void whatHasExpiredIsNotTaken() {
        Signed<?> head = head(bob, "acme/logger", 1);
        Signed<?> tombstone = RecordCodec.seal(bob, Heads.tombstone("acme/logger", 2, now));
        now = now.plus(Duration.ofHours(1));

        assertThat(index.offer(head) || index.offer(tombstone)).isFalse();
        assertThat(index.sequence(LOGGER)).isZero();
    }

    /** What a listener hears. */
    private static final class Heard implements PackageIndex.Listener {
        private final List<String> told = new ArrayList<>();

        @Override
        public void stands(Signed<?> record) {
            told.add("stands " + record.sequence());
        }

        @Override
        public void underlies(Signed<Tombstone> tombstone) {
            told.add("beneath " + tombstone.sequence());
        }

        @Override
        public void gone(RecordKey key) {
            told.add("gone " + key);
        }

        @Override
        public void contradicted(Evidence evidence) {
            told.add(evidence.kind().name());
        }
    }

    private Signed<?> withTimes(Signed<?> record, Duration lifetime) {
        return RecordCodec.seal(bob, record.record().withTimes(now, now.plus(lifetime)));
    }

    private Signed<?> head(Identity by, String id, long sequence, String version) {
        return RecordCodec.seal(by, Heads.head(Heads.manifest(id, version), sequence, now));
    }

    private Signed<?> head(Identity by, String id, long sequence) {
        return RecordCodec.seal(by, Heads.head(Heads.manifest(id, "1.0.0"), sequence, now));
    }

    private List<String> names(Query query) {
        return names(index, query);
    }

    private static List<String> names(MemoryIndex index, Query query) {
        return index.search(query, 1_000).best().stream().map(m -> m.id().name()).toList();
    }
}
