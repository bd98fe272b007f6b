package io.swarmscope.bench;

import io.swarmscope.PackageManifest;
import io.swarmscope.Registry;
import io.swarmscope.RegistryConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Publications of new packages by one node of three, one at a time and sixteen at a time: signed, on its disk, told to the others and stored by
 * them. A node paces what it stores at others, so each round rests first.
 */
final class Publications implements Benchmark {

    private static final int EACH = 100;
    private static final int AT_ONCE = 16;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final boolean durable;
    private final Path directory = Files.createTempDirectory("swarmscope-publish");
    private final List<Registry> nodes = new ArrayList<>();
    private final Manifests manifests = new Manifests(42);
    private int published;

    Publications(boolean durable) throws Exception {
        this.durable = durable;
        for (int i = 0; i < 3; i++) {
            RegistryConfig config = RegistryConfig.DEFAULT.withListen("/ip4/127.0.0.1/tcp/0");
            if (i > 0) {
                config = config.withBootstrap(List.of(nodes.getFirst().addresses().getFirst()));
            }
            if (durable) {
                config = config.withDataDirectory(Files.createDirectory(directory.resolve("node-" + i)));
            }
            nodes.add(Registry.open(config));
        }
        for (Registry node : nodes) {
            node.awaitReady(PATIENCE);
        }
    }

    @Override
    public List<Figure> round() throws Exception {
        String kind = durable ? ", durable" : ", in memory";
        List<Figure> figures = new ArrayList<>(run("one at a time" + kind, 1));
        figures.addAll(run("sixteen at a time" + kind, AT_ONCE));
        return figures;
    }

    private List<Figure> run(String name, int atOnce) throws Exception {
        TimeUnit.SECONDS.sleep(2);
        long[] nanos = new long[EACH];
        AtomicInteger next = new AtomicInteger();
        AtomicInteger alone = new AtomicInteger();
        List<PackageManifest> packages = new ArrayList<>();
        for (int i = 0; i < EACH; i++) {
            packages.add(manifests.next("org.example", published++));
        }
        long began = System.nanoTime();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < atOnce; t++) {
            threads.add(Thread.startVirtualThread(() -> {
                for (int i; (i = next.getAndIncrement()) < EACH; ) {
                    long start = System.nanoTime();
                    try {
                        if (nodes.getFirst().publish(packages.get(i), PATIENCE).storedAt() < 2) {
                            alone.incrementAndGet();
                        }
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    nanos[i] = System.nanoTime() - start;
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        long took = System.nanoTime() - began;
        return List.of(
                new Figure(name, EACH * 1e9 / took, "/s"),
                new Figure(name + ", p50", Benchmarks.percentile(nanos, EACH, 0.5) / 1e6, "ms"),
                new Figure(name + ", p99", Benchmarks.percentile(nanos, EACH, 0.99) / 1e6, "ms"),
                new Figure(name + ", stored at fewer than two", alone.get(), ""));
    }

    @Override
    public void close() throws Exception {
        nodes.forEach(Registry::close);
        Directories.delete(directory);
    }
}
