package io.swarmscope.internal.link.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.crypto.Keys;
import io.swarmscope.internal.crypto.PublicKey;
import io.swarmscope.internal.wire.Limits;
import io.swarmscope.internal.wire.MalformedException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class NoiseStaticTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String YAMUX = "220e120c2f79616d75782f312e302e30";
    private static final String SIGNATURE = "6748f6f4c32e36aa2ef8df283a99a76275a9358b224844c53ced6ae4789262d0"
            + "0a86a6fe47a578ae243faa2a3ed9f4fd22d1bc38527f4797548e568ca43f500c";

    @Test
    void thePayloadVectorOfTheWireFormat() throws MalformedException {
        byte[] staticKey = new byte[32];
        for (int i = 0; i < 32; i++) {
            staticKey[i] = (byte) i;
        }
        Identity identity = Keys.ed25519();
        byte[] key = identity.publicKey().toProtobuf();
        byte[] signature = identity.sign(NoiseStatic.signedBytes(staticKey));
        String plain = "0a24" + HexFormat.of().formatHex(key) + "1240" + SIGNATURE;
        assertThat(hex(new NoisePayload(key, signature, List.of())))
                .isEqualTo(plain)
                .hasSize(2 * 104);
        assertThat(hex(new NoisePayload(key, signature, List.of("/yamux/1.0.0"))))
                .isEqualTo(plain + YAMUX);
        NoisePayload read = NoisePayload.ofBytes(HexFormat.of().parseHex(plain + YAMUX));
        assertThat(read.muxers()).containsExactly("/yamux/1.0.0");
        assertThat(new KnownKeys().verify(read, staticKey)).isEqualTo(identity.publicKey());
    }

    @Test
    void aNodeListsExactlyOneMuxer() throws MalformedException {
        NoiseStatic self = NoiseStatic.create(Identity.generate(RANDOM), RANDOM);
        assertThat(NoisePayload.ofBytes(self.payload()).muxers()).containsExactly("/yamux/1.0.0");
        NoiseStatic silent = NoiseStatic.create(Identity.generate(RANDOM), List.of(), RANDOM);
        assertThat(silent.payload()).hasSize(104);
    }

    @Test
    void aKnownStaticKeyIsNotVerifiedAgainButAnotherOneIs() throws MalformedException {
        NoiseStatic peer = NoiseStatic.create(Identity.generate(RANDOM), RANDOM);
        NoisePayload payload = NoisePayload.ofBytes(peer.payload());
        KnownKeys known = new KnownKeys();
        PublicKey first = known.verify(payload, peer.publicKey());
        assertThat(known.verify(NoisePayload.ofBytes(peer.payload()), peer.publicKey()))
                .isSameAs(first);
        assertThatThrownBy(() -> known.verify(payload, new byte[32])).isInstanceOf(MalformedException.class);
        NoisePayload otherSignature = new NoisePayload(payload.identityKey(), new byte[64], List.of());
        assertThatThrownBy(() -> known.verify(otherSignature, peer.publicKey())).isInstanceOf(MalformedException.class);
    }

    @Test
    void thePeersMetLongestAgoAreForgotten() throws MalformedException {
        KnownKeys known = new KnownKeys();
        NoiseStatic peer = NoiseStatic.create(Identity.generate(RANDOM), RANDOM);
        PublicKey first = known.verify(NoisePayload.ofBytes(peer.payload()), peer.publicKey());
        Identity stranger = Identity.generate(RANDOM);
        byte[] key = stranger.publicKey().toProtobuf();
        for (int i = 0; i < Limits.NOISE_REMEMBERED_PEERS; i++) {
            byte[] staticKey = new byte[32];
            RANDOM.nextBytes(staticKey);
            known.verify(
                    new NoisePayload(key, stranger.sign(NoiseStatic.signedBytes(staticKey)), List.of()), staticKey);
        }
        assertThat(known.verify(NoisePayload.ofBytes(peer.payload()), peer.publicKey()))
                .isNotSameAs(first)
                .isEqualTo(first);
    }

    @Test
    void anEndlessListOfMuxersIsCutAndLongNamesRefused() throws MalformedException {
        NoisePayload many = new NoisePayload(new byte[0], new byte[0], java.util.Collections.nCopies(300, "/a"));
        assertThat(NoisePayload.ofBytes(many.toBytes()).muxers()).hasSize(Limits.NOISE_MUXERS);
        NoisePayload longName = new NoisePayload(new byte[0], new byte[0], List.of("/" + "a".repeat(200)));
        assertThatThrownBy(() -> NoisePayload.ofBytes(longName.toBytes())).isInstanceOf(MalformedException.class);
    }

    private static String hex(NoisePayload payload) {
        return HexFormat.of().formatHex(payload.toBytes());
    }
}
