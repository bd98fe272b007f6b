package io.swarmscope.internal.kad;

import static io.swarmscope.internal.kad.Fixtures.MILLI;
import static io.swarmscope.internal.kad.Fixtures.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.swarmscope.PeerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Walks through networks that stand still; the seeds are fixed, since the figures are statistics. */
class LookupTest {

    private static final int K = KadConfig.DEFAULT.k();

    @Test
    void theTwentyNearestOfAThousandAreFound() {
        StaticNetwork network = new StaticNetwork(1000, 1);
        for (int i = 0; i < 50; i++) {
            Bytes key = Fixtures.contentKey(network.random);
            StaticNetwork.Walk walk = network.new Walk(network.anyone(), key, closest(key));
            OperationResult.Closest result = walk.run(OperationResult.Closest.class);
            List<PeerId> expected = network.sorted(Key.of(key.array()));
            expected.remove(walk.from);
            assertThat(result.peers()).extracting(PeerInfo::id).isEqualTo(expected.subList(0, K));
            assertThat(result.report().end()).isEqualTo(End.CLOSEST_ANSWERED);
            assertThat(result.report().answered()).startsWith(expected.get(0));
            assertThat(walk.asked).doesNotHaveDuplicates().doesNotContain(walk.from).hasSizeLessThan(60);
        }
    }

    @Test
    void hopsGrowLikeTheLogarithmOfTheNumberOfPeers() {
        double few = averageHops(100);
        double more = averageHops(500);
        double many = averageHops(2500);
        assertThat(few).isBetween(1.0, 2.0);
        assertThat(more - few).isBetween(0.1, 1.0); // five times the peers, less than one hop more
        assertThat(many - more).isBetween(0.1, 1.0);
    }

    private static double averageHops(int peers) {
        StaticNetwork network = new StaticNetwork(peers, 2);
        int hops = 0;
        for (int i = 0; i < 20; i++) {
            Bytes key = Fixtures.contentKey(network.random);
            hops += network.new Walk(network.anyone(), key, closest(key)).run(OperationResult.Closest.class).report().hops();
        }
        return hops / 20.0;
    }

    @Test
    void noMoreThanAlphaRequestsAreUnderWay() {
        StaticNetwork network = new StaticNetwork(500, 3);
        Bytes key = Fixtures.contentKey(network.random);
        StaticNetwork.Walk walk = network.new Walk(network.anyone(), key, closest(key));
        walk.run(OperationResult.Closest.class);
        assertThat(walk.mostInFlight).isEqualTo(KadConfig.DEFAULT.lookup().alpha());
    }

    @Test
    void aSilentPeerIsAskedBesideAndThenNotWaitedForAnyMore() {
        StaticNetwork network = new StaticNetwork(500, 4);
        Bytes key = Fixtures.contentKey(network.random);
        StaticNetwork.Walk walk = network.new Walk(network.anyone(), key, closest(key));
        List<PeerId> sorted = network.sorted(Key.of(key.array()));
        sorted.remove(walk.from);
        network.silent.add(sorted.getFirst());
        OperationResult.Closest result = walk.run(OperationResult.Closest.class);
        assertThat(result.peers()).extracting(PeerInfo::id).isEqualTo(sorted.subList(1, K + 1));
        assertThat(result.report().end()).isEqualTo(End.CLOSEST_ANSWERED);
        assertThat(result.report().nanos()).isBetween(SECOND, 2 * SECOND); // its patience
        assertThat(result.report().asked()).isEqualTo(result.report().answered().size() + 1);
    }

    @Test
    void withAFifthOfThePeersDeadTwentyOfTheNearestLivingAreStillFound() {
        StaticNetwork network = new StaticNetwork(1000, 5);
        for (PeerId dead : network.share(0.2)) {
            (network.random.nextBoolean() ? network.silent : network.down).add(dead);
        }
        for (int i = 0; i < 30; i++) {
            Bytes key = Fixtures.contentKey(network.random);
            StaticNetwork.Walk walk = network.new Walk(network.anyone(), key, closest(key));
            OperationResult.Closest result = walk.run(OperationResult.Closest.class);
            List<PeerId> expected = network.sorted(Key.of(key.array()));
            expected.remove(walk.from);
            // Peers name the twenty nearest they know, dead ones too: who is beyond these need not be found
            expected = new ArrayList<>(expected.subList(0, K));
            expected.removeIf(peer -> network.silent.contains(peer) || network.down.contains(peer));
            assertThat(result.peers()).hasSize(K).extracting(PeerInfo::id).startsWith(expected.toArray(PeerId[]::new));
            assertThat(result.report().nanos()).isLessThan(9 * SECOND);
            assertThat(result.report().failed()).allMatch(failure -> network.down.contains(failure.peer()));
        }
    }

