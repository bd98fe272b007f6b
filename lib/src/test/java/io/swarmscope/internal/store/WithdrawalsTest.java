package io.swarmscope.internal.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.swarmscope.PackageId;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.record.Heads;
import io.swarmscope.internal.record.RecordCodec;
import io.swarmscope.internal.record.RecordKey;
import io.swarmscope.internal.record.Signed;
import io.swarmscope.internal.record.Tombstone;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class WithdrawalsTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    private final Identity self = Heads.someone();
    private final Identity bob = Heads.someone();
    private final Withdrawals withdrawals = new Withdrawals(self.peerId(), 8);

    @Test
    void oneKeyHasAPartOfTheRoomAndThisNodeAlwaysSome() {
        assertThat(withdrawals.add(of(bob, "bob/a", 1))).isTrue();
        assertThat(withdrawals.add(of(bob, "bob/b", 1))).isTrue();
        assertThat(withdrawals.add(of(bob, "bob/c", 1))).isFalse();
        for (int i = 0; i < 6; i++) {
            assertThat(withdrawals.add(of(Heads.someone(), "n" + i + "/a", 1))).isTrue();
        }
        assertThat(withdrawals.add(of(Heads.someone(), "late/a", 1))).isFalse();
        for (int i = 0; i < 9; i++) {
            assertThat(withdrawals.add(of(self, "own/a" + i, 1))).isTrue();
        }
    }

    @Test
    void aLaterTombstoneOfTheSameTakesThePlaceOfTheEarlierOne() {
        withdrawals.add(of(bob, "bob/a", 1));
        withdrawals.add(of(bob, "bob/b", 1));

        assertThat(withdrawals.add(of(bob, "bob/a", 3))).isTrue();
        assertThat(withdrawals.add(of(bob, "bob/a", 2))).isFalse();
        assertThat(withdrawals.add(of(bob, "bob/a", 3))).isFalse();
        assertThat(withdrawals.upTo(PackageId.parse("bob/a"), "1")).isEqualTo(3);
    }

    @Test
    void whatExpiresMakesRoom() {
        withdrawals.add(of(bob, "bob/a", 1));
        withdrawals.add(RecordCodec.seal(bob, Heads.tombstone("bob/b", "1", 1, NOW)));

        assertThat(withdrawals.expire(NOW.plusSeconds(3_600).toEpochMilli()))
                .containsExactlyInAnyOrder(RecordKey.of(PackageId.parse("bob/a")), RecordKey.of(PackageId.parse("bob/b"), "1"));

        assertThat(withdrawals.add(of(bob, "bob/c", 1)) && withdrawals.add(of(bob, "bob/d", 1))).isTrue();
        assertThat(withdrawals.add(of(bob, "bob/e", 1))).isFalse();
        assertThat(withdrawals.sequence(PackageId.parse("bob/a"))).isZero();
    }

    private static Signed<Tombstone> of(Identity by, String id, long sequence) {
        return RecordCodec.seal(by, Heads.tombstone(id, sequence, NOW));
    }
}
