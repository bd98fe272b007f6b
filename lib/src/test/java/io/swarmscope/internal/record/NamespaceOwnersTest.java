package io.swarmscope.internal.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.swarmscope.PeerId;
import java.time.Duration;
import io.swarmscope.internal.record.NamespaceOwners.Claim;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
        assertThat(owners.claim("acme", alice, later, now)).isEqualTo(Claim.OWNED);
        assertThat(owners.claim("acme", eve, later, now)).isEqualTo(Claim.FOREIGN);
        assertThat(owners.maySign("acme", eve)).isFalse();
        assertThat(owners.maySign("acme", alice)).isTrue();
        assertThat(owners.ownerOf("acme")).contains(alice);
    }

    @Test
    void floodingWithNewNamespacesDoesNotDispossessAnybody() {
        NamespaceOwners owners = new NamespaceOwners(10, Map.of(), (namespace, key, until) -> {});
        owners.claim("acme", alice, later, now);

        for (int i = 0; i < 1_000; i++) {
            owners.claim("flood" + i, eve, later, now);
        }

        assertThat(owners.size()).isEqualTo(10);
        assertThat(owners.claim("acme", eve, later, now)).isEqualTo(Claim.FOREIGN);
    }

    @Test
    void ownersWithoutAnyLivingRecordMakeRoom() {
        NamespaceOwners owners = new NamespaceOwners(2, Map.of(), (namespace, key, until) -> {});
        owners.claim("old", alice, now.plusSeconds(5), now);
        owners.claim("renewed", alice, now.plusSeconds(5), now);
        owners.claim("renewed", alice, later, now);

        owners.claim("new", eve, later, now.plusSeconds(10));

        assertThat(owners.ownerOf("old")).isEmpty();
        assertThat(owners.ownerOf("renewed")).contains(alice);
        assertThat(owners.ownerOf("new")).contains(eve);
    }

    @Test
    void aPinnedNamespaceBelongsToItsKeyWhoeverSignedFirst() {
        NamespaceOwners owners = new NamespaceOwners(Map.of("acme", alice), (namespace, key, until) -> {});

        assertThat(owners.maySign("acme", eve)).isFalse();
        assertThat(owners.claim("acme", eve, later, now)).isEqualTo(Claim.FOREIGN);
        assertThat(owners.claim("acme", alice, later, now)).isEqualTo(Claim.OWNED);
        assertThat(owners.ownerOf("acme")).contains(alice);
    }

    @Test
    void whatIsLearnedIsToldOnceAndAgainOnlyWhenItHoldsForLonger() {
        List<String> told = new ArrayList<>();
        NamespaceOwners owners = new NamespaceOwners(Map.of(), (namespace, key, until) -> told.add(namespace));

        owners.claim("acme", alice, now.plusSeconds(60), now);
        owners.claim("acme", alice, now.plusSeconds(61), now);
        owners.claim("acme", eve, now.plusSeconds(90), now);
        assertThat(told).containsExactly("acme");

        owners.claim("acme", alice, now.plusSeconds(86_400), now);
        assertThat(told).containsExactly("acme", "acme");
    }

    @Test
    void whatWasKnownBeforeARestartIsKnown() {
        NamespaceOwners owners = new NamespaceOwners();
        owners.restore("acme", alice, later.toEpochMilli());

        assertThat(owners.claim("acme", eve, later, now)).isEqualTo(Claim.FOREIGN);
    }
}
