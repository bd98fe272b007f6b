package io.swarmscope.internal.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.swarmscope.DhtMode;
import io.swarmscope.Multiaddr;
import io.swarmscope.PeerId;
import io.swarmscope.host.Connection;
import io.swarmscope.host.DeafListener;
import io.swarmscope.host.Stream;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.fork.Deadline;
import io.swarmscope.internal.fork.Forks;
import io.swarmscope.internal.gossip.GossipConfig;
import io.swarmscope.internal.gossip.Signing;
import io.swarmscope.internal.gossip.Verdict;
import io.swarmscope.internal.gossip.Version;
import io.swarmscope.internal.kad.KadConfig;
import io.swarmscope.internal.kad.Validators;
import io.swarmscope.internal.link.TcpHost;
import io.swarmscope.internal.link.TcpHostConfig;
import io.swarmscope.internal.peer.DeafObserver;
import io.swarmscope.internal.peer.PeerObserver;
import io.swarmscope.internal.wire.Frames;
import io.swarmscope.internal.wire.ProtoWriter;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Gossip over real sockets, between nodes that know only whom the test connects. */
class GossipTest {

    private static final String TOPIC = "/test/heads/1";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final List<AutoCloseable> opened = new ArrayList<>();

    /** One node; a client of the DHT, so that nobody looks it up. */
    private final class Node {
        final Identity identity = Identity.generate(new SecureRandom());
        final TcpHost host = TcpHost.create(
                identity, TcpHostConfig.DEFAULT.withListen(List.of(Multiaddr.parse("/ip4/127.0.0.1/tcp/0"))));
        final List<String> heard = new CopyOnWriteArrayList<>();
        final List<PeerId> blamed = new CopyOnWriteArrayList<>();
        final SwarmHandle swarm;

        Node() throws Exception {
            SwarmConfig config = new SwarmConfig(
                            identity.peerId(),
                            KadConfig.DEFAULT.withMode(DhtMode.CLIENT),
                            Validators.DEFAULT,
                            List.of(),
                            new SplittableRandom(1),
                            observer(),
                            (key, value) -> {})
                    .withGossip(new GossipSetup(
                            GossipConfig.DEFAULT,
                            Set.of(TOPIC),
                            new Signing(identity, System::nanoTime),
                            (from, author, message) -> {
                                heard.add(new String(message.data(), StandardCharsets.UTF_8));
                                return Verdict.ACCEPT;
                            },
                            peer -> 0));
            swarm = SwarmHandle.start(config, host, List.of(), Forks.best());
            opened.add(() -> {
                swarm.close();
                host.close();
            });
        }

        private PeerObserver observer() {
            return new DeafObserver() {
                @Override
                public void misbehaved(PeerId peer, String what) {
                    blamed.add(peer);
                }
            };
        }

        Multiaddr address() {
            return host.addresses().getFirst().withPeerId(identity.peerId());
        }

        void connect(Node other) throws Exception {
            swarm.connect(other.address(), Deadline.after(PATIENCE));
        }

        void publish(String text) {
            swarm.publish(TOPIC, text.getBytes(StandardCharsets.UTF_8));
        }

        long counter(String name) {
            try {
                return swarm.status().counters().getOrDefault(name, 0L);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable node : opened) {
            node.close();
        }
    }

