package io.swarmscope.internal.node;

import io.swarmscope.DhtMode;
import io.swarmscope.Registry;
import io.swarmscope.RegistryConfig;
import io.swarmscope.RegistryException;
import io.swarmscope.host.Host;
import io.swarmscope.host.HostException;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.fork.Forks;
import io.swarmscope.internal.fork.World;
import io.swarmscope.internal.gossip.GossipConfig;
import io.swarmscope.internal.gossip.MessageIds;
import io.swarmscope.internal.gossip.Signing;
import io.swarmscope.internal.kad.KadConfig;
import io.swarmscope.internal.link.TcpHostConfig;
import io.swarmscope.internal.peer.DeclaredLocation;
import io.swarmscope.internal.store.Storage;
import io.swarmscope.internal.store.Store;
import io.swarmscope.internal.swarm.GossipSetup;
import io.swarmscope.internal.swarm.SwarmConfig;
import io.swarmscope.internal.swarm.SwarmHandle;
import io.swarmscope.internal.sync.SyncClient;
import io.swarmscope.internal.sync.SyncHandler;
import io.swarmscope.internal.sync.SyncService;
import io.swarmscope.internal.telemetry.TracedPart;
import io.swarmscope.internal.telemetry.Telemetry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Random;
import java.util.Set;

/** Makes a node of its parts, starts them in order, and closes them in reverse. Runs on the thread that opens or closes the registry. */
public final class Node {

    private static final String IDENTITY_FILE = "identity.key";
    private static final String AGENT = "swarmscope/"
            + Objects.requireNonNullElse(Node.class.getPackage().getImplementationVersion(), "development");

    private Node() {}

    /**
     * Starts a node.
     *
     * @throws RegistryException.CannotOpen if an address or the data directory cannot be used; nothing is left open
     */
    public static Registry start(RegistryConfig config) {
        Telemetry telemetry = Telemetry.of(config);
        try (TracedPart part = telemetry.begin("open")) {
            try {
                return start(config, telemetry);
            } catch (RuntimeException | Error e) {
                part.failed(e);
                throw e;
            }
        }
    }

    private static Registry start(RegistryConfig config, Telemetry telemetry) {
        config.dataDirectory().ifPresent(Node::makeDirectory);
        InstantSource clock = Ground.MACHINE.clock();
        Restored restored = new Restored();
        // First the store, which nobody else may use meanwhile: two nodes with one identity would not do.
        Store store = config.dataDirectory()
                .map(directory -> Store.open(directory, config.network(), clock, restored))
                .orElseGet(() -> Store.inMemory(config.network(), clock));
        try {
            restored.damaged = store.recovery().isPresent();
            return start(config, identity(config), Ground.MACHINE, store, restored, telemetry);
        } catch (RuntimeException | Error e) {
            store.close();
            throw e;
        }
    }

    /**
     * Makes a node of its parts and starts it.
     *
     * @param store open, and closed with the registry
     * @param restored what it held when it was opened
     */
    static NodeRegistry start(
            RegistryConfig config, Identity identity, Ground ground, Storage store, Restored restored, Telemetry telemetry) {
        InstantSource clock = ground.clock();
        Journal journal = new Journal(store, clock);
        Packages packages = new Packages(config, identity.peerId(), clock, journal, ground.records());
        restored.giveTo(packages, identity.peerId());
        Forks forks = telemetry.carriedBy(ground.forks());
        KadConfig kad = KadConfig.DEFAULT.withPrefix("/" + config.network()).withMode(config.dhtMode());
        Host host = ground.host(identity, hostConfig(config, kad, packages));
        host.handle(packages.searchProtocol(), packages.searchHandler());
        SyncedRecords synced = new SyncedRecords(packages.heldPackages(), packages.validator(), packages.observer());
        SyncHandler syncs = new SyncHandler(synced);
        if (isFull(config)) {
            host.handle(SyncHandler.protocol(config.network()), syncs);
        }
        SwarmConfig swarmConfig = new SwarmConfig(
                        identity.peerId(),
                        kad,
                        packages.validators(),
                        config.bootstrap(),
                        ground.random(),
                        packages.observer(),
                        packages.indexer())
                .withProviders(packages.journal()::keep)
                .withHoldings(packages::heldForDht)
                .withRemembered(restored.network(clock.millis()))
                .withTelemetry(telemetry)
                .withGossip(gossip(config, identity, packages));
        SwarmHandle swarm = startSwarm(swarmConfig, config, packages, ground, host, forks, telemetry);
        Syncing syncing = new Syncing(
                swarm::neighbours,
                swarm::connectionChanges,
                packages.index(),
                new SyncClient(config.network(), synced),
                syncs,
                SyncHandler.protocol(config.network()),
                packages.observer(),
                new SyncService(Random.from(ground.random()), World.nanoTime()),
                synced::takeBringers);
        NodeRegistry registry =
                new NodeRegistry(identity, packages, swarm, host, forks, syncing, telemetry, ground.random());
        registry.start(outbox -> restored.giveTo(outbox, packages, clock.millis()), store);
        return registry;
    }

