package io.swarmscope.internal.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.swarmscope.ContentId;
import io.swarmscope.PackageManifest;
import io.swarmscope.RegistryException;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.crypto.SignedEnvelope;
import io.swarmscope.internal.record.RecordRefused.Reason;
import io.swarmscope.internal.wire.Limits;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordCodecTest {
    private static final Identity ALICE = Heads.someone();
    private static final long SEED = 20_261_121;

    @Test
    void whatWasSealedOpensAsTheSame() throws Exception {
        PackageManifest manifest = Heads.manifest("acme/logger", "1.2.0")
                .withDescription("Quotes \" backslashes \\ lines\n and letters from Ä to 漢 and 🐝")
                .withLink("source", URI.create("https://example.org/a?b=c&d=%20#e"))
                .withContent(new ContentId("sha2-256", "ab".repeat(32)));
        Head head = Heads.head(manifest, Long.MAX_VALUE, Instant.now());

        Signed<Head> sealed = RecordCodec.seal(ALICE, head);
        Signed<?> opened = RecordCodec.open(sealed.encoded());

        assertThat(opened.record()).isEqualTo(head);
        assertThat(opened.publisher()).isEqualTo(ALICE.peerId());
        assertThat(opened).isEqualTo(sealed).hasSameHashCodeAs(sealed);
        assertThat(RecordCodec.trusted(sealed.encoded()).publisher()).isEqualTo(ALICE.peerId());
        assertThat(opened.toPublished().orElseThrow().manifest()).isEqualTo(manifest);
    }

    @Test
    void eachKindOfRecordOpensAsWhatItIs() throws Exception {
        Instant now = Instant.now();
        PackageManifest manifest = Heads.manifest("acme/logger", "1.2.0");
        for (PackageRecord record : List.of(
                Heads.head(manifest),
                Heads.version(manifest, 3, now),
                Heads.tombstone("acme/logger", 4, now),
                Heads.tombstone("acme/logger", "1.2.0", 5, now))) {
            Signed<?> opened = RecordCodec.open(RecordCodec.seal(ALICE, record).encoded());

            assertThat(opened.record()).isEqualTo(record);
            assertThat(RecordCodec.trusted(opened.encoded()).record()).isEqualTo(record);
        }
    }

    @Test
    void aVersionCannotBePassedOffAsAHead() {
        byte[] version = RecordCodec.seal(ALICE, Heads.version(Heads.manifest("acme/logger", "1"), 1, Instant.now())).encoded();
        byte[] head = new String(version, StandardCharsets.ISO_8859_1)
                .replace("/swarmscope/version/1", "/swarmscope/head/1")
                .getBytes(StandardCharsets.ISO_8859_1);

        assertThat(reasonFor(head)).isIn(Reason.SYNTAX, Reason.SIGNATURE);
    }

    @Test
    void theLeastHeadOpensAsTheSame() throws Exception {
        Head head = Heads.head(PackageManifest.of("a/b", "0", "T"));

        assertThat(RecordCodec.open(RecordCodec.seal(ALICE, head).encoded()).record()).isEqualTo(head);
    }

    @Test
    void theOldestVersionsAreLeftOutWhereTheyDoNotFit() throws Exception {
        PackageManifest manifest = Heads.manifest("acme/logger", "0.0.1-" + "x".repeat(50));
        List<String> versions = new java.util.ArrayList<>(IntStream.rangeClosed(1, 127)
                .mapToObj(i -> "9.0." + (1000 - i) + "-" + "y".repeat(56))
                .toList());
        versions.add(manifest.version());
        Head head = Heads.head(manifest);
        head = new Head(head.network(), manifest, versions, 1, head.publishedAt(), head.expiresAt());

        Signed<Head> sealed = RecordCodec.seal(ALICE, head);

        assertThat(sealed.encoded().length).isBetween(Limits.RECORD_BYTES - 200, Limits.RECORD_BYTES);
        List<String> kept = RecordCodec.open(sealed.encoded()).as(Head.class).orElseThrow().record().versions();
        assertThat(kept).contains(manifest.version()).hasSizeGreaterThan(50);
        assertThat(kept.subList(0, kept.size() - 1)).isEqualTo(versions.subList(0, kept.size() - 1));
    }

    @Test
    void whatDoesNotFitEvenSoIsTooLarge() {
        PackageManifest manifest = Heads.manifest("acme/logger", "1").withDescription("漢".repeat(4_000));

        assertThatThrownBy(() -> RecordCodec.seal(ALICE, Heads.head(manifest)))
                .isInstanceOf(RegistryException.TooLarge.class)
                .hasMessageContaining("acme/logger")
                .hasMessageContaining("8192");
    }

    @Test
    void fieldsNobodyKnowsArePassedOver() throws Exception {
        Signed<?> opened = RecordCodec.open(sealed(
                """
                {"future":{"a":[1,2,{"b":null}]},"network":"n","id":"a/b","version":"1","versions":["1"],
                "title":"T","sequence":1,"published":1,"expires":2,"more":true}"""));

        assertThat(opened.toPublished().orElseThrow().manifest()).isEqualTo(PackageManifest.of("a/b", "1", "T"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "\"text\"",
                "{\"network\":\"n\"",
                "{'network':'n'}",
                "{\"network\":null}",
                "{\"network\":7}",
                "VALID,\"network\":\"n\"}",
                "VALID} {}",
                "VALID,\"title\":\"\\u0001\"}",
                "VALID,\"tags\":\"a\"}",
                "VALID,\"tags\":[[]]}",
                "VALID,\"tags\":[\"\"]}",
                "VALID,\"tags\":[null]}",
                "VALID,\"links\":[]}",
                "VALID,\"links\":{\"home\":\"ftp://x\"}}",
                "VALID,\"links\":{\"home\":\"http://a b\"}}",
                "VALID,\"links\":{\"home\":\"relative\"}}",
                "VALID,\"content\":\"sha2-256\"}",
                "VALID,\"content\":\"sha2-256:xyz\"}",
                "VALID,\"deep\":[[[[[[]]]]]]}",
                "VALID,\"id\":\"a/b\",\"id\":\"a/c\"}",
                "VALID,\"long\":1" + "00000000000000000000000000000000000" + "}",
            })
    void jsonThatIsNoHeadIsRefused(String json) {
        String valid = "{\"network\":\"n\",\"id\":\"a/b\",\"version\":\"1\",\"versions\":[\"1\"],"
                + "\"title\":\"T\",\"sequence\":1,\"published\":1,\"expires\":2";

        assertThat(reasonFor(sealed(json.replace("VALID", valid)))).isEqualTo(Reason.SYNTAX);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"sequence\":1:\"sequence\":0",
                "\"sequence\":1:\"sequence\":-5",
                "\"sequence\":1:\"sequence\":1.5",
                "\"sequence\":1:\"sequence\":9223372036854775808",
                "\"sequence\":1:\"sequence\":\"1\"",
                "\"expires\":2:\"expires\":1",
                "\"a/b\":\"a\"",
                "\"a/b\":\"../b\"",
                "\"a/b\":\"a/b/c\"",
                "[\"1\"]:[]",
                "[\"1\"]:[\"2\"]",
                "[\"1\"]:[\"1\",\"/\"]",
                "\"T\":\" \"",
            })
    void fieldsOutsideTheirBoundsAreRefused(String change) {
        String json = "{\"network\":\"n\",\"id\":\"a/b\",\"version\":\"1\",\"versions\":[\"1\"],"
                + "\"title\":\"T\",\"sequence\":1,\"published\":1,\"expires\":2}";
        int half = change.startsWith("\"s") || change.startsWith("\"e")
                ? change.indexOf(":\"")
                : change.indexOf(':');
        String changed = json.replace(change.substring(0, half), change.substring(half + 1));

        assertThat(changed).isNotEqualTo(json);
        assertThat(reasonFor(sealed(changed))).isEqualTo(Reason.SYNTAX);
    }

    @Test
    void manySmallTokensAreRefusedBeforeTheyCostMuch() {
        assertThat(reasonFor(sealed("{\"x\":[" + "0,".repeat(3_000) + "0]}"))).isEqualTo(Reason.SYNTAX);
    }

    @Test
    void moreThanEightKibibytesAreRefusedUnread() {
        assertThat(reasonFor(new byte[Limits.RECORD_BYTES + 1])).isEqualTo(Reason.SIZE);
    }

    @Test
    void anEnvelopeForAnotherPurposeIsRefused() {
        byte[] json = RecordJson.write(Heads.head(Heads.manifest("a/b", "1")));
        byte[] type = "/swarmscope/head/1".getBytes(StandardCharsets.UTF_8);
        byte[] otherType = "/swarmscope/head/2".getBytes(StandardCharsets.UTF_8);

        assertThat(reasonFor(SignedEnvelope.seal(ALICE, "libp2p-peer-record", type, json).encoded()))
                .isEqualTo(Reason.SIGNATURE);
        assertThat(reasonFor(
                        SignedEnvelope.seal(ALICE, "swarmscope-record", otherType, json).encoded()))
                .isEqualTo(Reason.SYNTAX);
    }

    @Test
    void everyTruncationIsRefused() {
        byte[] whole = Heads.signed(ALICE, "acme/logger").encoded();

        for (int length = 0; length < whole.length; length++) {
            assertThat(reasonFor(Arrays.copyOf(whole, length))).as("first %d bytes", length).isNotNull();
        }
    }

    @Test
    void everyFlippedBitIsRefused() {
        byte[] whole = Heads.signed(ALICE, "acme/logger").encoded();
        Random random = new Random(SEED);

        for (int at = 0; at < whole.length; at++) {
            byte[] changed = whole.clone();
            changed[at] ^= (byte) (1 << random.nextInt(8));
            assertThat(reasonFor(changed)).as("seed %d, byte %d", SEED, at).isNotNull();
        }
    }

    @Test
    void randomBytesAreRefused() {
        Random random = new Random(SEED);

        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(300)];
            random.nextBytes(bytes);
            assertThat(reasonFor(bytes)).as("seed %d, number %d", SEED, i).isNotNull();
        }
    }

    @Test
    void signedRubbishIsRefusedOrRead() {
        byte[] json = RecordJson.write(Heads.head(Heads.manifest("acme/logger", "1.0.0")));
        Random random = new Random(SEED);

        for (int i = 0; i < 3_000; i++) {
            byte[] changed = json.clone();
            for (int n = random.nextInt(4); n >= 0; n--) {
                changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
            }
            // Nothing but a refusal may come out; some changes leave a valid record.
            try {
                RecordJson.read(Head.class, changed);
            } catch (RecordRefused e) {
                assertThat(e.reason()).as("seed %d, number %d", SEED, i).isEqualTo(Reason.SYNTAX);
                assertThat(e.getStackTrace()).isEmpty();
            }
        }
    }

    private static byte[] sealed(String json) {
        return SignedEnvelope.seal(
                        ALICE,
                        "swarmscope-record",
                        "/swarmscope/head/1".getBytes(StandardCharsets.UTF_8),
                        json.getBytes(StandardCharsets.UTF_8))
                .encoded();
    }

    private static Reason reasonFor(byte[] encoded) {
        return catchThrowableOfType(RecordRefused.class, () -> RecordCodec.open(encoded)).reason();
    }
}