    @Test
    void inANetworkSmallerThanKEverybodyAnswersAndNobodyIsLeft() {
        StaticNetwork network = new StaticNetwork(10, 6);
        Bytes key = Fixtures.contentKey(network.random);
        OperationResult.Closest result =
                network.new Walk(network.anyone(), key, closest(key)).run(OperationResult.Closest.class);
        assertThat(result.peers()).hasSize(9);
        assertThat(result.report().end()).isEqualTo(End.EXHAUSTED);
    }

    @Test
    void withoutSeedsItEndsAtOnce() {
        StaticNetwork network = new StaticNetwork(1, 7);
        Bytes key = Fixtures.contentKey(network.random);
        OperationResult.Closest result =
                network.new Walk(network.anyone(), key, closest(key)).run(OperationResult.Closest.class);
        assertThat(result.peers()).isEmpty();
        assertThat(result.report()).isEqualTo(new LookupReport(End.EXHAUSTED, 0, List.of(), List.of(), 0, 0));
    }

    @Test
    void whenEverybodyIsSilentItGivesUpAfterItAskedTheWholeTable() {
        StaticNetwork network = new StaticNetwork(100, 8);
        network.silent.addAll(network.peers);
        Bytes key = Fixtures.contentKey(network.random);
        StaticNetwork.Walk walk = network.new Walk(network.anyone(), key, closest(key));
        OperationResult.Closest result = walk.run(OperationResult.Closest.class);
        assertThat(result.report().end()).isEqualTo(End.EXHAUSTED);
        assertThat(result.report().asked()).isEqualTo(network.table(walk.from).size());
        assertThat(result.report().nanos()).isLessThan(9 * SECOND);
    }

    @Test
    void atItsDeadlineItEndsWithWhatItHas() {
        StaticNetwork network = new StaticNetwork(1000, 9);
        Bytes key = Fixtures.contentKey(network.random);
        StaticNetwork.Walk walk = network.new Walk(network.anyone(), key, closest(key), 100 * MILLI);
        OperationResult.Closest result = walk.run(OperationResult.Closest.class);
        assertThat(result.report().end()).isEqualTo(End.DEADLINE);
        assertThat(result.report().nanos()).isEqualTo(100 * MILLI);
        assertThat(result.peers()).isNotEmpty();
    }

    @Test
    void cancelledItEndsWithWhatItHasAndLearnsNothingMore() {
        StaticNetwork network = new StaticNetwork(100, 10);
        Bytes key = Fixtures.contentKey(network.random);
        StaticNetwork.Walk walk = network.new Walk(network.anyone(), key, closest(key));
        Step.Ask ask = (Step.Ask) walk.lookup.next(walk.now);
        walk.lookup.cancel();
        walk.lookup.answered(ask.to(), new Answer.Nodes(List.of()), walk.now);
        OperationResult.Closest result = walk.run(OperationResult.Closest.class);
        assertThat(result.report().end()).isEqualTo(End.CANCELLED);
        assertThat(result.report().asked()).isEqualTo(1);
        assertThat(result.peers()).isEmpty();
    }

    @Test
    void answersThatCameTwiceOrFromNobodyAskedChangeNothing() {
        StaticNetwork network = new StaticNetwork(100, 11);
        Bytes key = Fixtures.contentKey(network.random);
        StaticNetwork.Walk walk = network.new Walk(network.anyone(), key, closest(key));
        Step.Ask ask = (Step.Ask) walk.lookup.next(walk.now);
        Answer.Nodes flood = new Answer.Nodes(infos(Fixtures.peers(5, network.random)));
        walk.lookup.answered(Fixtures.info(Fixtures.peer(network.random)), flood, walk.now);
        walk.lookup.answered(ask.to(), new Answer.Nodes(List.of()), walk.now);
        walk.lookup.answered(ask.to(), flood, walk.now);
        walk.lookup.failed(ask.to(), "late");
        OperationResult.Closest result = walk.run(OperationResult.Closest.class);
        assertThat(result.report().answered()).contains(ask.to().id());
        assertThat(result.report().failed()).isEmpty();
    }

    @Test
    void anAnswerToAnotherQuestionIsAFailure() {
        StaticNetwork network = new StaticNetwork(30, 12);
        PeerId liar = network.anyone();
        network.liars.put(liar, (request, honest) -> new Answer.Pong());
        Bytes key = Fixtures.contentKey(network.random);
        PeerId from = network.peers.get(network.peers.getFirst().equals(liar) ? 1 : 0);
        StaticNetwork.Walk walk = network.new Walk(from, key, closest(key));
        OperationResult.Closest result = walk.run(OperationResult.Closest.class);
        assertThat(walk.faults).containsExactly("answered another question");
        assertThat(result.report().failed()).containsExactly(new PeerFailure(liar, "answered another question"));
        assertThat(result.peers()).extracting(PeerInfo::id).doesNotContain(liar);
    }

