package io.swarmscope.internal.swarm;

import io.swarmscope.Multiaddr;
import io.swarmscope.PeerId;
import io.swarmscope.internal.kad.Bytes;
import io.swarmscope.internal.kad.Holdings;
import io.swarmscope.internal.kad.KadConfig;
import io.swarmscope.internal.kad.ProviderEntry;
import io.swarmscope.internal.kad.Validators;
import io.swarmscope.internal.peer.PeerObserver;
import io.swarmscope.internal.telemetry.Telemetry;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
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
 * @param providers is given each provider entry that was stored here or renewed, on the same thread
 * @param holdings what the node holds beside such records, to answer with
 * @param remembered what it knew before
 * @param gossip how it gossips; empty if it does not
 * @param telemetry is told of some of what the swarm thread does
 */
public record SwarmConfig(
        PeerId self,
        KadConfig kad,
        Validators validators,
        List<Multiaddr> bootstrap,
        RandomGenerator random,
        PeerObserver observer,
        BiConsumer<Bytes, Bytes> indexer,
        Consumer<ProviderEntry> providers,
        Holdings holdings,
        Remembered remembered,
        Optional<GossipSetup> gossip,
        Telemetry telemetry) {

    /** Copies the list. */
    public SwarmConfig {
        bootstrap = List.copyOf(bootstrap);
    }

    /** One that tells nobody of providers, holds nothing else, remembers nothing, does not gossip and has no telemetry. */
    public SwarmConfig(
            PeerId self,
            KadConfig kad,
            Validators validators,
            List<Multiaddr> bootstrap,
            RandomGenerator random,
            PeerObserver observer,
            BiConsumer<Bytes, Bytes> indexer) {
        this(
                self,
                kad,
                validators,
                bootstrap,
                random,
                observer,
                indexer,
                entry -> {},
                Holdings.NONE,
                Remembered.NOTHING,
                Optional.empty(),
                Telemetry.OFF);
    }

    /** The same that tells of provider entries. */
    public SwarmConfig withProviders(Consumer<ProviderEntry> told) {
        return new SwarmConfig(
                self, kad, validators, bootstrap, random, observer, indexer, told, holdings, remembered, gossip, telemetry);
    }

    /** The same that answers with more than was put here. */
    public SwarmConfig withHoldings(Holdings more) {
        return new SwarmConfig(
                self, kad, validators, bootstrap, random, observer, indexer, providers, more, remembered, gossip, telemetry);
    }

    /** The same after a restart. */
    public SwarmConfig withRemembered(Remembered before) {
        return new SwarmConfig(
                self, kad, validators, bootstrap, random, observer, indexer, providers, holdings, before, gossip, telemetry);
    }

    /** The same with gossip. */
    public SwarmConfig withGossip(GossipSetup setup) {
        return new SwarmConfig(
                self, kad, validators, bootstrap, random, observer, indexer, providers, holdings, remembered, Optional.of(setup),
                telemetry);
    }

    /** The same with telemetry. */
    public SwarmConfig withTelemetry(Telemetry told) {
        return new SwarmConfig(
                self, kad, validators, bootstrap, random, observer, indexer, providers, holdings, remembered, gossip, told);
    }
}
