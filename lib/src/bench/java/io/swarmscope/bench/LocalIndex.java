package io.swarmscope.bench;

import io.swarmscope.PublishedPackage;
import io.swarmscope.Query;
import io.swarmscope.Registry;
import io.swarmscope.RegistryConfig;
import java.time.Duration;
import java.util.List;

/** Searches of a node that is alone and holds ten thousand packages like those of a Maven repository, made by a seeded generator. */
final class LocalIndex implements Benchmark {

    private static final int PACKAGES = 10_000;
    private static final Duration ROUND = Duration.ofSeconds(2);
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
        Manifests manifests = new Manifests(42);
        long before = Benchmarks.liveHeap();
        for (int i = 0; i < PACKAGES; i++) {
            node.publish(manifests.next("org.example" + i % 500, i), Duration.ofSeconds(30));
        }
        heapPerPackage = (Benchmarks.liveHeap() - before) / 1024.0 / PACKAGES;
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
