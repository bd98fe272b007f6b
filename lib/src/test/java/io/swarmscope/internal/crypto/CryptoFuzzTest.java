package io.swarmscope.internal.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.swarmscope.internal.wire.Fuzzed;
import io.swarmscope.internal.wire.Limits;
import io.swarmscope.internal.wire.MalformedException;
import io.swarmscope.internal.wire.ProtoWriter;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Keys, signatures and envelopes of strangers. */
class CryptoFuzzTest {
    private static final byte[] MESSAGE = {1, 2, 3};
    private static final Identity SOMEONE = Keys.ed25519();
    private static final SignedEnvelope ENVELOPE = SignedEnvelope.seal(SOMEONE, "test", new byte[] {3, 1}, MESSAGE);

    static Stream<byte[]> keys() {
        return Stream.of(
                Keys.message("ed25519-public"),
                Keys.message("rsa-public"),
                Keys.message("secp256k1-public"),
                Keys.message("ecdsa-public"),
                new ProtoWriter().varint(1, 1).bytes(2, new byte[32]).toBytes(),
                new ProtoWriter().varint(1, 2).bytes(2, new byte[33]).toBytes());
    }

    @MethodSource("keys")
    @FuzzTest
    void publicKey(byte[] bytes) {
        Fuzzed.decoded(bytes, PublicKey::ofProtobuf).ifPresent(key -> {
            Fuzzed.roundTrip(key, PublicKey::toProtobuf, PublicKey::ofProtobuf);
            assertThat(key.toProtobuf().length).isLessThanOrEqualTo(Limits.PUBLIC_KEY_BYTES);
            assertThat(key.verify(MESSAGE, bytes)).isFalse();
        });
    }

    private static List<PublicKey> ofAllKinds() {
        return keys().limit(4).map(CryptoFuzzTest::key).toList();
    }

    private static PublicKey key(byte[] message) {
        try {
            return PublicKey.ofProtobuf(message);
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
    }

    static Stream<byte[]> signatures() {
        byte[] signed = SOMEONE.sign(new byte[0]);
        return Stream.concat(
                Stream.of(signed, Arrays.copyOf(signed, 63), new byte[256]),
                Stream.of("3006020101020101", "3008020200ff02020001", "300602010002807f", "30060201ff0201ff", "3080").map(HexFormat.of()::parseHex));
    }

    /** A signature that is none is a wrong one, for every kind of key. */
    @MethodSource("signatures")
    @FuzzTest
    void signature(byte[] bytes) {
        for (PublicKey key : ofAllKinds()) {
            assertThat(key.verify(MESSAGE, bytes)).as("%s", key).isFalse();
        }
    }

    static Stream<byte[]> envelopes() {
        SignedEnvelope other = SignedEnvelope.seal(SOMEONE, "other", new byte[] {3, 1}, MESSAGE);
        return Stream.of(
                ENVELOPE.encoded(),
                other.encoded(),
                new ProtoWriter().bytes(1, Keys.message("rsa-public")).bytes(2, MESSAGE).bytes(3, MESSAGE).bytes(5, new byte[256]).toBytes());
    }

    @MethodSource("envelopes")
    @FuzzTest
    void envelope(byte[] bytes) {
        Fuzzed.decoded(bytes, encoded -> SignedEnvelope.open(encoded, "test")).ifPresent(opened -> {
            assertThat(opened.signer()).isEqualTo(SOMEONE.peerId());
            assertThat(opened.payloadType()).isEqualTo(ENVELOPE.payloadType());
            assertThat(opened.payload()).isEqualTo(ENVELOPE.payload());
        });
    }
}
