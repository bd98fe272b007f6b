package io.swarmscope.bench;

import io.swarmscope.PackageManifest;
import io.swarmscope.PublishedPackage;
import io.swarmscope.Query;
import io.swarmscope.Registry;
import io.swarmscope.RegistryConfig;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Searches of a node that is alone and holds ten thousand packages like those of a Maven repository, made by a seeded generator. */
final class LocalIndex implements Benchmark {

    private static final int PACKAGES = 10_000;
    private static final Duration ROUND = Duration.ofSeconds(2);
    private static final String[] WORDS =
            ("a the for of and java library client server api core utilities support json xml http tcp async reactive stream data"
                            + " model parser build plugin test mock logging metrics trace security crypto cache database sql driver cloud"
                            + " spring apache commons google eclipse annotation processor bytecode reflection functional collection")
                    .split(" ");

    private static final List<Query> QUERIES = List.of(
            Query.text("json"),
            Query.text("json parser"),
            Query.text("apache commons"),
            Query.text("nosuchword"),
            Query.all(),
            Query.all().withTags("http"),
            Query.text("java").inCategories("build"));

    private final Registry node = Registry.open(RegistryConfig.DEFAULT.withListen("/ip4/127.0.0.1/tcp/0"));
    private final double heapPerPackage;

    LocalIndex() throws Exception {
        Random random = new Random(42);
        long before = liveHeap();
        for (int i = 0; i < PACKAGES; i++) {
            node.publish(manifest(random, i), Duration.ofSeconds(10)); // on a busy disk
        }
        heapPerPackage = (liveHeap() - before) / 1024.0 / PACKAGES;
    }

    private static PackageManifest manifest(Random random, int number) {
        String name = word(random) + "-" + word(random) + "-" + number;
        return PackageManifest.of("org.example" + number % 500 + "/" + name, "1." + number, words(random, 4))
                .withDescription(words(random, 10 + random.nextInt(30)))
                .withCategories(word(random))
                .withTags(word(random), word(random))
                .withLicense("Apache-2.0")
                .withLink("home", URI.create("https://example.org/" + name));
    }

    private static String word(Random random) {
        return WORDS[random.nextInt(WORDS.length)];
    }

    private static String words(Random random, int count) {
        return IntStream.range(0, count).mapToObj(i -> word(random)).collect(Collectors.joining(" "));
    }

    private static long liveHeap() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            System.gc();
            Thread.sleep(100);
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    @Override
    public List<Figure> round() throws Exception {
        long[] nanos = new long[1_000_000];
        int count = 0;
        long began = System.nanoTime();
        while (System.nanoTime() - began < ROUND.toNanos() && count < nanos.length) {
            long start = System.nanoTime();
            List<PublishedPackage> found =
                    node.search(QUERIES.get(count % QUERIES.size())).packages();
            nanos[count] = System.nanoTime() - start;
            if (found.isEmpty() != (count % QUERIES.size() == 3)) {
                throw new IllegalStateException(QUERIES.get(count % QUERIES.size()) + " found " + found.size());
            }
            count++;
        }
        return List.of(
                new Figure("searches", count * 1e9 / (System.nanoTime() - began), "/s"),
                new Figure("p50", Benchmarks.percentile(nanos, count, 0.5) / 1e3, "us"),
                new Figure("p99", Benchmarks.percentile(nanos, count, 0.99) / 1e3, "us"),
                new Figure("heap per package, own ones", heapPerPackage, "KB"));
    }

    @Override
    public void close() {
        node.close();
    }
}
