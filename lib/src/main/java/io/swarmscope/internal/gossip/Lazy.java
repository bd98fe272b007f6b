package io.swarmscope.internal.gossip;

import io.swarmscope.internal.fork.Nanos;
import io.swarmscope.internal.gossip.Rpc.Ihave;
import io.swarmscope.internal.wire.Limits;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
        if (told.isEmpty() || scores.score(peer.id, now) < threshold) {
            return 0;
        }
        peers.stir(peer);
        peer.ihaveFrames++;
        if (peer.ihaveFrames > Limits.GOSSIP_IHAVE_FRAMES) {
            return told.size();
        }
        int room = Math.min(Limits.GOSSIP_IHAVE_IDS - peer.idsAsked, Limits.GOSSIP_ASKED - asked.size());
        List<MessageId> missing = told.stream()
                .filter(ihave -> mesh.hasJoined(ihave.topic()))
                .flatMap(ihave -> ihave.ids().stream())
                .filter(id -> !seen.contains(id) && !asked.containsKey(id))
                .distinct()
                .toList();
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

    /** A peer asks for messages. */
    void onIwant(Peer peer, List<MessageId> ids, long now) {
        if (ids.isEmpty() || scores.score(peer.id, now) < threshold) {
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
    }

    /** Punishes who promised in vain. */
    void heartbeat(long heartbeat, long now) {
        promises.broken(now).forEach(scores::misbehaved);
        asked.values().removeIf(since -> heartbeat - since >= 1);
    }

    /** Tells some of those in a topic what there is. */
    void tell(String topic, Collection<Peer> mesh, long now) {
        List<MessageId> ids = cache.recent(topic);
        if (ids.isEmpty()) {
            return;
        }
        List<Peer> others = peers.shuffledIn(
                topic,
                peer -> peer.hasMesh() && !mesh.contains(peer) && scores.score(peer.id, now) >= threshold);
        int count = Math.max(config.mesh().lazy(), (int) (config.mesh().lazyPart() * others.size()));
        others.stream().limit(count).forEach(peer -> {
            // In another order for each, so that together they hear of all if there are too many for one.
            List<MessageId> shuffled = peers.shuffled(ids);
            drafts.ihave(peer, topic, shuffled.subList(0, Math.min(shuffled.size(), Limits.GOSSIP_IHAVE_IDS)));
        });
    }
}
