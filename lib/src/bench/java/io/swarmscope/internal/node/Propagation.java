package io.swarmscope.internal.node;

import io.swarmscope.Multiaddr;
import io.swarmscope.bench.Benchmark;
import io.swarmscope.bench.Benchmarks;
import io.swarmscope.bench.Figure;
import io.swarmscope.bench.Manifests;
import io.swarmscope.internal.gossip.Message;
import io.swarmscope.internal.record.Signed;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Heads told by gossip, ten a second, each by another node: from the announcement, when the head is signed and kept, until half of the others
 * and until all of them have it in their index. All nodes run in this process.
 */
public final class Propagation implements Benchmark {

    private static final int MESSAGES = 100;

    /** Copies of messages, summed over all nodes, that compile the code: at ten messages a second that would take minutes. */
    private static final int WARM_UP_COPIES = 300_000;

    private static final long EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final List<BareNode> nodes = new ArrayList<>();
    private final Map<ByteBuffer, Run> runs = new ConcurrentHashMap<>();
    private final Manifests manifests = new Manifests(42);
    private final Random random = new Random(42);
    private int published;

    /** One head under way. */
    private final class Run {
        private final AtomicInteger arrived = new AtomicInteger();
        private final CountDownLatch everywhere = new CountDownLatch(nodes.size() - 1);
        private volatile long began;
        private volatile long half;
        private volatile long last;

        void arrived() {
            long now = System.nanoTime();
            int others = nodes.size() - 1;
            int place = arrived.incrementAndGet();
            if (place == (others + 1) / 2) {
                half = now;
            }
            if (place == others) {
                last = now;
            }
            everywhere.countDown();
        }
    }

    /** A network of so many nodes, each with neighbours. */
    public Propagation(int count) throws Exception {
        for (int i = 0; i < count; i++) {
            List<Multiaddr> bootstrap = i == 0 ? List.of() : List.of(nodes.getFirst().address());
            nodes.add(new BareNode(bootstrap, this::accepted));
            if (i > 0) {
                nodes.get(i).awaitJoined();
            }
        }
        long until = System.nanoTime() + PATIENCE.toNanos();
        for (BareNode node : nodes) {
            while (node.counter("gossip.mesh") < Math.min(5, count - 1) && System.nanoTime() < until) {
                Thread.sleep(50);
            }
        }
        for (int i = 0; i < WARM_UP_COPIES / 8 / count; i++) {
            announce(nodes.get(i % count));
        }
    }

    private void accepted(Message message) {
        Run run = runs.get(ByteBuffer.wrap(message.data()));
        if (run != null) {
            run.arrived();
        }
    }

    @Override
    public List<Figure> round() throws Exception {
        long[] halves = new long[MESSAGES];
        long[] lasts = new long[MESSAGES];
        long duplicates = sum("gossip.duplicates");
        long cpu = Benchmarks.cpuNanos();
        long began = System.nanoTime();
        for (int i = 0; i < MESSAGES; i++) {
            TimeUnit.NANOSECONDS.sleep(began + i * EVERY_NANOS - System.nanoTime());
            Run run = announce(nodes.get(random.nextInt(nodes.size())));
            halves[i] = run.half - run.began;
            lasts[i] = run.last - run.began;
        }
        cpu = Benchmarks.cpuNanos() - cpu;
        double copies = (double) (sum("gossip.duplicates") - duplicates) / MESSAGES / (nodes.size() - 1) + 1;
        return List.of(
                new Figure("p50 to the half", Benchmarks.percentile(halves, MESSAGES, 0.5) / 1e6, "ms"),
                new Figure("p99 to the half", Benchmarks.percentile(halves, MESSAGES, 0.99) / 1e6, "ms"),
                new Figure("p50 to the last", Benchmarks.percentile(lasts, MESSAGES, 0.5) / 1e6, "ms"),
                new Figure("p99 to the last", Benchmarks.percentile(lasts, MESSAGES, 0.99) / 1e6, "ms"),
                new Figure("CPU of all nodes, each head", cpu / 1e6 / MESSAGES, "ms"),
                new Figure("copies at each node", copies, ""));
    }

    private Run announce(BareNode node) throws InterruptedException {
        int number = published++;
        Signed<?> head = node.sign(manifests.next("org.example" + nodes.indexOf(node), number));
        Run run = new Run();
        ByteBuffer key = ByteBuffer.wrap(head.encoded());
        runs.put(key, run);
        run.began = System.nanoTime();
        node.announce(head);
        if (!run.everywhere.await(10, TimeUnit.SECONDS)) {
            throw new IllegalStateException("only " + run.arrived.get() + " of " + (nodes.size() - 1) + " nodes heard of " + head.id());
        }
        runs.remove(key);
        return run;
    }

    private long sum(String counter) throws InterruptedException {
        long sum = 0;
        for (BareNode node : nodes) {
            sum += node.counter(counter);
        }
        return sum;
    }

    @Override
    public void close() {
        nodes.forEach(BareNode::close);
    }
}
