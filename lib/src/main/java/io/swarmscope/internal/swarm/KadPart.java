package io.swarmscope.internal.swarm;

import io.swarmscope.Multiaddr;
import io.swarmscope.PeerId;
import io.swarmscope.host.Connection;
import io.swarmscope.host.HostException;
import io.swarmscope.internal.kad.Effect;
import io.swarmscope.internal.kad.Kademlia;
import io.swarmscope.internal.peer.AddressBook;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Makes of what {@link Kademlia} wants what the swarm does: a request goes out over the connection to its peer, which is dialed first if there
 * is none. Not thread-safe: only the swarm thread runs it.
 */
final class KadPart {

    private final Kademlia kad;
    private final ConnectionTable connections;
    private final Dials dials;
    private final AddressBook addresses;
    private final Queue<Action> actions;
    private final Consumer<Effect.Finished> finished;
    private final Map<String, Long> counters = new TreeMap<>();
    private List<Multiaddr> announced = List.of();

    /**
     * Takes back what was known before.
     *
     * @param addresses of whoever was known before too
     * @param finished is told how operations ended
     */
    KadPart(
            SwarmConfig config,
            ConnectionTable connections,
            Dials dials,
            AddressBook addresses,
            Queue<Action> actions,
            Consumer<Effect.Finished> finished,
            long now) {
        this.connections = connections;
        this.dials = dials;
        this.addresses = addresses;
        this.actions = actions;
        this.finished = finished;
        this.kad = new Kademlia(
                config.self(),
                config.kad(),
                config.validators(),
                peer -> peer.equals(config.self()) ? announced : addresses.tellable(peer),
                config.holdings(),
                config.random(),
                now);
        Remembered before = config.remembered();
        before.records().forEach(entry -> kad.restore(entry, now));
        before.providers().forEach(entry -> kad.restore(entry, now));
        for (PeerId peer : before.routingTable()) {
            if (!addresses.tellable(peer).isEmpty()) {
                kad.restore(peer, now);
            }
        }
    }

    Kademlia kad() {
        return kad;
    }

    /** From now on tells others to dial this node there. */
    void announce(List<Multiaddr> own) {
        announced = own;
    }

    /** Makes actions of what the DHT wants. */
    void pump(long now) {
        for (Effect effect; (effect = kad.nextEffect()) != null; ) {
            switch (effect) {
                case Effect.Send e -> send(e, now);
                case Effect.Abandon e -> actions.add(new Action.Abandon(e.id()));
                case Effect.Finished e -> {
                    count("kad.operations");
                    finished.accept(e);
                }
                case Effect.Learned e -> addresses.learn(e.peer(), e.addresses());
                case Effect.Stored e -> actions.add(new Action.Index(e.key(), e.value()));
                case Effect.Provided e -> actions.add(new Action.Provided(e.entry()));
                case Effect.Refused e -> {
                    count("kad.refused");
                    actions.add(new Action.Blame(e.from(), e.reason(), e.mayBeHonest()));
                }
            }
        }
    }

    private void send(Effect.Send effect, long now) {
        ConnectionTable.Entry best = connections.best(effect.to());
        if (best != null) {
            actions.add(new Action.Send(effect.id(), best.connection, effect.request(), effect.deadline()));
        } else {
            dials.await(effect.to(), effect.hints(), new SendWaiter(effect), now);
        }
    }

    private void count(String name) {
        counters.merge(name, 1L, Long::sum);
    }

    Map<String, Long> counters() {
        Map<String, Long> all = new TreeMap<>(counters);
        all.put("kad.crowded", kad.crowded());
        return all;
    }

    /** A request of the DHT that waits for a connection. */
    private final class SendWaiter implements Dials.Waiter {
        private final Effect.Send effect;

        SendWaiter(Effect.Send effect) {
            this.effect = effect;
        }

        @Override
        public void connected(Connection connection) {
            actions.add(new Action.Send(effect.id(), connection, effect.request(), effect.deadline()));
        }

        @Override
        public void failed(HostException cause, long now) {
            kad.onFailure(effect.id(), String.valueOf(cause.getMessage()), now);
        }

        @Override
        public long deadline() {
            return effect.deadline();
        }

        @Override
        public boolean insists() {
            return false;
        }
    }
}
