package io.swarmscope.internal.swarm;

import io.swarmscope.Multiaddr;
import io.swarmscope.PeerId;
import io.swarmscope.RegistryException;
import io.swarmscope.host.Connection;
import io.swarmscope.host.HostException;
import io.swarmscope.host.Identified;
import io.swarmscope.internal.fork.Nanos;
import io.swarmscope.internal.gossip.GossipConfig;
import io.swarmscope.internal.kad.Effect;
import io.swarmscope.internal.kad.Kademlia;
import io.swarmscope.internal.kad.Operation;
import io.swarmscope.internal.kad.OperationResult;
import io.swarmscope.internal.kad.QueryId;
import io.swarmscope.internal.kad.Reply;
import io.swarmscope.internal.peer.AddressBook;
import io.swarmscope.internal.wire.Limits;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * All network state of a node, as a value that decides: inputs go in, actions come out. It has no thread, socket, clock or lock;
 * time and randomness are arguments. Not thread-safe: only the swarm thread runs it, or a simulation.
 *
 * <p>It only routes. What decides are the parts it drives: {@link ConnectionTable}, {@link Dials}, {@link Joining},
 * {@link PendingCalls}, {@link GossipPart}, the {@link AddressBook}, and {@link Kademlia} by way of {@link KadPart}.
 */
final class Swarm {

    private final String kadProtocol;
    private final KadPart dht;
    private final Kademlia kad;
    private final ConnectionTable connections;
    private final Dials dials;
    private final Joining joining;
    private final GossipPart gossip;
    private final PendingCalls pending = new PendingCalls();
    private final AddressBook addresses = new AddressBook();
    private final ArrayDeque<Action> actions = new ArrayDeque<>();
    private final Map<String, Long> counters = new TreeMap<>();

    private final QueryId ownLookup = new QueryId(0);
    private long nextMaintenance;
    private long requests;

    Swarm(SwarmConfig config, long now) {
        this.kadProtocol = config.kad().protocolId();
        this.connections = new ConnectionTable(config.self());
        this.dials = new Dials(config.random());
        addresses.restore(config.remembered().peers().stream()
                .filter(known -> !known.peer().equals(config.self()))
                .toList());
        this.dht = new KadPart(config, connections, dials, addresses, actions, this::finished, now);
        this.kad = dht.kad();
        this.joining = new Joining(config.bootstrap(), addresses, dials, kad::inTable, config.random(), now);
        this.nextMaintenance = now;
        this.gossip = new GossipPart(
                config.self(),
                config.gossip().map(GossipSetup::config).orElse(GossipConfig.DEFAULT),
                config.gossip().map(GossipSetup::topics).orElse(Set.of()),
                config.gossip().map(GossipSetup::application).orElse(peer -> 0),
                connections,
                actions,
                config.random(),
                now);
    }

    /** Takes note of an input and decides; the decisions are read with {@link #nextAction}. */
    void on(Input input, long now, Instant wallClock) {
        switch (input) {
            case Event.Listening e -> dht.announce(e.addresses());
            case Event.Opened e -> opened(e.connection(), now, wallClock);
            case Event.Identity e -> identified(e.connection(), e.identified(), now, wallClock);
            case Event.Closed e -> closed(e.connection(), now, wallClock);
            case Event.Misbehaved e -> blame(e.peer(), e.what());
            case Event.Dialed e -> dialed(e, now, wallClock);
            case Event.AddressFailed e -> addresses.failed(e.peer(), e.address());
            case Event.Answered e -> kad.onAnswer(e.request(), e.answer(), now);
            case Event.Delivered e -> kad.onDelivered(e.request(), now);
            case Event.Unanswered e -> kad.onFailure(e.request(), e.cause(), now);
            case Event.Gossip e -> gossip.on(e, now);
            case Command.GossipReceived c -> settle(c.reply(), gossip.received(c, now));
            case Command.Run c -> run(c, now);
            case Command.Reach c -> reach(c, now);
            case Command.Cancel c -> cancel(c, now);
            case Command.Serve c -> serve(c, now, wallClock);
            case Command.AwaitJoined c -> awaitJoined(c);
            case Command.ListNeighbours c -> settle(c.reply(), neighbours(now));
            case Command.ListPeers c -> settle(c.reply(), peers(wallClock));
            case Command.ReadStatus c -> settle(c.reply(), status());
        }
        pump(now);
    }

