package io.swarmscope.internal.kad;

import static io.swarmscope.internal.kad.Fixtures.SECOND;
import static io.swarmscope.internal.kad.Fixtures.numberKey;
import static org.assertj.core.api.Assertions.assertThat;

import io.swarmscope.PeerId;
import io.swarmscope.internal.kad.SimNetwork.Health;
import io.swarmscope.internal.kad.SimNetwork.Node;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whole nodes that talk to each other in virtual time. The seeds are fixed: the same seed gives the same run. */
class NetworkTest {

    private static final int K = KadConfig.DEFAULT.k();

    @Test
    void nodesThatKnowOnePeerEachFindTheWholeNetwork() {
        SimNetwork network = grown(new SimNetwork(1).encoded(), 60);
        for (Node node : network.nodes) {
            Bytes key = Fixtures.contentKey(network.random);
            OperationResult.Closest result = node.run(new Operation.FindClosest(key), OperationResult.Closest.class);
            assertThat(result.peers()).extracting(PeerInfo::id).isEqualTo(nearest(network, node, key));
        }
    }

    @Test
    void aValuePutAnywhereIsFoundEverywhereWithLittleMoreThanOneRequest() {
        SimNetwork network = grown(new SimNetwork(2), 100);
        OperationResult.Stored put = put(network.node(0), "a", "7");
        assertThat(put.wanted()).isEqualTo(K);
        assertThat(put.failed()).isEmpty();
        assertThat(put.stored()).containsExactlyInAnyOrderElementsOf(nearest(network, network.node(0), numberKey("a")));

        int asked = 0;
        for (Node node : network.nodes) {
            OperationResult.FoundValue found = get(node, "a", 1);
            assertThat(found.best().value()).isEqualTo(Bytes.ofText("7"));
            assertThat(found.report().end()).isEqualTo(End.ENOUGH);
            asked += found.report().asked();
        }
        assertThat(asked / 100.0).isLessThan(1.5);
    }

    @Test
    void inASmallNetworkEveryGetTakesOneRequest() {
        SimNetwork network = new SimNetwork(3).with(20, KadConfig.DEFAULT).acquainted();
        put(network.node(0), "a", "7");
        for (Node node : network.nodes) {
            assertThat(get(node, "a", 1).report().asked()).isEqualTo(1);
        }
    }

    @Test
    void aKeyNobodyHasIsNotFoundAndThatIsCertain() {
        SimNetwork network = grown(new SimNetwork(4), 60);
        OperationResult.FoundValue found = get(network.node(7), "nothing", 1);
        assertThat(found.best()).isNull();
        assertThat(found.values()).isZero();
        assertThat(found.report().end()).isEqualTo(End.CLOSEST_ANSWERED);
    }

    @Test
    void withAFifthOfTheNodesDeadEveryValueIsStillFound() {
        SimNetwork network = grown(new SimNetwork(5), 100);
        for (int i = 0; i < 30; i++) {
            put(network.node(i), "v" + i, "7");
        }
        for (int i = 0; i < 100; i += 5) {
            network.node(i).health = i % 10 == 0 ? Health.SILENT : Health.DOWN;
        }
        for (int i = 0; i < 30; i++) {
            OperationResult.FoundValue found = get(network.node(1 + 5 * (i % 19)), "v" + i, 1);
            assertThat(found.best()).isNotNull();
            assertThat(found.report().nanos()).isLessThan(2 * SECOND);
        }
    }

    @Test
    void aPutReportsWhoDidNotTakeTheValue() {
        SimNetwork network = new SimNetwork(6).with(30, KadConfig.DEFAULT).acquainted();
        List<PeerId> nearest = nearest(network, network.node(0), numberKey("a"));
        put(network.node(nearest.get(3)), "a", "9");
        Node stranger = network.nodes.stream()
                .filter(node -> !nearest.contains(node.id) && node != network.node(0))
                .findFirst()
                .orElseThrow();
        network.node(nearest.get(5)).health = Health.DOWN;
        OperationResult.Stored stored = put(stranger, "a", "8");
        assertThat(stored.wanted()).isEqualTo(K); // who is down did not answer the lookup
        assertThat(stored.stored().size() + stored.failed().size()).isEqualTo(K);
        assertThat(stored.failed()).hasSizeGreaterThan(K - 4).allMatch(failure -> failure.cause().equals("stream reset"));
    }

