package io.swarmscope.simulation;

import io.swarmscope.PackageId;
import io.swarmscope.PackageManifest;
import io.swarmscope.Query;
import io.swarmscope.SearchReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;

/**
 * Some minutes of a network whose nodes join, publish, search and find.
 *
 * @param nodes how many there are
 * @param virtual the virtual time of all of it
 * @param wall what it took
 * @param events how many events that were
 * @param heapBytes what was in use of the heap after a collection at the end, the network still there
 * @param published how many packages were published
 * @param stored at how many peers each is stored, on average
 * @param searched how many searches and finds there were
 * @param answered how many of them had an answer that was not cut short by its deadline
 * @param held how many of the packages each node holds at the end, as a share
 * @param hash the event hash
 */
record Life(
        int nodes,
        Duration virtual,
        Duration wall,
        long events,
        long heapBytes,
        int published,
        double stored,
        int searched,
        int answered,
        double held,
        String hash) {

    /** One publication for so many searches: in gossipsub a quarter of the peers hear of each message in each of three heartbeats. */
    private static final int PUBLISH_EVERY = 6;

    /** Lives it. */
    static Life of(int nodes, long seed, Duration length) {
        long began = System.nanoTime();
        try (SimulatedNetwork network = SimulatedNetwork.of(nodes).seed(seed).start()) {
            SplittableRandom random = new SplittableRandom(seed);
            List<CompletableFuture<Integer>> stored = new ArrayList<>();
            List<CompletableFuture<Boolean>> answered = new ArrayList<>();
            String newest = "";
            int rounds = 0;
            while (network.elapsed().compareTo(length.minusSeconds(20)) < 0) {
                if (stored.isEmpty() || rounds++ % PUBLISH_EVERY == 0) {
                    SimulatedNode publisher = network.node(random.nextInt(nodes));
                    newest = "n" + publisher.number() + "/p" + stored.size();
                    PackageManifest manifest = PackageManifest.of(newest, "1.0.0", "Package number " + stored.size());
                    stored.add(network.run(() -> publisher.registry().publish(manifest).storedAt()));
                }
                PackageId id = PackageId.parse(newest);
                SimulatedNode searcher = network.node(random.nextInt(nodes));
                answered.add(network.run(() -> isAnswered(searcher.registry().search(Query.text("package missing")).report())));
                SimulatedNode finder = network.node(random.nextInt(nodes));
                answered.add(network.run(() -> finder.registry().find(id, Duration.ofSeconds(10)).isPresent()));
                network.advance(Duration.ofSeconds(5));
            }
            network.advance(length.minus(network.elapsed()));
            Duration wall = Duration.ofNanos(System.nanoTime() - began);
            double held = network.nodes().stream().mapToLong(SimulatedNode::packages).average().orElse(0) / stored.size();
            System.gc();
            long heap = Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
            return new Life(
                    nodes,
                    network.elapsed(),
                    wall,
                    network.counts().get("events"),
                    heap,
                    stored.size(),
                    stored.stream().mapToInt(CompletableFuture::join).average().orElse(0),
                    answered.size(),
                    (int) answered.stream().filter(CompletableFuture::join).count(),
                    held,
                    network.hash());
        }
    }

    private static boolean isAnswered(SearchReport report) {
        return report.stopped() != SearchReport.StopReason.DEADLINE;
    }
}
