package io.swarmscope.internal.kad;

import io.swarmscope.DhtMode;
import io.swarmscope.Multiaddr;
import io.swarmscope.PeerId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/**
 * A network in memory: real {@link Kademlia} nodes, one queue of events, virtual time, and a seeded delay for each message. The same seed
 * gives the same run.
 */
final class SimNetwork {

    static final Instant WALL_CLOCK = Instant.parse("2026-11-21T12:00:00Z");

    final List<Node> nodes = new ArrayList<>();
    final SplittableRandom random;
    private final Map<PeerId, Node> byId = new HashMap<>();
    private final PriorityQueue<Event> events =
            new PriorityQueue<>((x, y) -> x.at == y.at ? Long.compare(x.order, y.order) : Long.compare(x.at - y.at, 0));
    private long order;
    private boolean encode;
    long now = Long.MAX_VALUE - 3600 * Fixtures.SECOND; // the clock may wrap, so it does, in most tests after an hour
    int requests;

    private record Event(long at, long order, Runnable action) {}

    /** One node: its part in the DHT, and what became of its operations. */
    final class Node {
        final PeerId id;
        final Multiaddr address;
        final Kademlia kad;
        final Map<QueryId, OperationResult> results = new HashMap<>();
        final List<Effect> heard = new ArrayList<>();
        final List<Request> asked = new ArrayList<>();
        private final Set<PeerId> connected = new HashSet<>();
        private final boolean server;
        Health health = Health.WELL;
        private long nextQuery;
        private long tickAt = Long.MAX_VALUE;
        private boolean ticking;

        private Node(PeerId id, Multiaddr address, KadConfig config) {
            this.id = id;
            this.address = address;
            this.server = config.mode() == DhtMode.SERVER;
            this.kad = new Kademlia(id, config, Fixtures.VALIDATORS, SimNetwork.this::addresses, random.split(), now);
        }

        QueryId start(Operation operation) {
            return start(operation, 60 * Fixtures.SECOND);
        }

        QueryId start(Operation operation, long nanos) {
            QueryId id = new QueryId(nextQuery++);
            kad.start(id, operation, now + nanos, now);
            perform(this);
            return id;
        }

        /** Starts an operation and lets the network run until it ended. */
        <T extends OperationResult> T run(Operation operation, Class<T> type) {
            QueryId id = start(operation);
            runUntil(() -> results.containsKey(id));
            return type.cast(results.get(id));
        }

        <T extends Effect> List<T> heard(Class<T> type) {
            return heard.stream().filter(type::isInstance).map(type::cast).toList();
        }
    }

    /** How a node treats requests. */
    enum Health {
        WELL,
        /** Takes them and says nothing. */
        SILENT,
        /** Cannot be dialed, and dials nobody. */
        DOWN
    }

    SimNetwork(long seed) {
        this.random = new SplittableRandom(seed);
    }

    /** From now on every message goes through the codec. */
    SimNetwork encoded() {
        encode = true;
        return this;
    }

    /** Adds nodes that know nobody. */
    SimNetwork with(int count, KadConfig config) {
        for (int i = 0; i < count; i++) {
            Node node = new Node(Fixtures.peer(random), Fixtures.address(nodes.size()), config);
            nodes.add(node);
            byId.put(node.id, node);
            perform(node);
        }
        return this;
    }

    Node node(int index) {
        return nodes.get(index);
    }

    Node node(PeerId peer) {
        return byId.get(peer);
    }

    /** Both meet: each is told that the other is a connected server. */
    void meet(Node one, Node other) {
        connect(one, other);
        perform(one);
        perform(other);
    }

    /** Every node hears of every other, as in a network that has run for long. */
    SimNetwork acquainted() {
        for (Node node : nodes) {
            for (Node other : nodes.subList(0, nodes.indexOf(node))) {
                connect(node, other);
            }
            perform(node);
        }
        return this;
    }

    void runFor(long nanos) {
        long end = now + nanos;
        runUntil(() -> false, end);
        now = end;
    }