    /** Does what time alone brings about: expiry, refresh, redials. To be called no later than {@link #nextDeadline}. */
    void tick(long now) {
        kad.tick(now);
        gossip.tick(now);
        dials.expire(now);
        // Whoever does not tell about itself is connected all the same: better a connection than an error.
        pending.expired(now).forEach(wait -> settle(wait.reply(), wait.connection()));
        joining.expired(now).forEach(reply -> settle(reply, false));
        joining.dialIfDue(now);
        joining.reuniteIfDue(now, peer -> connections.best(peer) != null);
        if (Nanos.reached(nextMaintenance, now)) {
            nextMaintenance = now + Limits.MAINTENANCE_INTERVAL.toNanos();
            connections.duplicates(now).forEach(c -> actions.add(new Action.CloseIfIdle(c)));
            connections
                    .above(Limits.CONNECTIONS_HIGH_WATER, Limits.CONNECTIONS_LOW_WATER, peer -> kad.inTable(peer) || gossip.isNeighbour(peer), now)
                    .forEach(c -> actions.add(new Action.CloseIfIdle(c, gossip.streamsOn(c))));
        }
        pump(now);
    }

    /** When {@link #tick} is due, unless an input comes first. */
    long nextDeadline() {
        long next = Nanos.earlier(nextMaintenance, kad.nextDeadline());
        next = Nanos.earlier(next, gossip.nextDeadline());
        next = dials.nextDeadline(next);
        next = pending.nextDeadline(next);
        return joining.nextDeadline(next);
    }

    /** The next decision to act on, {@code null} if there is none. */
    @Nullable Action nextAction() {
        if (actions.isEmpty()) {
            gossip.pump();
        }
        return actions.poll();
    }

    /** Fails everything that is pending. Only {@link #nextAction} may be called afterwards. */
    void close(long now) {
        RegistryException.Closed reason = new RegistryException.Closed(null);
        gossip.close();
        pending.all().forEach(call -> actions.add(new Action.Fail(call.reply(), reason)));
        joining.takeAll().forEach(reply -> actions.add(new Action.Fail(reply, reason)));
        dials.close(new HostException(HostException.Kind.CLOSED, "the node is closing"), now);
    }

    // Connections

    private void opened(Connection connection, long now, Instant wallClock) {
        connections.opened(connection, now);
        if (connection.outbound()) {
            addresses.worked(connection.remote(), connection.remoteAddress());
            addresses.used(connection.remote(), wallClock);
        }
        dials.connected(connection.remote(), connection);
    }

    private void identified(Connection connection, Identified identified, long now, Instant wallClock) {
        ConnectionTable.Entry entry = connections.entry(connection);
        if (entry == null) {
            return; // it closed meanwhile
        }
        PeerId peer = connection.remote();
        entry.identified = identified;
        addresses.claimed(peer, identified.listenAddresses());
        addresses.used(peer, wallClock);
        if (identified.protocols().contains(kadProtocol)) {
            kad.peerConnectedServer(peer, now);
        } else {
            kad.peerIsClient(peer);
        }
        gossip.connectionsChanged(peer, now);
        pending.identified(peer).forEach(wait -> settle(wait.reply(), wait.connection()));
        if (joining.met()) {
            kad.start(ownLookup, new Operation.Bootstrap(), now + Limits.JOIN_LOOKUP.toNanos(), now);
        }
    }

    private void closed(Connection connection, long now, Instant wallClock) {
        if (connections.closed(connection)) {
            addresses.used(connection.remote(), wallClock);
            kad.peerGone(connection.remote(), now);
            gossip.peerGone(connection.remote(), now);
        } else {
            gossip.connectionsChanged(connection.remote(), now);
        }
        if (connections.size() == 0) {
            joining.lost(now);
            kad.cancel(ownLookup, now); // or else the one that begins when somebody is met again would have its number
        }
    }

    private void dialed(Event.Dialed event, long now, Instant wallClock) {
        if (event.connection() != null) {
            opened(event.connection(), now, wallClock);
        }
        dials.ended(event.peer(), event.failure(), now);
    }

    private void blame(PeerId peer, String what) {
        count("violations");
        actions.add(new Action.Blame(peer, what, false));
    }

    // Commands

    private void run(Command.Run command, long now) {
        pending.add(command.query(), command.reply(), then -> kad.cancel(command.query(), then));
        kad.start(command.query(), command.operation(), command.deadline(), now);
    }

