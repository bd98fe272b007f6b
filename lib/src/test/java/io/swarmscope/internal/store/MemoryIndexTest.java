package io.swarmscope.internal.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.swarmscope.PackageId;
import io.swarmscope.PackageManifest;
import io.swarmscope.Query;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.record.Head;
import io.swarmscope.internal.record.RecordCodec;
import io.swarmscope.internal.record.Heads;
import io.swarmscope.internal.record.Signed;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
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
