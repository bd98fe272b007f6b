package io.swarmscope.internal.kad;

import io.swarmscope.Multiaddr;
import io.swarmscope.PeerId;
import io.swarmscope.internal.fork.Nanos;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Who announced to serve which content. Run by the thread that owns the DHT.
 *
 * <p>Bounded per key, where the one announced longest ago makes room, and in all, where the keys farthest from this node do. What this
 * node announced itself stays.
 */
final class ProviderStore {

    private final Key self;
    private final KadConfig.StoreConfig config;

    /** Nearest to this node first; the providers of a key in the order of their announcements. */
    private final TreeMap<Key, List<Announced>> byDistance;

    private int size;
    private @Nullable Key sweptTo;

    private record Announced(PeerInfo provider, long expires) {}

    private final PeerId own;

    ProviderStore(PeerId own, KadConfig.StoreConfig config) {
        this.own = own;
        this.self = Key.of(own);
        this.config = config;
        this.byDistance = new TreeMap<>(self::compareDistance);
    }

    /** Entries of all keys. */
    int size() {
        return size;
    }

    /**
     * Notes that a peer serves the content; an entry of that peer lives longer.
     *
     * @return whether there was room
     */
    boolean add(Bytes rawKey, PeerId provider, List<Multiaddr> addresses, long now) {
        return add(rawKey, provider, addresses, config.providerTtl(), now);
    }

    /** Notes what was known before, for the time it was good for. */
    void restore(ProviderEntry entry, long now) {
        if (entry.left().isPositive()) {
            add(entry.key(), entry.provider(), entry.addresses(), Ranges.shorter(entry.left(), config.providerTtl()), now);
        }
    }

    private boolean add(Bytes rawKey, PeerId provider, List<Multiaddr> addresses, Duration left, long now) {
        Key key = Key.of(rawKey.array());
        List<Announced> announced = byDistance.get(key);
        if (announced != null) {
            size -= announced.size();
            announced.removeIf(entry -> entry.provider.id().equals(provider) || Nanos.reached(entry.expires, now));
            if (announced.size() >= config.providersPerKey()) {
                announced.remove(own(announced.getFirst()) && announced.size() > 1 ? 1 : 0);
            }
            size += announced.size();
        }
        if (size >= config.providers() && !makeRoom(key)) {
            return false;
        }
        byDistance.computeIfAbsent(key, any -> new ArrayList<>(1))
                .add(new Announced(new PeerInfo(provider, addresses), now + left.toNanos()));
        size++;
        return true;
    }

    /** The live providers of the content, the latest announcement last. */
    List<PeerInfo> get(Bytes rawKey, long now) {
        List<Announced> announced = byDistance.get(Key.of(rawKey.array()));
        List<PeerInfo> live = new ArrayList<>();
        for (int i = 0; announced != null && i < announced.size(); i++) {
            if (!Nanos.reached(announced.get(i).expires, now)) {
                live.add(announced.get(i).provider);
            }
        }
        return live;
    }

    /** Drops what is expired among the next few keys; the next call goes on from there. */
    void sweep(int keys, long now) {
        for (int i = 0; i < keys; i++) {
            Map.Entry<Key, List<Announced>> entry = sweptTo == null ? byDistance.firstEntry() : byDistance.higherEntry(sweptTo);
            sweptTo = entry == null ? null : entry.getKey();
            if (entry == null) {
                return;
            }
            List<Announced> announced = entry.getValue();
            size -= announced.size();
            announced.removeIf(one -> Nanos.reached(one.expires, now));
            size += announced.size();
            if (announced.isEmpty()) {
                byDistance.remove(entry.getKey());
            }
        }
    }

    /** Drops the providers of keys farther from this node than {@code key}, but for this node itself, until one more fits. */
    private boolean makeRoom(Key key) {
        Map.Entry<Key, List<Announced>> farthest = byDistance.lastEntry();
        while (size >= config.providers()) {
            if (farthest == null || self.compareDistance(farthest.getKey(), key) <= 0) {
                return false;
            }
            List<Announced> announced = farthest.getValue();
            size -= announced.size();
            announced.removeIf(entry -> !own(entry));
            size += announced.size();
            if (announced.isEmpty()) {
                byDistance.remove(farthest.getKey());
            }
            farthest = byDistance.lowerEntry(farthest.getKey());
        }
        return true;
    }

    private boolean own(Announced entry) {
        return entry.provider.id().equals(own);
    }
}
