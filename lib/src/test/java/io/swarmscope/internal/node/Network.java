package io.swarmscope.internal.node;

import io.swarmscope.DhtMode;
import io.swarmscope.Multiaddr;
import io.swarmscope.PackageManifest;
import io.swarmscope.Registry;
import io.swarmscope.RegistryConfig;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Real nodes on loopback, in a network of their own, closed together. */
final class Network implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(20);

    private final List<Registry> nodes = new ArrayList<>();

    /** Opens one more node, which joins by the first. */
    Registry open() throws InterruptedException {
        return open(config -> config);
    }

    /** Opens one more node that only uses the DHT, so that it holds nothing of others. */
    Registry openClient() throws InterruptedException {
        return open(config -> config.withDhtMode(DhtMode.CLIENT));
    }

    Registry open(UnaryOperator<RegistryConfig> change) throws InterruptedException {
        RegistryConfig config = RegistryConfig.DEFAULT.withListen("/ip4/127.0.0.1/tcp/0");
        if (!nodes.isEmpty()) {
            config = config.withBootstrap(List.of(seed()));
        }
        Registry node = Registry.open(change.apply(config));
        nodes.add(node);
        if (nodes.size() > 1) {
            node.awaitReady(PATIENCE);
        }
        return node;
    }

    /** The address by which others join. */
    Multiaddr seed() {
        return nodes.get(0).addresses().get(0);
    }

    static PackageManifest manifest(String id, String version, String title) {
        return PackageManifest.of(id, version, title).withTags("test");
    }

    /** What a node holds, for tests that must not ask the network for it. */
    static Packages packages(Registry node) {
        try {
            Field packages = NodeRegistry.class.getDeclaredField("packages");
            packages.setAccessible(true);
            return (Packages) packages.get(node);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        nodes.forEach(Registry::close);
    }
}
