package io.swarmscope.internal.link.identify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.swarmscope.Multiaddr;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.crypto.SignedEnvelope;
import io.swarmscope.internal.wire.MalformedException;
import io.swarmscope.internal.wire.ProtoWriter;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class PeerRecordTest {
    private static final HexFormat HEX = HexFormat.of();
    private static final Multiaddr ADDRESS = Multiaddr.parse("/ip4/127.0.0.1/tcp/4001");

    private final Identity alice = Identity.generate(new SecureRandom());
    private final Identity mallory = Identity.generate(new SecureRandom());

    /** The vector of the wire digest, section 6.3, made with the key of section 1.4. */
    @Test
    void aSealedRecordHasTheBytesThatGoMakes() throws Exception {
        Identity identity = Identity.ofProtobuf(HEX.parseHex("080112407e0830617c4a7de83925dfb2694556b12936c477a0e1feb2e148ec9da60fee7d"
                + "1ed1e8fae2c4a144b8be8fd4b47bf3d3b34b871c3cacf6010f0e42d474fce27e"));
        String key = "080112201ed1e8fae2c4a144b8be8fd4b47bf3d3b34b871c3cacf6010f0e42d474fce27e";
        String payload = "0a260024" + key + "10011a0a0a08047f000001060fa1";
        String signature = "4504e51a36806e8eba9344a743f2e1cbd0170d2632fb413f98101f6e3ff26d3d"
                + "a91f4eedebf36383fa5819438bce1d7398117236e52d2d1dfce98196294ac60e";

        byte[] sealed = new PeerRecord(identity.peerId(), 1, List.of(ADDRESS)).sealed(identity);

        assertThat(HEX.formatHex(sealed))
                .isEqualTo("0a24" + key + "12020301" + "1a36" + payload + "2a40" + signature);
        assertThat(PeerRecord.open(sealed)).isEqualTo(new PeerRecord(identity.peerId(), 1, List.of(ADDRESS)));
    }

    @Test
    void aRecordInTheFormOfRustIsAccepted() throws Exception {
        byte[] payload = new ProtoWriter()
                .bytes(1, alice.peerId().toBytes())
                .varint(2, -1)
                .message(3, new ProtoWriter().bytes(1, ADDRESS.toBytes()))
                .toBytes();
        byte[] sealed = SignedEnvelope.seal(
                        alice,
                        "libp2p-routing-state",
                        "/libp2p/routing-state-record".getBytes(StandardCharsets.US_ASCII),
                        payload)
                .encoded();
        assertThat(PeerRecord.open(sealed)).isEqualTo(new PeerRecord(alice.peerId(), -1, List.of(ADDRESS)));
    }

    @Test
    void aRecordAboutSomebodyElseIsRefused() {
        byte[] sealed = new PeerRecord(alice.peerId(), 1, List.of(ADDRESS)).sealed(mallory);
        assertThatThrownBy(() -> PeerRecord.open(sealed))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("signed by another peer");
    }

    @Test
    void aRecordSealedForAnotherPurposeOrChangedIsRefused() {
        byte[] sealed = new PeerRecord(alice.peerId(), 1, List.of(ADDRESS)).sealed(alice);
        byte[] foreign =
                SignedEnvelope.seal(alice, "libp2p-peer-record", new byte[] {3, 2}, new byte[0]).encoded();
        assertThatThrownBy(() -> PeerRecord.open(foreign)).isInstanceOf(MalformedException.class);
        for (int i = 0; i < sealed.length; i++) {
            byte[] changed = sealed.clone();
            changed[i] ^= 1;
            assertThatThrownBy(() -> PeerRecord.open(changed)).isInstanceOf(MalformedException.class);
        }
    }

    @Test
    void addressesThatCannotBeReadAreLeftOut() throws Exception {
        byte[] payload = new ProtoWriter()
                .bytes(1, alice.peerId().toBytes())
                .message(3, new ProtoWriter().bytes(1, new byte[] {(byte) 0xff, 0x7f, 1}))
                .message(3, new ProtoWriter())
                .message(3, new ProtoWriter().bytes(1, ADDRESS.toBytes()).bytes(9, new byte[3]))
                .toBytes();
        byte[] sealed =
                SignedEnvelope.seal(alice, "libp2p-peer-record", new byte[] {3, 1}, payload).encoded();
        assertThat(PeerRecord.open(sealed).addresses()).containsExactly(ADDRESS);
    }
}