    void runUntil(BooleanSupplier condition) {
        runUntil(condition, now + 7200 * Fixtures.SECOND);
    }

    private void runUntil(BooleanSupplier condition, long end) {
        while (!condition.getAsBoolean()) {
            Event next = events.peek();
            if (next == null || next.at - end > 0) {
                return;
            }
            events.poll();
            now = next.at;
            next.action.run();
        }
    }

    private List<Multiaddr> addresses(PeerId peer) {
        Node node = byId.get(peer);
        return node == null ? List.of() : List.of(node.address);
    }

    private void perform(Node node) {
        for (Effect effect = node.kad.nextEffect(); effect != null; effect = node.kad.nextEffect()) {
            switch (effect) {
                case Effect.Send send -> send(node, send);
                case Effect.Finished finished -> {
                    if (node.results.put(finished.query(), finished.result()) != null) {
                        throw new AssertionError("finished twice: " + finished);
                    }
                }
                default -> node.heard.add(effect);
            }
        }
        long due = node.kad.nextDeadline();
        if (!node.ticking || due - node.tickAt < 0) {
            node.ticking = true;
            node.tickAt = due;
            later(Math.max(0, due - now), () -> tick(node, due));
        }
    }

    private void tick(Node node, long due) {
        if (node.tickAt == due) {
            node.ticking = false;
            node.kad.tick(now);
            perform(node);
        }
    }

    private void send(Node from, Effect.Send send) {
        requests++;
        Node to = byId.get(send.to());
        Request request = encode ? (Request) decode(MessageCodec.encode(send.request()), true) : send.request();
        if (to == null || to.health == Health.DOWN || from.health == Health.DOWN) {
            later(delay(), () -> fail(from, send.id(), "connection refused"));
        } else if (to.health == Health.WELL) {
            later(delay(), () -> serve(from, to, send.id(), request));
        }
    }

    /** As on a real connection: both identify themselves, and after a minute without need it is closed. */
    private void connect(Node from, Node to) {
        if (from.connected.add(to.id)) {
            to.connected.add(from.id);
            if (from.server) {
                to.kad.peerConnectedServer(from.id, now);
            }
            from.kad.peerConnectedServer(to.id, now);
            later(60 * Fixtures.SECOND, () -> disconnect(from, to));
        }
    }

    private void disconnect(Node one, Node other) {
        one.connected.remove(other.id);
        other.connected.remove(one.id);
        one.kad.peerGone(other.id, now);
        other.kad.peerGone(one.id, now);
        perform(one);
        perform(other);
    }

    private void serve(Node from, Node to, RequestId id, Request request) {
        connect(from, to);
        to.asked.add(request);
        Reply reply = to.kad.answer(from.id, request, WALL_CLOCK, now);
        perform(to);
        switch (reply) {
            case Reply.Send answer -> {
                Answer received = encode ? (Answer) decode(MessageCodec.encode(answer.answer()), false) : answer.answer();
                later(delay(), () -> {
                    from.kad.onAnswer(id, received, now);
                    perform(from);
                });
            }
            case Reply.Nothing nothing -> {
                from.kad.onDelivered(id, now);
                perform(from);
            }
            case Reply.Refuse refuse -> later(delay(), () -> fail(from, id, "stream reset"));
        }
    }

    private void fail(Node node, RequestId id, String cause) {
        node.kad.onFailure(id, cause, now);
        perform(node);
    }

    private static Message decode(byte[] bytes, boolean request) {
        try {
            return request ? MessageCodec.decodeRequest(bytes) : MessageCodec.decodeAnswer(bytes);
        } catch (java.io.IOException e) {
            throw new AssertionError("our own message cannot be read", e);
        }
    }

    private long delay() {
        return random.nextLong(5 * Fixtures.MILLI, 50 * Fixtures.MILLI);
    }

    private void later(long nanos, Runnable action) {
        events.add(new Event(now + nanos, order++, action));
    }

}
