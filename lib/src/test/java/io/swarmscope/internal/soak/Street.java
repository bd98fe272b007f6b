package io.swarmscope.internal.soak;

import io.swarmscope.Multiaddr;
import io.swarmscope.Registry;
import io.swarmscope.RegistryConfig;
import io.swarmscope.RegistryException;
import io.swarmscope.internal.link.Proxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Real nodes with data on disk, each known to the others only by an address at which a line begins that can be cut. Used by the
 * thread that runs the soak.
 */
final class Street implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int ATTEMPTS = 5;

    final List<Registry> nodes = new ArrayList<>();
    private final List<Proxy> lines = new ArrayList<>();
    private final Path directory;
    private final Random random;

    Street(int size, Path directory, Random random) throws IOException, InterruptedException {
        this.directory = directory;
        this.random = random;
        for (int i = 0; i < size; i++) {
            open(i, 1);
        }
    }

    private void open(int number, int attempt) throws IOException, InterruptedException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Proxy line = new Proxy(port, Duration.ZERO);
        List<Multiaddr> seed = nodes.isEmpty()
                ? List.of()
                : List.of(lines.getFirst().address().withPeerId(nodes.getFirst().id()));
        Registry node;
        try {
            node = Registry.open(RegistryConfig.DEFAULT
                    .withListen("/ip4/127.0.0.1/tcp/" + port)
                    .withAnnounce(line.address().toString())
                    .withDataDirectory(Files.createDirectories(directory.resolve("node" + number)))
                    .withBootstrap(seed));
        } catch (RegistryException.CannotOpen e) {
            // Somebody else was quicker at that port.
            line.close();
            if (attempt == ATTEMPTS) {
                throw e;
            }
            open(number, attempt + 1);
            return;
        }
        lines.add(line);
        nodes.add(node);
        if (nodes.size() > 1) {
            node.awaitReady(PATIENCE);
        }
    }

    /** All connections over some lines end at once. */
    void cut(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            any().reset();
        }
    }

    /** What was bad is good again; one line swallows everything, and one is slow. */
    void changeWeather() {
        lines.forEach(Proxy::heal);
        any().blackHole();
        any().delay(Duration.ofMillis(200));
    }

    void clearUp() {
        lines.forEach(Proxy::heal);
    }

    private Proxy any() {
        return lines.get(random.nextInt(lines.size()));
    }

    @Override
    public void close() throws IOException {
        nodes.forEach(Registry::close);
        for (Proxy line : lines) {
            line.close();
        }
    }
}
