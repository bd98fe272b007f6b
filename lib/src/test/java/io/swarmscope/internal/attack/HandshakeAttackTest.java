package io.swarmscope.internal.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.swarmscope.Multiaddr;
import io.swarmscope.Registry;
import io.swarmscope.RegistryConfig;
import io.swarmscope.RegistryException;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.link.multistream.Multistream;
import io.swarmscope.internal.wire.Limits;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is said, or is not, before there are streams. */
class HandshakeAttackTest extends UnderAttack {
    @Test
    void aByteASecondIsCutOffAtEveryStageOfTheHandshake() throws Exception {
        Attacker silent = attack(Attacker.connected(victim));
        Attacker negotiating = attack(Attacker.connected(victim));
        Attacker.drip(Multistream.lazyProposal("/noise"), negotiating.raw()::write);
        Attacker shaking = attack(Attacker.connected(victim).agreeOnNoise());
        Attacker.drip(new byte[] {0, 32}, shaking.raw()::write);
        Attacker multiplexing = attack(Attacker.withoutMuxer(victim));
        Attacker.drip(Multistream.lazyProposal("/yamux/1.0.0"), multiplexing::encrypted);

        long began = System.nanoTime();
        for (Attacker each : List.of(silent, negotiating, shaking, multiplexing)) {
            each.awaitClosed();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .isBetween(Limits.UPGRADE.minusSeconds(2), Limits.UPGRADE.plusSeconds(10));
        victim.awaitGrown("host.timed-out", 4);
        victim.assertThatGrown("host.violations").isZero();
        victim.assertServed();
    }

    @Test
    void whomTheNodeDialsMayNotKeepItWaitingEither() throws Exception {
        try (ServerSocket accepting = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                Registry node = Registry.open(RegistryConfig.DEFAULT.withListen("/ip4/127.0.0.1/tcp/0"))) {
            Multiaddr there = Multiaddr.tcp((InetSocketAddress) accepting.getLocalSocketAddress())
                    .withPeerId(Identity.generate(new SecureRandom()).peerId());
            assertThatThrownBy(() -> node.connect(there, Duration.ofSeconds(30)))
                    .isInstanceOf(RegistryException.Unreachable.class);
            await().untilAsserted(() -> assertThat(node.status().counters())
                    .containsEntry("host.timed-out", 1L)
                    .containsEntry("host.failed-handshakes", 1L));
        }
    }

    @Test
    void endlessProposalsEndAtEveryStageOfTheHandshake() throws Exception {
        byte[] flood = proposals(100);
        Attacker before = attack(Attacker.connected(victim));
        before.raw().write(flood);
        before.awaitClosed();
        Attacker within = attack(Attacker.withoutMuxer(victim));
        within.encrypted(flood);
        within.awaitClosed();

        victim.awaitGrown("host.violations", 2);
        victim.assertThatGrown("host.failed-handshakes").isEqualTo(2);
        victim.assertServed();
    }

    @Test
    void messagesOfImpossibleLengthAreRefusedBeforeTheyCome() throws Exception {
        Attacker negotiating = attack(Attacker.connected(victim));
        negotiating.raw().write(Attacker.claimOf(Integer.MAX_VALUE));
        negotiating.awaitClosed();
        Attacker shaking = attack(Attacker.connected(victim).agreeOnNoise());
        shaking.raw().write(new byte[] {(byte) 0xff, (byte) 0xff});
        shaking.awaitClosed();

        victim.awaitGrown("host.violations", 2);
        victim.assertThatGrown("host.failed-handshakes").isEqualTo(2);
        victim.assertThatGrown("host.timed-out").isZero();
        victim.assertServed();
    }
}
