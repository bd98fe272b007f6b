package io.swarmscope.internal.gossip;

import io.swarmscope.internal.gossip.GossipConfig.MeshConfig;
import io.swarmscope.internal.gossip.GossipConfig.Times;
import io.swarmscope.internal.gossip.Rpc.Prune;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The neighbours in each topic this node is in: who comes, who has to go, and when it may come again. Not thread-safe: whoever runs the router.
 */
final class Mesh {

    private final MeshConfig config;
    private final Times times;
    private final double opportunistic;
    private final Peers peers;
    private final Scores scores;
    private final Drafts drafts;
    private final long slackNanos;
    private final Map<String, Set<Peer>> byTopic = new LinkedHashMap<>();
    private final Backoffs backoffs = new Backoffs();

    Mesh(GossipConfig config, Peers peers, Scores scores, Drafts drafts) {
        this.config = config.mesh();
        this.times = config.times();
        this.opportunistic = config.scores().thresholds().opportunistic();
        this.peers = peers;
        this.scores = scores;
        this.drafts = drafts;
        this.slackNanos = times.heartbeat().toNanos();
    }

    boolean hasJoined(String topic) {
        return byTopic.containsKey(topic);
    }

    /** The same text, of a topic of this node the one object there is for it: it is compared very often. */
    String known(String topic) {
        for (String own : byTopic.keySet()) {
            if (own.equals(topic)) {
                return own;
            }
        }
        return topic;
    }

    Set<String> topics() {
        return byTopic.keySet();
    }

    /** The neighbours in a topic; none if this node is not in it. */
    Collection<Peer> in(String topic) {
        return byTopic.getOrDefault(topic, Set.of());
    }

    /**
     * Joins a topic.
     *
     * @param known whom this node published to while it was not in it; they come first
     */
    void join(String topic, Collection<Peer> known, long now) {
        Set<Peer> mesh = new LinkedHashSet<>();
        byTopic.put(topic, mesh);
        known.stream()
                .filter(peer -> peer.isWritable() && mayCome(peer, topic, mesh, now))
                .limit(config.wanted())
                .forEach(peer -> graft(peer, topic, mesh, now));
        graftSome(topic, mesh, config.wanted() - mesh.size(), now);
    }

    /** Leaves a topic. */
    void leave(String topic, long now) {
        Set<Peer> mesh = byTopic.remove(topic);
        if (mesh != null) {
            mesh.forEach(peer -> {
                scores.pruned(peer.id, topic, now);
                sendPrune(peer, topic, times.unsubscribeBackoff(), now);
            });
        }
    }

    /** A peer joined a topic. A mesh that is nearly empty does not wait for the heartbeat. */
    void joined(Peer peer, String topic, long now) {
        Set<Peer> mesh = byTopic.get(topic);
        if (mesh != null && mesh.size() < config.low() && mayCome(peer, topic, mesh, now)) {
            graft(peer, topic, mesh, now);
        }
    }

    /** A peer left a topic. */
    void left(Peer peer, String topic, long now) {
        remove(peer, topic, byTopic.get(topic), now);
    }

    /** A peer went, or cannot be sent anything any more. */
    void gone(Peer peer, long now) {
        byTopic.forEach((topic, mesh) -> remove(peer, topic, mesh, now));
    }

    private void remove(Peer peer, String topic, @Nullable Set<Peer> mesh, long now) {
        if (mesh != null && mesh.remove(peer)) {
            scores.pruned(peer.id, topic, now);
        }
    }

    /** A peer took this node into its mesh. */
    void onGraft(Peer peer, String topic, long now) {
        Set<Peer> mesh = byTopic.get(topic);
        // No answer for a topic this node is not in: whoever makes up topics gets nothing for it.
        if (mesh == null || mesh.contains(peer) || !peer.hasMesh()) {
            return;
        }
        long rest = backoffs.left(topic, peer.id, now);
        if (rest > 0) {
            boolean atOnce = rest > times.pruneBackoff().minus(times.graftFlood()).toNanos();
            scores.misbehaved(peer.id, atOnce ? 2 : 1);
            sendPrune(peer, topic, times.pruneBackoff(), now);
        } else if (scores.score(peer, now) < 0 || (mesh.size() >= config.high() && !peer.outbound)) {
            sendPrune(peer, topic, times.pruneBackoff(), now);
        } else {
            mesh.add(peer);
            scores.grafted(peer.id, topic, now);
        }
    }

    /** A peer dropped this node from its mesh. */
    void onPrune(Peer peer, Prune prune, long now) {
        Set<Peer> mesh = byTopic.get(prune.topic());
        if (mesh == null) {
            return;
        }
        remove(peer, prune.topic(), mesh, now);
        Duration asked = Duration.ofSeconds(prune.backoffSeconds());
        backoffs.add(prune.topic(), peer.id, asked.isZero() ? times.pruneBackoff() : asked, now);
    }

