package io.swarmscope.internal.gossip;

import io.swarmscope.PeerId;
import io.swarmscope.internal.wire.Limits;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the router knows of a connected peer. Not thread-safe: whoever runs the router. */
final class Peer {

    /** Heartbeats after which it is forgotten that a peer does not want a message. */
    private static final int UNWANTED_HEARTBEATS = 3;

    final PeerId id;

    /** A small number that no other peer has while this one is here. */
    final int number;

    /** Each once; a list, because most peers are in two, and are asked about them in each heartbeat. */
    private final List<String> topics = new ArrayList<>(2);

    /** What it understands; null while there is no stream to it. */
    @Nullable Version version;

    /** Whether this node dialed it. */
    boolean outbound;

    /** What {@link Scores} counts of it; null until it is told that the peer is here. */
    @Nullable Standing standing;

    /** Whether anything is counted of it since the last heartbeat. */
    boolean stirred;

    // Since the last heartbeat.
    int ihaveFrames;
    int idsAsked;
    private int unwantedTaken;

    /** Messages it does not want, with the heartbeat in which it said so; the oldest first. */
    private final Map<MessageId, Long> unwanted = new LinkedHashMap<>();

    Peer(PeerId id, int number) {
        this.id = id;
        this.number = number;
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

    /** How many topics it is in. */
    int topics() {
        return topics.size();
    }

    /** Whether it was not in it before. */
    boolean join(String topic) {
        return !topics.contains(topic) && topics.add(topic);
    }

    void leave(String topic) {
        topics.remove(topic);
    }

    void leaveAll() {
        topics.clear();
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
        stirred = !unwanted.isEmpty();
        return !stirred;
    }
}