    @Test
    void aStaleHolderIsCorrectedByTheGetThatMeetsIt() {
        SimNetwork network = new SimNetwork(7).with(30, KadConfig.DEFAULT).acquainted();
        put(network.node(0), "a", "7");
        List<PeerId> nearest = nearest(network, network.node(0), numberKey("a"));
        Node fresh = network.node(nearest.get(4));
        fresh.kad.answer(
                network.node(1).id, new Request.PutValue(Fixtures.record("a", "8")), SimNetwork.WALL_CLOCK, network.now);

        OperationResult.FoundValue found = get(network.node(0), "a", 0);
        assertThat(found.best().value()).isEqualTo(Bytes.ofText("8"));
        assertThat(found.values()).isGreaterThanOrEqualTo(K);
        network.runFor(SECOND);
        for (PeerId peer : nearest) {
            assertThat(network.node(peer).kad.localRecord(numberKey("a"), network.now).value()).isEqualTo(Bytes.ofText("8"));
        }
        assertThat(network.node(0).kad.localRecord(numberKey("a"), network.now).value()).isEqualTo(Bytes.ofText("8"));
    }

    @Test
    void aNearPeerThatLostTheValueGetsItBack() {
        KadConfig forgetful = KadConfig.DEFAULT.withStores(new KadConfig.StoreConfig(
                0, 0, 100, java.time.Duration.ofHours(1), 10, 2, java.time.Duration.ofHours(1), 20));
        SimNetwork network = new SimNetwork(8).with(10, KadConfig.DEFAULT).with(1, forgetful).with(1, KadConfig.DEFAULT);
        network.acquainted();
        Node late = network.node(11);
        late.health = Health.DOWN;
        OperationResult.Stored stored = put(network.node(0), "a", "7");
        assertThat(stored.stored()).hasSize(9);
        late.health = Health.WELL;
        network.meet(late, network.node(0));
        get(network.node(0), "a", 0);
        network.runFor(SECOND);
        assertThat(late.kad.localRecord(numberKey("a"), network.now)).isNotNull();
    }

    @Test
    void aQuorumWaitsForThatManyValuesAndTakesTheBest() {
        SimNetwork network = new SimNetwork(9).with(20, KadConfig.DEFAULT).acquainted();
        for (int i = 1; i < 20; i++) {
            KadRecord record = Fixtures.record("a", Integer.toString(i));
            network.node(i).kad.answer(
                    network.node(0).id, new Request.PutValue(record), SimNetwork.WALL_CLOCK, network.now);
        }
        OperationResult.FoundValue found = get(network.node(0), "a", 5);
        assertThat(found.values()).isBetween(5, 9);
        assertThat(found.report().end()).isEqualTo(End.ENOUGH);
        assertThat(get(network.node(0), "a", 0).best().value()).isEqualTo(Bytes.ofText("19"));
    }

    @Test
    void whoLiesAboutAValueIsFoundOutAndNotBelieved() {
        SimNetwork network = new SimNetwork(10).with(10, KadConfig.DEFAULT).acquainted();
        for (int i = 1; i < 9; i++) { // these accept anything, as a liar would
            KadRecord forged = Fixtures.record("a", "forged").asChecked();
            network.node(i).kad.answer(
                    network.node(0).id, new Request.PutValue(forged), SimNetwork.WALL_CLOCK, network.now);
        }
        network.node(9).kad.answer(
                network.node(0).id,
                new Request.PutValue(Fixtures.record("a", "7")),
                SimNetwork.WALL_CLOCK,
                network.now);
        OperationResult.FoundValue found = get(network.encoded().node(0), "a", 0);
        assertThat(found.best().value()).isEqualTo(Bytes.ofText("7"));
        assertThat(network.node(0).heard(Effect.Refused.class))
                .hasSize(8)
                .allMatch(refused -> refused.reason().equals("gave an invalid value: not a number"));
        assertThat(found.report().failed()).hasSize(8);
    }

    @Test
    void providersAreFoundByTheirContentAndOnlyThose() {
        SimNetwork network = grown(new SimNetwork(11).encoded(), 60);
        Bytes content = Fixtures.contentKey(network.random);
        Set<PeerId> providers = new HashSet<>();
        for (int i = 0; i < 3; i++) {
            OperationResult.Stored told = network.node(i).run(new Operation.Provide(content), OperationResult.Stored.class);
            assertThat(told.stored()).hasSize(K);
            providers.add(network.node(i).id);
        }
        Node seeker = network.node(50);
        OperationResult.FoundProviders all =
                seeker.run(new Operation.FindProviders(content, 0), OperationResult.FoundProviders.class);
        assertThat(all.providers()).extracting(PeerInfo::id).containsExactlyInAnyOrderElementsOf(providers);
        assertThat(all.providers()).allMatch(info -> info.addresses().equals(List.of(network.node(info.id()).address)));
        assertThat(seeker.heard(Effect.Learned.class)).extracting(Effect.Learned::peer).containsAll(providers);
        OperationResult.FoundProviders two =
                seeker.run(new Operation.FindProviders(content, 2), OperationResult.FoundProviders.class);
        assertThat(two.providers().size()).isGreaterThanOrEqualTo(2);
        assertThat(two.report().end()).isEqualTo(End.ENOUGH);
    }

