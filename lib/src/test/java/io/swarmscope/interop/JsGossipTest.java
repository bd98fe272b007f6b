package io.swarmscope.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.swarmscope.PeerId;
import io.swarmscope.host.Stream;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.gossip.GossipConfig;
import io.swarmscope.internal.gossip.MessageId;
import io.swarmscope.internal.gossip.Verdict;
import io.swarmscope.internal.wire.Frames;
import io.swarmscope.internal.wire.ProtoWriter;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** Our gossip in one mesh with js-libp2p's gossipsub. */
@Tag("interop")
@Timeout(90)
class JsGossipTest {

    private static final String TOPIC = "/test/heads/1";

    /** Own messages go along the mesh only. */
    private static final GossipConfig MESH_ONLY = GossipConfig.DEFAULT.withFloodPublish(false);

    /** A mesh of one neighbour, which has no room for a second; messages are told of for long, as machines may be slow. */
    private static final GossipConfig ONE_NEIGHBOUR = MESH_ONLY.withMesh(
            new GossipConfig.MeshConfig(1, 1, 1, 0, 0, 6, 0.25, 60, 0, 60, 60));

    /** The same for js. */
    private static final Map<String, ?> JS_ONE_NEIGHBOUR = Map.ofEntries(
            Map.entry("floodPublish", false),
            Map.entry("D", 1),
            Map.entry("Dlo", 1),
            Map.entry("Dhi", 1),
            Map.entry("Dscore", 0),
            Map.entry("Dout", 0),
            Map.entry("mcacheLength", 60),
            Map.entry("mcacheGossip", 60));

    private final List<AutoCloseable> opened = new ArrayList<>();

    /** A message that somebody was given: who wrote it, and what. */
    private record Heard(String author, String text) {}

    /** A node of ours and what it heard. */
    private final class Ours {
        final List<Heard> heard = new CopyOnWriteArrayList<>();
        final Map<Heard, MessageId> ids = new ConcurrentHashMap<>();
        final OurSwarm node;

        Ours(GossipConfig config) throws Exception {
            node = OurSwarm.gossiping(TOPIC, config, (from, author, message) -> {
                Heard what = new Heard(author.toString(), new String(message.data(), StandardCharsets.UTF_8));
                ids.put(what, config.ids().of(message));
                heard.add(what);
                return Verdict.ACCEPT;
            });
            opened.add(node);
        }

        Heard publish(String text) {
            node.swarm.publish(TOPIC, text.getBytes(StandardCharsets.UTF_8));
            return new Heard(node.id(), text);
        }