    /** Whether the node holds what others published, and helps them. */
    static boolean isFull(RegistryConfig config) {
        return config.dhtMode() == DhtMode.SERVER && config.maxPackages() > 0;
    }

    private static SwarmHandle startSwarm(
            SwarmConfig swarm,
            RegistryConfig config,
            Packages packages,
            Ground ground,
            Host host,
            Forks forks,
            Telemetry telemetry) {
        try {
            SwarmHandle handle = ground.swarm(swarm, host, config.announce(), forks);
            packages.announceBy(record -> {
                try (TracedPart part = telemetry.begin("announce")) {
                    part.set("swarmscope.package.id", record.id().toString());
                    handle.publish(HeadGossip.topic(config), record.encoded());
                }
            });
            packages.heldPackages()
                    .tellEvidenceTo(evidence -> handle.publish(HeadGossip.evidenceTopic(config), evidence.encode()));
            return handle;
        } catch (HostException e) {
            host.close();
            throw new RegistryException.CannotOpen(String.valueOf(e.getMessage()), e);
        }
    }

    private static GossipSetup gossip(RegistryConfig config, Identity identity, Packages packages) {
        MessageIds ids = switch (config.messageIds()) {
            case GO -> MessageIds.GO;
            case RUST -> MessageIds.RUST;
            case JS -> MessageIds.JS;
        };
        return new GossipSetup(
                GossipConfig.DEFAULT.withIds(ids),
                // Who only uses the network tells it what is new, but does not want to hear of everything.
                config.dhtMode() == DhtMode.SERVER ? HeadGossip.topics(config) : Set.of(),
                new Signing(identity, () -> unixNanos(packages.clock().instant())),
                new HeadGossip(config, packages.validator(), packages.heldPackages(), packages.observer()),
                peer -> HeadGossip.opinion(packages.reputation(), peer));
    }

    private static long unixNanos(Instant now) {
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }

    private static TcpHostConfig hostConfig(RegistryConfig config, KadConfig kad, Packages packages) {
        return TcpHostConfig.DEFAULT
                .withListen(config.listen())
                .withAnnounce(config.announce())
                .withAgentVersion(config.location().map(here -> DeclaredLocation.declare(AGENT, here)).orElse(AGENT))
                // Both begin with a length and a protobuf tag, which nobody can take for the name of a protocol.
                .withOptimistic(Set.of(kad.protocolId(), packages.searchProtocol()))
                .withPerf(config.perf());
    }

    private static Identity identity(RegistryConfig config) {
        if (config.dataDirectory().isEmpty()) {
            return Identity.generate(new SecureRandom());
        }
        Path directory = config.dataDirectory().get();
        try {
            return Identity.loadOrCreate(directory.resolve(IDENTITY_FILE));
        } catch (IOException e) {
            throw new RegistryException.CannotOpen(
                    "the identity in the data directory " + directory + " cannot be used: " + reason(e), e);
        }
    }

    private static void makeDirectory(Path directory) {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new RegistryException.CannotOpen(
                    "the data directory " + directory + " cannot be made (" + reason(e)
                            + "): choose a directory that this user can write",
                    e);
        }
    }

    private static String reason(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getClass().getSimpleName() + ": " + e.getMessage();
    }
}
