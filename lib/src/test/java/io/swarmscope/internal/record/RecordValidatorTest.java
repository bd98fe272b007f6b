package io.swarmscope.internal.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.swarmscope.PackageId;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.record.Head.Kind;
import io.swarmscope.internal.record.RecordRefused.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RecordValidatorTest {
    private static final PackageId LOGGER = PackageId.parse("acme/logger");
    private static final RecordKey KEY = RecordKey.of(LOGGER);

    private final Identity alice = Heads.someone();
    private final Identity eve = Heads.someone();
    private final NamespaceOwners owners = new NamespaceOwners();
    private final Map<PackageId, Long> known = new HashMap<>();
    private final List<SignedHead> accepted = new ArrayList<>();
    private Instant now = Instant.parse("2026-11-21T12:00:00Z");
    private final RecordValidator validator = new RecordValidator(
            Heads.NETWORK, owners, id -> known.getOrDefault(id, 0L), accepted::add, () -> now);

    @Test
    void aGoodRecordIsAcceptedAndHandedOn() {
        SignedHead head = signed(1);

        assertThat(validator.validate(KEY.toBytes(), head.encoded()).accepted()).isTrue();
        assertThat(accepted).containsExactly(head);
        assertThat(owners.ownerOf("acme")).contains(alice.peerId());
    }

    @Test
    void aRecordOfAnotherNetworkIsRefused() {
        Head h = Heads.head(Heads.manifest("acme/logger", "1.0.0"), 1, now);
        Head foreign = new Head(
                h.kind(), "other-net", h.manifest(), h.versions(), 1, h.publishedAt(), h.expiresAt(), false);

        assertRefused(KEY, HeadCodec.seal(alice, foreign), Reason.NETWORK);
        assertThat(owners.ownerOf("acme")).isEmpty();
    }

    @Test
    void anExpiredRecordIsRefusedOnceClocksCannotExplainIt() {
        SignedHead head = signed(1);

        now = now.plus(Duration.ofMinutes(60 + 9));
        assertThat(validator.validate(KEY.toBytes(), head.encoded()).accepted()).isTrue();
        now = now.plus(Duration.ofMinutes(2));
        assertRefused(KEY, head, Reason.EXPIRY);
        assertThat(validator.validateAgain(KEY.toBytes(), head.encoded()).accepted()).isFalse();
    }

    @Test
    void aRecordFromTheFutureIsRefusedButClocksMayDiffer() {
        SignedHead head = signed(1);

        now = now.minus(Duration.ofMinutes(11));
        assertRefused(KEY, head, Reason.EXPIRY);
        now = now.plus(Duration.ofMinutes(2));
        assertThat(validator.validate(KEY.toBytes(), head.encoded()).accepted()).isTrue();
    }

    @Test
    void aRecordThatWantsToLiveForeverIsRefused() {
        Head h = Heads.head(Heads.manifest("acme/logger", "1.0.0"), 1, now);

        assertRefused(KEY, HeadCodec.seal(alice, h.withTimes(now, now.plus(Duration.ofDays(31)))), Reason.EXPIRY);
    }

    @Test
    void aNamespaceBelongsToTheFirstKeyThatSigned() {
        validator.validate(KEY.toBytes(), signed(1).encoded());
        SignedHead theft = HeadCodec.seal(eve, Heads.head(Heads.manifest("acme/other", "1.0.0"), 7, now));

        assertRefused(RecordKey.of(theft.id()), theft, Reason.NAMESPACE_KEY);
        assertThat(validator.validateAgain(RecordKey.of(theft.id()).toBytes(), theft.encoded()).accepted())
                .isFalse();
    }

    @Test
    void anOlderRecordThanTheKnownOneIsRefusedUnderItsKey() {
        SignedHead old = signed(1);
        known.put(LOGGER, 2L);

        assertRefused(KEY, old, Reason.SEQUENCE);
        assertThat(validator.validateAgain(KEY.toBytes(), old.encoded()).accepted()).isFalse();
        assertThat(validator.validate(RecordKey.of(LOGGER, "1.0.0").toBytes(), old.encoded()).accepted())
                .as("as a record of its version it still stands")
                .isTrue();
    }

    @Test
    void aRecordStandsOnlyUnderTheKeysItBelongsTo() {
        SignedHead head = signed(1);

        assertRefused(RecordKey.of(PackageId.parse("acme/loggers")), head, Reason.KEY_MISMATCH);
        assertRefused(RecordKey.of(LOGGER, "1.0.1"), head, Reason.KEY_MISMATCH);
        assertThat(refusal("/pkg/acme".getBytes(), head)).contains("key-mismatch");
        assertThat(refusal("/ver/acme/logger".getBytes(), head)).contains("key-mismatch");
        assertThat(refusal("/pkg/acme/logger/1.0.0".getBytes(), head)).contains("key-mismatch");
        assertThat(refusal(new byte[] {'/', 'p', 'k', 'g', '/', (byte) 0xff}, head)).contains("key-mismatch");
    }

    @Test
    void aVersionRecordNeverStandsForThePackage() {
        SignedHead version =
                HeadCodec.seal(alice, Heads.head(Kind.VERSION, Heads.manifest("acme/logger", "1.0.0"), 5, now, false));

        assertRefused(KEY, version, Reason.KEY_MISMATCH);
        assertThat(validator.validate(RecordKey.of(LOGGER, "1.0.0").toBytes(), version.encoded()).accepted())
                .isTrue();
        assertThat(accepted).isEmpty();
    }

    @Test
    void aWithdrawalStandsUnderThePackageAndAllItsVersions() {
        SignedHead withdrawal =
                HeadCodec.seal(alice, Heads.head(Kind.HEAD, Heads.manifest("acme/logger", "1.0.0"), 5, now, true));

        assertThat(validator.validate(KEY.toBytes(), withdrawal.encoded()).accepted()).isTrue();
        assertThat(validator.validate(RecordKey.of(LOGGER, "0.9").toBytes(), withdrawal.encoded()).accepted())
                .isTrue();
    }

    @Test
    void theHighestSequenceWinsThenTheLaterSignatureWhateverTheOrder() {
        Head first = Heads.head(Heads.manifest("acme/logger", "1.0.0"), 1, now);
        byte[] low = HeadCodec.seal(alice, first.withTimes(now.plusSeconds(9), now.plusSeconds(99))).encoded();
        byte[] early = signed(2).encoded();
        byte[] late = HeadCodec.seal(
                        alice,
                        Heads.head(Heads.manifest("acme/logger", "1.0.0"), 2, now).withTimes(now.plusSeconds(1), now.plusSeconds(60)))
                .encoded();
        byte[] rubbish = {1, 2, 3};

        assertThat(validator.select(KEY.toBytes(), List.of(low, early, late, rubbish))).isEqualTo(2);
        assertThat(validator.select(KEY.toBytes(), List.of(late, rubbish, early, low))).isZero();
        assertThat(validator.select(KEY.toBytes(), List.of(rubbish))).isZero();
    }

    @Test
    void aSignatureIsVerifiedOnceAndNeverWhereTheSwarmThreadAsks() {
        SignedHead head = signed(1);
        byte[] key = KEY.toBytes();

        for (int i = 0; i < 3; i++) {
            validator.validate(key, head.encoded());
        }
        assertThat(validator.counters()).containsEntry("verifications", 1L);

        SignedHead stranger = HeadCodec.seal(alice, Heads.head(Heads.manifest("acme/unseen", "1"), 1, now));
        validator.validateAgain(RecordKey.of(stranger.id()).toBytes(), stranger.encoded());
        validator.select(RecordKey.of(stranger.id()).toBytes(), List.of(stranger.encoded()));
        assertThat(validator.counters()).containsEntry("verifications", 1L);
    }

    @Test
    void refusalsAreCountedByReason() {
        known.put(LOGGER, 2L);
        validator.validate(KEY.toBytes(), signed(1).encoded());
        validator.validate(KEY.toBytes(), new byte[10]);
        validator.validate(KEY.toBytes(), new byte[9_000]);

        assertThat(validator.counters())
                .containsEntry("refused.sequence", 1L)
                .containsEntry("refused.syntax", 1L)
                .containsEntry("refused.size", 1L)
                .containsEntry("refused.signature", 0L);
    }

    private SignedHead signed(long sequence) {
        return HeadCodec.seal(alice, Heads.head(Heads.manifest("acme/logger", "1.0.0"), sequence, now));
    }

    private void assertRefused(RecordKey key, SignedHead head, Reason reason) {
        assertThat(catchThrowableOfType(RecordRefused.class, () -> validator.check(key, head.encoded()))
                        .reason())
                .isEqualTo(reason);
        assertThat(refusal(key.toBytes(), head)).startsWith(reason.label());
    }

    private String refusal(byte[] key, SignedHead head) {
        return ((io.swarmscope.internal.kad.Verdict.Refused) validator.validate(key, head.encoded())).reason();
    }
}
