package io.swarmscope.internal.gossip;

import io.swarmscope.PeerId;
import io.swarmscope.internal.fork.Nanos;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Messages that peers said they have, and were asked for. Of each question one message, chosen at random, is waited for. Not thread-safe:
 * whoever runs the router.
 */
final class Promises {

    private final Map<MessageId, Map<PeerId, Long>> until = new LinkedHashMap<>();

    void add(MessageId id, PeerId peer, long deadline) {
        until.computeIfAbsent(id, i -> new HashMap<>(2)).putIfAbsent(peer, deadline);
    }

    /** The message came, from whomever. */
    void kept(MessageId id) {
        until.remove(id);
    }

    /** The peer went: it cannot keep what it promised. */
    void forget(PeerId peer) {
        until.values().removeIf(peers -> {
            peers.remove(peer);
            return peers.isEmpty();
        });
    }

    /** How many each peer broke; they are forgotten with that. */
    Map<PeerId, Integer> broken(long now) {
        Map<PeerId, Integer> broken = new LinkedHashMap<>();
        until.values().removeIf(peers -> {
            peers.entrySet().removeIf(promise -> {
                boolean late = Nanos.reached(promise.getValue(), now);
                if (late) {
                    broken.merge(promise.getKey(), 1, Integer::sum);
                }
                return late;
            });
            return peers.isEmpty();
        });
        return broken;
    }
}
