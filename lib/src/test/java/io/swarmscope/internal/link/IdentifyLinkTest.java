package io.swarmscope.internal.link;

import static io.swarmscope.internal.link.DialTest.fails;
import static io.swarmscope.internal.link.TestHost.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.swarmscope.Multiaddr;
import io.swarmscope.host.Connection;
import io.swarmscope.host.HostException.Kind;
import io.swarmscope.host.Identified;
import io.swarmscope.host.Stream;
import io.swarmscope.internal.link.identify.Identify;
import io.swarmscope.internal.wire.Frames;
import io.swarmscope.internal.wire.ProtoWriter;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Identify between two hosts. */
class IdentifyLinkTest {
    /** More at once than are taken, by far: on a busy machine each may take a while. */
    private static final int PUSHES = 16;

    private static TcpHostConfig fastPush(TcpHostConfig config) {
        return config.withTimeouts(LinkTimeouts.DEFAULT.withIdentify(Duration.ofSeconds(5), Duration.ofMillis(50)));
    }

    @Test
    void bothSidesLearnWhoTheOtherIs() throws Exception {
        try (TestHost alice = TestHost.start(config -> config.withAgentVersion("alice/1"));
                TestHost bob = TestHost.start(config -> config.withAgentVersion("bob/2"))) {
            bob.host.handle("/test/1", stream -> {});
            Connection there = alice.dial(bob);
            Connection here = bob.heard.awaitOpened();
            Identified aboutBob = alice.heard.awaitIdentified();
            Identified aboutAlice = bob.heard.awaitIdentified();

            assertThat(aboutBob.agentVersion()).isEqualTo("bob/2");
            assertThat(aboutBob.protocols())
                    .contains("/test/1", "/ipfs/id/1.0.0", "/ipfs/id/push/1.0.0", "/ipfs/ping/1.0.0", "/perf/1.0.0");
            assertThat(aboutBob.listenAddresses()).isEqualTo(bob.host.addresses());
            assertThat(aboutBob.observedAddress()).isEqualTo(here.remoteAddress());
            assertThat(there.identified()).isEqualTo(aboutBob);
            assertThat(aboutAlice.agentVersion()).isEqualTo("alice/1");
            assertThat(aboutAlice.listenAddresses()).isEqualTo(alice.host.addresses());
            assertThat(aboutAlice.observedAddress()).isEqualTo(bob.address());
            assertThat(bob.heard.kindsOf(here)).startsWith("opened", "identified");
        }
    }

    @Test
    void aHostBehindAForwardedPortTellsWhereItIsReachedAndNotWhereItListens() throws Exception {
        Multiaddr outside = Multiaddr.parse("/ip4/127.0.0.1/tcp/4001");
        try (TestHost alice = TestHost.start();
                TestHost bob = TestHost.start(config -> config.withAnnounce(List.of(outside)))) {
            alice.dial(bob);
            assertThat(alice.heard.awaitIdentified().listenAddresses()).containsExactly(outside);
        }
    }

    @Test
    void aNewProtocolIsPushedAndAGoneOneToo() throws Exception {
        try (TestHost alice = TestHost.start(IdentifyLinkTest::fastPush);
                TestHost bob = TestHost.start(IdentifyLinkTest::fastPush)) {
            Connection there = alice.dial(bob);
            alice.heard.awaitIdentified();
            bob.heard.awaitIdentified();
            bob.host.handle("/test/new", stream -> {});
            await().atMost(TIMEOUT).until(() -> there.identified().protocols().contains("/test/new"));
            assertThat(there.identified().agentVersion()).isEqualTo("test/1");
            bob.host.unhandle("/test/new");
            await().atMost(TIMEOUT).until(() -> !there.identified().protocols().contains("/test/new"));
            assertThat(alice.heard.of("identified")).hasSize(3);
        }
    }

    @Test
    void manyChangesAreOnePush() throws Exception {
        try (TestHost alice = TestHost.start();
                TestHost bob = TestHost.start(config -> config.withTimeouts(
                        LinkTimeouts.DEFAULT.withIdentify(Duration.ofSeconds(5), Duration.ofMillis(300))))) {
            Connection there = alice.dial(bob);
            alice.heard.awaitIdentified();
            bob.heard.awaitIdentified();
            for (int i = 0; i < 20; i++) {
                bob.host.handle("/test/" + i, stream -> {});
            }
            await().atMost(TIMEOUT).until(() -> there.identified().protocols().contains("/test/19"));
            assertThat(alice.heard.of("identified")).hasSize(2);
        }
    }