    @Test
    void aPeerThatInventsNearerPeersIsSeenThrough() {
        StaticNetwork network = new StaticNetwork(1000, 13);
        Bytes key = Fixtures.contentKey(network.random);
        Key target = Key.of(key.array());
        for (PeerId liar : network.share(0.2)) {
            network.liars.put(liar, (request, honest) -> new Answer.Nodes(infos(invented(network, target))));
        }
        StaticNetwork.Walk walk = network.new Walk(network.anyone(), key, closest(key));
        OperationResult.Closest result = walk.run(OperationResult.Closest.class);
        List<PeerId> expected = network.sorted(target);
        expected.remove(walk.from);
        assertThat(result.peers()).extracting(PeerInfo::id).isEqualTo(expected.subList(0, K));
        assertThat(walk.asked.size()).isLessThan(250);
    }

    @Test
    void peersThatNameEverNewLivingPeersCannotKeepItGoing() {
        StaticNetwork network = new StaticNetwork(50, 14);
        StaticNetwork.Liar endless = new StaticNetwork.Liar() {
            @Override
            public Answer answer(Request request, Answer honest) {
                List<PeerId> more = Fixtures.peers(40, network.random);
                more.forEach(peer -> network.liars.put(peer, this));
                return new Answer.Nodes(infos(more));
            }
        };
        network.peers.forEach(peer -> network.liars.put(peer, endless));
        network.peers.forEach(network::table);
        Bytes key = Fixtures.contentKey(network.random);
        StaticNetwork.Walk walk = network.new Walk(network.peers.getFirst(), key, closest(key));
        OperationResult.Closest result = walk.run(OperationResult.Closest.class);
        assertThat(walk.asked.size()).isLessThanOrEqualTo(KadConfig.DEFAULT.lookup().maxAsked());
        assertThat(result.peers()).hasSize(K);
    }

    @Test
    void theNumberOfPeersAskedIsBounded() {
        StaticNetwork network = new StaticNetwork(300, 15);
        KadConfig.LookupConfig lookup = new KadConfig.LookupConfig(
                10, Duration.ofMillis(250), Duration.ofSeconds(3), Duration.ofSeconds(10), Duration.ofSeconds(60), 25);
        network.config = KadConfig.DEFAULT.withLookup(lookup);
        network.down.addAll(network.share(0.6));
        Bytes key = Fixtures.contentKey(network.random);
        StaticNetwork.Walk walk = network.new Walk(network.anyone(), key, closest(key));
        OperationResult.Closest result = walk.run(OperationResult.Closest.class);
        assertThat(result.report().end()).isEqualTo(End.TOO_MANY_ASKED);
        assertThat(walk.asked).hasSize(25);
    }

    @Test
    void aPeerIsFoundAsSoonAsSomebodyNamesItWithAddresses() {
        StaticNetwork network = new StaticNetwork(1000, 16);
        int asked = 0;
        for (int i = 0; i < 30; i++) {
            PeerId wanted = network.anyone();
            Goal.Peer goal = new Goal.Peer(wanted);
            PeerId from = network.peers.get(i).equals(wanted) ? network.peers.get(500) : network.peers.get(i);
            StaticNetwork.Walk walk = network.new Walk(from, Bytes.of(wanted.toBytes()), goal);
            OperationResult.FoundPeer result = walk.run(OperationResult.FoundPeer.class);
            assertThat(result.peer()).isEqualTo(Fixtures.info(wanted));
            assertThat(result.report().end()).isEqualTo(End.ENOUGH);
            asked += walk.asked.size();
        }
        assertThat(asked / 30.0).isLessThan(3);
    }

    @Test
    void aPeerThatDoesNotExistIsNotFound() {
        StaticNetwork network = new StaticNetwork(200, 17);
        PeerId wanted = Fixtures.peer(network.random);
        StaticNetwork.Walk walk = network.new Walk(network.anyone(), Bytes.of(wanted.toBytes()), new Goal.Peer(wanted));
        OperationResult.FoundPeer result = walk.run(OperationResult.FoundPeer.class);
        assertThat(result.peer()).isNull();
        assertThat(result.report().end()).isEqualTo(End.CLOSEST_ANSWERED);
    }

    private static Goal closest(Bytes key) {
        return new Goal.Closest(new Request.FindNode(key));
    }

    private static List<PeerInfo> infos(List<PeerId> peers) {
        return peers.stream().map(Fixtures::info).toList();
    }

    /** Forty peers that nobody can reach, each nearer to the target than most. */
    private static List<PeerId> invented(StaticNetwork network, Key target) {
        List<PeerId> near = new ArrayList<>();
        while (near.size() < 40) {
            PeerId peer = Fixtures.peer(network.random);
            if (target.commonPrefixLength(Key.of(peer)) >= 5) {
                near.add(peer);
            }
        }
        return near;
    }
}
