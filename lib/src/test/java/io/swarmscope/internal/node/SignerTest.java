package io.swarmscope.internal.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.swarmscope.PackageId;
import io.swarmscope.PackageManifest;
import io.swarmscope.RegistryException;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.node.OwnPackages.Own;
import io.swarmscope.internal.record.Head;
import io.swarmscope.internal.record.Heads;
import io.swarmscope.internal.record.RecordKey;
import io.swarmscope.internal.record.SignedHead;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SignerTest {
    private static final PackageId ID = PackageId.parse("acme/logger");
    private static final RecordKey HEAD = RecordKey.of(ID);
    private static final Duration LIFETIME = Duration.ofHours(48);

    private final Identity self = Heads.someone();
    private Instant now = Instant.parse("2026-11-21T12:00:00Z");
    private final Signer signer = new Signer(self, Heads.NETWORK, LIFETIME, () -> now);

    @Test
    void theFirstVersionIsTheHead() {
        Own own = signer.publish(version("1.0.0"), null);

        SignedHead head = head(own);
        assertThat(head.head().manifest()).isEqualTo(version("1.0.0"));
        assertThat(head.head().versions()).containsExactly("1.0.0");
        assertThat(head.head().publishedAt()).isEqualTo(now);
        assertThat(head.head().expiresAt()).isEqualTo(now.plus(LIFETIME));
        assertThat(head.sequence()).isEqualTo(now.toEpochMilli());
        assertThat(head.publisher()).isEqualTo(self.peerId());
        assertThat(own.record(RecordKey.of(ID, "1.0.0"))).as("one signature for both").contains(head);
        assertThat(own.keys(ID)).containsExactlyInAnyOrder(HEAD, RecordKey.of(ID, "1.0.0"));
    }

    @Test
    void theHighestVersionIsTheLatestWheneverItWasPublished() {
        Own own = signer.publish(version("2.0.0"), null);
        own = signer.publish(version("1.10.0"), own);
        own = signer.publish(version("1.9.0"), own);

        assertThat(head(own).head().manifest()).isEqualTo(version("2.0.0"));
        assertThat(head(own).head().versions()).containsExactly("2.0.0", "1.10.0", "1.9.0");
        SignedHead old = own.record(RecordKey.of(ID, "1.10.0")).orElseThrow();
        assertThat(old.head().manifest()).isEqualTo(version("1.10.0"));
        assertThat(old.head().kind()).isEqualTo(Head.Kind.VERSION);
    }

    @Test
    void everyChangeHasAHigherSequenceEvenIfTheClockStandsStillOrGoesBack() {
        Own first = signer.publish(version("1"), null);
        Own second = signer.publish(version("2"), first);
        now = now.minus(Duration.ofDays(1));
        Own third = signer.publish(version("3"), second);

        assertThat(head(second).sequence()).isGreaterThan(head(first).sequence());
        assertThat(head(third).sequence()).isGreaterThan(head(second).sequence());
        assertThat(head(third).replaces(head(second))).isTrue();
    }

    @Test
    void aNodeThatForgotAllGoesOnAboveWhatItPublishedBefore() {
        Own before = signer.publish(version("2"), signer.publish(version("1"), null));
        now = now.plusSeconds(1);

        assertThat(head(signer.publish(version("3"), null)).sequence()).isGreaterThan(head(before).sequence());
    }

    @Test
    void theSameAgainKeepsItsSequenceAndLivesLonger() {
        Own first = signer.publish(version("1"), null);
        now = now.plusSeconds(60);
        Own again = signer.publish(version("1"), first);

        assertThat(head(again).sequence()).isEqualTo(head(first).sequence());
        assertThat(head(again).head().expiresAt()).isEqualTo(now.plus(LIFETIME));
        assertThat(head(again).replaces(head(first))).isTrue();
    }

    @Test
    void aWithdrawalStandsUnderEveryVersionAndKeepsOnlyWhatMustBeThere() {
        Own own = signer.publish(version("2"), signer.publish(version("1"), null));
        Own withdrawn = own.withdrawn(signer.withdraw(head(own)));

        SignedHead withdrawal = head(withdrawn);
        assertThat(withdrawal.head().withdrawn()).isTrue();
        assertThat(withdrawal.head().manifest().description()).isEmpty();
        assertThat(withdrawal.replaces(head(own))).isTrue();
        assertThat(withdrawn.keys(ID)).hasSize(3);
        assertThat(withdrawn.record(RecordKey.of(ID, "1"))).contains(withdrawal);
        assertThat(withdrawn.record(RecordKey.of(ID, "3"))).isEmpty();
        assertThat(withdrawn.manifestOf("1")).as("so that it does not come back with other content").isEqualTo(version("1"));
    }

    @Test
    void whatIsPublishedAfterAWithdrawalStandsAlone() {
        Own own = signer.publish(version("2"), signer.publish(version("1"), null));
        Own withdrawn = own.withdrawn(signer.withdraw(head(own)));
        Own back = signer.publish(version("1.5"), withdrawn);

        assertThat(head(back).head().withdrawn()).isFalse();
        assertThat(head(back).head().manifest()).isEqualTo(version("1.5"));
        assertThat(head(back).head().versions()).containsExactly("1.5");
        assertThat(head(back).replaces(head(withdrawn))).isTrue();
        assertThat(back.record(RecordKey.of(ID, "1"))).isEmpty();
        assertThat(back.keys(ID)).containsExactlyInAnyOrder(HEAD, RecordKey.of(ID, "1.5"));
    }

    @Test
    void renewingChangesTheTimesAndNothingElse() {
        Own own = signer.publish(version("2"), signer.publish(version("1"), null));
        assertThat(own.renewAt())
                .isBetween(now.plus(Duration.ofHours(19)).toEpochMilli(), now.plus(Duration.ofHours(29)).toEpochMilli());
        now = now.plus(Duration.ofHours(24));

        Own renewed = signer.renew(ID, own);

        assertThat(renewed.keys(ID)).containsExactlyInAnyOrderElementsOf(own.keys(ID));
        for (RecordKey key : own.keys(ID)) {
            SignedHead before = own.record(key).orElseThrow();
            SignedHead after = renewed.record(key).orElseThrow();
            assertThat(after.head().manifest()).isEqualTo(before.head().manifest());
            assertThat(after.head().versions()).isEqualTo(before.head().versions());
            assertThat(after.sequence()).isEqualTo(before.sequence());
            assertThat(after.head().expiresAt()).isEqualTo(now.plus(LIFETIME));
            assertThat(after.replaces(before)).isTrue();
        }
        assertThat(renewed.renewAt()).isGreaterThan(own.renewAt());
    }

    @Test
    void whatWasPublishedTogetherIsNotRenewedTogether() {
        assertThat(IntStream.range(0, 50)
                        .mapToLong(i -> signer.publish(PackageManifest.of("acme/p" + i, "1", "T"), null).renewAt())
                        .distinct()
                        .count())
                .isGreaterThan(40);
    }

    @Test
    void moreVersionsThanARecordListsLeaveTheOldestOut() {
        Own own = signer.publish(version("0.1"), null);
        for (int i = 0; i < 200; i++) {
            own = signer.publish(version("1." + i), own);
        }

        assertThat(head(own).head().versions()).hasSize(128).startsWith("1.199", "1.198").doesNotContain("0.1");
        assertThat(own.record(RecordKey.of(ID, "0.1"))).isPresent();
        own = signer.publish(version("0.2"), own);
        assertThat(own.record(RecordKey.of(ID, "0.2")).orElseThrow().head().versions()).contains("0.2");
    }

    @Test
    void whatDoesNotFitIsRefused() {
        assertThatThrownBy(() -> signer.publish(version("1").withDescription("漢".repeat(4_000)), null))
                .isInstanceOf(RegistryException.TooLarge.class);
    }

    private static PackageManifest version(String version) {
        return Heads.manifest("acme/logger", version).withDescription("as of " + version);
    }

    private static SignedHead head(Own own) {
        return own.record(HEAD).orElseThrow();
    }
}