    private boolean mayCome(Peer peer, String topic, Set<Peer> mesh, long now) {
        return peer.hasMesh()
                && !mesh.contains(peer)
                && !backoffs.isOut(topic, peer.id, slackNanos, now)
                && scores.score(peer, now) >= 0;
    }

    private void graft(Peer peer, String topic, Set<Peer> mesh, long now) {
        mesh.add(peer);
        scores.grafted(peer.id, topic, now);
        drafts.graft(peer, topic);
    }

    private void prune(Peer peer, String topic, Set<Peer> mesh, long now) {
        remove(peer, topic, mesh, now);
        sendPrune(peer, topic, times.pruneBackoff(), now);
    }

    private void sendPrune(Peer peer, String topic, Duration rest, long now) {
        backoffs.add(topic, peer.id, rest, now);
        drafts.prune(peer, topic, (int) Math.max(1, rest.toSeconds()));
    }

    private void graftSome(String topic, Set<Peer> mesh, int count, long now) {
        if (count > 0) {
            graftSome(topic, mesh, peers.shuffledIn(topic, peer -> mayCome(peer, topic, mesh, now)), count, now);
        }
    }

    private void graftSome(String topic, Set<Peer> mesh, List<Peer> candidates, int count, long now) {
        candidates.stream().limit(count).forEach(peer -> graft(peer, topic, mesh, now));
    }

    // Heartbeat

    /** Looks after all topics. */
    void heartbeat(long heartbeat, long now) {
        backoffs.expire(slackNanos, now);
        byTopic.forEach((topic, mesh) -> {
            bad(mesh, now).forEach(peer -> prune(peer, topic, mesh, now));
            if (mesh.size() < config.low()) {
                graftSome(topic, mesh, config.wanted() - mesh.size(), now);
            }
            if (mesh.size() > config.high()) {
                shrink(topic, mesh, now);
            }
            ensureOutbound(topic, mesh, now);
            if (heartbeat % config.opportunistic() == 0) {
                improve(topic, mesh, now);
            }
        });
    }

    private List<Peer> bad(Set<Peer> mesh, long now) {
        List<Peer> bad = List.of();
        for (Peer peer : mesh) {
            if (scores.score(peer, now) < 0) {
                bad = bad.isEmpty() ? new ArrayList<>() : bad;
                bad.add(peer);
            }
        }
        return bad;
    }

    /** Keeps the best, and of the others any, but enough that this node dialed. */
    private void shrink(String topic, Set<Peer> mesh, long now) {
        List<Peer> ranked = peers.shuffled(mesh);
        ranked.sort(byScore(now).reversed());
        List<Peer> kept = new ArrayList<>(ranked.subList(0, config.best()));
        List<Peer> others = peers.shuffled(ranked.subList(config.best(), ranked.size()));
        long outbound = kept.stream().filter(peer -> peer.outbound).count();
        for (Peer peer : List.copyOf(others)) {
            if (outbound < config.outbound() && peer.outbound && kept.size() < config.wanted()) {
                kept.add(peer);
                others.remove(peer);
                outbound++;
            }
        }
        others.subList(Math.max(0, config.wanted() - kept.size()), others.size())
                .forEach(peer -> prune(peer, topic, mesh, now));
    }

    private void ensureOutbound(String topic, Set<Peer> mesh, long now) {
        int outbound = 0;
        for (Peer peer : mesh) {
            outbound += peer.outbound ? 1 : 0;
        }
        if (mesh.size() >= config.low() && outbound < config.outbound()) {
            List<Peer> candidates =
                    peers.shuffledIn(topic, peer -> peer.outbound && mayCome(peer, topic, mesh, now));
            graftSome(topic, mesh, candidates, config.outbound() - outbound, now);
        }
    }

    /** Takes in better ones if the neighbours are middling, so that a mesh full of peers that do just enough gets better. */
    private void improve(String topic, Set<Peer> mesh, long now) {
        if (mesh.size() < 2) {
            return;
        }
        List<Peer> ranked = new ArrayList<>(mesh);
        ranked.sort(byScore(now));
        double median = scores.score(ranked.get(ranked.size() / 2), now);
        if (median < opportunistic) {
            List<Peer> better = peers.shuffledIn(
                    topic, peer -> mayCome(peer, topic, mesh, now) && scores.score(peer, now) > median);
            graftSome(topic, mesh, better, config.opportunisticPeers(), now);
        }
    }

    private Comparator<Peer> byScore(long now) {
        return Comparator.comparingDouble(peer -> scores.score(peer, now));
    }
}
