package io.swarmscope.internal.node;

import io.swarmscope.DhtMode;
import io.swarmscope.Registry;
import io.swarmscope.RegistryConfig;
import io.swarmscope.RegistryException;
import io.swarmscope.host.HostException;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.fork.Forks;
import io.swarmscope.internal.gossip.GossipConfig;
import io.swarmscope.internal.gossip.Signing;
import io.swarmscope.internal.kad.KadConfig;
import io.swarmscope.internal.link.TcpHost;
import io.swarmscope.internal.link.TcpHostConfig;
import io.swarmscope.internal.swarm.GossipSetup;
import io.swarmscope.internal.swarm.SwarmConfig;
import io.swarmscope.internal.swarm.SwarmHandle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;

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
        Identity identity = identity(config);
        Packages packages = new Packages(config, identity.peerId(), InstantSource.system());
        Forks forks = Forks.best();
        KadConfig kad = KadConfig.DEFAULT.withPrefix("/" + config.network()).withMode(config.dhtMode());
        TcpHost host = TcpHost.create(identity, hostConfig(config, kad, packages));
        host.handle(packages.searchProtocol(), packages.searchHandler());
        SwarmHandle swarm = startSwarm(config, identity, packages, kad, host, forks);
        Maintenance maintenance = new Maintenance("swarmscope-" + identity.peerId().shortText() + "-maintenance");
        NodeRegistry registry = new NodeRegistry(identity, packages, swarm, host, forks, () -> {
            maintenance.close();
            swarm.close();
            host.close();
        });
        maintenance.start(registry::tick);
        return registry;
    }

    private static SwarmHandle startSwarm(
            RegistryConfig config, Identity identity, Packages packages, KadConfig kad, TcpHost host, Forks forks) {
        SwarmConfig swarm = new SwarmConfig(
                identity.peerId(),
                kad,
                packages.validators(),
                config.bootstrap(),
                new SplittableRandom(new SecureRandom().nextLong()),
                packages.observer(),
                packages.indexer());
        String topic = HeadGossip.topic(config.network());
        try {
            SwarmHandle handle =
                    SwarmHandle.start(swarm.withGossip(gossip(config, identity, packages, topic)), host, config.announce(), forks);
            packages.announceBy(head -> handle.publish(topic, head.encoded()));
            return handle;
        } catch (HostException e) {
            host.close();
            throw new RegistryException.CannotOpen(String.valueOf(e.getMessage()), e);
        }
    }

    private static GossipSetup gossip(RegistryConfig config, Identity identity, Packages packages, String topic) {
        return new GossipSetup(
                GossipConfig.DEFAULT,
                // Who only uses the network tells it what is new, but does not want to hear of everything.
                config.dhtMode() == DhtMode.SERVER ? Set.of(topic) : Set.of(),
                new Signing(identity, Node::unixNanos),
                new HeadGossip(packages.validator(), packages.index(), packages.observer()),
                peer -> HeadGossip.opinion(packages.reputation(), peer));
    }

    private static long unixNanos() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }

    private static TcpHostConfig hostConfig(RegistryConfig config, KadConfig kad, Packages packages) {
        return TcpHostConfig.DEFAULT
                .withListen(config.listen())
                .withAgentVersion(AGENT)
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
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new RegistryException.CannotOpen(
                    "the data directory " + directory + " cannot be made (" + reason(e)
                            + "): choose a directory that this user can write",
                    e);
        }
        try {
            return Identity.loadOrCreate(directory.resolve(IDENTITY_FILE));
        } catch (IOException e) {
            throw new RegistryException.CannotOpen(
                    "the identity in the data directory " + directory + " cannot be used: " + reason(e), e);
        }
    }

    private static String reason(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getClass().getSimpleName() + ": " + e.getMessage();
    }
}
