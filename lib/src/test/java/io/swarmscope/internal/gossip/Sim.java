package io.swarmscope.internal.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import io.swarmscope.PeerId;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.wire.Limits;
import io.swarmscope.internal.wire.MalformedException;
import io.swarmscope.internal.wire.ProtoWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.Predicate;

/** Routers in memory, with virtual time and frames that really are bytes. One seed gives one course of events. */
final class Sim {

    static final String TOPIC = "/test/heads/1";

    final Random random;
    final GossipConfig config;
    final Map<PeerId, Node> nodes = new LinkedHashMap<>();
    long now = 1_000;
    private long order;
    private final PriorityQueue<Frame> wire = new PriorityQueue<>();

    /** Whether a frame gets through; by sender and receiver. */
    Passing passing = (from, to, rpc) -> true;

    /** How long a frame travels. */
    Duration latency = Duration.ofMillis(20);

    /** The same for a frame with messages. */
    Duration messageLatency = Duration.ofMillis(20);

    interface Passing {
        boolean passes(Node from, Node to, Rpc rpc);
    }

    private record Frame(long at, long order, Node from, Node to, byte[] bytes) implements Comparable<Frame> {
        @Override
        public int compareTo(Frame o) {
            return at != o.at ? Long.compare(at, o.at) : Long.compare(order, o.order);
        }
    }

    final class Node {
        final Identity identity = identity(random);
        final PeerId id = identity.peerId();
        final Router router;
        final Intake intake;
        final Signing signing = new Signing(identity, () -> now);
        final List<String> delivered = new ArrayList<>();
        final Map<PeerId, Node> connected = new HashMap<>();

        /** Forwards nothing. */
        boolean silent;

        Node() {
            router = new Router(id, config, peer -> 0, new Random(random.nextLong()), now);
            intake = new Intake(config, topic -> true, (from, author, message) -> Verdict.ACCEPT);
        }

        Message publish(String text) {
            Message message = signing.sign(TOPIC, text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            intake.published(message);
            router.publish(message, now);
            pump(this);
            return message;
        }

        long count(String counter) {
            return router.counters().getOrDefault(counter, 0L);
        }
    }

    Sim(long seed, GossipConfig config) {
        this.random = new Random(seed);
        this.config = config;
    }

    static Identity identity(Random random) {
        byte[] seed = new byte[32];
        random.nextBytes(seed);
        byte[] pub = new byte[32];
        org.bouncycastle.math.ec.rfc8032.Ed25519.generatePublicKey(seed, 0, pub, 0);
        byte[] pair = new byte[64];
        System.arraycopy(seed, 0, pair, 0, 32);
        System.arraycopy(pub, 0, pair, 32, 32);
        try {
            return Identity.ofProtobuf(new ProtoWriter().varint(1, 1).bytes(2, pair).toBytes());
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
    }

    Node add() {
        Node node = new Node();
        nodes.put(node.id, node);
        node.router.subscribe(TOPIC, now);
        return node;
    }

    List<Node> add(int count) {
        List<Node> added = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            added.add(add());
        }
        return added;
    }

    /** Nodes that each dialed so many others at random. */
    List<Node> addConnected(int count, int dials) {
        List<Node> added = add(count);
        for (Node node : added) {
            for (int i = 0; i < dials; i++) {
                connect(node, added.get(random.nextInt(count)));
            }
        }
        return added;
    }

    void connect(Node a, Node b) {
        if (a == b || a.connected.putIfAbsent(b.id, b) != null) {
            return;
        }
        b.connected.put(a.id, a);
        a.router.opened(b.id, Version.V1_2, true, null, now);
        b.router.opened(a.id, Version.V1_2, false, null, now);
        pump(a);
        pump(b);
    }

    void disconnect(Node a, Node b) {
        a.connected.remove(b.id);
        b.connected.remove(a.id);
        a.router.gone(b.id, now);
        b.router.gone(a.id, now);
        pump(a);
        pump(b);
    }

    void pump(Node node) {
        for (Effect effect; (effect = node.router.nextEffect()) != null; ) {
            switch (effect) {
                case Effect.Send send -> send(node, send);
                case Effect.Deliver deliver ->
                    node.delivered.add(new String(deliver.message().data(), java.nio.charset.StandardCharsets.UTF_8));
            }
        }
    }

    private void send(Node from, Effect.Send send) {
        Node to = from.connected.get(send.to());
        if (to == null || from.silent && !send.rpc().messages().isEmpty() || !passing.passes(from, to, send.rpc())) {
            return;
        }
        byte[] bytes = RpcCodec.encode(send.rpc());
        assertThat(bytes.length).isLessThanOrEqualTo(Limits.GOSSIP_RPC_BYTES_OUT);
        Duration travel = send.rpc().messages().isEmpty() ? latency : messageLatency;
        long jitter = (long) (travel.toNanos() * (0.5 + random.nextDouble()));
        wire.add(new Frame(now + jitter, order++, from, to, bytes));
    }

    /** Lets time pass. */
    void run(Duration time) {
        long end = now + time.toNanos();
        while (true) {
            long next = nodes.values().stream().mapToLong(n -> n.router.nextDeadline()).min().orElse(end);
            Frame frame = wire.peek();
            long at = frame == null ? next : Math.min(next, frame.at);
            if (at > end) {
                break;
            }
            now = Math.max(now, at);
            if (frame != null && frame.at <= now) {
                receive(wire.remove());
            } else {
                nodes.values().forEach(node -> {
                    if (node.router.nextDeadline() <= now) {
                        node.router.tick(now);
                        pump(node);
                    }
                });
            }
        }
        now = end;
    }

    private void receive(Frame frame) {
        Node to = frame.to;
        if (!to.connected.containsKey(frame.from.id)) {
            return;
        }
        try {
            Rpc rpc = RpcCodec.decode(frame.bytes);
            List<Arrival> arrivals = to.intake.check(frame.from.id, rpc, (topic, id, bytes) -> {
                to.router.arriving(frame.from.id, topic, id, bytes, now);
                pump(to);
            });
            to.router.received(frame.from.id, rpc, arrivals, now);
            pump(to);
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
    }

    long total(String counter, Predicate<Node> which) {
        return nodes.values().stream().filter(which).mapToLong(n -> n.count(counter)).sum();
    }
}
