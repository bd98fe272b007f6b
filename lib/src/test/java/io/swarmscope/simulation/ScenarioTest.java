package io.swarmscope.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.swarmscope.PackageId;
import io.swarmscope.PackageManifest;
import io.swarmscope.RegistryConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What networks go through: each a seeded simulation of a few nodes; the large ones are slow. */
@Timeout(600) // seconds, on a busy machine
class ScenarioTest {

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void aNetworkOfAFewNodesDoesAllThatALargeOneDoes(int nodes) throws Exception {
        try (SimulatedNetwork network = SimulatedNetwork.of(nodes).seed(nodes).start()) {
            PackageId id = PackageId.parse("acme/logger");
            network.node(0).registry().publish(PackageManifest.of("acme/logger", "1.2.0", "A small logger"));
            SimulatedNode other = network.node(nodes - 1);
            assertThat(other.registry().find(id)).isPresent();
            assertThat(Scenarios.searched(other, "logger")).isEqualTo(1);
            network.node(0).registry().unpublish(id);
            network.advance(Duration.ofSeconds(5));
            assertThat(other.registry().find(id)).as("%s", network).isEmpty();
            assertThat(Scenarios.searched(other, "logger")).isZero();
        }
    }

    @Simulation(nodes = 40)
    void lookupsFindWhoIsNearest(SimulatedNetwork network) throws Exception {
        Scenarios.Lookups lookups = Scenarios.lookups(network, 20, 1);
        assertThat(lookups.found()).as("%s", lookups).isGreaterThan(0.99);
        assertThat(lookups.hopsMax()).isLessThanOrEqualTo(4);
    }

    @Simulation(nodes = 40, loss = 0.02, duplicates = 0.02)
    void withAFifthOfTheNodesDeadLookupsFindWhoIsNearestOfTheOthers(SimulatedNetwork network) throws Exception {
        Scenarios.crash(network, 5);
        Scenarios.Lookups atOnce = Scenarios.lookups(network, 10, 1);
        assertThat(atOnce.nearest()).as("%s", atOnce).isGreaterThanOrEqualTo(0.9);
        assertThat(atOnce.slowest()).isLessThan(Duration.ofSeconds(25));
        network.advance(Duration.ofMinutes(2));
        Scenarios.Lookups later = Scenarios.lookups(network, 10, 2);
        assertThat(later.found()).as("%s", later).isGreaterThan(0.95);
    }

    @Simulation(nodes = 30)
    void whileNodesStayTenMinutesLookupsSucceedAndNewsReachWhoIsThere(SimulatedNetwork network) throws Exception {
        network.churn(Duration.ofMinutes(10), Duration.ofMinutes(3), number -> number >= 3);
        for (int i = 0; i < 4; i++) {
            network.advance(Duration.ofMinutes(4));
            Scenarios.Lookups lookups = Scenarios.lookups(network, 5, i);
            assertThat(lookups.nearest()).as("round %d: %s", i, lookups).isGreaterThanOrEqualTo(0.8);
            List<SimulatedNode> there = network.nodes().stream().filter(SimulatedNode::joined).toList();
            Scenarios.Spread spread =
                    Scenarios.spread(network, network.node(0), "acme/news-" + i, there, Duration.ofSeconds(20));
            assertThat(spread.coverage()).as("round %d: %s", i, spread).isGreaterThan(0.9);
        }
    }

    @Simulation(nodes = 24)
    void twoHalvesBecomeOneAgain(SimulatedNetwork network) throws Exception {
        Scenarios.Healing healing = Scenarios.heal(network, Duration.ofMinutes(15), Duration.ofMinutes(6));
        assertThat(healing.records()).as("%s", healing).isPositive();
        assertThat(healing.dht()).as("%s", healing).isPositive();
        assertThat(healing.gossip()).as("%s", healing).isPositive();
    }

    @Simulation(nodes = 10)
    void whatWasWithdrawnStaysSo(SimulatedNetwork network) throws Exception {
        Scenarios.Withdrawals withdrawals = Scenarios.withdrawals(network, 6, Duration.ofHours(3));
        assertThat(withdrawals).isEqualTo(new Scenarios.Withdrawals(0, 0, 0));
    }

    @Tag("slow")
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    @Simulation(nodes = 20)
    void whatWasWithdrawnStaysSoForADay(SimulatedNetwork network) throws Exception {
        Scenarios.Withdrawals withdrawals = Scenarios.withdrawals(network, 10, Duration.ofHours(24));
        assertThat(withdrawals).isEqualTo(new Scenarios.Withdrawals(0, 0, 0));
    }

