package io.swarmscope.internal.swarm;

import io.swarmscope.Multiaddr;
import io.swarmscope.PeerId;
import io.swarmscope.internal.kad.Bytes;
import io.swarmscope.internal.kad.KadConfig;
import io.swarmscope.internal.kad.Validators;
import io.swarmscope.internal.peer.PeerObserver;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;

/**
 * What a swarm is made of. Immutable.
 *
 * @param self this node
 * @param kad how it takes part in the DHT
 * @param validators the rules for records; their checks run on link threads
 * @param bootstrap whom to join by, with {@code /p2p} suffix
 * @param random for jitter and lookups; used by the swarm thread only
 * @param observer hears how peers serve
 * @param indexer is given each record that was stored here for the network, on a worker thread
 * @param gossip how it gossips; empty if it does not
 */
public record SwarmConfig(
        PeerId self,
        KadConfig kad,
        Validators validators,
        List<Multiaddr> bootstrap,
        RandomGenerator random,
        PeerObserver observer,
        BiConsumer<Bytes, Bytes> indexer,
        Optional<GossipSetup> gossip) {

    /** Copies the list. */
    public SwarmConfig {
        bootstrap = List.copyOf(bootstrap);
    }

    /** The same without gossip. */
    public SwarmConfig(
            PeerId self,
            KadConfig kad,
            Validators validators,
            List<Multiaddr> bootstrap,
            RandomGenerator random,
            PeerObserver observer,
            BiConsumer<Bytes, Bytes> indexer) {
        this(self, kad, validators, bootstrap, random, observer, indexer, Optional.empty());
    }

    /** The same with gossip. */
    public SwarmConfig withGossip(GossipSetup setup) {
        return new SwarmConfig(self, kad, validators, bootstrap, random, observer, indexer, Optional.of(setup));
    }
}
