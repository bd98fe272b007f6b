package io.swarmscope.internal.gossip;

import static io.swarmscope.internal.gossip.Sim.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fifty routers in memory. */
class SimulatedNetworkTest {

    private static final GossipConfig LAZY_PUBLISHERS = GossipConfig.DEFAULT.withFloodPublish(false);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void meshesStayWithinTheirBounds(long seed) {
        Sim sim = new Sim(seed, GossipConfig.DEFAULT);
        List<Sim.Node> nodes = sim.addConnected(50, 10);
        sim.run(Duration.ofSeconds(5));
        for (int i = 0; i < 20; i++) {
            sim.run(Duration.ofSeconds(1));
            for (Sim.Node node : nodes) {
                List<io.swarmscope.PeerId> mesh = node.router.neighbours(TOPIC);
                assertThat(mesh).hasSizeBetween(5, 12).doesNotHaveDuplicates();
                // Whoever is in my mesh has me in its own.
                assertThat(mesh).allSatisfy(
                        peer -> assertThat(sim.nodes.get(peer).router.neighbours(TOPIC)).contains(node.id));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void everyMessageReachesEveryNodeOnce(long seed) {
        Sim sim = new Sim(seed, LAZY_PUBLISHERS);
        List<Sim.Node> nodes = sim.addConnected(50, 8);
        sim.run(Duration.ofSeconds(3));
        List<String> published = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            nodes.get(i * 2).publish("message " + i);
            published.add("message " + i);
            sim.run(Duration.ofMillis(100));
        }
        // Five hops of at most 30 ms.
        sim.run(Duration.ofMillis(150));
        for (int n = 0; n < nodes.size(); n++) {
            List<String> expected = new ArrayList<>(published);
            if (n % 2 == 0 && n / 2 < 20) {
                expected.remove("message " + n / 2);
            }
            assertThat(nodes.get(n).delivered).containsExactlyInAnyOrderElementsOf(expected);
        }
        // Each node takes part in some six links; a message crosses each at most twice.
        assertThat(sim.total("gossip.duplicates", n -> true)).isLessThan(20 * 50 * 12L);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aFifthOfTheNodesForwardingNothingHoldsNobodyUp(long seed) {
        Sim sim = new Sim(seed, LAZY_PUBLISHERS);
        List<Sim.Node> nodes = sim.addConnected(50, 8);
        for (int i = 0; i < 50; i += 5) {
            nodes.get(i).silent = true;
        }
        sim.run(Duration.ofSeconds(3));
        for (int i = 0; i < 20; i++) {
            nodes.get(1).publish("message " + i);
            sim.run(Duration.ofMillis(300));
        }
        sim.run(Duration.ofSeconds(4));
        nodes.stream().filter(n -> n != nodes.get(1)).forEach(n -> assertThat(new HashSet<>(n.delivered)).hasSize(20));
    }

    @Test
    void whatWasMissedDuringAPartitionIsAskedFor() {
        Sim sim = new Sim(7, LAZY_PUBLISHERS);
        List<Sim.Node> nodes = sim.addConnected(40, 8);
        Set<Sim.Node> west = new HashSet<>(nodes.subList(0, 20));
        sim.run(Duration.ofSeconds(3));
        sim.passing = (from, to, rpc) -> west.contains(from) == west.contains(to);
        nodes.get(0).publish("from the west");
        nodes.get(39).publish("from the east");
        sim.run(Duration.ofMillis(900));
        assertThat(nodes.get(39).delivered).isEmpty();
        assertThat(nodes.get(0).delivered).isEmpty();
        sim.passing = (from, to, rpc) -> true;
        sim.run(Duration.ofSeconds(4));
        assertThat(nodes.subList(1, 40)).allSatisfy(n -> assertThat(n.delivered).contains("from the west"));
        assertThat(nodes.subList(0, 39)).allSatisfy(n -> assertThat(n.delivered).contains("from the east"));
    }

    @Test
    void idontwantSavesCopies() {
        long[] copies = new long[2];
        for (int declined = 0; declined < 2; declined++) {
            Sim sim = new Sim(5, LAZY_PUBLISHERS.withIdontwantBytes(declined == 0 ? 0 : 1024));
            List<Sim.Node> nodes = sim.addConnected(40, 8);
            sim.run(Duration.ofSeconds(3));
            sim.messageLatency = Duration.ofMillis(80);
            for (int i = 0; i < 10; i++) {
                nodes.get(i).publish(i + "x".repeat(4000));
                sim.run(Duration.ofMillis(900));
            }
            assertThat(nodes.subList(10, 40)).allSatisfy(n -> assertThat(n.delivered).hasSize(10));
            copies[declined] = sim.total("gossip.duplicates", n -> true);
            assertThat(sim.total("gossip.idontwant-honoured", n -> true) > 0).isEqualTo(declined == 1);
        }
        assertThat(copies[1]).isLessThan(copies[0] * 9 / 10);
    }

    @Test
    void aPublicationOfANodeThatIsAloneWaitsForTheFirst() {
        Sim sim = new Sim(9, GossipConfig.DEFAULT);
        Sim.Node alone = sim.add();
        for (int i = 0; i < 250; i++) {
            alone.publish("early " + i);
        }
        sim.run(Duration.ofSeconds(200));
        assertThat(alone.count("gossip.outbox")).isEqualTo(250);
        Sim.Node first = sim.add();
        Sim.Node second = sim.add();
        sim.connect(first, second);
        sim.connect(first, alone);
        sim.run(Duration.ofSeconds(1));
        assertThat(first.delivered).hasSize(250).doesNotHaveDuplicates();
        assertThat(second.delivered).hasSize(250).doesNotHaveDuplicates();
        assertThat(alone.count("gossip.outbox")).isZero();
    }

    @Test
    void aChainPassesMessagesOn() {
        Sim sim = new Sim(11, GossipConfig.DEFAULT);
        List<Sim.Node> chain = sim.add(10);
        for (int i = 1; i < 10; i++) {
            sim.connect(chain.get(i - 1), chain.get(i));
        }
        sim.run(Duration.ofSeconds(1));
        chain.get(0).publish("along the chain");
        sim.run(Duration.ofMillis(300));
        assertThat(chain.subList(1, 10)).allSatisfy(n -> assertThat(n.delivered).containsExactly("along the chain"));
    }

    @Test
    void sameSeedSameCourse() {
        List<List<String>> courses = new ArrayList<>();
        for (int run = 0; run < 2; run++) {
            Sim sim = new Sim(13, GossipConfig.DEFAULT);
            List<Sim.Node> nodes = sim.addConnected(20, 5);
            sim.run(Duration.ofSeconds(2));
            nodes.get(3).publish("once");
            sim.run(Duration.ofSeconds(5));
            courses.add(nodes.stream().map(n -> n.router.counters() + n.router.neighbours(TOPIC).toString()).toList());
        }
        assertThat(courses.get(0)).isEqualTo(courses.get(1));
    }
}
