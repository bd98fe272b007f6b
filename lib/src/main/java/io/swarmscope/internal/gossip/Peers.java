package io.swarmscope.internal.gossip;

import io.swarmscope.PeerId;
import java.util.ArrayList;
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
        return byId.computeIfAbsent(id, Peer::new);
    }

    @Nullable Peer remove(PeerId id) {
        Peer gone = byId.remove(id);
        stirred.remove(gone);
        return gone;
    }

    Collection<Peer> all() {
        return byId.values();
    }

    /** Something is counted of a peer, or about to be. */
    void stir(Peer peer) {
        stirred.add(peer);
    }

    /** Each has its heartbeat of whom something is counted. */
    void heartbeat(long heartbeat) {
        stirred.removeIf(peer -> peer.heartbeat(heartbeat));
    }

    /** Those in a topic that can be sent something and are as asked for. */
    List<Peer> in(String topic, Predicate<Peer> which) {
        List<Peer> chosen = new ArrayList<>();
        for (Peer peer : byId.values()) {
            if (peer.isWritable() && peer.isIn(topic) && which.test(peer)) {
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

    <T> T anyOf(List<T> some) {
        return some.get(random.nextInt(some.size()));
    }
}
