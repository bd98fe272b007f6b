package io.swarmscope.bench;

import io.swarmscope.PackageId;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** {@code find} from a node without a copy in a network of 20 nodes: one record of the DHT, verified. One at a time. */
final class Gets implements Benchmark {

    private static final Duration ROUND = Duration.ofSeconds(3);

    private final Nodes nodes = new Nodes(20, 400);
    private final Random random = new Random(42);

    Gets() throws Exception {}

    @Override
    public List<Figure> round() throws Exception {
        long[] nanos = new long[1_000_000];
        int count = 0;
        int missed = 0;
        long began = System.nanoTime();
        while (System.nanoTime() - began < ROUND.toNanos() && count < nanos.length) {
            PackageId id = PackageId.parse(Nodes.id(random.nextInt(nodes.packages)));
            long start = System.nanoTime();
            if (nodes.client.find(id).isEmpty()) {
                missed++;
            }
            nanos[count++] = System.nanoTime() - start;
        }
        return List.of(
                new Figure("gets", count * 1e9 / (System.nanoTime() - began), "/s"),
                new Figure("p50", Benchmarks.percentile(nanos, count, 0.5) / 1e3, "us"),
                new Figure("p95", Benchmarks.percentile(nanos, count, 0.95) / 1e3, "us"),
                new Figure("not found", missed, ""));
    }

    @Override
    public void close() {
        nodes.close();
    }
}