        long counter(String name) {
            try {
                return node.swarm.status().counters().getOrDefault(name, 0L);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** A js node that is in the topic, and what it heard. */
    private final class Js {
        final List<Heard> heard = new ArrayList<>();
        final Map<Heard, MessageId> ids = new HashMap<>();
        final JsPeer node;

        Js(Object gossip) {
            node = JsPeer.start(Map.of("gossip", gossip));
            opened.add(node);
            node.call("subscribe", "topic", TOPIC);
        }

        Heard publish(String text) {
            node.call("publish", "topic", TOPIC, "data", JsPeer.base64(text.getBytes(StandardCharsets.UTF_8)));
            return new Heard(node.id(), text);
        }

        List<Heard> heard() {
            for (JsonNode message : node.call("messages")) {
                assertThat(message.get("topic").asString()).isEqualTo(TOPIC);
                Heard what = new Heard(
                        message.get("from").asString(),
                        new String(JsPeer.bytes(message.get("data")), StandardCharsets.UTF_8));
                ids.put(what, MessageId.of(JsPeer.bytes(message.get("id"))));
                heard.add(what);
            }
            return heard;
        }

        void dial(Ours ours) {
            node.call("dial", "addr", ours.node.address());
        }

        List<String> mesh() {
            return JsPeer.strings(node.call("subscribers", "topic", TOPIC).get("mesh"));
        }

        List<String> subscribers() {
            return JsPeer.strings(node.call("subscribers", "topic", TOPIC).get("peers"));
        }
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable node : opened) {
            node.close();
        }
    }

    /** Waits until each has the other in its mesh; our node must have no others. */
    private static void awaitMesh(Ours ours, Js... all) {
        await().untilAsserted(() -> {
            assertThat(ours.counter("gossip.mesh")).isEqualTo(all.length);
            for (Js js : all) {
                assertThat(js.mesh()).contains(ours.node.id());
            }
        });
    }

    @Test
    void jsHearsWhatWePublish() throws Exception {
        Ours ours = new Ours(GossipConfig.DEFAULT);
        Js js = new Js(true);
        ours.node.connect(js.node);
        await().untilAsserted(() -> assertThat(js.subscribers()).containsExactly(ours.node.id()));

        Heard news = ours.publish("from us");

        await().untilAsserted(() -> assertThat(js.heard()).containsExactly(news));
        assertThat(ours.node.misbehaved).isEmpty();
    }

    @Test
    void jsHearsWhatWePublishedBeforeWeMet() throws Exception {
        Ours ours = new Ours(GossipConfig.DEFAULT);
        Js js = new Js(true);
        Heard news = ours.publish("from us, alone");
        await().until(() -> ours.counter("gossip.outbox") == 1);

        js.dial(ours);

        await().untilAsserted(() -> assertThat(js.heard()).containsExactly(news));
        await().until(() -> ours.counter("gossip.outbox") == 0);
    }

    @Test
    void weHearWhatJsPublishes() throws Exception {
        Ours ours = new Ours(GossipConfig.DEFAULT);
        Js js = new Js(true);
        js.dial(ours);
        awaitMesh(ours, js); // before its stream is open js would drop what it publishes

        Heard news = js.publish("from js");

        await().untilAsserted(() -> assertThat(ours.heard).containsExactly(news));
        assertThat(ours.counter("gossip.forged")).isZero();
        assertThat(ours.node.misbehaved).isEmpty();
    }

    @Test
    void aMeshFormsInWhichMessagesFlowBothWays() throws Exception {
        Ours ours = new Ours(MESH_ONLY);
        Js js = new Js(Map.of("floodPublish", false));
        ours.node.connect(js.node);
        awaitMesh(ours, js);

        List<Heard> fromUs =
                IntStream.range(0, 50).mapToObj(i -> ours.publish("ours " + i)).toList();
        List<Heard> fromJs =
                IntStream.range(0, 50).mapToObj(i -> js.publish("js " + i)).toList();

        await().untilAsserted(() -> assertThat(js.heard()).containsExactlyInAnyOrderElementsOf(fromUs));
        await().untilAsserted(() -> assertThat(ours.heard).containsExactlyInAnyOrderElementsOf(fromJs));
        awaitMesh(ours, js);
        assertThat(ours.node.misbehaved).isEmpty();
    }

    @Test
    void weForwardWhatOneJsPublishesToAnotherThatKnowsOnlyUs() throws Exception {
        Ours ours = new Ours(MESH_ONLY);
        Js one = new Js(true);
        Js other = new Js(true);
        one.dial(ours);
        other.dial(ours);
        awaitMesh(ours, one, other);

        Heard small = one.publish("from one js to the other");
        Heard large = one.publish("large ".repeat(10_000)); // the others are told that we have it (IDONTWANT)

        await().untilAsserted(() -> assertThat(other.heard()).containsExactlyInAnyOrder(small, large));
        assertThat(ours.heard).containsExactlyInAnyOrder(small, large);
        assertThat(ours.ids).as("the ids that we and js make").isEqualTo(other.ids);
        assertThat(ours.counter("gossip.idontwant-sent")).isEqualTo(1);
        assertThat(other.node.call("peers").size()).isEqualTo(1);
        assertThat(one.heard()).isEmpty();
    }

    @Test
    void jsForwardsWhatWePublishToAnotherOfUs() throws Exception {
        Ours one = new Ours(MESH_ONLY);
        Ours other = new Ours(MESH_ONLY);
        Js js = new Js(true);
        one.node.connect(js.node);
        other.node.connect(js.node);
        awaitMesh(one, js);
        awaitMesh(other, js);

        Heard news = one.publish("from one of us to the other");

        await().untilAsserted(() -> assertThat(other.heard).containsExactly(news));
        assertThat(one.heard).isEmpty();
        assertThat(js.heard()).containsExactly(news);
        assertThat(other.ids).as("the ids that we and js make").isEqualTo(js.ids);
    }

    @Test
    void aJsThatComesLateAsksForWhatWeTellItOf() throws Exception {
        Ours ours = new Ours(ONE_NEIGHBOUR);
        Js early = new Js(true);
        Js late = new Js(true);
        early.dial(ours);
        awaitMesh(ours, early);
        Heard own = ours.publish("from us, early");
        Heard other = early.publish("from js, early");
        await().untilAsserted(() -> assertThat(early.heard()).containsExactly(own));
        await().untilAsserted(() -> assertThat(ours.heard).containsExactly(other));

        late.dial(ours);

        // They were sent before, and our mesh has no room: only IHAVE and IWANT bring them.
        await().untilAsserted(() -> assertThat(late.heard()).containsExactlyInAnyOrder(own, other));
        assertThat(ours.counter("gossip.mesh")).isEqualTo(1);
        assertThat(late.node.call("peers").size()).isEqualTo(1);
    }

    @Test
    void comingLateWeAskForWhatJsTellsUsOf() throws Exception {
        Js js = new Js(JS_ONE_NEIGHBOUR);
        Ours early = new Ours(MESH_ONLY);
        early.node.connect(js.node);
        awaitMesh(early, js);
        Heard own = js.publish("from js, early");
        Heard other = early.publish("from us, early");
        await().untilAsserted(() -> assertThat(early.heard).containsExactly(own));
        await().untilAsserted(() -> assertThat(js.heard()).containsExactly(other));

        Ours late = new Ours(MESH_ONLY);
        late.node.connect(js.node);

        await().untilAsserted(() -> assertThat(late.heard).containsExactlyInAnyOrder(own, other));
        assertThat(js.mesh()).containsExactly(early.node.id());
        await().until(() -> late.counter("gossip.mesh") == 0);
        assertThat(late.node.misbehaved).isEmpty();
    }

    @Test
    void aMessageWithABadSignatureIsRefusedByUsAndByJs() throws Exception {
        Ours ours = new Ours(MESH_ONLY);
        Js behind = new Js(true);
        Js js = new Js(true);
        behind.dial(ours);
        awaitMesh(ours, behind);
        Attacker attacker = new Attacker();
        Stream toJs = attacker.open(js.node.address());
        Stream toUs = attacker.open(ours.node.address());

        for (Stream to : List.of(toJs, toUs)) {
            Attacker.send(to, attacker.subscription());
            Attacker.send(to, attacker.message("tampered", 1, "other", attacker.identity));
            Attacker.send(to, attacker.message("another's key", 2, "another's key", Attacker.anybody()));
            Attacker.send(to, attacker.message("good", 3, "good", attacker.identity));
            Attacker.send(to, attacker.message("good too", 4, "good too", attacker.identity));
        }

        Heard[] good = {new Heard(attacker.id(), "good"), new Heard(attacker.id(), "good too")};
        await().untilAsserted(() -> assertThat(js.heard()).containsExactlyInAnyOrder(good));
        await().untilAsserted(() -> assertThat(ours.heard).containsExactly(good));
        await().untilAsserted(() -> assertThat(behind.heard()).containsExactlyInAnyOrder(good));
        assertThat(ours.counter("gossip.forged")).isEqualTo(2);
        assertThat(ours.node.misbehaved).hasSize(2).allMatch(what -> what.startsWith(attacker.id() + ": gossip"));
    }

    /** Says what the test wants, in messages made by hand. */
    private final class Attacker {
        final Identity identity = anybody();
        final OurHost host;

        Attacker() throws Exception {
            host = OurHost.start(identity);
            opened.add(host);
            host.host.handle("/meshsub/1.1.0", stream -> {
                stream.timeout(Duration.ofMinutes(5));
                while (Frames.readOrEnd(stream.input(), 1 << 20) != null) {}
            });
        }

        static Identity anybody() {
            return Identity.generate(new SecureRandom());
        }

        String id() {
            return identity.peerId().toString();
        }

        Stream open(String address) throws Exception {
            Stream stream = host.dial(address).open(List.of("/meshsub/1.1.0"), OurHost.TIMEOUT);
            stream.timeout(OurHost.TIMEOUT);
            return stream;
        }

        static void send(Stream stream, byte[] rpc) throws Exception {
            stream.output().write(Frames.prefixed(rpc));
        }

        byte[] subscription() {
            return new ProtoWriter()
                    .message(1, new ProtoWriter().varint(1, 1).string(2, TOPIC))
                    .toBytes();
        }

        /** A message in the name of the attacker, with a signature by somebody of perhaps another text. */
        byte[] message(String text, long sequence, String signedText, Identity signer) throws Exception {
            ByteArrayOutputStream signed = new ByteArrayOutputStream();
            signed.writeBytes("libp2p-pubsub:".getBytes(StandardCharsets.US_ASCII));
            signed.writeBytes(unsigned(signedText, sequence).toBytes());
            byte[] message = unsigned(text, sequence)
                    .bytes(5, signer.sign(signed.toByteArray()))
                    .bytes(6, signer.publicKey().toProtobuf())
                    .toBytes();
            return new ProtoWriter().bytes(2, message).toBytes();
        }

        private ProtoWriter unsigned(String text, long sequence) {
            PeerId author = identity.peerId();
            return new ProtoWriter()
                    .bytes(1, author.toBytes())
                    .bytes(2, text.getBytes(StandardCharsets.UTF_8))
                    .bytes(3, ByteBuffer.allocate(Long.BYTES).putLong(sequence).array())
                    .string(4, TOPIC);
        }
    }
}
