package io.swarmscope.internal.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import io.swarmscope.PeerId;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.gossip.Rpc.Control;
import io.swarmscope.internal.gossip.Rpc.Ihave;
import io.swarmscope.internal.gossip.Rpc.Subscription;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Who is told in heartbeats of which messages: nobody twice, and nobody who told of it. */
class IhaveTest {

    private static final String TOPIC = "heads";

    private final Random random = new Random(11);
    private final Identity author = Sim.identity(random);
    private long now = 5;
    private final Router router =
            new Router(Sim.identity(random).peerId(), GossipConfig.DEFAULT, peer -> 0, random, now);

    IhaveTest() {
        router.subscribe(TOPIC, now);
    }

    private PeerId peer() {
        PeerId id = Sim.identity(random).peerId();
        router.opened(id, Version.V1_2, false, null, now);
        router.received(id, new Rpc(List.of(new Subscription(TOPIC, true)), List.of(), Control.EMPTY), List.of(), now);
        return id;
    }

    private List<PeerId> peers(int count) {
        return IntStream.range(0, count).mapToObj(i -> peer()).toList();
    }

    private MessageId publish(String text) {
        Message message = new Signing(author, () -> now).sign(TOPIC, text.getBytes(StandardCharsets.UTF_8));
        router.publish(message, now);
        return MessageIds.GO.of(message);
    }

    /** Who is told of which messages in the next heartbeat. */
    private List<PeerId> told(MessageId id) {
        while (router.nextEffect() != null) {} // what came before
        now += Duration.ofSeconds(1).toNanos();
        router.tick(now);
        List<PeerId> told = new ArrayList<>();
        for (Effect effect; (effect = router.nextEffect()) != null; ) {
            if (effect instanceof Effect.Send send
                    && send.rpc().control().ihave().stream().anyMatch(ihave -> ihave.ids().contains(id))) {
                told.add(send.to());
            }
        }
        return told;
    }

    @Test
    void threeHeartbeatsTellAQuarterEachOfThoseWhoDoNotKnow() {
        peers(112);
        MessageId id = publish("news");
        int others = 112 - router.neighbours(TOPIC).size();
        Set<PeerId> all = new HashSet<>();
        int sum = 0;
        for (int i = 0; i < 3; i++) {
            List<PeerId> told = told(id);
            assertThat(told).hasSize((others - sum) / 4).doesNotContainAnyElementsOf(router.neighbours(TOPIC));
            all.addAll(told);
            sum += told.size();
        }
        assertThat(all).as("nobody is told twice").hasSize(sum);
        assertThat(told(id)).isEmpty();
    }

    @Test
    void whoTellsOfAMessageIsNotToldOfIt() {
        List<PeerId> all = peers(60);
        MessageId id = publish("news");
        List<PeerId> others = new ArrayList<>(all);
        others.removeAll(router.neighbours(TOPIC));
        List<PeerId> knowing = others.subList(0, others.size() - 2);
        Control ihave = new Control(List.of(new Ihave(TOPIC, List.of(id))), List.of(), List.of(), List.of(), List.of());
        knowing.forEach(peer -> router.received(peer, Rpc.of(ihave), List.of(), now));
        assertThat(told(id)).containsExactlyInAnyOrderElementsOf(others.subList(others.size() - 2, others.size()));
    }

    @Test
    void whoComesInThePlaceOfAPeerThatKnewIsTold() {
        List<PeerId> first = peers(12);
        MessageId id = publish("news");
        List<PeerId> told = told(id);
        assertThat(told).hasSize(6).isSubsetOf(first);
        told.forEach(peer -> router.gone(peer, now));
        List<PeerId> newcomers = peers(6);
        Set<PeerId> toldLater = new HashSet<>(told(id));
        toldLater.addAll(told(id));
        assertThat(toldLater).containsAll(newcomers);
    }

    @Test
    void aPeerHearsOfTheMessagesItLacksAndOfNoOthers() {
        List<PeerId> all = peers(7);
        MessageId first = publish("first");
        PeerId other = all.stream().filter(peer -> !router.neighbours(TOPIC).contains(peer)).findFirst().orElseThrow();
        assertThat(told(first)).contains(other);
        MessageId second = publish("second");
        now += Duration.ofSeconds(1).toNanos();
        router.tick(now);
        List<MessageId> heard = new ArrayList<>();
        for (Effect effect; (effect = router.nextEffect()) != null; ) {
            if (effect instanceof Effect.Send send && send.to().equals(other)) {
                send.rpc().control().ihave().forEach(ihave -> heard.addAll(ihave.ids()));
            }
        }
        assertThat(heard).containsExactly(second);
    }
}