    @Test
    void aPeerIsFoundByItsId() {
        SimNetwork network = grown(new SimNetwork(12), 60);
        Node wanted = network.node(41);
        OperationResult.FoundPeer found =
                network.node(3).run(new Operation.FindPeer(wanted.id), OperationResult.FoundPeer.class);
        assertThat(found.peer().addresses()).containsExactly(wanted.address);
    }

    @Test
    void aNodeThatLeavesIsForgottenByAll() {
        SimNetwork network = grown(new SimNetwork(13), 40);
        Node gone = network.node(20);
        gone.health = Health.DOWN;
        network.nodes.forEach(node -> node.kad.peerGone(gone.id, network.now));
        network.runFor(1800 * SECOND);
        for (Node node : network.nodes) {
            assertThat(node == gone || !node.kad.inTable(gone.id)).isTrue();
        }
    }

    @Test
    void aQuietNetworkKeepsItsTablesAndAsksLittle() {
        SimNetwork network = grown(new SimNetwork(14), 40);
        network.requests = 0;
        network.runFor(3600 * SECOND);
        assertThat(network.nodes).allMatch(node -> node.kad.tableSize() > 30);
        double perNodeAndSecond = network.requests / 40.0 / 3600;
        assertThat(perNodeAndSecond).isLessThan(1);
        assertThat(network.nodes).allMatch(node -> node.kad.operations() <= KadConfig.DEFAULT.table().backgroundOperations());
    }

    @Test
    void theSameSeedGivesTheSameRun() {
        List<Integer> requests = new ArrayList<>();
        for (int run = 0; run < 2; run++) {
            SimNetwork network = grown(new SimNetwork(15), 40);
            put(network.node(3), "a", "7");
            requests.add(network.requests);
        }
        assertThat(requests.get(0)).isEqualTo(requests.get(1));
    }

    @Test
    @Tag("slow")
    @Timeout(300)
    void aThousandNodesWithAThirdDeadFindEveryValue() {
        SimNetwork network = grown(new SimNetwork(16), 1000);
        for (int i = 0; i < 100; i++) {
            put(network.node(i), "v" + i, "7");
        }
        for (int i = 0; i < 1000; i += 3) {
            network.node(i).health = Health.SILENT;
        }
        int asked = 0;
        for (int i = 0; i < 500; i++) {
            OperationResult.FoundValue found = get(network.node(1 + 3 * (i % 300)), "v" + i % 100, 1);
            assertThat(found.best()).isNotNull();
            asked += found.report().asked();
        }
        assertThat(asked / 500.0).isLessThan(4);
    }

    /** A network whose nodes joined one after the other, each knowing one that was there before. */
    private static SimNetwork grown(SimNetwork network, int nodes) {
        network.with(nodes, KadConfig.DEFAULT);
        for (int i = 1; i < nodes; i++) {
            network.meet(network.node(i), network.node(network.random.nextInt(i)));
            network.node(i).start(new Operation.Bootstrap());
            if (i % 10 == 0) {
                network.runFor(SECOND);
            }
        }
        network.runFor(60 * SECOND);
        for (Node node : network.nodes) {
            node.start(new Operation.Bootstrap());
        }
        network.runFor(60 * SECOND);
        return network;
    }

    private static OperationResult.Stored put(Node node, String name, String value) {
        return node.run(new Operation.PutValue(numberKey(name), Bytes.ofText(value)), OperationResult.Stored.class);
    }

    private static OperationResult.FoundValue get(Node node, String name, int quorum) {
        return node.run(new Operation.GetValue(numberKey(name), quorum), OperationResult.FoundValue.class);
    }

    private static List<PeerId> nearest(SimNetwork network, Node except, Bytes key) {
        Key target = Key.of(key.array());
        return network.nodes.stream()
                .filter(node -> node != except)
                .map(node -> node.id)
                .sorted((x, y) -> target.compareDistance(Key.of(x), Key.of(y)))
                .limit(K)
                .toList();
    }
}
