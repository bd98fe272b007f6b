package io.swarmscope.internal.gossip;

import io.swarmscope.internal.fork.Nanos;
import io.swarmscope.internal.gossip.Rpc.Ihave;
import io.swarmscope.internal.wire.Limits;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Tells peers outside the mesh which messages there are, and asks for those others tell of. Not thread-safe: whoever runs the router.
 */
final class Lazy {

    private final GossipConfig config;
    private final double threshold;
    private final Peers peers;
    private final Scores scores;
    private final Drafts drafts;
    private final Seen seen;
    private final MessageCache cache;
    private final Promises promises = new Promises();

    /** What was asked for since the last heartbeat but one, so as not to ask everybody at once. */
    private final Map<MessageId, Long> asked = new LinkedHashMap<>();

    Lazy(GossipConfig config, Peers peers, Scores scores, Drafts drafts, Seen seen, MessageCache cache) {
        this.config = config;
        this.threshold = config.scores().thresholds().gossip();
        this.peers = peers;
        this.scores = scores;
        this.drafts = drafts;
        this.seen = seen;
        this.cache = cache;
    }

    /** A peer tells what it has; how many lists or ids of it were too many. */
    int onIhave(Peer peer, List<Ihave> told, Mesh mesh, long heartbeat, long now) {
        if (told.isEmpty() || scores.score(peer, now) < threshold) {
            return 0;
        }
        peers.stir(peer);
        peer.ihaveFrames++;
        if (peer.ihaveFrames > Limits.GOSSIP_IHAVE_FRAMES) {
            return told.size();
        }
        List<MessageId> missing = missing(peer, told, mesh);
        int room = Math.min(Limits.GOSSIP_IHAVE_IDS - peer.idsAsked, Limits.GOSSIP_ASKED - asked.size());
        int tooMany = Math.max(0, missing.size() - Math.max(0, room));
        missing = missing.subList(0, missing.size() - tooMany);
        if (!missing.isEmpty()) {
            peer.idsAsked += missing.size();
            missing.forEach(id -> asked.put(id, heartbeat));
            promises.add(peers.anyOf(missing), peer.id, Nanos.after(now, config.times().promise()));
            drafts.iwant(peer, peers.shuffled(missing));
        }
        return tooMany;
    }

    /** What of it was neither seen nor asked for, each once: nearly always nothing. Of the rest the peer need not be told. */
    private List<MessageId> missing(Peer peer, List<Ihave> told, Mesh mesh) {
        Set<MessageId> missing = Set.of();
        for (Ihave ihave : told) {
            if (!mesh.hasJoined(ihave.topic())) {
                continue;
            }
            for (MessageId id : ihave.ids()) {
                Seen.Entry entry = seen.get(id);
                if (entry != null) {
                    entry.inform(peer);
                } else if (!asked.containsKey(id)) {
                    missing = missing.isEmpty() ? new LinkedHashSet<>() : missing;
                    missing.add(id);
                }
            }
        }
        return List.copyOf(missing);
    }

    /** A peer asks for messages. */
    void onIwant(Peer peer, List<MessageId> ids, long now) {
        if (ids.isEmpty() || scores.score(peer, now) < threshold) {
            return;
        }
        ids.stream().distinct().forEach(id -> {
            peer.wantsAfterAll(id); // what it declined may have turned out to be a forgery
            Message message = cache.forPeer(id, peer.id);
            if (message != null) {
                drafts.message(peer, id, message);
            }
        });
    }

    /** A message came, in whatever state. */
    void arrived(MessageId id) {
        promises.kept(id);
        asked.remove(id);
    }

    void gone(Peer peer) {
        promises.forget(peer.id);
        entries(cache.recent().stream().flatMap(List::stream)).forEach(entry -> entry.forget(peer));
    }

    private Stream<Seen.Entry> entries(Stream<MessageId> ids) {
        return ids.map(seen::get).filter(Objects::nonNull);
    }

    /** Punishes who promised in vain. */
    void heartbeat(long heartbeat, long now) {
        promises.broken(now).forEach(scores::misbehaved);
        asked.values().removeIf(since -> heartbeat - since >= 1);
    }

    /**
     * Tells some of those in a topic what there is, each of them what it has not told itself and was not told before. The specification would have it told
     * all of it in each of three heartbeats, which is twice as much as there is to say.
     */
    void tell(String topic, Collection<Peer> mesh, long now) {
        Map<MessageId, Seen.Entry> recent = new LinkedHashMap<>();
        for (MessageId id : cache.recent(topic)) {
            recent.put(id, seen.getOrAdd(id, now));
        }
        if (recent.isEmpty()) {
            return;
        }
        List<Peer> others = peers.shuffledIn(topic, peer -> peer.hasMesh() && lacksSome(peer, recent.values()) && !mesh.contains(peer));
        int count = Math.max(config.mesh().lazy(), (int) (config.mesh().lazyPart() * others.size()));
        for (Peer peer : others) {
            if (count == 0) {
                return;
            }
            if (scores.score(peer, now) < threshold) {
                continue;
            }
            count--;
            List<Map.Entry<MessageId, Seen.Entry>> news = new ArrayList<>(recent.size());
            for (Map.Entry<MessageId, Seen.Entry> each : recent.entrySet()) {
                if (!each.getValue().isInformed(peer)) {
                    news.add(each);
                }
            }
            // In another order for each, so that together they hear of all if there are too many for one.
            List<Map.Entry<MessageId, Seen.Entry>> told = peers.some(news, Limits.GOSSIP_IHAVE_IDS);
            told.forEach(each -> each.getValue().inform(peer));
            drafts.ihave(peer, topic, told.stream().map(Map.Entry::getKey).toList());
        }
    }

    private static boolean lacksSome(Peer peer, Collection<Seen.Entry> recent) {
        for (Seen.Entry entry : recent) {
            if (!entry.isInformed(peer)) {
                return true;
            }
        }
        return false;
    }

    /** Nobody is told of these any more. */
    void areOld(List<MessageId> ids) {
        entries(ids.stream()).forEach(Seen.Entry::isOld);
    }
}
