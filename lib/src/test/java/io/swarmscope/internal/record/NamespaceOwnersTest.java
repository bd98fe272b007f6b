package io.swarmscope.internal.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.swarmscope.PeerId;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class NamespaceOwnersTest {
    private final PeerId alice = Heads.someone().peerId();
    private final PeerId eve = Heads.someone().peerId();
    private final Instant now = Instant.parse("2026-11-21T12:00:00Z");
    private final Instant later = now.plus(Duration.ofHours(1));

    @Test
    void theFirstKeyOwnsTheNamespace() {
        NamespaceOwners owners = new NamespaceOwners();

        assertThat(owners.maySign("acme", eve)).isTrue();
        assertThat(owners.claim("acme", alice, later, now)).isTrue();
        assertThat(owners.claim("acme", eve, later, now)).isFalse();
        assertThat(owners.maySign("acme", eve)).isFalse();
        assertThat(owners.maySign("acme", alice)).isTrue();
        assertThat(owners.ownerOf("acme")).contains(alice);
    }

    @Test
    void floodingWithNewNamespacesDoesNotDispossessAnybody() {
        NamespaceOwners owners = new NamespaceOwners(10);
        owners.claim("acme", alice, later, now);

        for (int i = 0; i < 1_000; i++) {
            owners.claim("flood" + i, eve, later, now);
        }

        assertThat(owners.size()).isEqualTo(10);
        assertThat(owners.claim("acme", eve, later, now)).isFalse();
    }

    @Test
    void ownersWithoutAnyLivingRecordMakeRoom() {
        NamespaceOwners owners = new NamespaceOwners(2);
        owners.claim("old", alice, now.plusSeconds(5), now);
        owners.claim("renewed", alice, now.plusSeconds(5), now);
        owners.claim("renewed", alice, later, now);

        owners.claim("new", eve, later, now.plusSeconds(10));

        assertThat(owners.ownerOf("old")).isEmpty();
        assertThat(owners.ownerOf("renewed")).contains(alice);
        assertThat(owners.ownerOf("new")).contains(eve);
    }
}
