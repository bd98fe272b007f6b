package io.swarmscope.bench;

import io.opentelemetry.api.OpenTelemetry;
import io.swarmscope.DhtMode;
import io.swarmscope.PackageManifest;
import io.swarmscope.QueryConfig;
import io.swarmscope.Registry;
import io.swarmscope.RegistryConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;

/** A network of real nodes in this process, with packages published round-robin, and a client that holds none of them. */
final class Nodes implements AutoCloseable {

    private final List<Registry> servers = new ArrayList<>();
    final Registry client;
    final int packages;

    Nodes(int nodes, int packages) throws Exception {
        this(nodes, packages, OpenTelemetry.noop());
    }

    /** One whose client tells that SDK what it does. */
    Nodes(int nodes, int packages, OpenTelemetry sdk) throws Exception {
        this.packages = packages;
        RegistryConfig config = RegistryConfig.DEFAULT
                .withListen("/ip4/127.0.0.1/tcp/0")
                .withQuery(QueryConfig.production().withTimeout(Duration.ofSeconds(30)).withCacheFor(Duration.ZERO));
        for (int i = 0; i < nodes; i++) {
            RegistryConfig joining = i == 0
                    ? config
                    : config.withBootstrap(List.of(servers.get(0).addresses().get(0)));
            servers.add(Registry.open(joining));
        }
        for (Registry node : servers.subList(1, nodes)) {
            node.awaitReady(Duration.ofSeconds(30));
        }
        client = Registry.open(config.withDhtMode(DhtMode.CLIENT)
                .withMaxPackages(0)
                .withOpenTelemetry(sdk)
                .withBootstrap(servers.stream().map(n -> n.addresses().get(0)).toList()));
        client.awaitReady(Duration.ofSeconds(30));
        client.bootstrap();
        publish();
    }

    private void publish() throws InterruptedException {
        Semaphore atOnce = new Semaphore(16);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < packages; i++) {
            PackageManifest manifest = PackageManifest.of(id(i), "1.0." + i, "Package number" + i)
                    .withDescription("A package that a benchmark made, number " + i + ". ".repeat(10))
                    .withTags("bench");
            Registry node = servers.get(i % servers.size());
            atOnce.acquire();
            threads.add(Thread.startVirtualThread(() -> {
                try {
                    if (!node.publish(manifest).reachedNetwork()) {
                        throw new IllegalStateException(manifest.id() + " reached nobody");
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                } finally {
                    atOnce.release();
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    static String id(int i) {
        return "bench.n" + i % 20 + "/package-" + i;
    }

    @Override
    public void close() {
        client.close();
        servers.forEach(Registry::close);
    }
}
