package io.swarmscope.internal.gossip;

import io.swarmscope.PeerId;
import io.swarmscope.internal.wire.Limits;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the router knows of a connected peer, its score apart. Not thread-safe: whoever runs the router. */
final class Peer {

    /** Heartbeats after which it is forgotten that a peer does not want a message. */
    private static final int UNWANTED_HEARTBEATS = 3;

    final PeerId id;
    final Set<String> topics = new LinkedHashSet<>();

    /** What it understands; null while there is no stream to it. */
    @Nullable Version version;

    /** Whether this node dialed it. */
    boolean outbound;

    // Since the last heartbeat.
    int ihaveFrames;
    int idsAsked;
    private int unwantedTaken;

    /** Messages it does not want, with the heartbeat in which it said so; the oldest first. */
    private final Map<MessageId, Long> unwanted = new LinkedHashMap<>();

    Peer(PeerId id) {
        this.id = id;
    }

    boolean isWritable() {
        return version != null;
    }

    /** Whether it can be in a mesh. */
    boolean hasMesh() {
        Version known = version;
        return known != null && known.hasMesh();
    }

    boolean isIn(String topic) {
        return topics.contains(topic);
    }

    void doesNotWant(MessageId message, long heartbeat) {
        if (unwantedTaken >= Limits.GOSSIP_IDONTWANT_KEPT) {
            return;
        }
        unwantedTaken++;
        unwanted.putIfAbsent(message, heartbeat);
        if (unwanted.size() > Limits.GOSSIP_IDONTWANT_KEPT) {
            Iterator<MessageId> oldest = unwanted.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    void wantsAfterAll(MessageId message) {
        unwanted.remove(message);
    }

    boolean wants(MessageId message) {
        return !unwanted.containsKey(message);
    }

    /** Whether nothing is left that the next one would have to look at. */
    boolean heartbeat(long heartbeat) {
        ihaveFrames = 0;
        idsAsked = 0;
        unwantedTaken = 0;
        if (!unwanted.isEmpty()) {
            unwanted.values().removeIf(since -> heartbeat - since >= UNWANTED_HEARTBEATS);
        }
        return unwanted.isEmpty();
    }
}
