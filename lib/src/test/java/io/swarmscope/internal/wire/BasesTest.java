package io.swarmscope.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BasesTest {
    private static final byte[] YES = "yes mani !".getBytes(StandardCharsets.US_ASCII);

    @Test
    void textsOfTheMultibaseSpecificationAreReadAndWritten() {
        assertThat(Bases.ofMultibase("z7paNL19xttacUY")).isEqualTo(YES);
        assertThat(Bases.ofMultibase("bpfsxgidnmfxgsibb")).isEqualTo(YES);
        assertThat(Bases.ofMultibase("BPFSXGIDNMFXGSIBB")).isEqualTo(YES);
        assertThat(Bases.ofMultibase("k2lcpzo5yikidynfl")).isEqualTo(YES);
        assertThat(Bases.ofMultibase("K2LCPZO5YIKIDYNFL")).isEqualTo(YES);
        assertThat(Bases.ofMultibase("ueWVzIG1hbmkgIQ")).isEqualTo(YES);
        assertThat(Bases.ofMultibase("f796573206d616e692021")).isEqualTo(YES);
        assertThat(Bases.ofMultibase("F796573206D616E692021")).isEqualTo(YES);
        assertThat(Bases.base58(YES)).isEqualTo("7paNL19xttacUY");
        assertThat(Bases.base32(YES)).isEqualTo("bpfsxgidnmfxgsibb");
        assertThat(Bases.base36(YES)).isEqualTo("k2lcpzo5yikidynfl");
        assertThat(Bases.base64url(YES)).isEqualTo("ueWVzIG1hbmkgIQ");
    }

    @Test
    void leadingZeroBytesSurvive() {
        byte[] bytes = HexFormat.of().parseHex("0000796573206d616e692021");
        assertThat(Bases.base58(bytes)).isEqualTo("117paNL19xttacUY");
        assertThat(Bases.base36(bytes)).isEqualTo("k002lcpzo5yikidynfl");
        assertThat(Bases.ofMultibase("k002lcpzo5yikidynfl")).isEqualTo(bytes);
        assertThat(Bases.base36(new byte[2])).isEqualTo("k00");
        assertThat(Bases.ofMultibase("k00")).isEqualTo(new byte[2]);
        assertThat(Bases.ofMultibase("k")).isEmpty();
    }

    @Test
    void everyArrayIsReadAsItWasWritten() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            byte[] bytes = new byte[1 + random.nextInt(60)];
            random.nextBytes(bytes);
            bytes[0] = (byte) (random.nextBoolean() ? 0 : bytes[0]);
            assertThat(Bases.ofBase58(Bases.base58(bytes))).as("seed %d", seed).isEqualTo(bytes);
            assertThat(Bases.ofMultibase(Bases.base32(bytes)))
                    .as("seed %d", seed)
                    .isEqualTo(bytes);
            assertThat(Bases.ofMultibase(Bases.base36(bytes)))
                    .as("seed %d", seed)
                    .isEqualTo(bytes);
            assertThat(Bases.ofMultibase(Bases.base64url(bytes)))
                    .as("seed %d", seed)
                    .isEqualTo(bytes);
        }
    }

    @Test
    void wrongCharactersUnknownBasesAndLongTextsAreRefused() {
        for (String bad : new String[] {"", "x00", "k-", "kä", "z0", "bA", "b1", "f0", "fxy", "u=", "u+", "\u1234"}) {
            assertThatThrownBy(() -> Bases.ofMultibase(bad)).as(bad).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> Bases.ofBase58("0OIl")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Bases.ofBase58("1".repeat(5000))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Bases.ofMultibase("k" + "z".repeat(5000)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void noiseNeverFailsOtherwise() {
        for (String valid :
                new String[] {"z7paNL19xttacUY", "bpfsxgidnmfxgsibb", "k2lcpzo5yikidynfl", "ueWVzIG1hbmkgIQ"}) {
            Mangler.attack(
                    valid.getBytes(StandardCharsets.ISO_8859_1),
                    bytes -> Bases.ofMultibase(new String(bytes, StandardCharsets.ISO_8859_1)));
        }
    }
}
