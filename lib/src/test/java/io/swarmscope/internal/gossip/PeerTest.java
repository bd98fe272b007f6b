package io.swarmscope.internal.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import io.swarmscope.internal.record.Heads;
import io.swarmscope.internal.wire.Limits;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PeerTest {
    private static final int KEPT = Limits.GOSSIP_IDONTWANT_KEPT;

    private final Peer peer = new Peer(Heads.someone().peerId(), 0);

    private static MessageId id(int number) {
        return MessageId.of(("message " + number).getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void untilTheNextHeartbeatAPeerDeclinesOnlySoManyMessages() {
        for (int i = 0; i < KEPT + 100; i++) {
            peer.doesNotWant(id(i), 1);
        }
        assertThat(peer.wants(id(0))).isFalse();
        assertThat(peer.wants(id(KEPT - 1))).isFalse();
        assertThat(peer.wants(id(KEPT))).as("one too many").isTrue();
    }

    @Test
    void overManyHeartbeatsNoMoreAreKeptThanThatAndTheOldestAreForgottenFirst() {
        for (int i = 0; i < KEPT; i++) {
            peer.doesNotWant(id(i), 1);
        }
        peer.heartbeat(2);
        peer.doesNotWant(id(KEPT), 2);
        assertThat(peer.wants(id(0))).isTrue();
        assertThat(peer.wants(id(1))).isFalse();
        assertThat(peer.wants(id(KEPT))).isFalse();
    }

    @Test
    void afterThreeHeartbeatsItMayHaveChangedItsMind() {
        peer.doesNotWant(id(7), 1);
        peer.heartbeat(3);
        assertThat(peer.wants(id(7))).isFalse();
        peer.heartbeat(4);
        assertThat(peer.wants(id(7))).isTrue();
    }
}
