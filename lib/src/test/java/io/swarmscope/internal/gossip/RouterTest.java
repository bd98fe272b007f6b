package io.swarmscope.internal.gossip;

import static io.swarmscope.internal.gossip.Sim.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;

import io.swarmscope.PeerId;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.gossip.Rpc.Control;
import io.swarmscope.internal.gossip.Rpc.Ihave;
import io.swarmscope.internal.gossip.Rpc.Prune;
import io.swarmscope.internal.gossip.Rpc.Subscription;
import io.swarmscope.internal.wire.Limits;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** One router, and peers that say what the test wants. */
class RouterTest {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final Random random = new Random(3);
    private final Identity self = Sim.identity(random);
    private long now = 5;
    private double application;
    private final Router router = new Router(self.peerId(), GossipConfig.DEFAULT, peer -> application, random, now);
    private final List<Rpc> sent = new ArrayList<>();
    private final List<Message> delivered = new ArrayList<>();

    RouterTest() {
        router.subscribe(TOPIC, now);
    }

    private PeerId peer() {
        return peer(Version.V1_2, false);
    }

    private PeerId peer(Version version, boolean outbound) {
        PeerId id = Sim.identity(random).peerId();
        router.opened(id, version, outbound, null, now);
        router.received(id, new Rpc(List.of(new Subscription(TOPIC, true)), List.of(), Control.EMPTY), List.of(), now);
        return id;
    }

    private List<PeerId> peers(int count) {
        return IntStream.range(0, count).mapToObj(i -> peer()).toList();
    }

    /** Takes the effects; what was sent to that peer, or to anybody. */
    private List<Rpc> drain(PeerId to) {
        List<Rpc> frames = new ArrayList<>();
        for (Effect effect; (effect = router.nextEffect()) != null; ) {
            switch (effect) {
                case Effect.Send send when to == null || send.to().equals(to) -> frames.add(send.rpc());
                case Effect.Send send -> {}
                case Effect.Deliver deliver -> delivered.add(deliver.message());
            }
        }
        sent.addAll(frames);
        return frames;
    }

    private static <T> List<T> all(List<Rpc> frames, Function<Rpc, List<T>> part) {
        return frames.stream().flatMap(rpc -> part.apply(rpc).stream()).toList();
    }

    private void say(PeerId from, Control control) {
        router.received(from, Rpc.of(control), List.of(), now);
    }

    private static Control graft() {
        return new Control(List.of(), List.of(), List.of(TOPIC), List.of(), List.of());
    }

    private static Control prune(int seconds) {
        return new Control(List.of(), List.of(), List.of(), List.of(new Prune(TOPIC, seconds)), List.of());
    }

    private static Control ihave(List<MessageId> ids) {
        return new Control(List.of(new Ihave(TOPIC, ids)), List.of(), List.of(), List.of(), List.of());
    }

    private static Control iwant(MessageId... ids) {
        return new Control(List.of(), List.of(ids), List.of(), List.of(), List.of());
    }

