package io.swarmscope.internal.record;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.swarmscope.PackageManifest;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.crypto.Keys;
import io.swarmscope.internal.crypto.SignedEnvelope;
import io.swarmscope.internal.wire.Fuzzed;
import io.swarmscope.internal.wire.Limits;
import io.swarmscope.internal.wire.ProtoWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Records, evidence and keys as they come from peers. */
class RecordFuzzTest {
    private static final Identity SOMEONE = Keys.ed25519();
    private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");
    private static final PackageManifest MANIFEST = Heads.manifest("acme/logger", "1.0.0-rc.1+b");
    private static final List<PackageRecord> RECORDS = List.of(
            Heads.head(MANIFEST, 3, NOW),
            Heads.version(MANIFEST, 3, NOW),
            Heads.tombstone("acme/logger", 4, NOW),
            Heads.tombstone("acme/logger", "1.0.0", 5, NOW));
    private static final List<byte[]> SEALED =
            RECORDS.stream().map(record -> RecordCodec.seal(SOMEONE, record).encoded()).toList();
    private static final List<Class<? extends PackageRecord>> KINDS = List.of(Head.class, VersionRecord.class, Tombstone.class);

    static Stream<byte[]> json() {
        Stream<String> nasty = Stream.of(
                "{\"id\":\"a/b\",\"id\":\"a/b\"}",
                "{\"x\":[[[[[[[[]]]]]]]]}",
                "{\"sequence\":1e9999,\"published\":-9223372036854775808,\"expires\":9223372036854775807}",
                "{\"links\":{\"home\":\"http://[::1\"},\"content\":\"sha256\",\"title\":\"\\ud800\"}",
                "{\"network\":\"n\",\"id\":\"a/b\",\"sequence\":1,\"published\":1,\"expires\":2,\"later\":{\"y\":[null,true,0.5]}}");
        return Stream.concat(RECORDS.stream().map(RecordJson::write), nasty.map(text -> text.getBytes(StandardCharsets.UTF_8)));
    }

    @MethodSource("json")
    @FuzzTest
    void recordJson(byte[] bytes) {
        for (Class<? extends PackageRecord> kind : KINDS) {
            Fuzzed.<PackageRecord>decoded(bytes, RecordRefused.class, json -> RecordJson.read(kind, json)).ifPresent(record -> {
                assertThat(record).isInstanceOf(kind);
                byte[] written = RecordJson.write(record);
                // The longest one that was read may be longer in our form, and then nobody takes it.
                if (written.length <= Limits.RECORD_BYTES) {
                    Fuzzed.roundTrip(record, RecordJson::write, json -> RecordJson.read(kind, json));
                }
            });
        }
    }

    static Stream<byte[]> envelopes() {
        byte[] head = SEALED.getFirst();
        byte[] longer = Arrays.copyOf(head, head.length + 2);
        longer[head.length] = 0x32; // a field that nobody knows, with nothing in it
        byte[] version = SignedEnvelope.seal(
                        SOMEONE, "swarmscope-record", "/swarmscope/version/2".getBytes(StandardCharsets.UTF_8), RecordJson.write(RECORDS.get(1)))
                .encoded();
        return Stream.concat(SEALED.stream(), Stream.of(longer, version, new ProtoWriter().bytes(1, Keys.message("rsa-public")).toBytes()));
    }

    /** Nobody makes a second record of a first: whatever opens is, byte for byte, what its publisher signed. */
    @MethodSource("envelopes")
    @FuzzTest
    void signedRecord(byte[] bytes) {
        opened(bytes).ifPresent(signed -> {
            assertThat(SEALED).anyMatch(sealed -> Arrays.equals(sealed, bytes));
            assertThat(signed.publisher()).isEqualTo(SOMEONE.peerId());
        });
    }

    static Stream<byte[]> evidence() {
        PackageManifest other = MANIFEST.withDescription("Something else");
        List<byte[]> all = new ArrayList<>();
        for (PackageRecord contrary : List.of(Heads.head(other, 3, NOW), Heads.version(other, 4, NOW))) {
            all.add(Evidence.between(RecordCodec.seal(SOMEONE, RECORDS.getFirst()), RecordCodec.seal(SOMEONE, contrary))
                    .orElseThrow()
                    .encode());
        }
        all.add(new ProtoWriter().bytes(1, SEALED.get(0)).bytes(2, SEALED.get(0)).toBytes());
        all.add(new ProtoWriter().bytes(1, SEALED.get(0)).bytes(2, SEALED.get(2)).toBytes());
        all.add(new ProtoWriter().bytes(2, SEALED.get(0)).toBytes());
        return all.stream();
    }

    /** Evidence is about two things that one key said, and the same whoever passes it on, in whichever order. */
    @MethodSource("evidence")
    @FuzzTest
    void evidence(byte[] bytes) {
        Fuzzed.decoded(bytes, Evidence::split).ifPresent(halves -> {
            Optional<Signed<?>> one = opened(halves[0]);
            Optional<Signed<?>> other = opened(halves[1]);
            if (one.isPresent() && other.isPresent()) {
                Optional<Evidence> evidence = Evidence.between(one.get(), other.get());
                assertThat(Evidence.between(other.get(), one.get())).isEqualTo(evidence);
                evidence.ifPresent(e -> assertThat(e.standing()).isNotEqualTo(e.refuted()));
            }
        });
    }

    private static Optional<Signed<?>> opened(byte[] encoded) {
        return Fuzzed.<Signed<?>>decoded(encoded, RecordRefused.class, RecordCodec::open);
    }

    static Stream<byte[]> keys() {
        return Stream.of("/pkg/acme/logger", "/ver/acme/logger/1.0.0", "/pkg/acme/logger/", "/ver/a/b/../c", "/pkg/A\u0301/b")
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("keys")
    @FuzzTest
    void recordKey(byte[] bytes) {
        Fuzzed.decoded(bytes, RecordRefused.class, RecordKey::parse).ifPresent(key -> assertThat(key.toBytes()).isEqualTo(bytes));
    }
}
