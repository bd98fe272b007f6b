package io.swarmscope.bench;

import io.swarmscope.Multiaddr;
import io.swarmscope.host.Connection;
import io.swarmscope.host.DeafListener;
import io.swarmscope.host.Identified;
import io.swarmscope.host.StreamHandler;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.link.LinkLimits;
import io.swarmscope.internal.link.TcpHost;
import io.swarmscope.internal.link.TcpHostConfig;
import java.security.SecureRandom;
import java.time.Duration;

/** Two hosts in this process, one listening on loopback. */
final class Pair implements AutoCloseable {

    static final Duration TIMEOUT = Duration.ofSeconds(30);

    final TcpHost dialer;
    final TcpHost listener;

    Pair() throws Exception {
        this("/bench/none/1.0.0", stream -> {});
    }

    Pair(String protocol, StreamHandler handler) throws Exception {
        TcpHostConfig config = TcpHostConfig.DEFAULT.withPerf(true).withLimits(unlimited());
        listener = TcpHost.create(
                Identity.generate(new SecureRandom()), config.withListen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0")));
        dialer = TcpHost.create(Identity.generate(new SecureRandom()), config);
        listener.handle(protocol, handler);
        listener.start(new DeafListener());
        dialer.start(new DeafListener());
    }

    /** More connections than a peer is granted otherwise, because a closed one counts until both ends have noticed. */
    private static LinkLimits unlimited() {
        return LinkLimits.DEFAULT.withPerPeer(256).withConnections(2048, 2048, 256);
    }

    /** A new connection, after identify has told each side what the other can do. */
    Connection connect() throws Exception {
        Connection connection = dialer.dial(listener.addresses().get(0), listener.id(), TIMEOUT);
        while (connection.identified() == Identified.NOTHING) {
            Thread.onSpinWait();
        }
        return connection;
    }

    @Override
    public void close() {
        dialer.close();
        listener.close();
    }
}
