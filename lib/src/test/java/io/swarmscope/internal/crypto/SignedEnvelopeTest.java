package io.swarmscope.internal.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.swarmscope.internal.wire.MalformedException;
import io.swarmscope.internal.wire.Mangler;
import io.swarmscope.internal.wire.ProtoWriter;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class SignedEnvelopeTest {
    private static final String DOMAIN = "libp2p-peer-record";
    private static final byte[] TYPE = {3, 1};
    private static final String PAYLOAD =
            "0a260024080112201ed1e8fae2c4a144b8be8fd4b47bf3d3b34b871c3cacf6010f0e42d474fce27e10011a0a0a08047f000001060fa1";
    private static final String SIGNATURE = "4504e51a36806e8eba9344a743f2e1cbd0170d2632fb413f98101f6e3ff26d3d"
            + "a91f4eedebf36383fa5819438bce1d7398117236e52d2d1dfce98196294ac60e";

    @Test
    void theVectorOfTheWireFormat() throws MalformedException {
        byte[] payload = HexFormat.of().parseHex(PAYLOAD);
        SignedEnvelope envelope = SignedEnvelope.seal(Keys.ed25519(), DOMAIN, TYPE, payload);
        String key = HexFormat.of().formatHex(Keys.message("ed25519-public"));
        String encoded = "0a24" + key + "12020301" + "1a36" + PAYLOAD + "2a40" + SIGNATURE;
        assertThat(HexFormat.of().formatHex(envelope.encoded())).isEqualTo(encoded);
        SignedEnvelope opened = SignedEnvelope.open(HexFormat.of().parseHex(encoded), DOMAIN);
        assertThat(opened.payload()).isEqualTo(payload);
        assertThat(opened.payloadType()).isEqualTo(TYPE);
        assertThat(opened.signer()).isEqualTo(Keys.ed25519().peerId());
        assertThat(opened.key()).isEqualTo(Keys.ed25519().publicKey());
        assertThat(HexFormat.of().formatHex(opened.signature())).isEqualTo(SIGNATURE);
        assertThat(opened.encoded()).isEqualTo(envelope.encoded());
    }

    @Test
    void anEnvelopeForAnotherPurposeIsRefused() {
        byte[] encoded =
                SignedEnvelope.seal(Keys.ed25519(), DOMAIN, TYPE, new byte[3]).encoded();
        assertThatThrownBy(() -> SignedEnvelope.open(encoded, "libp2p-routing-state"))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("libp2p-routing-state");
    }

    @Test
    void noBitCanBeChangedUnnoticed() {
        byte[] encoded = SignedEnvelope.seal(Keys.ed25519(), DOMAIN, TYPE, new byte[] {1, 2, 3})
                .encoded();
        for (int bit = 0; bit < encoded.length * 8; bit++) {
            byte[] changed = encoded.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            assertThatThrownBy(() -> SignedEnvelope.open(changed, DOMAIN)).isInstanceOf(MalformedException.class);
        }
    }

    @Test
    void anotherPeersKeyIsNotAccepted() {
        Identity other = Identity.generate(new SecureRandom());
        SignedEnvelope envelope = SignedEnvelope.seal(Keys.ed25519(), DOMAIN, TYPE, new byte[] {1});
        byte[] forged = new ProtoWriter()
                .bytes(1, other.publicKey().toProtobuf())
                .bytes(2, TYPE)
                .bytes(3, new byte[] {1})
                .bytes(5, envelope.signature())
                .toBytes();
        assertThatThrownBy(() -> SignedEnvelope.open(forged, DOMAIN)).isInstanceOf(MalformedException.class);
    }

    @Test
    void missingPartsAndOversizedEnvelopesAreRefused() {
        assertThatThrownBy(() -> SignedEnvelope.open(new byte[0], DOMAIN)).isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> SignedEnvelope.open(new byte[100_000], DOMAIN)).isInstanceOf(MalformedException.class);
    }

    @Test
    void noiseNeverFailsOtherwise() {
        byte[] encoded =
                SignedEnvelope.seal(Keys.ed25519(), DOMAIN, TYPE, new byte[20]).encoded();
        Mangler.attack(encoded, bytes -> SignedEnvelope.open(bytes, DOMAIN));
    }
}
