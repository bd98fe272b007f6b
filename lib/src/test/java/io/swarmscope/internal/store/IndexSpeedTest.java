package io.swarmscope.internal.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.swarmscope.PackageManifest;
import io.swarmscope.Query;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.record.Head;
import io.swarmscope.internal.record.HeadCodec;
import io.swarmscope.internal.record.Heads;
import java.net.URI;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Ten thousand packages like those of a Maven repository, made by a seeded generator. */
class IndexSpeedTest {
    private static final long SEED = 42;
    private static final int PACKAGES = 10_000;
    private static final String[] WORDS =
            ("a the for of and java library client server api core utilities support json xml http tcp async reactive stream data"
                            + " model parser build plugin test mock logging metrics trace security crypto cache database sql driver cloud"
                            + " spring apache commons google eclipse annotation processor bytecode reflection functional collection")
                    .split(" ");

    @Test
    void tenThousandPackagesAreSearchedInLessThanTwentyMilliseconds() {
        MemoryIndex index = filled();
        Query[] queries = {
            Query.text("json"), Query.text("json parser"), Query.text("apache commons-42"), Query.text("nosuchword"),
            Query.all(), Query.all().withTags("http"), Query.text("java").inCategories("build")
        };
        long[] nanos = new long[queries.length * 40];
        for (int i = 0; i < nanos.length; i++) {
            long start = System.nanoTime();
            index.search(queries[i % queries.length], 20);
            nanos[i] = System.nanoTime() - start;
        }
        Arrays.sort(nanos);

        assertThat(index.packages()).isEqualTo(PACKAGES);
        // The median, warm-up included: other programs run on this machine.
        assertThat(nanos[nanos.length / 2]).as("nanoseconds, seed %d", SEED).isLessThan(20_000_000);
    }

    static MemoryIndex filled() {
        Identity publisher = Heads.someone();
        MemoryIndex index = new MemoryIndex(Heads.someone().peerId(), PACKAGES, Instant::now);
        Random random = new Random(SEED);
        for (int i = 0; i < PACKAGES; i++) {
            index.offer(HeadCodec.seal(publisher, head(random, i)));
        }
        return index;
    }

    private static Head head(Random random, int number) {
        String name = WORDS[random.nextInt(WORDS.length)] + "-" + WORDS[random.nextInt(WORDS.length)] + "-" + number;
        PackageManifest manifest = PackageManifest.of("org.example" + number % 500 + "/" + name, "1." + number, words(random, 4))
                .withDescription(words(random, 10 + random.nextInt(30)))
                .withCategories(WORDS[random.nextInt(WORDS.length)])
                .withTags(WORDS[random.nextInt(WORDS.length)], WORDS[random.nextInt(WORDS.length)])
                .withLicense("Apache-2.0")
                .withLink("home", URI.create("https://example.org/" + name));
        return Heads.head(manifest);
    }

    private static String words(Random random, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> WORDS[random.nextInt(WORDS.length)])
                .collect(Collectors.joining(" "));
    }
}
