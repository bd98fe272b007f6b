package io.swarmscope.internal.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.swarmscope.PackageId;
import io.swarmscope.Registry;
import io.swarmscope.internal.fork.Deadline;
import io.swarmscope.internal.fork.Forks;
import io.swarmscope.internal.fork.Outcome;
import io.swarmscope.internal.store.PackageIndex;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/** Twenty nodes hold a thousand packages, each soon after it was published. */
@Tag("slow")
@Isolated("it measures")
class ManyNodesTest {

    private static final int NODES = 20;
    private static final int OF_EACH = 50;
    private static final int ALL = NODES * OF_EACH;

    /** As many as two cores bear: each is signed once, verified twenty times, and put to twenty nodes under two keys. */
    private static final int PER_SECOND = 20;

    private static final long MILLI = 1_000_000;

    private final AtomicLongArray called = new AtomicLongArray(ALL);
    private final AtomicLongArray returned = new AtomicLongArray(ALL);
    private final long[] held = new long[ALL];

    /** Since the record was signed, by the clock that it is signed with, in nanoseconds. */
    private final long[] afterSigning = new long[ALL];

    private static PackageId id(int number) {
        return PackageId.parse("space-" + number % NODES + "/package-" + number);
    }

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void theLastNodeHasEachWithinASecond() throws Exception {
        try (Network network = new Network()) {
            List<Registry> nodes = new ArrayList<>();
            for (int i = 0; i < NODES; i++) {
                nodes.add(network.open());
            }
            await().untilAsserted(() -> {
                for (Registry node : nodes) {
                    assertThat(node.status().counters().get("gossip.mesh")).isGreaterThanOrEqualTo(4);
                }
            });
            Thread watcher = Thread.ofPlatform().start(() -> watch(nodes.stream().map(node -> Network.packages(node).index()).toList()));
            long began = System.nanoTime() + 200 * MILLI;
            List<Callable<Object>> publishers = new ArrayList<>();
            for (int i = 0; i < NODES; i++) {
                int publisher = i;
                publishers.add(() -> publish(nodes.get(publisher), publisher, began));
            }
            List<Outcome<Object>> outcomes =
                    Forks.best().run("publishers", publishers, Forks.all(), Deadline.after(Duration.ofMinutes(3)));
            assertThat(outcomes).allSatisfy(outcome -> assertThat(outcome).isInstanceOf(Outcome.Value.class));
            double seconds = (System.nanoTime() - began) / 1e9;
            watcher.join(Duration.ofSeconds(60));
            for (Registry node : nodes) {
                assertThat(node.status().packages()).isEqualTo(ALL);
                assertThat(node.find(id(ALL - 1))).isPresent();
            }
            report(seconds);
        }
    }

    private Object publish(Registry node, int publisher, long began) throws InterruptedException {
        for (int i = 0; i < OF_EACH; i++) {
            int number = i * NODES + publisher;
            parkUntil(began + number * (1_000 * MILLI / PER_SECOND));
            called.set(number, System.nanoTime());
            node.publish(Network.manifest(id(number).toString(), "1.0.0", "Package " + number), Duration.ofSeconds(20));
            returned.set(number, System.nanoTime());
        }
        return publisher;
    }

    private static void parkUntil(long time) {
        while (System.nanoTime() < time) {
            LockSupport.parkNanos(time - System.nanoTime());
        }
    }

    /** Looks a thousand times a second, past {@code find}, which would be the load that is measured, which of the packages under way all nodes have by now. */
    private void watch(List<PackageIndex> indexes) {
        List<Integer> open = new ArrayList<>();
        for (int i = 0; i < ALL; i++) {
            open.add(i);
        }
        long end = System.nanoTime() + Duration.ofMinutes(4).toNanos();
        while (!open.isEmpty() && System.nanoTime() < end) {
            open.removeIf(number -> called.get(number) != 0 && isHeld(number, indexes));
            LockSupport.parkNanos(MILLI);
        }
    }

    private boolean isHeld(int number, List<PackageIndex> indexes) {
        PackageId id = id(number);
        boolean all = indexes.stream().allMatch(index -> index.sequence(id) > 0);
        if (all) {
            held[number] = System.nanoTime();
            Instant signed = indexes.getFirst().find(id).orElseThrow().record().publishedAt();
            afterSigning[number] = Math.max(0, System.currentTimeMillis() - signed.toEpochMilli()) * MILLI;
        }
        return all;
    }

    private void report(double seconds) {
        long[] afterCall = new long[ALL];
        long[] afterReturn = new long[ALL];
        for (int i = 0; i < ALL; i++) {
            assertThat(held[i]).as("package " + i + " is held by all").isPositive();
            afterCall[i] = held[i] - called.get(i);
            afterReturn[i] = Math.max(0, held[i] - returned.get(i));
        }
        System.out.printf(
                "%d nodes, %d packages at %.1f a second: the last node has one %s after it was signed, %s after publish was called, %s after"
                        + " publish returned%n",
                NODES, ALL, ALL / seconds, figures(afterSigning), figures(afterCall), figures(afterReturn));
        // What a call does before it signs, it asks the network for: that is not propagation, and takes what twenty nodes take of two cores.
        assertThat(millis(afterSigning, 99)).isLessThan(1000);
        assertThat(millis(afterReturn, 99)).isLessThan(1000);
    }

    /** Sorts them. */
    private static String figures(long[] times) {
        Arrays.sort(times);
        return "%.1f ms (p50) %.1f ms (p99) %.1f ms (max)".formatted(millis(times, 50), millis(times, 99), millis(times, 100));
    }

    private static double millis(long[] sorted, int percentile) {
        return sorted[Math.min(sorted.length - 1, sorted.length * percentile / 100)] / (double) MILLI;
    }
}
