package io.swarmscope.internal.record;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.swarmscope.PackageId;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.record.Head.Kind;
import io.swarmscope.internal.record.RecordRefused.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RecordValidatorTest {
    private static final PackageId LOGGER = PackageId.parse("acme/logger");
    private static final RecordKey KEY = RecordKey.of(LOGGER);
    private static final RecordKey VERSION_KEY = RecordKey.of(LOGGER, "1.0.0");

    private final Identity alice = Heads.someone();
    private final Identity eve = Heads.someone();
    private final NamespaceOwners owners = new NamespaceOwners();
    private final Map<PackageId, Long> known = new HashMap<>();
    private Instant now = Instant.parse("2026-11-21T12:00:00Z");
    private final RecordValidator validator =
            new RecordValidator(Heads.NETWORK, owners, id -> known.getOrDefault(id, 0L), () -> now);

    @Test
    void aGoodRecordIsAcceptedAndItsKeyOwnsTheNamespace() {
        accepted(KEY, signed(1));
        acceptedAgain(KEY, signed(1));

        assertThat(owners.ownerOf("acme")).contains(alice.peerId());
    }

    @Test
    void aRecordOfAnotherNetworkIsRefused() {
        Head h = Heads.head(Heads.manifest("acme/logger", "1.0.0"), 1, now);
        Head foreign = new Head(
                h.kind(), "other-net", h.manifest(), h.versions(), 1, h.publishedAt(), h.expiresAt(), false);

        refused(KEY, HeadCodec.seal(alice, foreign), Reason.NETWORK);
        assertThat(owners.ownerOf("acme")).isEmpty();
    }

    @Test
    void anExpiredRecordIsRefusedOnceClocksCannotExplainIt() {
        SignedHead head = signed(1);

        now = now.plus(Duration.ofMinutes(60 + 9));
        accepted(KEY, head);
        now = now.plus(Duration.ofMinutes(2));
        refused(KEY, head, Reason.EXPIRY);
        refusedAgain(KEY, head, Reason.EXPIRY);
    }

    @Test
    void aRecordFromTheFutureIsRefusedButClocksMayDiffer() {
        SignedHead head = signed(1);

        now = now.minus(Duration.ofMinutes(11));
        refused(KEY, head, Reason.EXPIRY);
        now = now.plus(Duration.ofMinutes(2));
        accepted(KEY, head);
    }

    @Test
    void aRecordThatWantsToLiveForeverIsRefused() {
        Head h = Heads.head(Heads.manifest("acme/logger", "1.0.0"), 1, now);

        refused(KEY, HeadCodec.seal(alice, h.withTimes(now, now.plus(Duration.ofDays(31)))), Reason.EXPIRY);
        refused(KEY, HeadCodec.seal(alice, h.withTimes(now, Instant.ofEpochMilli(Long.MAX_VALUE))), Reason.EXPIRY);
        refused(KEY, HeadCodec.seal(alice, h.withTimes(Instant.ofEpochMilli(Long.MIN_VALUE), now)), Reason.EXPIRY);
    }

    @Test
    void aNamespaceBelongsToTheFirstKeyThatSigned() {
        accepted(KEY, signed(1));
        SignedHead theft = HeadCodec.seal(eve, Heads.head(Heads.manifest("acme/other", "1.0.0"), 7, now));

        refused(RecordKey.of(theft.id()), theft, Reason.NAMESPACE_KEY);
        refusedAgain(RecordKey.of(theft.id()), theft, Reason.NAMESPACE_KEY);
    }

    @Test
    void aForgedRecordDoesNotTakeANamespace() {
        byte[] forged = HeadCodec.seal(eve, Heads.head(Heads.manifest("acme/logger", "1.0.0"), 1, now))
                .encoded()
                .clone();
        forged[forged.length - 1] ^= 1;

        assertThat(reason(KEY.toBytes(), forged)).isEqualTo(Reason.SIGNATURE);
        accepted(KEY, signed(1));
    }

    @Test
    void anOlderRecordThanTheKnownOneIsRefusedUnderItsKey() {
        SignedHead old = signed(1);
        known.put(LOGGER, 2L);

        refused(KEY, old, Reason.SEQUENCE);
        refusedAgain(KEY, old, Reason.SEQUENCE);
        // As a record of its version it still stands.
        accepted(VERSION_KEY, old);
        acceptedAgain(VERSION_KEY, old);
    }

    @Test
    void aRecordStandsOnlyUnderTheKeysItBelongsTo() {
        SignedHead head = signed(1);

        accepted(VERSION_KEY, head);
        refused(RecordKey.of(PackageId.parse("acme/loggers")), head, Reason.KEY_MISMATCH);
        refused(RecordKey.of(LOGGER, "1.0.1"), head, Reason.KEY_MISMATCH);
        for (String key : List.of("", "/", "/pkg", "/pkg/acme", "/ver/acme/logger", "/pkg/acme/logger/1.0.0", "pkg/a/acme/logger",
                "/ver/acme/logger/1.0.0/x", "/ver/acme/logger/..", "/other/acme/logger", "/pkg/acme/\u00e4")) {
            assertThat(reason(key.getBytes(UTF_8), head.encoded())).as(key).isEqualTo(Reason.KEY_MISMATCH);
        }
        assertThat(reason(new byte[] {'/', 'p', 'k', 'g', '/', (byte) 0xff}, head.encoded())).isEqualTo(Reason.KEY_MISMATCH);
    }

    @Test
    void aVersionRecordNeverStandsForThePackage() {
        SignedHead version =
                HeadCodec.seal(alice, Heads.head(Kind.VERSION, Heads.manifest("acme/logger", "1.0.0"), 5, now, false));

        refused(KEY, version, Reason.KEY_MISMATCH);
        accepted(VERSION_KEY, version);
    }

    @Test
    void aWithdrawalStandsUnderThePackageAndAllItsVersions() {
        SignedHead withdrawal =
                HeadCodec.seal(alice, Heads.head(Kind.HEAD, Heads.manifest("acme/logger", "1.0.0"), 5, now, true));

        accepted(KEY, withdrawal);
        accepted(RecordKey.of(LOGGER, "0.9"), withdrawal);
    }

    @Test
    void theHighestSequenceWinsThenTheLaterSignatureWhateverTheOrder() {
        Head first = Heads.head(Heads.manifest("acme/logger", "1.0.0"), 1, now);
        Head second = Heads.head(Heads.manifest("acme/logger", "1.0.0"), 2, now);
        byte[] low = HeadCodec.seal(alice, first.withTimes(now.plusSeconds(9), now.plusSeconds(99))).encoded();
        byte[] early = HeadCodec.seal(alice, second).encoded();
        byte[] late = HeadCodec.seal(alice, second.withTimes(now.plusSeconds(1), now.plusSeconds(60))).encoded();
        byte[] rubbish = {1, 2, 3};

        assertThat(validator.best(List.of(low, early, late, rubbish))).isEqualTo(2);
        assertThat(validator.best(List.of(late, rubbish, early, low))).isZero();
        assertThat(validator.best(List.of(rubbish))).isZero();
    }

    @Test
    void aSignatureIsVerifiedOnceAndNeverWhereTheSwarmThreadAsks() throws Exception {
        SignedHead head = signed(1);

        for (int i = 0; i < 3; i++) {
            accepted(KEY, head);
        }
        assertThat(validator.counters()).containsEntry("verifications", 1L);

        SignedHead stranger = HeadCodec.seal(alice, Heads.head(Heads.manifest("acme/unseen", "1"), 1, now));
        validator.checkAgain(RecordKey.of(stranger.id()).toBytes(), stranger.encoded());
        validator.best(List.of(stranger.encoded()));
        assertThat(validator.counters()).containsEntry("verifications", 1L);
    }

    @Test
    void aForgedRecordIsVerifiedOnceToo() {
        byte[] forged = signed(1).encoded().clone();
        forged[forged.length - 1] ^= 1;

        for (int i = 0; i < 3; i++) {
            assertThat(reason(KEY.toBytes(), forged)).isEqualTo(Reason.SIGNATURE);
        }
        assertThat(validator.counters()).containsEntry("verifications", 1L).containsEntry("refused.signature", 3L);
    }

    @Test
    void aRecordThatIsRefusedForAnotherReasonIsVerifiedOnceToo() {
        for (int i = 0; i < 3; i++) {
            refused(RecordKey.of(PackageId.parse("acme/other")), signed(1), Reason.KEY_MISMATCH);
        }
        assertThat(validator.counters()).containsEntry("verifications", 1L);
        assertThat(owners.ownerOf("acme")).isEmpty();
    }

    @Test
    void whatThisNodeSignedNeedsNoVerification() {
        SignedHead own = signed(1);
        validator.trust(own);

        accepted(KEY, own);
        assertThat(validator.counters()).containsEntry("verifications", 0L);
        assertThat(owners.ownerOf("acme")).contains(alice.peerId());
    }

    @Test
    void refusalsAreCountedByReason() {
        known.put(LOGGER, 2L);
        refused(KEY, signed(1), Reason.SEQUENCE);
        assertThat(reason(KEY.toBytes(), new byte[10])).isEqualTo(Reason.SYNTAX);
        assertThat(reason(KEY.toBytes(), new byte[9_000])).isEqualTo(Reason.SIZE);
        assertThat(reason(new byte[3], new byte[3])).isEqualTo(Reason.KEY_MISMATCH);

        assertThat(validator.counters())
                .containsEntry("refused.sequence", 1L)
                .containsEntry("refused.syntax", 1L)
                .containsEntry("refused.size", 1L)
                .containsEntry("refused.key-mismatch", 1L)
                .containsEntry("refused.signature", 0L);
    }

    private SignedHead signed(long sequence) {
        return HeadCodec.seal(alice, Heads.head(Heads.manifest("acme/logger", "1.0.0"), sequence, now));
    }

    private void accepted(RecordKey key, SignedHead head) {
        assertThat(reason(key.toBytes(), head.encoded())).isNull();
    }

    private void refused(RecordKey key, SignedHead head, Reason reason) {
        assertThat(reason(key.toBytes(), head.encoded())).isEqualTo(reason);
    }

    private void acceptedAgain(RecordKey key, SignedHead head) {
        assertThat(reasonAgain(key, head)).isNull();
    }

    private void refusedAgain(RecordKey key, SignedHead head, Reason reason) {
        assertThat(reasonAgain(key, head)).isEqualTo(reason);
    }

    private Reason reason(byte[] key, byte[] value) {
        try {
            validator.check(key, value);
            return null;
        } catch (RecordRefused e) {
            return e.reason();
        }
    }

    private Reason reasonAgain(RecordKey key, SignedHead head) {
        try {
            validator.checkAgain(key.toBytes(), head.encoded());
            return null;
        } catch (RecordRefused e) {
            return e.reason();
        }
    }
}
