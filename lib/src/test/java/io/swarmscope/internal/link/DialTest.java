package io.swarmscope.internal.link;

import static io.swarmscope.internal.link.TestHost.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.swarmscope.Multiaddr;
import io.swarmscope.PeerId;
import io.swarmscope.host.Connection;
import io.swarmscope.host.HostException;
import io.swarmscope.host.HostException.Kind;
import io.swarmscope.internal.crypto.Identity;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class DialTest {
    private static final PeerId STRANGER = Identity.generate(new SecureRandom()).peerId();

    static void fails(Kind kind, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(HostException.class, e -> assertThat(e.kind()).as(e.toString()).isEqualTo(kind));
    }

    @Test
    void bothSidesKnowWhoIsThere() throws Exception {
        try (TestHost alice = TestHost.start();
                TestHost bob = TestHost.start()) {
            Connection there = alice.dial(bob);
            Connection here = bob.heard.awaitOpened();

            assertThat(there.remote()).isEqualTo(bob.id());
            assertThat(there.outbound()).isTrue();
            assertThat(there.remoteAddress()).isEqualTo(bob.address());
            assertThat(there.isOpen()).isTrue();
            assertThat(here.remote()).isEqualTo(alice.id());
            assertThat(here.outbound()).isFalse();
            assertThat(here.remoteAddress().isLoopback()).isTrue();
            assertThat(here.id()).isNotEqualTo(there.id());
            assertThat(alice.heard.of("opened")).extracting(Recorder.Event::connection).containsExactly(there);
            assertThat(alice.host.stats().outbound()).isEqualTo(1);
            assertThat(bob.host.stats().inbound()).isEqualTo(1);
            assertThat(bob.host.stats().handshakes()).isEqualTo(1);
            assertThat(bob.host.stats().bytesIn()).isPositive();
        }
    }

    @Test
    void aConnectionThatOneSideClosesEndsOnBoth() throws Exception {
        try (TestHost alice = TestHost.start();
                TestHost bob = TestHost.start()) {
            Connection there = alice.dial(bob);
            Connection here = bob.heard.awaitOpened();
            there.close();
            there.close();
            alice.heard.awaitClosed();
            bob.heard.awaitClosed();
            assertThat(there.isOpen()).isFalse();
            assertThat(here.isOpen()).isFalse();
            assertThat(alice.heard.kindsOf(there)).startsWith("opened").endsWith("closed").doesNotHaveDuplicates();
            assertThat(bob.heard.kindsOf(here)).startsWith("opened").endsWith("closed").doesNotHaveDuplicates();
            await().until(() -> alice.host.stats().outbound() + bob.host.stats().inbound() == 0);
            fails(Kind.CONNECTION_CLOSED, () -> there.open("/x", TIMEOUT));
        }
    }

    @Test
    void anotherPeerThanExpectedIsNotConnectedTo() throws Exception {
        try (TestHost alice = TestHost.start();
                TestHost bob = TestHost.start()) {
            fails(Kind.WRONG_PEER, () -> alice.dial(bob.address(), STRANGER));
            fails(Kind.WRONG_PEER, () -> alice.dial(bob.address().withPeerId(STRANGER), null));
            fails(Kind.WRONG_PEER, () -> alice.dial(bob.address().withPeerId(bob.id()), STRANGER));
            assertThat(alice.host.stats().failedHandshakes()).isEqualTo(2);
            await().until(() -> bob.host.stats().failedHandshakes() == 2);
            assertThat(alice.heard.events).isEmpty();
            assertThat(bob.heard.events).isEmpty();

            Connection there = alice.dial(bob.address().withPeerId(bob.id()), null);
            assertThat(there.remoteAddress()).isEqualTo(bob.address());
            assertThat(alice.dial(bob.address(), null).remote()).isEqualTo(bob.id());
        }
    }

    @Test
    void aHostDoesNotConnectToItself() throws Exception {
        try (TestHost alice = TestHost.start()) {
            fails(Kind.WRONG_PEER, () -> alice.dial(alice.address(), null));
            await().until(() -> alice.host.stats().failedHandshakes() == 2);
            assertThat(alice.heard.events).isEmpty();
        }
    }

    @Test
    void whereNobodyListensTheDialIsRefused() throws Exception {
        try (TestHost alice = TestHost.start();
                TestHost bob = TestHost.start()) {
            Multiaddr address = bob.address();
            bob.close();
            fails(Kind.REFUSED, () -> alice.dial(address, bob.id()));
            assertThat(alice.host.stats().failedHandshakes()).isEqualTo(1);
        }
    }

    @Test
    void aPeerThatSaysNothingIsGivenUpAtTheTimeout() throws Exception {
        try (TestHost alice = TestHost.start();
                ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Multiaddr address = Multiaddr.parse("/ip4/127.0.0.1/tcp/" + silent.getLocalPort());
            long start = System.nanoTime();
            fails(Kind.TIMED_OUT, () -> alice.host.dial(address, STRANGER, Duration.ofMillis(200)));
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofMillis(190), TIMEOUT);
            await().until(() -> alice.host.stats().failedHandshakes() == 1);
        }
    }

    @Test
    void anInterruptedDialIsAbandonedAndCostsNothingElse() throws Exception {
        try (TestHost alice = TestHost.start();
                TestHost bob = TestHost.start();
                ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Connection other = alice.dial(bob);
            Multiaddr address = Multiaddr.parse("/ip4/127.0.0.1/tcp/" + silent.getLocalPort());
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            CountDownLatch ended = new CountDownLatch(1);
            Thread dialing = Thread.ofVirtual().start(() -> {
                try {
                    alice.host.dial(address, STRANGER, TIMEOUT);
                } catch (HostException | InterruptedException e) {
                    thrown.set(e);
                }
                ended.countDown();
            });
            var accepted = silent.accept();
            assertThat(accepted.getInputStream().read()).isEqualTo(0x13);
            dialing.interrupt();
            ended.await();
            assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
            accepted.setSoTimeout((int) TIMEOUT.toMillis());
            while (accepted.getInputStream().read() >= 0) {
                continue;
            }
            assertThat(other.isOpen()).isTrue();
            await().until(() -> alice.host.stats().failedHandshakes() == 1);
        }
    }

    @Test
    void addressesThatAreNotTcpAreUnsupported() throws Exception {
        try (TestHost alice = TestHost.start()) {
            for (String text : new String[] {"/ip4/127.0.0.1/udp/1/quic-v1", "/dns4/a/tcp/1/ws", "/ip4/127.0.0.1/tcp/0"}) {
                fails(Kind.UNSUPPORTED_ADDRESS, () -> alice.dial(Multiaddr.parse(text), STRANGER));
            }
        }
    }

    @Test
    void namesAreLookedUp() throws Exception {
        Resolver.Lookup lookup = name -> {
            if (!name.equals("bob.test")) {
                throw new UnknownHostException(name);
            }
            return new InetAddress[] {InetAddress.getByName("::1"), InetAddress.getByName("127.0.0.1")};
        };
        try (TestHost bob = TestHost.start();
                TcpHost alice = TcpHost.create(
                        Identity.generate(new SecureRandom()), TcpHostConfig.DEFAULT, lookup)) {
            alice.start(new Recorder());
            Multiaddr address = Multiaddr.parse("/dns4/bob.test/tcp/" + bob.port());
            Connection connection = alice.dial(address, bob.id(), TIMEOUT);
            assertThat(connection.remoteAddress()).isEqualTo(address);
            // The first address has nobody listening, the second has.
            alice.dial(Multiaddr.parse("/dns/bob.test/tcp/" + bob.port()), bob.id(), TIMEOUT);
            fails(Kind.REFUSED, () -> alice.dial(Multiaddr.parse("/dns6/bob.test/tcp/" + bob.port()), null, TIMEOUT));
            fails(Kind.REFUSED, () -> alice.dial(Multiaddr.parse("/dns/eve.test/tcp/1"), null, TIMEOUT));
        }
    }

    @Test
    void aSlowNameServerCostsNoMoreThanTheTimeout() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        Resolver.Lookup lookup = name -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new UnknownHostException(name);
        };
        try (TcpHost alice =
                TcpHost.create(Identity.generate(new SecureRandom()), TcpHostConfig.DEFAULT, lookup)) {
            alice.start(new Recorder());
            Multiaddr address = Multiaddr.parse("/dns4/slow.test/tcp/1");
            fails(Kind.TIMED_OUT, () -> alice.dial(address, STRANGER, Duration.ofMillis(100)));
        }
    }

    @Test
    void ip6IsListenedOnAndDialed() throws Exception {
        try (TestHost bob = TestHost.start(config ->
                        config.withListen(Multiaddr.parse("/ip6/::1/tcp/0"), Multiaddr.parse("/ip4/127.0.0.1/tcp/0")));
                TestHost alice = TestHost.start()) {
            assertThat(bob.host.addresses()).hasSize(2);
            assertThat(bob.address().toString()).startsWith("/ip6/::1/tcp/");
            alice.dial(bob);
            assertThat(bob.heard.awaitOpened().remoteAddress().toString()).startsWith("/ip6/::1/tcp/");
            alice.dial(bob.host.addresses().get(1), bob.id());
        }
    }

    @Test
    void outboundAndPerPeerLimitsRefuseTheNextDial() throws Exception {
        try (TestHost alice = TestHost.start(
                        config -> config.withLimits(LinkLimits.DEFAULT.withConnections(512, 3, 64)));
                TestHost bob = TestHost.start();
                TestHost carol = TestHost.start()) {
            Connection first = alice.dial(bob);
            alice.dial(bob);
            fails(Kind.LIMIT_REACHED, () -> alice.dial(bob));
            alice.dial(carol);
            fails(Kind.LIMIT_REACHED, () -> alice.dial(carol));
            assertThat(alice.host.stats().refused()).isEqualTo(2);
            first.close();
            await().until(() -> alice.host.stats().outbound() == 2);
            await().until(() -> bob.host.stats().inbound() == 1);
            alice.dial(bob);
        }
    }

    @Test
    void aHostMustBeStartedAndNotClosed() throws Exception {
        TestHost alice = TestHost.create(config -> config);
        assertThat(alice.host.addresses()).isEmpty();
        assertThatThrownBy(() -> alice.dial(Multiaddr.parse("/ip4/127.0.0.1/tcp/1"), null))
                .isInstanceOf(IllegalStateException.class);
        alice.host.start(alice.heard);
        assertThatThrownBy(() -> alice.host.start(alice.heard)).isInstanceOf(IllegalStateException.class);
        alice.close();
        alice.close();
        fails(Kind.CLOSED, () -> alice.dial(Multiaddr.parse("/ip4/127.0.0.1/tcp/1"), null));
        fails(Kind.CLOSED, () -> alice.host.start(alice.heard));
    }
}
