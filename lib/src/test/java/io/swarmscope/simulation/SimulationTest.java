package io.swarmscope.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.swarmscope.PackageId;
import io.swarmscope.PackageManifest;
import io.swarmscope.PublishReceipt;
import io.swarmscope.Query;
import io.swarmscope.RegistryException;
import io.swarmscope.SearchResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What a simulation promises: the calls of production, virtual time, and that a seed always goes the same way. */
class SimulationTest {

    private static final PackageId LOGGER = PackageId.parse("acme/logger");

    @Simulation(nodes = 2)
    void whatOneNodePublishesTheOtherFinds(SimulatedNetwork network) throws Exception {
        PublishReceipt receipt = network.node(0).registry().publish(PackageManifest.of("acme/logger", "1.2.0", "A small logger"));
        assertThat(receipt.storedAt()).isEqualTo(1);
        assertThat(network.node(1).registry().find(LOGGER)).isPresent();
        assertThat(network.node(1).registry().search(Query.text("logger")).packages()).hasSize(1);
        assertThat(network.node(1).registry().versions(LOGGER)).containsExactly("1.2.0");
    }

    @Test
    void theSameSeedGoesTheSameWayAndAnotherOneDoesNot() throws Exception {
        String first = hashOfSomeLife(7);
        assertThat(hashOfSomeLife(7)).isEqualTo(first);
        assertThat(hashOfSomeLife(8)).isNotEqualTo(first);
    }

    private static String hashOfSomeLife(long seed) throws Exception {
        try (SimulatedNetwork network =
                SimulatedNetwork.of(12).seed(seed).loss(0.02).duplicates(0.02).resets(0.0005).start()) {
            network.node(3).registry().publish(PackageManifest.of("acme/logger", "1.2.0", "A small logger"));
            network.node(5).crash();
            network.advance(Duration.ofSeconds(20));
            network.node(5).start();
            network.node(7).registry().search(Query.text("logger missing"));
            network.advance(Duration.ofSeconds(40));
            return network.hash();
        }
    }

    @Simulation(nodes = 3)
    void timePassesInCallsAndInNothingElse(SimulatedNetwork network) throws Exception {
        Duration before = network.elapsed();
        long wall = System.nanoTime();
        network.advance(Duration.ofHours(1));
        assertThat(network.elapsed()).isEqualTo(before.plusHours(1));
        assertThat(Duration.ofNanos(System.nanoTime() - wall)).isLessThan(Duration.ofMinutes(1));

        Duration began = network.elapsed();
        SearchResult result = network.node(0).registry().search(Query.text("nothing"), Duration.ofSeconds(5));
        assertThat(network.elapsed().minus(began)).isPositive().isLessThanOrEqualTo(Duration.ofSeconds(5));
        assertThat(result.report().elapsed()).isEqualTo(network.elapsed().minus(began));
    }

    @Simulation(nodes = 3)
    void aPeerThatIsSilentCostsVirtualTimeAndNotMore(SimulatedNetwork network) throws Exception {
        network.node(1).silent(true);
        network.node(2).silent(true);
        Duration began = network.elapsed();
        SearchResult result = network.node(0).registry().search(Query.text("nothing"), Duration.ofSeconds(3));
        assertThat(network.elapsed().minus(began)).isLessThanOrEqualTo(Duration.ofSeconds(3));
        assertThat(result.report().complete()).isFalse();
    }

    @Simulation(nodes = 8)
    void tasksRunBesideEachOther(SimulatedNetwork network) {
        List<CompletableFuture<PublishReceipt>> receipts = new ArrayList<>();
        for (SimulatedNode node : network.nodes()) {
            receipts.add(network.run(() -> node.registry()
                    .publish(PackageManifest.of("n" + node.number() + "/p", "1.0.0", "Of node " + node.number()))));
        }
        assertThat(network.advanceUntil(() -> receipts.stream().allMatch(CompletableFuture::isDone), Duration.ofSeconds(10)))
                .isTrue();
        assertThat(receipts).allSatisfy(receipt -> assertThat(receipt.join().storedAt()).isEqualTo(7));
        assertThat(network.elapsed()).as("they did not wait for each other").isLessThan(Duration.ofSeconds(8));
    }

    @Simulation(nodes = 2)
    void whatItCannotDoItSays(SimulatedNetwork network) {
        assertThatThrownBy(() -> network.node(0).registry().searchStream(Query.text("logger")))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("use search");
        network.node(0).stop();
        assertThatThrownBy(() -> network.node(0).registry().find(LOGGER)).isInstanceOf(RegistryException.Closed.class);
    }

    @Simulation(nodes = 2)
    void aNodeThatIsStartedAgainHasWhatItHad(SimulatedNetwork network) throws Exception {
        network.node(0).registry().publish(PackageManifest.of("acme/logger", "1.2.0", "A small logger"));
        network.node(1).crash();
        network.node(0).crash();
        network.advance(Duration.ofMinutes(1));
        network.node(0).start();
        assertThat(network.node(0).registry().find(LOGGER)).isPresent();
        network.node(1).start();
        network.node(1).registry().awaitReady(Duration.ofMinutes(1));
        assertThat(network.node(1).registry().find(LOGGER)).isPresent();
    }
}
