package io.swarmscope.internal.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.swarmscope.PackageId;
import io.swarmscope.PackageManifest;
import io.swarmscope.RegistryException;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.record.Head;
import io.swarmscope.internal.record.Heads;
import io.swarmscope.internal.record.RecordKey;
import io.swarmscope.internal.record.Signed;
import io.swarmscope.internal.record.Tombstone;
import io.swarmscope.internal.record.VersionRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SignerTest {
    private static final PackageId ID = PackageId.parse("acme/logger");
    private static final Duration LIFETIME = Duration.ofHours(48);

    private final Identity self = Heads.someone();
    private Instant now = Instant.parse("2026-11-21T12:00:00Z");
    private final Signer signer = new Signer(self, Heads.NETWORK, LIFETIME, () -> now);

    @Test
    void theFirstVersionIsTheHeadAndHasARecordOfItsOwn() {
        Publication first = signer.publish(version("1.0.0"), null, null);

        Head head = head(first).record();
        assertThat(head.manifest()).isEqualTo(version("1.0.0"));
        assertThat(head.versions()).containsExactly("1.0.0");
        assertThat(head.publishedAt()).isEqualTo(now);
        assertThat(head.expiresAt()).isEqualTo(now.plus(LIFETIME));
        assertThat(head.sequence()).isEqualTo(now.toEpochMilli());
        assertThat(first.state().publisher()).isEqualTo(self.peerId());
        assertThat(versionRecord(first).record().manifest()).isEqualTo(version("1.0.0"));
        assertThat(first.keys()).containsExactly(RecordKey.of(ID), RecordKey.of(ID, "1.0.0"));
    }

    @Test
    void aNewerVersionBecomesTheHeadAndAnOlderOneDoesNot() {
        Publication first = signer.publish(version("1.9.0"), null, null);
        Publication newer = signer.publish(version("1.10.0"), first.state(), null);
        Publication older = signer.publish(version("1.2.0"), newer.state(), null);

        assertThat(head(newer).record().version()).isEqualTo("1.10.0");
        assertThat(head(older).record().manifest()).isEqualTo(version("1.10.0"));
        assertThat(head(older).record().versions()).containsExactly("1.10.0", "1.9.0", "1.2.0");
        assertThat(versionRecord(older).record().manifest()).isEqualTo(version("1.2.0"));
        assertThat(older.state().sequence()).isGreaterThan(newer.state().sequence());
    }

    @Test
    void theSequenceGoesOnThoughTheClockGoesBack() {
        Publication first = signer.publish(version("1"), null, null);
        now = now.minusSeconds(60);

        assertThat(signer.publish(version("2"), first.state(), null).state().sequence())
                .isEqualTo(first.state().sequence() + 1);
    }

    @Test
    void theSameVersionAgainLivesLongerAndSaysTheSame() {
        Publication first = signer.publish(version("1"), null, null);
        now = now.plusSeconds(60);
        Publication again = signer.publish(version("1"), first.state(), versionRecord(first));

        assertThat(again.state().replaces(first.state())).isTrue();
        assertThat(again.state().record().saysTheSameAs(first.state().record())).isTrue();
        assertThat(versionRecord(again).record().saysTheSameAs(versionRecord(first).record())).isTrue();
    }

    @Test
    void aTombstoneStandsAgainstThePackageAndOutlivesWhatItWithdraws() {
        Publication first = signer.publish(version("1"), null, null);
        Publication withdrawn = signer.withdraw(first.state(), List.of(versionRecord(first)));

        Tombstone tombstone = withdrawn.state().as(Tombstone.class).orElseThrow().record();
        assertThat(tombstone.version()).isEmpty();
        assertThat(tombstone.sequence()).isGreaterThan(first.state().sequence());
        assertThat(tombstone.expiresAt()).isEqualTo(now.plus(Duration.ofDays(30)));
        assertThat(withdrawn.buried()).containsExactly(versionRecord(first));
        assertThat(withdrawn.renewAt()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aPackageThatComesBackHasOnlyItsNewVersions() {
        Publication first = signer.publish(version("1"), null, null);
        Publication withdrawn = signer.withdraw(first.state(), List.of());
        Publication back = signer.publish(version("2"), withdrawn.state(), null);

        assertThat(head(back).record().versions()).containsExactly("2");
        assertThat(back.state().replaces(withdrawn.state())).isTrue();
    }

    @Test
    void aVersionIsWithdrawnByATombstoneAndAHeadWithoutIt() {
        Publication one = signer.publish(version("1"), null, null);
        Publication two = signer.publish(version("2"), one.state(), null);
        Publication without = signer.withdraw(head(two), "2", version("1"));

        assertThat(head(without).record().versions()).containsExactly("1");
        assertThat(head(without).record().manifest()).isEqualTo(version("1"));
        Tombstone tombstone = (Tombstone) without.others().getFirst().record();
        assertThat(tombstone.version()).contains("2");
        assertThat(tombstone.sequence()).isEqualTo(without.state().sequence()).isGreaterThan(two.state().sequence());
    }

    @Test
    void renewingChangesNothingButTheTimes() {
        Publication one = signer.publish(version("1"), null, null);
        Publication two = signer.publish(version("2"), one.state(), null);
        now = now.plus(Duration.ofHours(20));
        Publication renewed = signer.renew(head(two), List.of(versionRecord(one), versionRecord(two)));

        assertThat(renewed.state().record().saysTheSameAs(two.state().record())).isTrue();
        assertThat(renewed.state().record().expiresAt()).isEqualTo(now.plus(LIFETIME));
        assertThat(renewed.others()).hasSize(2).allSatisfy(record -> assertThat(record.record().publishedAt()).isEqualTo(now));
        assertThat(renewed.others().getFirst().sequence()).isEqualTo(one.state().sequence());
        assertThat(renewed.state().replaces(two.state())).isTrue();
    }

    @Test
    void renewalsAreSpreadAroundHalfOfTheLifetime() {
        long[] hours = IntStream.range(0, 200)
                .mapToLong(i -> signer.publish(PackageManifest.of("acme/p" + i, "1", "T"), null, null).renewAt())
                .map(at -> Duration.between(now, Instant.ofEpochMilli(at)).toHours())
                .toArray();

        assertThat(LongStream.of(hours)).allMatch(h -> h >= 19 && h <= 28);
        assertThat(LongStream.of(hours).distinct().count()).isGreaterThan(4);
    }

    @Test
    void aHeadListsAsManyVersionsAsFit() {
        Publication last = signer.publish(version("0.1"), null, null);
        for (int i = 0; i < 200; i++) {
            last = signer.publish(version("1." + i), last.state(), null);
        }

        assertThat(head(last).record().versions()).hasSize(128).startsWith("1.199", "1.198").doesNotContain("0.1");
        last = signer.publish(version("0.2"), last.state(), null);
        assertThat(versionRecord(last).record().version()).isEqualTo("0.2");
        assertThat(head(last).record().version()).isEqualTo("1.199");
    }

    @Test
    void whatDoesNotFitIsRefused() {
        assertThatThrownBy(() -> signer.publish(version("1").withDescription("漢".repeat(4_000)), null, null))
                .isInstanceOf(RegistryException.TooLarge.class);
    }

    private static PackageManifest version(String version) {
        return Heads.manifest("acme/logger", version).withDescription("as of " + version);
    }

    private static Signed<Head> head(Publication publication) {
        return publication.state().as(Head.class).orElseThrow();
    }

    private static Signed<VersionRecord> versionRecord(Publication publication) {
        return publication.others().getFirst().as(VersionRecord.class).orElseThrow();
    }
}
