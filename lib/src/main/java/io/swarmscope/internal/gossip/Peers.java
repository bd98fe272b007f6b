package io.swarmscope.internal.gossip;

import io.swarmscope.PeerId;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The peers that gossip with this node. Not thread-safe: whoever runs the router. */
final class Peers {

    private final Map<PeerId, Peer> byId = new LinkedHashMap<>();
    private final BitSet numbers = new BitSet();

    /** Those of whom something is counted since the last heartbeat: few, where hundreds are connected. */
    private final Set<Peer> stirred = new LinkedHashSet<>();

    private final Random random;

    Peers(RandomGenerator random) {
        this.random = Random.from(random);
    }

    @Nullable Peer get(PeerId id) {
        return byId.get(id);
    }

    Peer getOrAdd(PeerId id) {
        Peer peer = byId.get(id);
        if (peer == null) {
            peer = new Peer(id, numbers.nextClearBit(0));
            numbers.set(peer.number);
            byId.put(id, peer);
        }
        return peer;
    }

    @Nullable Peer remove(PeerId id) {
        Peer gone = byId.remove(id);
        if (gone != null) {
            stirred.remove(gone);
            numbers.clear(gone.number);
        }
        return gone;
    }

    Collection<Peer> all() {
        return byId.values();
    }

    /** Something is counted of a peer, or about to be. */
    void stir(Peer peer) {
        if (!peer.stirred) {
            peer.stirred = true;
            stirred.add(peer);
        }
    }

    /** Each has its heartbeat of whom something is counted. */
    void heartbeat(long heartbeat) {
        stirred.removeIf(peer -> peer.heartbeat(heartbeat));
    }

    /** Those in a topic that can be sent something and are as asked for. */
    List<Peer> in(String topic, Predicate<Peer> which) {
        List<Peer> chosen = new ArrayList<>();
        for (Peer peer : byId.values()) {
            if (peer.isWritable() && which.test(peer) && peer.isIn(topic)) {
                chosen.add(peer);
            }
        }
        return chosen;
    }

    /** The same in a random order. */
    List<Peer> shuffledIn(String topic, Predicate<Peer> which) {
        return shuffled(in(topic, which));
    }

    <T> List<T> shuffled(Collection<T> some) {
        List<T> list = new ArrayList<>(some);
        Collections.shuffle(list, random);
        return list;
    }

    /** Up to so many of them in a random order. */
    <T> List<T> some(List<T> all, int atMost) {
        if (all.size() <= 1) {
            return all;
        }
        List<T> list = new ArrayList<>(all);
        int count = Math.min(atMost, list.size());
        for (int i = 0; i < count; i++) {
            Collections.swap(list, i, i + random.nextInt(list.size() - i));
        }
        return list.subList(0, count);
    }

    <T> T anyOf(List<T> some) {
        return some.get(random.nextInt(some.size()));
    }
}
