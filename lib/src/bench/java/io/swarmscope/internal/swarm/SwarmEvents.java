package io.swarmscope.internal.swarm;

import io.swarmscope.Multiaddr;
import io.swarmscope.PeerId;
import io.swarmscope.bench.Benchmark;
import io.swarmscope.bench.Figure;
import io.swarmscope.host.Connection;
import io.swarmscope.host.ConnectionListener;
import io.swarmscope.host.Host;
import io.swarmscope.host.HostException;
import io.swarmscope.host.HostStats;
import io.swarmscope.host.Identified;
import io.swarmscope.host.Stream;
import io.swarmscope.host.StreamHandler;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.fork.Forks;
import io.swarmscope.internal.kad.Bytes;
import io.swarmscope.internal.kad.KadConfig;
import io.swarmscope.internal.kad.Request;
import io.swarmscope.internal.kad.Validators;
import io.swarmscope.internal.peer.DeafObserver;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Requests for the nearest peers through the swarm thread, from 1 and from 64 callers: into the mailbox, decided with 100 peers in the
 * routing table, the caller woken. No sockets.
 */
public final class SwarmEvents implements Benchmark {

    private static final Duration ROUND = Duration.ofSeconds(2);
    private static final int PEERS = 100;

    private final SwarmHandle swarm;
    private final Connection caller;

    /** Starts a swarm over a host without sockets. */
    public SwarmEvents() throws HostException {
        NoHost host = new NoHost();
        SwarmConfig config = new SwarmConfig(
                host.id(), KadConfig.DEFAULT, Validators.DEFAULT, List.of(), new Random(42), new DeafObserver(), (k, v) -> {});
        swarm = SwarmHandle.start(config, host, List.of(), Forks.best());
        Identified server = new Identified(
                "bench", "", Set.of(KadConfig.DEFAULT.protocolId()), List.of(Multiaddr.parse("/ip4/127.0.0.1/tcp/9")), null);
        List<Connection> connections = new ArrayList<>();
        for (int i = 0; i < PEERS; i++) {
            connections.add(new NoConnection(i, Identity.generate(new SecureRandom()).peerId()));
        }
        for (Connection connection : connections) {
            host.listener().opened(connection);
            host.listener().identified(connection, server);
        }
        caller = connections.get(0);
    }

    @Override
    public List<Figure> round() throws Exception {
        return List.of(new Figure("one caller", run(1), "/s"), new Figure("64 callers", run(64), "/s"));
    }

    private double run(int callers) {
        LongAdder count = new LongAdder();
        long began = System.nanoTime();
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < callers; i++) {
                executor.submit(() -> {
                    byte[] key = new byte[38];
                    while (System.nanoTime() - began < ROUND.toNanos()) {
                        ThreadLocalRandom.current().nextBytes(key);
                        swarm.serve(caller, new Request.FindNode(Bytes.of(key.clone())));
                        count.increment();
                    }
                    return null;
                });
            }
        }
        return count.sum() * 1e9 / (System.nanoTime() - began);
    }

    @Override
    public void close() {
        swarm.close();
    }

    private static final class NoHost implements Host {
        private final PeerId id = Identity.generate(new SecureRandom()).peerId();
        private @Nullable ConnectionListener listener;

        ConnectionListener listener() {
            if (listener == null) {
                throw new IllegalStateException("not started");
            }
            return listener;
        }

        @Override
        public PeerId id() {
            return id;
        }

        @Override
        public List<Multiaddr> addresses() {
            return List.of();
        }

        @Override
        public void handle(String protocol, StreamHandler handler) {}

        @Override
        public void unhandle(String protocol) {}

        @Override
        public void start(ConnectionListener newListener) {
            listener = newListener;
        }

        @Override
        public Connection dial(Multiaddr address, @Nullable PeerId expected, Duration timeout) throws HostException {
            throw new HostException(HostException.Kind.REFUSED, "there is no network");
        }

        @Override
        public HostStats stats() {
            return new HostStats(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        }

        @Override
        public void close() {}
    }

    private record NoConnection(long id, PeerId remote) implements Connection {
        @Override
        public Multiaddr remoteAddress() {
            return Multiaddr.parse("/ip4/127.0.0.1/tcp/9");
        }

        @Override
        public boolean outbound() {
            return true;
        }

        @Override
        public Stream open(List<String> protocols, Duration timeout) throws HostException {
            throw new HostException(HostException.Kind.CONNECTION_CLOSED, "there is no network");
        }

        @Override
        public Identified identified() {
            return Identified.NOTHING;
        }

        @Override
        public int streams() {
            return 1;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }
}