    private void reach(Command.Reach command, long now) {
        ConnectionTable.Entry best = connections.best(command.peer());
        if (best != null) {
            reached(command, best.connection, !best.identified.equals(Identified.NOTHING));
            return;
        }
        ReachWaiter waiter = new ReachWaiter(command);
        pending.add(command.query(), command.reply(), then -> dials.abandon(waiter));
        dials.await(command.peer(), command.hints(), waiter, now);
    }

    private void reached(Command.Reach command, Connection connection, boolean identified) {
        pending.remove(command.query());
        if (identified || !command.identified()) {
            settle(command.reply(), connection);
        } else {
            pending.addIdentityWait(new PendingCalls.IdentityWait(
                    command.query(), connection, command.deadline(), command.reply()));
        }
    }

    private void cancel(Command.Cancel command, long now) {
        PendingCalls.Call call = pending.remove(command.query());
        if (call != null) {
            call.onCancel().accept(now);
        }
        joining.abandon(command.query().number());
        settle(command.reply(), call != null);
    }

    private void serve(Command.Serve command, long now, Instant wallClock) {
        Connection from = command.from();
        Reply reply = kad.answer(from.remote(), command.request(), wallClock, now);
        requests++;
        settle(command.reply(), reply);
    }

    private void awaitJoined(Command.AwaitJoined command) {
        if (joining.state() == Joining.State.JOINED) {
            settle(command.reply(), true);
        } else {
            joining.await(command.query().number(), command.deadline(), command.reply());
        }
    }

    private List<Neighbour> neighbours(long now) {
        List<Neighbour> list = new ArrayList<>();
        for (ConnectionTable.Entry entry : connections.bestOfEach()) {
            list.add(new Neighbour(entry.connection, entry.identified, now - entry.openedAt));
        }
        return list;
    }

    private PeersSnapshot peers(Instant wallClock) {
        connections.peers().forEach(peer -> addresses.used(peer, wallClock));
        return new PeersSnapshot(addresses.snapshot(), kad.table());
    }

    /** Whether the node is in its network. */
    boolean joined() {
        return joining.state() == Joining.State.JOINED;
    }

    private SwarmStatus status() {
        Map<String, Long> all = new TreeMap<>(counters);
        all.putIfAbsent("violations", 0L);
        all.put("kad.requests", requests);
        all.putAll(dht.counters());
        all.putAll(gossip.counters());
        return new SwarmStatus(
                connections.size(),
                dials.inFlight(),
                kad.tableSize(),
                kad.recordCount(),
                kad.providerCount(),
                kad.operations(),
                addresses.size(),
                joining.state() == Joining.State.JOINED,
                all);
    }

    // What came of it

    private void pump(long now) {
        dht.pump(now);
        for (Dials.Start start; (start = dials.next()) != null; ) {
            Set<Multiaddr> where = new LinkedHashSet<>();
            start.addresses().forEach(a -> where.add(a.withoutPeerId()));
            where.addAll(addresses.addresses(start.peer()));
            actions.add(new Action.Dial(start.peer(), List.copyOf(where)));
        }
    }

    private void finished(Effect.Finished effect) {
        if (effect.query().equals(ownLookup)) {
            joining.lookedUp().forEach(reply -> settle(reply, true));
            return;
        }
        PendingCalls.Call call = pending.remove(effect.query());
        if (call != null) {
            settleRaw(call.reply(), effect.result());
        }
    }

    @SuppressWarnings("unchecked") // a query that kad finishes was begun by a Command.Run, whose reply has this type
    private void settleRaw(CompletableFuture<?> reply, OperationResult result) {
        settle((CompletableFuture<OperationResult>) reply, result);
    }

    private <T> void settle(CompletableFuture<T> reply, T value) {
        actions.add(new Action.Settle<>(reply, value));
    }

    private void count(String name) {
        counters.merge(name, 1L, Long::sum);
    }

    /** A caller that waits for a connection. */
    private final class ReachWaiter implements Dials.Waiter {
        private final Command.Reach command;

        ReachWaiter(Command.Reach command) {
            this.command = command;
        }

        @Override
        public void connected(Connection connection) {
            reached(command, connection, false);
        }

        @Override
        public void failed(HostException cause, long now) {
            if (pending.remove(command.query()) != null) {
                actions.add(new Action.Fail(command.reply(), cause));
            }
        }

        @Override
        public long deadline() {
            return command.deadline();
        }

        @Override
        public boolean insists() {
            return true;
        }
    }
}
