package io.swarmscope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.swarmscope.internal.wire.Bases;
import io.swarmscope.internal.wire.Mangler;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PeerIdTest {
    private static final String ED25519 = "12D3KooWBtg3aaRMjxwedh83aGiUkwSxDwUZkzuJcfaqUmo7R3pq";
    private static final String ED25519_BYTES =
            "0024080112201ed1e8fae2c4a144b8be8fd4b47bf3d3b34b871c3cacf6010f0e42d474fce27e";

    /** Base58 and base 36 forms of the ids of the specification's keys. */
    private static final Map<String, String> FORMS = Map.of(
            ED25519,
            "k51qzi5uqu5dgy8qsq67hbz73jqkw87l3fgf4a91qb0d9b5173tir7n4vxk1oe",
            "16Uiu2HAmLhLvBoYaoZfaMUKuibM6ac163GwKY74c5kiSLg5KvLpY",
            "kzwfwjn5ji4put13uvtwtc7azzwk42cq2o8ctfnxa6q8n90e72o3pjqbrp3lpcp",
            "QmVMT29id3TUASyfZZ6k9hmNyc2nYabCo4uMSpDw4zrgDk",
            "k2k4r8m0iploq6r25jp915xawtnx0qdr0je62jws2kki6votbj5191x3",
            "QmaeANgBs1DTSxWSrPPtobgQuxW8XTfsS4ydbK4rCHzqxG",
            "k2k4r8nz0pc9sm08wgacijx1ic8vxy9e2770otjszhz1nodfs0brtvpp");

    @Test
    void bothTextFormsOfTheSpecificationsIdsAreTheSameId() {
        FORMS.forEach((base58, base36) -> {
            PeerId id = PeerId.parse(base58);
            assertThat(PeerId.parse(base36)).isEqualTo(id).hasSameHashCodeAs(id);
            assertThat(id).hasToString(base58);
            assertThat(PeerId.ofBytes(id.toBytes())).isEqualTo(id);
        });
        assertThat(PeerId.parse("bafzbeie5745rpv2m6tjyuugywy4d5ewrqgqqhfnf445he3omzpjbx5xqxe"))
                .hasToString("QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N");
    }

    @Test
    void theBytesAreTheMultihash() {
        assertThat(PeerId.parse(ED25519).toBytes()).isEqualTo(HexFormat.of().parseHex(ED25519_BYTES));
        assertThat(PeerId.parse(ED25519).shortText()).isEqualTo("Umo7R3pq");
    }

    @Test
    void anIdCannotBeChangedThroughItsArrays() {
        byte[] bytes = HexFormat.of().parseHex(ED25519_BYTES);
        PeerId id = PeerId.ofBytes(bytes);
        bytes[5] ^= 1;
        id.toBytes()[6] ^= 1;
        assertThat(id).hasToString(ED25519);
    }

    @Test
    void keysUpTo42BytesAreInlinedAndLongerOnesHashed() {
        assertThat(PeerId.ofPublicKey(new byte[42]).toBytes()).hasSize(44).startsWith(0, 42);
        assertThat(PeerId.ofPublicKey(new byte[43]).toBytes()).hasSize(34).startsWith(0x12, 32);
    }

    @Test
    void idsAreOrderedByUnsignedBytes() {
        PeerId low = PeerId.ofBytes(new byte[] {0, 1, 0x7f});
        PeerId high = PeerId.ofBytes(new byte[] {0, 1, (byte) 0x80});
        assertThat(low).isLessThan(high);
        assertThat(low.compareTo(PeerId.ofBytes(low.toBytes()))).isZero();
    }

    @Test
    void whatIsNoPeerIdIsRefusedWithAReason() {
        for (String bad : new String[] {
            "",
            "1",
            "Qm",
            "Qm0OIl",
            "hello",
            ED25519 + "x",
            ED25519.substring(1),
            "z" + ED25519,
            "1".repeat(200),
            "QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5",
            "bafybeie5745rpv2m6tjyuugywy4d5ewrqgqqhfnf445he3omzpjbx5xqxe",
            "b",
            "k",
            "kä"
        }) {
            assertThatThrownBy(() -> PeerId.parse(bad))
                    .as(bad)
                    .isInstanceOf(IllegalArgumentException.class)
                    .message()
                    .isNotBlank();
        }
        for (String bad : new String[] {"", "0000", "002b" + "00".repeat(43), "1300", "1120" + "00".repeat(20)}) {
            assertThatThrownBy(() -> PeerId.ofBytes(HexFormat.of().parseHex(bad)))
                    .as(bad)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void everyIdSurvivesEveryTextForm() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            byte[] key = new byte[1 + random.nextInt(60)];
            random.nextBytes(key);
            PeerId id = PeerId.ofPublicKey(key);
            byte[] cid = new byte[id.toBytes().length + 2];
            cid[0] = 1;
            cid[1] = 0x72;
            System.arraycopy(id.toBytes(), 0, cid, 2, id.toBytes().length);
            assertThat(PeerId.parse(Bases.base32(cid))).as("seed %d", seed).isEqualTo(id);
            assertThat(PeerId.parse(Bases.base36(cid))).as("seed %d", seed).isEqualTo(id);
            assertThat(PeerId.parse(Bases.base64url(cid))).as("seed %d", seed).isEqualTo(id);
            if (id.toString().startsWith("1") || id.toString().startsWith("Qm")) {
                assertThat(PeerId.parse(id.toString())).as("seed %d", seed).isEqualTo(id);
            }
        }
    }

    @Test
    void noiseNeverFailsOtherwise() {
        Mangler.attack(HexFormat.of().parseHex(ED25519_BYTES), PeerId::ofBytes);
        Mangler.attack(
                ED25519.getBytes(StandardCharsets.ISO_8859_1),
                bytes -> PeerId.parse(new String(bytes, StandardCharsets.ISO_8859_1)));
    }
}
