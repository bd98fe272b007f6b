package io.swarmscope.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class MultihashTest {

    @Test
    void aHashSaysItsFunctionAndLength() {
        Multihash hash = Multihash.sha256("abc".getBytes(StandardCharsets.US_ASCII));
        String digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assertThat(HexFormat.of().formatHex(hash.toBytes())).isEqualTo("1220" + digest);
        assertThat(Multihash.ofBytes(hash.toBytes())).isEqualTo(hash).hasSameHashCodeAs(hash);
        assertThat(Multihash.ofSha256Digest(HexFormat.of().parseHex(digest))).isEqualTo(hash);
        assertThat(hash.code()).isEqualTo(Multihash.SHA2_256);
    }

    @Test
    void theIdentityFunctionKeepsTheData() {
        Multihash hash = Multihash.identity(new byte[] {1, 2, 3});
        assertThat(hash.toBytes()).containsExactly(0, 3, 1, 2, 3);
        assertThat(Multihash.ofBytes(hash.toBytes()).digest()).containsExactly(1, 2, 3);
    }

    @Test
    void unknownFunctionsAndWrongLengthsAreRefused() {
        for (String bad : new String[] {
            "",
            "12",
            "1221" + "00".repeat(33),
            "1220" + "00".repeat(31),
            "1220" + "00".repeat(33),
            "1300",
            "000301",
            "00030102030405",
            "8000"
        }) {
            assertThatThrownBy(() -> Multihash.ofBytes(HexFormat.of().parseHex(bad)))
                    .as(bad)
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> Multihash.ofSha256Digest(new byte[31])).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void noiseNeverFailsOtherwise() {
        Mangler.attack(Multihash.sha256(new byte[3]).toBytes(), Multihash::ofBytes);
    }
}
