package io.swarmscope.internal.swarm;

import io.swarmscope.Multiaddr;
import io.swarmscope.PeerId;
import io.swarmscope.host.Connection;
import io.swarmscope.host.Identified;
import io.swarmscope.internal.fork.Nanos;
import io.swarmscope.internal.gossip.Effect;
import io.swarmscope.internal.gossip.GossipConfig;
import io.swarmscope.internal.gossip.Router;
import io.swarmscope.internal.gossip.SendQueue;
import io.swarmscope.internal.gossip.Version;
import io.swarmscope.internal.wire.Limits;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Drives the gossip {@link Router} and sees to its streams: exactly one to each peer that gossips, on the connection that is kept; this node
 * only writes on it, and only reads from the one that the peer opened. Not thread-safe: only the swarm thread runs it.
 */
final class GossipPart {

    private static final List<String> PROTOCOLS = Version.protocols();

    private final Router router;
    private final ConnectionTable connections;
    private final Queue<Action> actions;
    private final Map<PeerId, Out> outs = new LinkedHashMap<>();

    /** Those of them that rest before another attempt: few, while all of them would have to be looked at after each input. */
    private final Set<Out> resting = new LinkedHashSet<>();

    /** The stream from each peer that counts, the newest. */
    private final Map<PeerId, Long> ins = new HashMap<>();

    /** The stream to a peer, or the rest before the next attempt. */
    private static final class Out {
        final Connection connection;
        int attempts;
        long restUntil;

        /** Null while it rests. */
        @Nullable SendQueue queue;

        boolean open;

        Out(Connection connection) {
            this.connection = connection;
        }

        boolean mayTryAgain() {
            return queue == null && attempts < Limits.GOSSIP_STREAMS_PER_CONNECTION;
        }
    }

    GossipPart(
            PeerId self,
            GossipConfig config,
            Set<String> topics,
            ToDoubleFunction<PeerId> application,
            ConnectionTable connections,
            Queue<Action> actions,
            RandomGenerator random,
            long now) {
        this.router = new Router(self, config, application, random, now);
        this.connections = connections;
        this.actions = actions;
        topics.forEach(topic -> router.subscribe(topic, now));
    }

    void on(Event.Gossip event, long now) {
        switch (event) {
            case Event.GossipOpened e -> opened(e, now);
            case Event.GossipEnded e -> ended(e, now);
            case Event.GossipSilent e -> {
                if (ins.remove(e.peer(), e.stream())) {
                    router.silent(e.peer(), now);
                }
            }
            case Event.GossipArriving e -> router.arriving(e.peer(), e.topic(), e.id(), e.bytes(), now);
            case Event.GossipPublished e -> router.publish(e.message(), now);
        }
    }

    /** What a peer sent; whether what it sends next is worth checking. */
    boolean received(Command.GossipReceived command, long now) {
        PeerId peer = command.from().remote();
        Long counts = ins.get(peer);
        if (counts == null || counts != command.stream()) {
            // The end of its connection may have been told before.
            if (connections.entry(command.from()) == null || (counts != null && counts > command.stream())) {
                return false;
            }
            ins.put(peer, command.stream());
        }
        return router.received(peer, command.rpc(), command.arrivals(), now);
    }

    /** A connection came or went, or its peer told what it speaks: the stream goes over the one that is kept. */
    void connectionsChanged(PeerId peer, long now) {
        ConnectionTable.Entry best = connections.best(peer);
        Out out = outs.get(peer);
        if (best == null) {
            end(outs.remove(peer), peer, now);
        } else if (speaks(best.identified) && (out == null || out.connection.id() != best.connection.id())) {
            end(out, peer, now);
            Out next = new Out(best.connection);
            outs.put(peer, next);
            start(next);
        }
    }

    private static boolean speaks(Identified identified) {
        return PROTOCOLS.stream().anyMatch(identified.protocols()::contains);
    }

    /** The last connection to a peer is gone. */
    void peerGone(PeerId peer, long now) {
        end(outs.remove(peer), peer, now);
        ins.remove(peer);
        router.gone(peer, now);
    }

    private void start(Out out) {
        SendQueue queue = new SendQueue();
        out.queue = queue;
        out.attempts++;
        resting.remove(out);
        actions.add(new Action.OpenGossip(out.connection, queue));
    }

    private void end(@Nullable Out out, PeerId peer, long now) {
        if (out != null && out.queue != null) {
            actions.add(new Action.EndGossip(out.queue));
            rest(out, peer, now);
        }
        resting.remove(out); // it is over
    }

    private void rest(Out out, PeerId peer, long now) {
        if (out.open) {
            router.unwritable(peer, now);
        }
        out.queue = null;
        out.open = false;
        out.restUntil = now + (Limits.GOSSIP_REOPEN.toNanos() << (out.attempts - 1));
        if (out.mayTryAgain()) {
            resting.add(out);
        }
    }

    private @Nullable Out current(PeerId peer, SendQueue queue) {
        Out out = outs.get(peer);
        return out != null && out.queue == queue ? out : null;
    }

    private void opened(Event.GossipOpened event, long now) {
        Out out = current(event.peer(), event.queue());
        if (out != null) {
            out.open = true;
            Multiaddr address = out.connection.remoteAddress();
            String ip = address.isLoopback() ? null : address.host().orElse(null);
            router.opened(event.peer(), event.version(), out.connection.outbound(), ip, now);
        }
    }

    private void ended(Event.GossipEnded event, long now) {
        Out out = current(event.peer(), event.queue());
        if (out != null) {
            if (event.forGood()) {
                out.attempts = Limits.GOSSIP_STREAMS_PER_CONNECTION;
            }
            rest(out, event.peer(), now);
        }
    }

    /** Streams on a connection that do not keep it from being idle. */
    int streamsOn(Connection connection) {
        Out out = outs.get(connection.remote());
        int own = out != null && out.queue != null && out.connection.id() == connection.id() ? 1 : 0;
        return own + (ins.containsKey(connection.remote()) ? 1 : 0);
    }

    /** Whether the peer is in the mesh of some topic. */
    boolean isNeighbour(PeerId peer) {
        return router.isNeighbour(peer);
    }

    void tick(long now) {
        router.tick(now);
        for (Out out : List.copyOf(resting)) {
            if (Nanos.reached(out.restUntil, now)) {
                start(out);
            }
        }
    }

    long nextDeadline() {
        long next = router.nextDeadline();
        for (Out out : resting) {
            next = Nanos.earlier(next, out.restUntil);
        }
        return next;
    }

    /** Makes actions of what the router wants. */
    void pump() {
        for (Effect effect; (effect = router.nextEffect()) != null; ) {
            switch (effect) {
                case Effect.Send send -> {
                    Out out = outs.get(send.to());
                    if (out != null && out.queue != null) {
                        actions.add(new Action.SendGossip(out.queue, send.rpc()));
                    }
                }
                case Effect.Deliver deliver -> {} // those who judged it have it already
            }
        }
    }

    void close() {
        pump();
        for (Out out : outs.values()) {
            if (out.queue != null) {
                actions.add(new Action.EndGossip(out.queue));
            }
        }
    }

    Map<String, Long> counters() {
        return router.counters();
    }
}
