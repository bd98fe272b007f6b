package io.swarmscope.internal.kad;

import static io.swarmscope.internal.kad.Fixtures.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.swarmscope.PeerId;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class ProviderStoreTest {

    /** Ten entries, two for a key, one hour. */
    private static final KadConfig.StoreConfig CONFIG =
            new KadConfig.StoreConfig(10, 1000, 100, Duration.ofHours(1), 10, 2, Duration.ofHours(1), 20);

    private final RandomGenerator random = Fixtures.random("ProviderStoreTest");
    private final PeerId self = Fixtures.peer(random);
    private final ProviderStore store = new ProviderStore(self, CONFIG);
    private final Bytes key = Fixtures.contentKey(random);

    @Test
    void aProviderIsNamedUntilItsTimeIsUp() {
        PeerId provider = Fixtures.peer(random);
        assertThat(add(key, provider, 0)).isTrue();
        assertThat(store.get(key, 3599 * SECOND)).containsExactly(Fixtures.info(provider));
        assertThat(store.get(key, 3600 * SECOND)).isEmpty();
        assertThat(store.get(Fixtures.contentKey(random), 0)).isEmpty();
    }

    @Test
    void whoAnnouncesAgainIsNamedOnceAndForLonger() {
        PeerId provider = Fixtures.peer(random);
        add(key, provider, 0);
        add(key, provider, 3000 * SECOND);
        assertThat(store.size()).isEqualTo(1);
        assertThat(store.get(key, 5000 * SECOND)).hasSize(1);
    }

    @Test
    void ofTheProvidersOfOneKeyTheLatestStay() {
        List<PeerId> providers = Fixtures.peers(5, random);
        providers.forEach(provider -> add(key, provider, 0));
        assertThat(store.get(key, 0)).extracting(PeerInfo::id).containsExactly(providers.get(3), providers.get(4));
    }

    @Test
    void thisNodeStaysAmongTheProviders() {
        add(key, self, 0);
        Fixtures.peers(5, random).forEach(provider -> add(key, provider, 0));
        assertThat(store.get(key, 0)).hasSize(2).extracting(PeerInfo::id).contains(self);
        for (int i = 0; i < 100; i++) {
            add(Fixtures.contentKey(random), Fixtures.peer(random), 0);
            assertThat(store.size()).isLessThanOrEqualTo(10);
        }
        assertThat(store.get(key, 0)).extracting(PeerInfo::id).contains(self);
    }

    @Test
    void aFullStoreKeepsTheKeysNearestToThisNode() {
        Key selfKey = Key.of(self);
        List<Bytes> keys = java.util.stream.Stream.generate(() -> Fixtures.contentKey(random))
                .limit(100)
                .toList();
        keys.forEach(one -> add(one, Fixtures.peer(random), 0));
        List<Bytes> sorted = keys.stream()
                .sorted((x, y) -> selfKey.compareDistance(Key.of(x.array()), Key.of(y.array())))
                .toList();
        for (int i = 0; i < sorted.size(); i++) {
            assertThat(store.get(sorted.get(i), 0)).as("%d nearest", i).hasSize(i < 10 ? 1 : 0);
        }
    }

    @Test
    void aSweepForgetsWhatNobodyAsksFor() {
        for (int i = 0; i < 10; i++) {
            add(Fixtures.contentKey(random), Fixtures.peer(random), i % 2 * 100 * SECOND);
        }
        store.sweep(3, 3600 * SECOND);
        store.sweep(100, 3600 * SECOND);
        assertThat(store.size()).isEqualTo(5);
        store.sweep(100, 3700 * SECOND);
        assertThat(store.size()).isZero();
    }

    private boolean add(Bytes rawKey, PeerId provider, long now) {
        return store.add(rawKey, provider, Fixtures.info(provider).addresses(), now);
    }
}
