package io.swarmscope.internal.record;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.swarmscope.PackageId;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.record.RecordRefused.Reason;
import io.swarmscope.internal.wire.Limits;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
    private final Map<String, Long> withdrawn = new HashMap<>();
    private final Quota quota = new Quota();
    private final Set<Signed<?>> refuted = new HashSet<>();
    private final RecordValidator validator = new RecordValidator(Heads.NETWORK, owners, new Holding(), () -> now);

    private final class Holding implements Known {
        @Override
        public long sequence(PackageId id) {
            return known.getOrDefault(id, 0L);
        }

        @Override
        public long withdrawn(PackageId id, String version) {
            return withdrawn.getOrDefault(id + "@" + version, 0L);
        }

        @Override
        public boolean refuted(Signed<?> record) {
            return refuted.contains(record);
        }
    }

    @Test
    void aGoodRecordIsAcceptedAndItsKeyOwnsTheNamespace() {
        accepted(KEY, signed(1));
        acceptedAgain(signed(1));

        assertThat(owners.ownerOf("acme")).contains(alice.peerId());
    }

    @Test
    void aRecordOfAnotherNetworkIsRefused() {
        Head h = Heads.head(Heads.manifest("acme/logger", "1.0.0"), 1, now);
        Head foreign = new Head("other-net", h.manifest(), h.versions(), 1, h.publishedAt(), h.expiresAt());

        refused(KEY, RecordCodec.seal(alice, foreign), Reason.NETWORK);
        assertThat(owners.ownerOf("acme")).isEmpty();
    }

    @Test
    void anExpiredRecordIsRefusedOnceClocksCannotExplainIt() {
        Signed<?> head = signed(1);

        now = now.plus(Duration.ofMinutes(60 + 9));
        accepted(KEY, head);
        now = now.plus(Duration.ofMinutes(2));
        refused(KEY, head, Reason.EXPIRY);
        refusedAgain(head, Reason.EXPIRY);
    }

    @Test
    void aRecordFromTheFutureIsRefusedButClocksMayDiffer() {
        Signed<?> head = signed(1);

        now = now.minus(Duration.ofMinutes(11));
        refused(KEY, head, Reason.EXPIRY);
        now = now.plus(Duration.ofMinutes(2));
        accepted(KEY, head);
    }

    @Test
    void aRecordThatWantsToLiveForeverIsRefused() {
        Head h = Heads.head(Heads.manifest("acme/logger", "1.0.0"), 1, now);

        refused(KEY, RecordCodec.seal(alice, h.withTimes(now, now.plus(Duration.ofDays(31)))), Reason.EXPIRY);
        refused(KEY, RecordCodec.seal(alice, h.withTimes(now, Instant.ofEpochMilli(Long.MAX_VALUE))), Reason.EXPIRY);
        refused(KEY, RecordCodec.seal(alice, h.withTimes(Instant.ofEpochMilli(Long.MIN_VALUE), now)), Reason.EXPIRY);
    }

    @Test
    void aNamespaceBelongsToTheFirstKeyThatSigned() {
        accepted(KEY, signed(1));
        Signed<?> theft = RecordCodec.seal(eve, Heads.head(Heads.manifest("acme/other", "1.0.0"), 7, now));

        refused(RecordKey.of(theft.id()), theft, Reason.NAMESPACE_KEY);
        refusedAgain(theft, Reason.NAMESPACE_KEY);
    }

    @Test
    void aForgedRecordDoesNotTakeANamespace() {
        byte[] forged = RecordCodec.seal(eve, Heads.head(Heads.manifest("acme/logger", "1.0.0"), 1, now))
                .encoded()
                .clone();
        forged[forged.length - 1] ^= 1;

        assertThat(reason(KEY.toBytes(), forged)).isEqualTo(Reason.SIGNATURE);
        accepted(KEY, signed(1));
    }

    @Test
    void anOlderRecordThanTheKnownOneIsRefusedUnderItsKey() {
        Signed<?> old = signed(1);
        known.put(LOGGER, 2L);

        refused(KEY, old, Reason.SEQUENCE);
        refusedAgain(old, Reason.SEQUENCE);
        // The record of its version still stands.
        Signed<?> version = RecordCodec.seal(alice, Heads.version(Heads.manifest("acme/logger", "1.0.0"), 1, now));
        accepted(VERSION_KEY, version);
        acceptedAgain(version);
    }

    @Test
    void aRecordStandsOnlyUnderTheKeysItBelongsTo() {
        Signed<?> head = signed(1);

        accepted(KEY, head);
        refused(VERSION_KEY, head, Reason.KEY_MISMATCH);
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
        Signed<?> version = RecordCodec.seal(alice, Heads.version(Heads.manifest("acme/logger", "1.0.0"), 5, now));

        refused(KEY, version, Reason.KEY_MISMATCH);
        accepted(VERSION_KEY, version);
    }

    @Test
    void theTombstoneOfAPackageStandsUnderThePackageAndAllItsVersions() {
        Signed<?> tombstone = RecordCodec.seal(alice, Heads.tombstone("acme/logger", 5, now));

        accepted(KEY, tombstone);
        accepted(RecordKey.of(LOGGER, "0.9"), tombstone);
    }

    @Test
    void theTombstoneOfAVersionStandsUnderThatVersionOnly() {
        Signed<?> tombstone = RecordCodec.seal(alice, Heads.tombstone("acme/logger", "1.0.0", 5, now));

        accepted(VERSION_KEY, tombstone);
        refused(KEY, tombstone, Reason.KEY_MISMATCH);
        refused(RecordKey.of(LOGGER, "0.9"), tombstone, Reason.KEY_MISMATCH);
    }

    @Test
    void whatWasWithdrawnDoesNotComeBack() {
        Signed<?> version = RecordCodec.seal(alice, Heads.version(Heads.manifest("acme/logger", "1.0.0"), 5, now));
        Signed<?> later = RecordCodec.seal(alice, Heads.version(Heads.manifest("acme/logger", "1.0.0"), 7, now));

        withdrawn.put("acme/logger@1.0.0", 5L); // by the tombstone of its package
        refused(VERSION_KEY, version, Reason.WITHDRAWN);
        refusedAgain(version, Reason.WITHDRAWN);
        accepted(VERSION_KEY, later);

        withdrawn.put("acme/logger@1.0.0", Long.MAX_VALUE); // by its own
        refused(VERSION_KEY, later, Reason.WITHDRAWN);
        refused(KEY, signed(9), Reason.WITHDRAWN);
    }

    @Test
    void whatThereIsEvidenceAgainstIsRefused() {
        Signed<?> head = signed(1);
        refuted.add(head);

        refused(KEY, head, Reason.REFUTED);
        refusedAgain(head, Reason.REFUTED);
    }

    @Test
    void evidenceIsTakenOfTheOwnerOfTheNamespaceAndOfNobodyElse() throws Exception {
        accepted(KEY, signed(1));
        Evidence ofAlice = contradiction(alice);

        assertThat(validator.checkEvidence(ofAlice.encode())).isEqualTo(ofAlice);
        assertThatThrownBy(() -> validator.checkEvidence(contradiction(eve).encode()))
                .isInstanceOfSatisfying(RecordRefused.class, e -> assertThat(e.reason()).isEqualTo(Reason.NAMESPACE_KEY));
    }

    private Evidence contradiction(Identity by) {
        Signed<?> one = RecordCodec.seal(by, Heads.head(Heads.manifest("acme/logger", "1.0.0"), 5, now));
        Signed<?> other = RecordCodec.seal(by, Heads.head(Heads.manifest("acme/logger", "2.0.0"), 5, now));
        return Evidence.between(one, other).orElseThrow();
    }

    @Test
    void anotherKeyIsRefusedWhereTheUserPinnedOne() {
        NamespaceOwners pinned = new NamespaceOwners(Map.of("acme", eve.peerId()), (namespace, key, until) -> {});
        RecordValidator strict = new RecordValidator(Heads.NETWORK, pinned, new Holding(), () -> now);

        assertThatThrownBy(() -> strict.check(signed(1).encoded()))
                .isInstanceOfSatisfying(RecordRefused.class, e -> assertThat(e.reason()).isEqualTo(Reason.NAMESPACE_KEY));
        assertThatCode(() -> strict.check(RecordCodec.seal(eve, Heads.head(Heads.manifest("acme/logger", "1.0.0"), 1, now))
                        .encoded()))
                .doesNotThrowAnyException();
    }

    @Test
    void aFloodOfNewsFromOneKeyMeetsItsQuotaAndNobodyElseDoes() throws Exception {
        Head head = Heads.head(Heads.manifest("acme/logger", "1.0.0"), 1, now);
        int refusals = 0;
        // The clock of the quota goes on meanwhile, so that a few more than the quota may pass.
        for (int i = 1; i <= Limits.RECORD_NEWS_AT_ONCE + 3_000; i++) {
            Signed<?> next = new Signed<>(new Head(
                            head.network(), head.manifest(), head.versions(), i, head.publishedAt(), head.expiresAt()),
                    alice.peerId(), new byte[0]);
            refusals += quota.take(next) ? 0 : 1;
        }
        assertThat(refusals).isBetween(1, 3_000);
        assertThat(quota.take(RecordCodec.seal(eve, Heads.head(Heads.manifest("eve/logger", "1.0.0"), 1, now)))).isTrue();
    }

    @Test
    void oneKeyOwnsSoManyNamespacesAndNoMore() {
        for (int i = 0; i < Limits.RECORD_NAMESPACES_PER_KEY; i++) {
            owners.claim("n" + i, alice.peerId(), now.plusSeconds(60), now);
        }

        refused(KEY, signed(1), Reason.QUOTA);
        assertThat(owners.ownerOf("acme")).isEmpty();
        assertThat(owners.claim("n0", alice.peerId(), now.plusSeconds(90), now)).isEqualTo(NamespaceOwners.Claim.OWNED);
        assertThat(owners.claim("acme", eve.peerId(), now.plusSeconds(60), now)).isEqualTo(NamespaceOwners.Claim.OWNED);
    }

    @Test
    void theHighestSequenceWinsThenTheLaterSignatureWhateverTheOrder() {
        Head first = Heads.head(Heads.manifest("acme/logger", "1.0.0"), 1, now);
        Head second = Heads.head(Heads.manifest("acme/logger", "1.0.0"), 2, now);
        byte[] low = RecordCodec.seal(alice, first.withTimes(now.plusSeconds(9), now.plusSeconds(99))).encoded();
        byte[] early = RecordCodec.seal(alice, second).encoded();
        byte[] late = RecordCodec.seal(alice, second.withTimes(now.plusSeconds(1), now.plusSeconds(60))).encoded();
        byte[] rubbish = {1, 2, 3};

        assertThat(validator.best(KEY.toBytes(), List.of(low, early, late, rubbish))).isEqualTo(2);
        assertThat(validator.best(KEY.toBytes(), List.of(late, rubbish, early, low))).isZero();
        assertThat(validator.best(KEY.toBytes(), List.of(rubbish))).isZero();
    }

    @Test
    void aSignatureIsVerifiedOnceAndNeverWhereTheSwarmThreadAsks() throws Exception {
        Signed<?> head = signed(1);

        for (int i = 0; i < 3; i++) {
            accepted(KEY, head);
        }
        assertThat(validator.counters()).containsEntry("verifications", 1L);

        Signed<?> stranger = RecordCodec.seal(alice, Heads.head(Heads.manifest("acme/unseen", "1"), 1, now));
        validator.checkAgain(stranger.encoded());
        validator.best(KEY.toBytes(), List.of(stranger.encoded()));
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
        Signed<?> own = signed(1);
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

    private Signed<Head> signed(long sequence) {
        return RecordCodec.seal(alice, Heads.head(Heads.manifest("acme/logger", "1.0.0"), sequence, now));
    }

    private void accepted(RecordKey key, Signed<?> head) {
        assertThat(reason(key.toBytes(), head.encoded())).isNull();
    }

    private void refused(RecordKey key, Signed<?> head, Reason reason) {
        assertThat(reason(key.toBytes(), head.encoded())).isEqualTo(reason);
    }

    private void acceptedAgain(Signed<?> head) {
        assertThat(reasonAgain(head)).isNull();
    }

    private void refusedAgain(Signed<?> head, Reason reason) {
        assertThat(reasonAgain(head)).isEqualTo(reason);
    }

    private Reason reason(byte[] key, byte[] value) {
        try {
            validator.checkNews(key, value);
            return null;
        } catch (RecordRefused e) {
            return e.reason();
        }
    }

    private Reason reasonAgain(Signed<?> head) {
        try {
            validator.checkAgain(head.encoded());
            return null;
        } catch (RecordRefused e) {
            return e.reason();
        }
    }
}
