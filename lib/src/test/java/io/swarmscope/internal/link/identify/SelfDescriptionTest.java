package io.swarmscope.internal.link.identify;

import static org.assertj.core.api.Assertions.assertThat;

import io.swarmscope.Multiaddr;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.wire.Limits;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SelfDescriptionTest {
    private static final Multiaddr SEEN = Multiaddr.parse("/ip4/192.0.2.9/tcp/50000");
    private static final Multiaddr SEEN_HERE = Multiaddr.parse("/ip4/127.0.0.1/tcp/50000");
    private static final Multiaddr LOOPBACK = Multiaddr.parse("/ip4/127.0.0.1/tcp/4001");
    private static final Multiaddr PUBLIC = Multiaddr.parse("/ip4/198.51.100.1/tcp/4001");

    private final Identity identity = Identity.generate(new SecureRandom());
    private final List<Multiaddr> addresses = new ArrayList<>(List.of(PUBLIC, LOOPBACK));
    private final List<String> protocols = new ArrayList<>(List.of("/a/1", "/b/1"));
    private final SelfDescription description = new SelfDescription(identity, "test/1", new Identify.Self() {
        @Override
        public List<Multiaddr> addresses() {
            return addresses;
        }

        @Override
        public List<String> protocols() {
            return protocols;
        }
    });

    private IdentifyMessage told(Multiaddr to) throws IOException {
        byte[] frame = description.frameFor(to);
        assertThat(frame.length).isLessThanOrEqualTo(Limits.IDENTIFY_BYTES_OUT + 2);
        return Identify.readAll(new ByteArrayInputStream(frame));
    }

    @Test
    void everythingIsInOneMessage() throws Exception {
        IdentifyMessage told = told(SEEN);
        assertThat(told.publicKey()).isEqualTo(identity.publicKey().toProtobuf());
        assertThat(told.protocols()).containsExactly("/a/1", "/b/1");
        assertThat(told.observedAddress()).isEqualTo(SEEN);
        assertThat(told.agentVersion()).isEqualTo("test/1");
        assertThat(told.protocolVersion()).isEqualTo("ipfs/0.1.0");
        assertThat(told.listenAddresses()).containsExactly(PUBLIC);
        assertThat(PeerRecord.open(told.signedPeerRecord()).addresses()).containsExactly(PUBLIC);
    }

    @Test
    void onlyPeersOnThisMachineAreToldLoopbackAddresses() throws Exception {
        assertThat(told(SEEN_HERE).listenAddresses()).containsExactly(PUBLIC, LOOPBACK);
        assertThat(PeerRecord.open(told(SEEN_HERE).signedPeerRecord()).addresses()).containsExactly(PUBLIC, LOOPBACK);
    }

    @Test
    void aChangeIsToldWithAHigherSequence() throws Exception {
        long before = PeerRecord.open(told(SEEN).signedPeerRecord()).sequence();
        protocols.add("/c/1");
        assertThat(told(SEEN).protocols()).hasSize(2);
        description.changed();
        assertThat(told(SEEN).protocols()).hasSize(3);
        assertThat(PeerRecord.open(told(SEEN).signedPeerRecord()).sequence()).isGreaterThan(before);
    }

    @Test
    void aHostWithoutAddressesSignsNoRecord() throws Exception {
        addresses.clear();
        assertThat(told(SEEN).signedPeerRecord()).isNull();
    }

    @Test
    void manyAddressesAndProtocolsAreCutSoThatRustReadsTheMessage() throws Exception {
        for (int i = 0; i < 100; i++) {
            addresses.add(Multiaddr.parse("/dns4/a-very-long-name-of-a-machine-number-" + i + ".example.org/tcp/4001"));
            protocols.add("/a-protocol-with-a-name/" + i);
        }
        IdentifyMessage told = told(SEEN);
        assertThat(told.protocols()).hasSize(102);
        assertThat(told.listenAddresses()).isNotEmpty().hasSizeLessThanOrEqualTo(20);
        assertThat(told.signedPeerRecord()).isNull();

        for (int i = 0; i < 100; i++) {
            protocols.add("/a-protocol-with-a-name-that-goes-on-and-on-and-on/" + i);
        }
        description.changed();
        assertThat(told(SEEN).protocols()).hasSizeBetween(102, 150).contains("/a/1");
    }
}
