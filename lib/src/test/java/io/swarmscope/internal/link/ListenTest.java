package io.swarmscope.internal.link;

import static io.swarmscope.internal.link.DialTest.fails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.swarmscope.Multiaddr;
import io.swarmscope.host.HostException;
import io.swarmscope.host.HostException.Kind;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.Test;

class ListenTest {
    @Test
    void aPortInUseIsSaidSoAndNothingStaysOpen() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                ServerSocket probe = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            int free = probe.getLocalPort();
            probe.close();
            Multiaddr good = Multiaddr.parse("/ip4/127.0.0.1/tcp/" + free);
            Multiaddr bad = Multiaddr.parse("/ip4/127.0.0.1/tcp/" + taken.getLocalPort());
            try (TestHost alice = TestHost.create(config -> config.withListen(good, bad))) {
                assertThatThrownBy(() -> alice.host.start(alice.heard))
                        .isInstanceOfSatisfying(
                                HostException.class, e -> assertThat(e.kind()).isEqualTo(Kind.ADDRESS_IN_USE))
                        .hasMessageContaining(bad.toString())
                        .hasMessageContaining("choose another port");
                assertThat(alice.host.addresses()).isEmpty();
            }
            new ServerSocket(free, 5, InetAddress.getLoopbackAddress()).close();
        }
    }

    @Test
    void addressesThatCannotBeListenedOnAreRefusedWithAHint() {
        for (String text : List.of("/ip4/192.0.2.1/tcp/0", "/dns4/localhost/tcp/0", "/ip4/127.0.0.1/udp/1/quic-v1")) {
            TestHost alice = TestHost.create(config -> config.withListen(Multiaddr.parse(text)));
            fails(Kind.UNSUPPORTED_ADDRESS, () -> alice.host.start(alice.heard));
            alice.close();
        }
    }

    @Test
    void wildcardsAreExpandedToTheInterfaces() throws Exception {
        try (TestHost alice = TestHost.start(config -> config.withListen(Multiaddr.parse("/ip4/0.0.0.0/tcp/0")))) {
            assertThat(alice.host.addresses())
                    .isNotEmpty()
                    .noneMatch(Multiaddr::isWildcard)
                    .allMatch(a -> a.tcpPort().orElseThrow() > 0)
                    .allMatch(a -> a.toString().startsWith("/ip4/"))
                    .anyMatch(Multiaddr::isLoopback);
            assertThat(alice.host.addresses().getLast().isLoopback()).isTrue();
        }
    }

    @Test
    void bothWildcardsOfOnePortShareASocket() throws Exception {
        try (TestHost first = TestHost.start(config -> config.withListen(Multiaddr.parse("/ip6/::/tcp/0")))) {
            int port = first.port();
            first.close();
            try (TestHost alice = TestHost.start(config -> config.withListen(
                            Multiaddr.parse("/ip4/0.0.0.0/tcp/" + port), Multiaddr.parse("/ip6/::/tcp/" + port)));
                    TestHost bob = TestHost.start()) {
                assertThat(alice.host.addresses())
                        .contains(
                                Multiaddr.parse("/ip4/127.0.0.1/tcp/" + port), Multiaddr.parse("/ip6/::1/tcp/" + port));
                bob.dial(Multiaddr.parse("/ip4/127.0.0.1/tcp/" + port), alice.id());
                bob.dial(Multiaddr.parse("/ip6/::1/tcp/" + port), alice.id());
                assertThat(alice.heard.awaitOpened()).isNotNull();
            }
        }
    }

    @Test
    void aHostWithoutListenAddressesOnlyDials() throws Exception {
        try (TestHost alice = TestHost.start(config -> config.withListen());
                TestHost bob = TestHost.start()) {
            assertThat(alice.host.addresses()).isEmpty();
            alice.dial(bob);
        }
    }
}