    @Test
    void oneLivingSeedAmongDeadOnesIsEnough() throws Exception {
        try (SimulatedNetwork network = SimulatedNetwork.of(12).seed(3).seeds(6).start()) {
            for (int i = 0; i < 5; i++) {
                network.node(i).crash();
            }
            SimulatedNode newcomer = network.add(config -> config);
            newcomer.start();
            newcomer.registry().awaitReady(Duration.ofSeconds(30));
            assertThat(newcomer.registry().status().routingTable()).as("%s", network).isGreaterThanOrEqualTo(5);
        }
    }

    @Test
    void whoseSeedsAreAllDeadJoinsWhenOneComesBack() throws Exception {
        try (SimulatedNetwork network = SimulatedNetwork.of(6).seed(4).seeds(2).start()) {
            network.node(0).crash();
            network.node(1).crash();
            SimulatedNode newcomer = network.add(config -> config);
            newcomer.start();
            network.advance(Duration.ofMinutes(3));
            assertThat(newcomer.joined()).isFalse();
            network.node(1).start();
            assertThat(network.advanceUntil(newcomer::joined, Duration.ofMinutes(2))).as("%s", network).isTrue();
        }
    }

    @Simulation(nodes = 40)
    void identitiesAroundAKeyTakeItsRecordsButDoNotHideThem(SimulatedNetwork network) throws Exception {
        Scenarios.Sybils sybils = Scenarios.sybils(network, 20, 1);
        assertThat(sybils.improbable()).as("who looks sees them: %s", sybils).isGreaterThanOrEqualTo(15);
        assertThat(sybils.noticed()).as("the publisher's node does: %s", sybils).isPositive();
        assertThat(sybils.found()).as("full nodes on the way have it: %s", sybils).isEqualTo(sybils.asked());
    }

    @Simulation(nodes = 40)
    void nobodyIsSuspectedWhereNobodyHasSettled(SimulatedNetwork network) throws Exception {
        for (SimulatedNode node : network.nodes()) {
            node.registry().publish(PackageManifest.of("n" + node.number() + "/p", "1.0.0", "Of an honest node"));
            assertThat(node.registry().status().counters().get("kad.crowded")).as("%s", node).isZero();
        }
    }

    @Simulation(nodes = 40)
    void madeUpPeersAtPrivateAndDeadAddressesKeepNobodyFromFindingTheOthers(SimulatedNetwork network) throws Exception {
        Scenarios.poison(network, 4, 1);
        Scenarios.Lookups lookups = Scenarios.lookups(network, 8, 1);
        assertThat(lookups.nearest()).as("%s", lookups).isGreaterThanOrEqualTo(0.75);
        for (SimulatedNode node : network.nodes()) {
            assertThat(node.registry().status().routingTable())
                    .as("nobody is in a table who did not answer: %s", node)
                    .isLessThanOrEqualTo(network.size() - 1 + 4);
        }
    }

    @Simulation(nodes = 40)
    void aFifthOfTheNodesForwardingNothingKeepsNewsFromNobody(SimulatedNetwork network) {
        List<SimulatedNode> others = new ArrayList<>();
        for (SimulatedNode node : network.nodes()) {
            node.silent(node.number() % 5 == 4);
            if (node.number() % 5 != 4) {
                others.add(node);
            }
        }
        Scenarios.Spread spread = Scenarios.spread(network, network.node(0), "acme/news", others, Duration.ofSeconds(10));
        assertThat(spread.coverage()).as("%s", spread).isEqualTo(1);
        assertThat(spread.last()).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void nodesThatCannotBeDialedTakePartAllTheSame() throws Exception {
        try (SimulatedNetwork network = SimulatedNetwork.of(10).seed(5).start()) {
            for (int i = 0; i < 4; i++) {
                SimulatedNode behindNat = network.add(config -> config);
                behindNat.dialable(false);
                behindNat.start();
            }
            network.advance(Duration.ofSeconds(20));
            network.node(12).registry().publish(PackageManifest.of("acme/hidden", "1.0.0", "From behind a NAT"));
            network.advance(Duration.ofSeconds(5));
            assertThat(Scenarios.allHold(network, "acme/hidden")).as("%s", network).isTrue();
        }
    }

    @Test
    void aClockThatIsTenMinutesOffKeepsNobodyFromPublishing() throws Exception {
        try (SimulatedNetwork network = SimulatedNetwork.of(8)
                .seed(6)
                .config(config -> config.withRecordLifetime(RegistryConfig.DEFAULT.recordLifetime()))
                .start()) {
            network.node(1).clockAhead(Duration.ofMinutes(-10));
            network.node(1).registry().publish(PackageManifest.of("acme/late", "1.0.0", "By a clock that is late"));
            network.advance(Duration.ofSeconds(5));
            assertThat(Scenarios.allHold(network, "acme/late")).as("%s", network).isTrue();
        }
    }
}
