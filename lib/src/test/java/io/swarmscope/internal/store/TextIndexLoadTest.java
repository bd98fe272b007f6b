package io.swarmscope.internal.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.swarmscope.PackageId;
import io.swarmscope.PackageManifest;
import io.swarmscope.Query;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.record.Head;
import io.swarmscope.internal.record.Heads;
import io.swarmscope.internal.record.RecordCodec;
import io.swarmscope.internal.record.Signed;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class TextIndexLoadTest {
    private static final long SEED = 8_088;
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    // One writer replaces, removes and brings back packages, and numbers are given anew, while three readers search.
    @Test
    void readersSeeEachPackageAsItIsOrAsItWasAndNeverTwiceAndNeverOneThatDoesNotMatch() throws Exception {
        Identity bob = Heads.someone();
        TextIndex index = new TextIndex(20);
        Indexed[] held = new Indexed[40];
        List<Signed<Head>> versions = new ArrayList<>();
        String[] words = {"alpha", "bravo", "charlie", "delta"};
        for (int i = 0; i < held.length; i++) {
            for (String word : words) {
                versions.add(RecordCodec.seal(
                        bob, Heads.head(PackageManifest.of("a/p" + i, "1", "Title of " + word).withTags(word), 1, NOW)));
            }
        }
        index.put(RecordCodec.seal(bob, Heads.head(PackageManifest.of("a/always", "1", "Title of alpha").withTags("alpha"), 1, NOW)), null);
        AtomicBoolean done = new AtomicBoolean();
        try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
            List<Future<Integer>> readers = new ArrayList<>();
            for (int r = 0; r < 3; r++) {
                Random random = new Random(SEED + r);
                Callable<Integer> reader = () -> {
                    int searches = 0;
                    for (; !done.get(); searches++) {
                        String word = words[random.nextInt(words.length)];
                        Query query = searches % 2 == 0 ? Query.text(word).withFacets(5) : Query.text("title").withTags(word);
                        check(index.search(query, 100, 0), word);
                    }
                    return searches;
                };
                readers.add(threads.submit(reader));
            }
            Random random = new Random(SEED);
            try {
                for (int i = 0; i < 20_000; i++) {
                    int at = random.nextInt(held.length);
                    Indexed before = held[at];
                    if (before != null && random.nextInt(3) == 0) {
                        index.remove(before);
                        held[at] = null;
                    } else {
                        held[at] = index.put(versions.get(at * words.length + random.nextInt(words.length)), before);
                    }
                }
            } finally {
                done.set(true);
            }
            for (Future<Integer> reader : readers) {
                assertThat(reader.get()).as("seed %d, searches", SEED).isPositive();
            }
        }
        long left = java.util.Arrays.stream(held).filter(java.util.Objects::nonNull).count();
        assertThat(index.search(Query.all(), 0, 0).total()).isEqualTo((int) left + 1);
    }

    private static void check(Matches matches, String word) {
        Set<PackageId> seen = new HashSet<>();
        boolean always = false;
        for (Match match : matches.best()) {
            assertThat(seen.add(match.id())).as("%s twice", match.id()).isTrue();
            assertThat(match.head().record().manifest().tags()).as("of %s", match.id()).containsExactly(word);
            assertThat(match.score()).isBetween(0.0, 1.0);
            always |= match.id().name().equals("always");
        }
        assertThat(always).as("what nobody touches is always there").isEqualTo(word.equals("alpha"));
    }
}