    private List<MessageId> ids(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> {
                    byte[] id = new byte[46];
                    random.nextBytes(id);
                    return MessageId.of(id);
                })
                .toList();
    }

    private Arrival.Fresh fresh(Identity author, String text, Verdict verdict) {
        Message message = new Signing(author, () -> now).sign(TOPIC, text.getBytes(StandardCharsets.UTF_8));
        return new Arrival.Fresh(message, author.peerId(), MessageIds.GO.of(message), verdict);
    }

    private void heartbeats(int count) {
        for (int i = 0; i < count; i++) {
            now += SECOND;
            router.tick(now);
        }
    }

    @Test
    void whoComesIsGreetedWithAllTopics() {
        PeerId peer = Sim.identity(random).peerId();
        IntStream.range(0, 200).forEach(i -> router.subscribe("/topic/" + i, now));
        drain(null);
        router.opened(peer, Version.V1_1, false, null, now);
        List<Rpc> hello = drain(peer);
        assertThat(hello).allSatisfy(rpc -> assertThat(rpc.subscriptions().size()).isBetween(1, 90));
        assertThat(all(hello, Rpc::subscriptions)).hasSize(201).allMatch(Subscription::joined);
    }

    @Test
    void aPrunedPeerIsLeftAloneUntilItsRestIsOver() {
        PeerId peer = peer();
        assertThat(all(drain(peer), rpc -> rpc.control().graft())).containsExactly(TOPIC);
        say(peer, prune(60));
        assertThat(router.neighbours(TOPIC)).isEmpty();
        heartbeats(60);
        assertThat(all(drain(peer), rpc -> rpc.control().graft())).isEmpty();
        heartbeats(3);
        assertThat(all(drain(peer), rpc -> rpc.control().graft())).containsExactly(TOPIC);
    }

    @Test
    void noRestIsLongerThanAnHour() {
        PeerId peer = peer();
        say(peer, prune(Integer.MAX_VALUE));
        heartbeats(3601);
        drain(peer);
        heartbeats(2);
        assertThat(router.neighbours(TOPIC)).containsExactly(peer);
    }

    @Test
    void whoKeepsComingBackTooEarlyIsGraylisted() {
        PeerId peer = peer();
        say(peer, prune(0));
        drain(peer);
        say(peer, graft());
        List<Rpc> answer = drain(peer);
        assertThat(all(answer, rpc -> rpc.control().prune())).containsExactly(new Prune(TOPIC, 60));
        assertThat(router.neighbours(TOPIC)).isEmpty();
        say(peer, graft());
        say(peer, graft());
        assertThat(router.score(peer, now)).isNegative();
        say(peer, graft());
        assertThat(router.received(peer, Rpc.EMPTY, List.of(), now)).isFalse();
    }

    @Test
    void aMeshThatIsFullTakesOnlyPeersThisNodeDialed() {
        List<PeerId> inbound = peers(5);
        peers(10).forEach(peer -> say(peer, graft()));
        assertThat(router.neighbours(TOPIC)).hasSize(12).containsAll(inbound);
        PeerId dialed = peer(Version.V1_1, true);
        say(dialed, graft());
        assertThat(router.neighbours(TOPIC)).hasSize(13).contains(dialed);
        PeerId dialed2 = peer(Version.V1_1, true);
        say(dialed2, graft());
        heartbeats(1);
        assertThat(router.neighbours(TOPIC)).hasSize(6).contains(dialed, dialed2);
    }

    @Test
    void aPeerThatTurnsOutToHaveAMessageIsNotSentIt() {
        List<PeerId> peers = peers(5);
        drain(null);
        Arrival.Fresh news = fresh(Sim.identity(random), "news", Verdict.ACCEPT);
        router.received(peers.get(0), Rpc.EMPTY, List.of(news), now);
        router.received(peers.get(1), Rpc.EMPTY, List.of(new Arrival.Duplicate(TOPIC, news.id())), now);
        say(peers.get(2), new Control(List.of(), List.of(), List.of(), List.of(), List.of(news.id())));
        List<PeerId> told = new ArrayList<>();
        for (Effect effect; (effect = router.nextEffect()) != null; ) {
            if (effect instanceof Effect.Send send && !send.rpc().messages().isEmpty()) {
                told.add(send.to());
            }
        }
        assertThat(told).containsExactlyInAnyOrder(peers.get(3), peers.get(4));
    }

    @Test
    void whatIsSaidToAPeerBetweenTwoLooksGoesInOneFrame() {
        List<PeerId> peers = peers(2);
        drain(null);
        List<Arrival> news = List.of(
                fresh(Sim.identity(random), "one", Verdict.ACCEPT), fresh(Sim.identity(random), "two", Verdict.ACCEPT));
        news.forEach(one -> router.received(peers.get(0), Rpc.EMPTY, List.of(one), now));
        assertThat(drain(peers.get(1))).singleElement().satisfies(rpc -> assertThat(rpc.messages()).hasSize(2));
    }

    @Test
    void aStreamThatComesAgainBeginsWithTheGreeting() {
        List<PeerId> peers = peers(2);
        drain(null);
        router.received(peers.get(0), Rpc.EMPTY, List.of(fresh(Sim.identity(random), "news", Verdict.ACCEPT)), now);
        router.unwritable(peers.get(1), now);
        router.opened(peers.get(1), Version.V1_2, false, null, now);
        List<Rpc> sent = drain(peers.get(1));
        assertThat(sent.getFirst().subscriptions()).contains(new Subscription(TOPIC, true));
        assertThat(all(sent, Rpc::messages)).isEmpty();
    }

    @Test
    void unknownTopicsAreNotAnswered() {
        PeerId peer = peer();
        drain(null);
        say(peer, new Control(List.of(), List.of(), List.of("/other"), List.of(), List.of()));
        assertThat(drain(peer)).isEmpty();
    }

    @Test
    void leavingATopicTellsAllAndKeepsNeighboursAwayForTenSeconds() {
        PeerId peer = peer();
        drain(null);
        router.unsubscribe(TOPIC, now);
        List<Rpc> told = drain(peer);
        assertThat(all(told, Rpc::subscriptions)).containsExactly(new Subscription(TOPIC, false));
        assertThat(all(told, rpc -> rpc.control().prune())).containsExactly(new Prune(TOPIC, 10));
        router.subscribe(TOPIC, now);
        assertThat(router.neighbours(TOPIC)).isEmpty();
        heartbeats(13);
        assertThat(router.neighbours(TOPIC)).containsExactly(peer);
    }

    @Test
    void forgeriesGraylistTheirSender() {
        PeerId peer = peer();
        int taken = 0;
        while (router.received(peer, Rpc.EMPTY, List.of(new Arrival.Forged(TOPIC)), now)) {
            taken++;
            assertThat(taken).isLessThan(10);
        }
        assertThat(taken).isBetween(3, 6);
        heartbeats(1);
        assertThat(router.neighbours(TOPIC)).isEmpty();
        // Going away is no way to be forgiven.
        router.gone(peer, now);
        heartbeats(600);
        router.opened(peer, Version.V1_2, false, null, now);
        assertThat(router.received(peer, Rpc.EMPTY, List.of(), now)).isFalse();
    }

    @Test
    void aRejectedMessageCostsAllWhoSendIt() {
        List<PeerId> peers = peers(3);
        Arrival.Fresh bad = fresh(Sim.identity(random), "bad", Verdict.REJECT);
        double before = router.score(peers.get(1), now);
        router.received(peers.get(0), Rpc.EMPTY, List.of(bad), now);
        router.received(peers.get(1), Rpc.EMPTY, List.of(new Arrival.Duplicate(TOPIC, bad.id())), now);
        drain(null);
        assertThat(delivered).isEmpty();
        assertThat(router.score(peers.get(0), now)).isLessThan(before);
        assertThat(router.score(peers.get(1), now)).isEqualTo(router.score(peers.get(0), now));
        assertThat(router.score(peers.get(2), now)).isEqualTo(before);
    }

    @Test
    void anIgnoredMessageCostsNothingAndGoesNowhere() {
        List<PeerId> peers = peers(3);
        drain(null);
        router.received(
                peers.get(0), Rpc.EMPTY, List.of(fresh(Sim.identity(random), "old", Verdict.IGNORE)), now);
        assertThat(drain(null)).isEmpty();
        assertThat(delivered).isEmpty();
        assertThat(router.score(peers.get(0), now)).isZero();
    }

    @Test
    void anAcceptedMessageGoesToTheOthersOnce() {
        List<PeerId> peers = peers(4);
        Identity author = Sim.identity(random);
        drain(null);
        Arrival.Fresh message = fresh(author, "new", Verdict.ACCEPT);
        // Somebody was quicker than the check of the first copy.
        router.received(peers.get(1), Rpc.EMPTY, List.of(new Arrival.Duplicate(TOPIC, message.id())), now);
        router.received(peers.get(0), Rpc.EMPTY, List.of(message), now);
        router.received(peers.get(2), Rpc.EMPTY, List.of(message), now);
        assertThat(all(drain(null), Rpc::messages)).hasSize(2);
        assertThat(delivered).hasSize(1);
        assertThat(router.score(peers.get(0), now)).isGreaterThan(router.score(peers.get(2), now));
    }

    @Test
    void promisesAreToBeKept() {
        PeerId liar = peer();
        PeerId honest = peer();
        drain(null);
        for (int i = 0; i < 20; i++) {
            say(liar, ihave(ids(3)));
            Arrival.Fresh message = fresh(Sim.identity(random), "kept " + i, Verdict.ACCEPT);
            say(honest, ihave(List.of(message.id())));
            assertThat(all(drain(honest), rpc -> rpc.control().iwant())).containsExactly(message.id());
            router.received(honest, Rpc.EMPTY, List.of(message), now);
            heartbeats(1);
        }
        assertThat(router.score(liar, now)).isLessThan(-10);
        assertThat(router.score(honest, now)).isPositive();
        drain(null);
        say(liar, ihave(ids(3)));
        assertThat(drain(liar)).isEmpty();
    }

    @Test
    void ihaveHasItsLimits() {
        PeerId peer = peer();
        drain(null);
        for (int i = 0; i < 9; i++) {
            say(peer, ihave(ids(1000)));
        }
        assertThat(all(drain(peer), rpc -> rpc.control().iwant())).hasSize(5000);
        heartbeats(1);
        drain(null);
        for (int i = 0; i < 12; i++) {
            say(peer, ihave(ids(1)));
        }
        assertThat(all(drain(peer), rpc -> rpc.control().iwant())).hasSize(10);
        say(peer, new Control(List.of(new Ihave("/other", ids(2))), List.of(), List.of(), List.of(), List.of()));
        assertThat(drain(peer)).isEmpty();
    }

    @Test
    void iwantIsAnsweredThreeTimes() {
        PeerId peer = peer();
        Arrival.Fresh message = fresh(Sim.identity(random), "wanted", Verdict.ACCEPT);
        router.received(peer(), Rpc.EMPTY, List.of(message), now);
        drain(null);
        List<Message> got = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            say(peer, iwant(message.id(), message.id()));
            got.addAll(all(drain(peer), Rpc::messages));
        }
        assertThat(got).hasSize(3);
        heartbeats(6);
        drain(null);
        say(peer(), iwant(message.id()));
        assertThat(all(drain(null), Rpc::messages)).isEmpty();
    }

    @Test
    void whatAPeerDoesNotWantItDoesNotGetUnlessItAsks() {
        List<PeerId> peers = peers(3);
        Arrival.Fresh message = fresh(Sim.identity(random), "unwanted", Verdict.ACCEPT);
        say(peers.get(1), new Control(List.of(), List.of(), List.of(), List.of(), List.of(message.id())));
        drain(null);
        router.received(peers.get(0), Rpc.EMPTY, List.of(message), now);
        assertThat(all(drain(peers.get(1)), Rpc::messages)).isEmpty();
        say(peers.get(1), iwant(message.id()));
        assertThat(all(drain(peers.get(1)), Rpc::messages)).hasSize(1);
    }

    @Test
    void largeMessagesAreDeclinedFromThoseWhoUnderstand() {
        PeerId from = peer();
        PeerId modern = peer();
        PeerId old = peer(Version.V1_1, false);
        drain(null);
        MessageId id = ids(1).getFirst();
        router.arriving(from, TOPIC, id, 1023, now);
        assertThat(drain(null)).isEmpty();
        ids(25).forEach(other -> router.arriving(from, TOPIC, other, 1024, now));
        List<Rpc> declined = drain(modern);
        assertThat(declined).allSatisfy(rpc -> assertThat(rpc.control().idontwant().size()).isLessThanOrEqualTo(10));
        assertThat(all(declined, rpc -> rpc.control().idontwant())).hasSize(25);
        router.arriving(from, TOPIC, id, 1024, now);
        assertThat(drain(old)).isEmpty();
    }

    @Test
    void floodsubPeersGetEverythingAndAreNeverGrafted() {
        PeerId simple = peer(Version.FLOODSUB, false);
        assertThat(all(drain(simple), rpc -> rpc.control().graft())).isEmpty();
        router.received(peer(), Rpc.EMPTY, List.of(fresh(Sim.identity(random), "m", Verdict.ACCEPT)), now);
        assertThat(all(drain(simple), Rpc::messages)).hasSize(1);
    }

    @Test
    void peersInTheMeshAreNotToldWhatTheyGot() {
        List<PeerId> mesh = peers(5);
        List<PeerId> others = peers(10);
        router.received(mesh.get(0), Rpc.EMPTY, List.of(fresh(Sim.identity(random), "m", Verdict.ACCEPT)), now);
        drain(null);
        heartbeats(1);
        int told = 0;
        for (Effect effect; (effect = router.nextEffect()) != null; ) {
            if (effect instanceof Effect.Send send && !send.rpc().control().ihave().isEmpty()) {
                assertThat(others).contains(send.to());
                assertThat(router.neighbours(TOPIC)).doesNotContain(send.to());
                told++;
            }
        }
        assertThat(told).isEqualTo(6);
    }

    @Test
    void theApplicationsOpinionCounts() {
        PeerId peer = peer();
        assertThat(router.neighbours(TOPIC)).containsExactly(peer);
        application = -1;
        heartbeats((int) Scores.OPINION_HOLDS.toSeconds());
        assertThat(router.score(peer, now)).isEqualTo(-10, org.assertj.core.api.Assertions.within(0.1));
        assertThat(router.neighbours(TOPIC)).isEmpty();
    }

    @Test
    void manyPeersOnOneAddressAreWorthLess() {
        List<PeerId> peers = new ArrayList<>();
        for (int i = 0; i < 13; i++) {
            PeerId id = Sim.identity(random).peerId();
            router.opened(id, Version.V1_2, false, "192.0.2.7", now);
            peers.add(id);
        }
        assertThat(router.score(peers.getFirst(), now)).isEqualTo(-45);
        peers.subList(10, 13).forEach(id -> router.gone(id, now));
        assertThat(router.score(peers.getFirst(), now)).isZero();
    }

    @Test
    void deliveriesCountWhereTheyAreCounted() {
        GossipConfig config = GossipConfig.DEFAULT.withScores(ScoreConfig.DEFAULT.withTopic(
                ScoreConfig.Topic.DEFAULT.withDeliveries(-1, -1, 4)));
        Router strict = new Router(self.peerId(), config, p -> 0, random, now);
        strict.subscribe(TOPIC, now);
        PeerId lazy = Sim.identity(random).peerId();
        PeerId diligent = Sim.identity(random).peerId();
        for (PeerId id : List.of(lazy, diligent)) {
            strict.opened(id, Version.V1_2, false, null, now);
            strict.received(id, new Rpc(List.of(new Subscription(TOPIC, true)), List.of(), Control.EMPTY), List.of(), now);
        }
        assertThat(strict.neighbours(TOPIC)).hasSize(2);
        for (int i = 0; i < 7; i++) {
            strict.received(diligent, Rpc.EMPTY, List.of(fresh(Sim.identity(random), "x" + i, Verdict.ACCEPT)), now);
            now += SECOND;
            strict.tick(now);
        }
        assertThat(strict.score(lazy, now)).isNegative();
        assertThat(strict.score(diligent, now)).isPositive();
        assertThat(strict.neighbours(TOPIC)).containsExactly(diligent);
    }

    @Test
    void aPeerMayBeInSoManyTopics() {
        PeerId peer = peer();
        for (int i = 0; i < 3; i++) {
            int part = i;
            List<Subscription> many = IntStream.range(0, 200)
                    .mapToObj(t -> new Subscription("/t/" + part + "/" + t, true))
                    .toList();
            router.received(peer, new Rpc(many, List.of(), Control.EMPTY), List.of(), now);
        }
        assertThat(router.subscribers("/t/0/199")).hasSize(1);
        assertThat(router.subscribers("/t/1/199")).isEmpty();
        assertThat(Limits.GOSSIP_TOPICS_PER_PEER).isEqualTo(256);
    }

    @Test
    void nothingIsSentToAPeerThatCannotBeWrittenTo() {
        PeerId peer = peer();
        drain(null);
        router.unwritable(peer, now);
        assertThat(router.neighbours(TOPIC)).isEmpty();
        heartbeats(3);
        router.publish(new Signing(self, () -> now).sign(TOPIC, new byte[10]), now);
        assertThat(drain(null)).isEmpty();
        assertThat(router.counters()).containsEntry("gossip.outbox", 1L);
        router.opened(peer, Version.V1_2, false, null, now);
        router.tick(now);
        List<Rpc> again = drain(peer);
        assertThat(all(again, Rpc::subscriptions)).hasSize(1);
        assertThat(all(again, Rpc::messages)).hasSize(1);
    }

    @Test
    void fanoutServesTopicsThisNodeIsNotIn() {
        Router publisher = new Router(
                self.peerId(), GossipConfig.DEFAULT.withFloodPublish(false), p -> 0, random, now);
        for (int i = 0; i < 20; i++) {
            PeerId id = Sim.identity(random).peerId();
            publisher.opened(id, Version.V1_2, false, null, now);
            publisher.received(id, new Rpc(List.of(new Subscription(TOPIC, true)), List.of(), Control.EMPTY), List.of(), now);
        }
        publisher.publish(new Signing(self, () -> now).sign(TOPIC, new byte[10]), now);
        List<PeerId> to = new ArrayList<>();
        for (Effect effect; (effect = publisher.nextEffect()) != null; ) {
            to.add(((Effect.Send) effect).to());
        }
        assertThat(to).hasSize(6).doesNotHaveDuplicates();
        publisher.subscribe(TOPIC, now);
        assertThat(publisher.neighbours(TOPIC)).containsExactlyInAnyOrderElementsOf(to);
    }
}
