package io.swarmscope.internal.link;

import io.swarmscope.Multiaddr;
import io.swarmscope.PeerId;
import io.swarmscope.host.Connection;
import io.swarmscope.host.HostException;
import io.swarmscope.internal.crypto.Identity;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.function.UnaryOperator;

/** A host with a fresh identity that listens on a port of this machine, and a record of what it told. */
final class TestHost implements AutoCloseable {
    static final Duration TIMEOUT = Duration.ofSeconds(30);
    static final Multiaddr ANY_PORT = Multiaddr.parse("/ip4/127.0.0.1/tcp/0");
    static final TcpHostConfig CONFIG =
            TcpHostConfig.DEFAULT.withListen(ANY_PORT).withAgentVersion("test/1").withPerf(true);

    final Identity identity;
    final TcpHost host;
    final Recorder heard = new Recorder();

    private TestHost(TcpHostConfig config) {
        identity = Identity.generate(new SecureRandom());
        host = TcpHost.create(identity, config);
    }

    static TestHost start() throws HostException {
        return start(config -> config);
    }

    static TestHost start(UnaryOperator<TcpHostConfig> changes) throws HostException {
        TestHost test = create(changes);
        test.host.start(test.heard);
        return test;
    }

    static TestHost create(UnaryOperator<TcpHostConfig> changes) {
        return new TestHost(changes.apply(CONFIG));
    }

    PeerId id() {
        return host.id();
    }

    Multiaddr address() {
        return host.addresses().getFirst();
    }

    int port() {
        return address().tcpPort().orElseThrow();
    }

    Link dial(TestHost other) throws HostException, InterruptedException {
        return dial(other.address(), other.id());
    }

    Link dial(Multiaddr address, PeerId peer) throws HostException, InterruptedException {
        Connection connection = host.dial(address, peer, TIMEOUT);
        return (Link) connection;
    }

    @Override
    public void close() {
        host.close();
    }
}