    @Test
    void neighboursHearAnAnnouncement() throws Exception {
        Node one = new Node();
        Node two = new Node();
        Node three = new Node();
        two.connect(one);
        three.connect(one);
        await().atMost(PATIENCE).until(() -> one.counter("gossip.mesh") == 2);
        one.publish("news");
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(two.heard).containsExactly("news");
            assertThat(three.heard).containsExactly("news");
        });
        assertThat(one.heard).isEmpty();
    }

    @Test
    void aMessageGoesAlongAChain() throws Exception {
        List<Node> chain = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            chain.add(new Node());
            if (i > 0) {
                chain.get(i).connect(chain.get(i - 1));
            }
        }
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(chain.get(0).counter("gossip.mesh")).isEqualTo(1);
            assertThat(chain.get(1).counter("gossip.mesh")).isEqualTo(2);
            assertThat(chain.get(2).counter("gossip.mesh")).isEqualTo(2);
        });
        chain.get(0).publish("from one end");
        chain.get(3).publish("from the other");
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(chain.get(3).heard).containsExactly("from one end");
            assertThat(chain.get(0).heard).containsExactly("from the other");
            assertThat(chain.get(1).heard).containsExactlyInAnyOrder("from one end", "from the other");
        });
        assertThat(chain.get(0).swarm.neighbours()).hasSize(1);
    }

    @Test
    void whatIsPublishedWhileNobodyIsThereComesLater() throws Exception {
        Node alone = new Node();
        List<String> early = IntStream.range(0, 250).mapToObj(i -> "early " + i).toList();
        early.forEach(alone::publish);
        await().atMost(PATIENCE).until(() -> alone.counter("gossip.outbox") == 250);
        Node late = new Node();
        late.connect(alone);
        await().atMost(PATIENCE).untilAsserted(() ->
                assertThat(late.heard).containsExactlyInAnyOrderElementsOf(early));
        assertThat(alone.counter("gossip.outbox")).isZero();
    }

    @Test
    void thereIsOneStreamEachWayHoweverTheyMet() throws Exception {
        Node one = new Node();
        Node two = new Node();
        Thread other = Thread.ofVirtual().start(() -> {
            try {
                one.connect(two);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        two.connect(one);
        other.join();
        await().atMost(PATIENCE).untilAsserted(() -> {
            for (Node node : List.of(one, two)) {
                assertThat(node.host.stats().inbound() + node.host.stats().outbound()).isEqualTo(1);
                assertThat(node.host.stats().streams()).isEqualTo(2);
                assertThat(node.counter("gossip.mesh")).isEqualTo(1);
            }
        });
        one.publish("a");
        two.publish("b");
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(two.heard).containsExactly("a");
            assertThat(one.heard).containsExactly("b");
        });
    }

    @Test
    void whoComesBackIsToldAgain() throws Exception {
        Node one = new Node();
        Node two = new Node();
        two.connect(one);
        await().atMost(PATIENCE).until(() -> one.counter("gossip.mesh") == 1);
        Connection here = one.swarm.neighbours().getFirst().connection();
        two.swarm.neighbours().getFirst().connection().close();
        // They find one another again by themselves as well, perhaps before this has looked.
        await().atMost(PATIENCE).until(() -> one.swarm.neighbours().stream().noneMatch(n -> n.connection().equals(here)));
        one.publish("meanwhile");
        two.connect(one);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(two.heard).containsExactly("meanwhile"));
    }

    @Test
    void aStreamThatEndedIsOpenedAgain() throws Exception {
        Node one = new Node();
        Stranger stranger = new Stranger(one);
        await().atMost(PATIENCE).until(() -> stranger.streams.size() == 1);
        stranger.streams.getFirst().reset();
        // Only a write shows that it ended.
        for (int i = 0; stranger.streams.size() < 2 && i < 200; i++) {
            stranger.subscribe(i % 2 == 0);
            one.publish("is anybody there? " + i);
            int seen = stranger.streams.size();
            await().pollDelay(Duration.ofMillis(50)).atMost(PATIENCE).until(() -> stranger.streams.size() >= seen);
        }
        assertThat(stranger.streams).hasSizeGreaterThanOrEqualTo(2);
    }

    @Test
    void forgeriesAreRefusedAndTheirSenderIsNotListenedTo() throws Exception {
        Node victim = new Node();
        Stranger stranger = new Stranger(victim);
        Identity somebody = Identity.generate(new SecureRandom());
        for (int i = 0; i < 20; i++) {
            byte[] message = new ProtoWriter()
                    .bytes(1, somebody.peerId().toBytes())
                    .bytes(2, ("forged " + i).getBytes(StandardCharsets.UTF_8))
                    .bytes(3, new byte[] {0, 0, 0, 0, 0, 0, 0, (byte) i})
                    .string(4, TOPIC)
                    .bytes(5, new byte[64])
                    .bytes(6, somebody.publicKey().toProtobuf())
                    .toBytes();
            stranger.send(new ProtoWriter().bytes(2, message).toBytes());
        }
        await().atMost(PATIENCE).until(() -> victim.counter("gossip.graylisted") >= 10);
        assertThat(victim.heard).isEmpty();
        assertThat(victim.blamed).contains(stranger.host.id());
        assertThat(victim.counter("gossip.forged")).isLessThan(10);
    }

    @Test
    void whatIsNoFrameEndsTheStreamAndCostsReputation() throws Exception {
        Node victim = new Node();
        Stranger stranger = new Stranger(victim);
        stranger.send(new byte[] {10, 127, 1});
        await().atMost(PATIENCE).until(() -> victim.blamed.contains(stranger.host.id()));
    }

    /** A peer that is only a host, and says what the test wants. */
    private final class Stranger {
        final TcpHost host = TcpHost.create(
                Identity.generate(new SecureRandom()),
                TcpHostConfig.DEFAULT.withListen(List.of(Multiaddr.parse("/ip4/127.0.0.1/tcp/0"))));
        final List<Stream> streams = new CopyOnWriteArrayList<>();
        final Stream out;

        Stranger(Node to) throws Exception {
            opened.add(host);
            host.handle("/meshsub/1.1.0", stream -> {
                streams.add(stream);
                stream.timeout(Duration.ofMinutes(5));
                while (Frames.readOrEnd(stream.input(), 1 << 20) != null) {}
            });
            host.start(new DeafListener());
            Connection connection = host.dial(to.address(), null, PATIENCE);
            out = connection.open(Version.protocols(), PATIENCE);
            out.timeout(PATIENCE);
        }

        void send(byte[] rpc) throws Exception {
            out.output().write(Frames.prefixed(rpc));
        }

        void subscribe(boolean joined) throws Exception {
            send(new ProtoWriter()
                    .message(1, new ProtoWriter().varint(1, joined ? 1 : 0).string(2, TOPIC))
                    .toBytes());
        }
    }
}
