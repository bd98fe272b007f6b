package io.swarmscope.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.swarmscope.PackageId;
import io.swarmscope.PackageManifest;
import io.swarmscope.Query;
import java.time.Duration;

// What follows is in lib/docs/simulation.md.
class ExampleTest {

    @Simulation(nodes = 12, seeds = 2)
    void aPackageIsFoundThoughItsPublisherIsGone(SimulatedNetwork network) throws Exception {
        SimulatedNode publisher = network.node(0);
        publisher.registry().publish(PackageManifest.of("acme/logger", "1.2.0", "A small logger"));
        network.advance(Duration.ofSeconds(5));
        publisher.crash();

        SimulatedNode newcomer = network.add(config -> config);
        newcomer.start();
        newcomer.registry().awaitReady(Duration.ofSeconds(30));
        assertTrue(newcomer.registry().exists(PackageId.parse("acme/logger")));
        assertEquals(1, newcomer.registry().search(Query.text("logger")).packages().size());
    }
}