    @Test
    void aPeerThatNeverAnswersIdentifyIsStillOfUse() throws Exception {
        try (TestHost alice = TestHost.start(config -> config.withTimeouts(
                        LinkTimeouts.DEFAULT.withIdentify(Duration.ofMillis(100), Duration.ofSeconds(1))));
                // Nor does it push, which it would after this test has changed what it answers.
                TestHost bob = TestHost.start(config -> config.withTimeouts(
                        LinkTimeouts.DEFAULT.withIdentify(Duration.ofSeconds(5), Duration.ofHours(1))))) {
            bob.host.unhandle(Identify.PROTOCOL);
            bob.host.handle(Identify.PROTOCOL, stream -> stream.input().read());
            bob.host.handle("/test/echo", stream -> stream.input().transferTo(stream.output()));
            Connection there = alice.dial(bob);
            bob.heard.awaitIdentified();
            try (Stream stream = there.open("/test/echo", TIMEOUT)) {
                stream.finish(new byte[] {3});
                assertThat(stream.input().readAllBytes()).containsExactly(3);
            }
            assertThat(alice.heard.of("identified")).isEmpty();
            assertThat(there.identified()).isSameAs(Identified.NOTHING);
            assertThat(alice.heard.misdeeds).isEmpty();
        }
    }

    @Test
    void aPeerThatIdentifiesAsAnotherMisbehaves() throws Exception {
        try (TestHost alice = TestHost.start();
                TestHost bob = TestHost.start()) {
            byte[] wrong = new ProtoWriter()
                    .bytes(1, alice.identity.publicKey().toProtobuf())
                    .string(6, "liar")
                    .toBytes();
            bob.host.unhandle(Identify.PROTOCOL);
            bob.host.handle(Identify.PROTOCOL, stream -> stream.finish(Frames.prefixed(wrong)));
            Connection there = alice.dial(bob);
            await().atMost(TIMEOUT).until(() -> !alice.heard.misdeeds.isEmpty());
            assertThat(alice.heard.misdeeds.getFirst().peer()).isEqualTo(bob.id());
            assertThat(alice.heard.of("identified")).isEmpty();
            assertThat(there.isOpen()).isTrue();
        }
    }

    @Test
    void whatAPeerPushesChangesOnlyWhatItMentionsAndNotTooOften() throws Exception {
        try (TestHost alice = TestHost.start();
                TestHost bob = TestHost.start()) {
            Connection there = alice.dial(bob);
            Connection here = bob.heard.awaitOpened();
            bob.heard.awaitIdentified();
            Multiaddr moved = Multiaddr.parse("/ip4/192.0.2.7/tcp/7");
            push(there, new ProtoWriter().bytes(2, moved.toBytes()).toBytes());
            await().atMost(TIMEOUT).until(() -> here.identified().listenAddresses().contains(moved));
            assertThat(here.identified().listenAddresses()).containsExactly(moved);
            assertThat(here.identified().agentVersion()).isEqualTo("test/1");

            AtomicInteger refused = new AtomicInteger();
            for (int i = 0; i < PUSHES; i++) {
                try {
                    push(there, new ProtoWriter().string(6, "agent/" + i).toBytes());
                } catch (IOException e) {
                    refused.incrementAndGet();
                }
            }
            assertThat(refused.get()).isBetween(1, PUSHES - 1);
            push(bob.heard.awaitOpened(), new byte[0]);
            fails(Kind.STREAM_RESET, () -> {
                for (int i = 0; i < PUSHES; i++) {
                    push(here, new ProtoWriter().string(6, "x").toBytes());
                }
            });
        }
    }

    private static void push(Connection connection, byte[] message) throws Exception {
        try (Stream stream = connection.open(Identify.PUSH, TIMEOUT)) {
            stream.finish(Frames.prefixed(message));
            while (stream.input().read() >= 0) {
                continue;
            }
        }
    }
}
