package io.swarmscope.internal.gossip;

import io.swarmscope.PeerId;
import io.swarmscope.internal.fork.Nanos;
import io.swarmscope.internal.wire.Limits;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * What each peer is worth to this node, P1 to P7 of the specification; never told to anybody. Not thread-safe: whoever runs the router.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/pubsub/gossipsub/gossipsub-v1.1.md#peer-scoring">peer scoring</a>
 */
final class Scores {

    private final ScoreConfig config;
    private final ToDoubleFunction<PeerId> application;
    private final Map<PeerId, Stats> peers = new LinkedHashMap<>();
    private final Map<String, Set<PeerId>> byIp = new HashMap<>();

    /** Those of them of whom there is anything to fade: few, where hundreds are connected and each heartbeat would look at all. */
    private final Set<Stats> fading = new LinkedHashSet<>();

    private long nextDecay;

    private static final class Stats {
        boolean connected;
        long retainedUntil;
        @Nullable String ip;
        double behaviour;
        final Map<String, TopicStats> topics = new LinkedHashMap<>(2);
    }

    private static final class TopicStats {
        boolean inMesh;
        long graftedAt;
        boolean active;
        double first;
        double deliveries;
        double failures;
        double invalid;
    }

    Scores(ScoreConfig config, ToDoubleFunction<PeerId> application, long now) {
        this.config = config;
        this.application = application;
        this.nextDecay = Nanos.after(now, config.decayInterval());
    }

    /**
     * A peer is here.
     *
     * @param ip where it comes from; null if that is not to be counted
     */
    void connected(PeerId peer, @Nullable String ip) {
        Stats stats = peers.computeIfAbsent(peer, p -> new Stats());
        stats.connected = true;
        forgetIp(peer, stats);
        stats.ip = ip;
        if (ip != null) {
            byIp.computeIfAbsent(ip, i -> new HashSet<>()).add(peer);
        }
    }

    /** A peer went. Only what speaks against it is kept for some time. */
    void gone(PeerId peer, long now) {
        Stats stats = peers.get(peer);
        if (stats == null) {
            return;
        }
        double score = score(peer, now);
        forgetIp(peer, stats);
        stats.topics.forEach((topic, of) -> leave(topic, of, now));
        stats.topics.values().forEach(of -> of.first = 0);
        if (score >= 0) {
            peers.remove(peer);
            fading.remove(stats);
            return;
        }
        stats.connected = false;
        fading.add(stats); // also who is worth less for its address alone: its time must come
        stats.retainedUntil = Nanos.after(now, config.retain());
        peers.remove(peer);
        peers.put(peer, stats); // behind all others
        if (peers.size() > Limits.GOSSIP_SCORES_RETAINED) {
            Iterator<Stats> all = peers.values().iterator();
            while (all.hasNext()) {
                Stats oldest = all.next();
                if (!oldest.connected) {
                    all.remove();
                    fading.remove(oldest);
                    return;
                }
            }
        }
    }

    private void forgetIp(PeerId peer, Stats stats) {
        String ip = stats.ip;
        Set<PeerId> there = ip == null ? null : byIp.get(ip);
        if (there != null && there.remove(peer) && there.isEmpty()) {
            byIp.remove(ip);
        }
        stats.ip = null;
    }

    private @Nullable TopicStats of(PeerId peer, String topic) {
        Stats stats = peers.get(peer);
        if (stats == null) {
            return null;
        }
        fading.add(stats);
        return stats.topics.computeIfAbsent(topic, t -> new TopicStats());
    }

    void grafted(PeerId peer, String topic, long now) {
        TopicStats stats = of(peer, topic);
        if (stats != null && !stats.inMesh) {
            stats.inMesh = true;
            stats.graftedAt = now;
            stats.active = false;
        }
    }

    void pruned(PeerId peer, String topic, long now) {
        TopicStats stats = of(peer, topic);
        if (stats != null) {
            leave(topic, stats, now);
        }
    }

    private void leave(String topic, TopicStats stats, long now) {
        activate(config.of(topic), stats, now);
        if (stats.inMesh) {
            double deficit = deficit(config.of(topic), stats);
            stats.failures += deficit * deficit;
        }
        stats.inMesh = false;
        stats.active = false;
    }

    private static void activate(ScoreConfig.Topic rules, TopicStats stats, long now) {
        if (stats.inMesh && now - stats.graftedAt > rules.deliveryActivation().toNanos()) {
            stats.active = true;
        }
    }

    private static double deficit(ScoreConfig.Topic rules, TopicStats stats) {
        return rules.countsDeliveries() && stats.active ? Math.max(0, rules.deliveryThreshold() - stats.deliveries) : 0;
    }

    /** The first valid copy of a message came from that peer. */
    void first(PeerId peer, String topic) {
        TopicStats stats = of(peer, topic);
        if (stats != null) {
            stats.first = Math.min(config.of(topic).firstCap(), stats.first + 1);
        }
        delivered(peer, topic);
    }

    /** A valid copy came from that peer, the first one or soon after it. */
    void delivered(PeerId peer, String topic) {
        TopicStats stats = of(peer, topic);
        if (stats != null && stats.inMesh) {
            stats.deliveries = Math.min(config.of(topic).deliveryCap(), stats.deliveries + 1);
        }
    }

    void invalid(PeerId peer, String topic) {
        TopicStats stats = of(peer, topic);
        if (stats != null) {
            stats.invalid++;
        }
    }

    void misbehaved(PeerId peer, int times) {
        Stats stats = peers.get(peer);
        if (stats != null) {
            stats.behaviour += times;
            fading.add(stats);
        }
    }

    /** What the peer is worth now; 0 if nothing is known of it. */
    double score(PeerId peer, long now) {
        Stats stats = peers.get(peer);
        if (stats == null) {
            return 0;
        }
        double score = 0;
        for (Map.Entry<String, TopicStats> entry : stats.topics.entrySet()) {
            score += score(config.of(entry.getKey()), entry.getValue(), now);
        }
        if (config.topicCap() > 0) {
            score = Math.min(score, config.topicCap());
        }
        score += config.appWeight() * application.applyAsDouble(peer);
        Set<PeerId> there = stats.ip == null ? null : byIp.get(stats.ip);
        if (there != null && there.size() > config.colocationThreshold()) {
            score += config.colocationWeight() * square(there.size() - config.colocationThreshold());
        }
        return score + config.behaviourWeight() * square(Math.max(0, stats.behaviour - config.behaviourThreshold()));
    }

    private static double score(ScoreConfig.Topic rules, TopicStats stats, long now) {
        double score = stats.first * rules.firstWeight();
        if (stats.inMesh) {
            long quanta = (now - stats.graftedAt) / rules.timeQuantum().toNanos();
            score += Math.min((double) quanta, rules.timeCap()) * rules.timeWeight();
        }
        score += rules.deliveryWeight() * square(deficit(rules, stats));
        score += rules.failureWeight() * stats.failures;
        score += rules.invalidWeight() * square(stats.invalid);
        return score * rules.weight();
    }

    private static double square(double x) {
        return x * x;
    }

    /** Lets what was fade, as far as it is time for that. */
    void tick(long now) {
        if (fading.removeIf(stats -> !stats.connected && Nanos.reached(stats.retainedUntil, now))) {
            peers.values().removeIf(stats -> !stats.connected && Nanos.reached(stats.retainedUntil, now));
        }
        fading.forEach(stats -> stats.topics.forEach((topic, of) -> activate(config.of(topic), of, now)));
        if (!Nanos.reached(nextDecay, now)) {
            return;
        }
        nextDecay = Nanos.after(now, config.decayInterval());
        for (Stats stats : fading) {
            if (stats.connected) { // or else going away would be a way to be forgiven
                stats.topics.forEach((topic, of) -> decay(config.of(topic), of));
                stats.behaviour = decayed(stats.behaviour, config.behaviourDecay());
            }
        }
    }

    private void decay(ScoreConfig.Topic rules, TopicStats stats) {
        stats.first = decayed(stats.first, rules.firstDecay());
        stats.deliveries = decayed(stats.deliveries, rules.deliveryDecay());
        stats.failures = decayed(stats.failures, rules.failureDecay());
        stats.invalid = decayed(stats.invalid, rules.invalidDecay());
    }

    private double decayed(double value, double decay) {
        double left = value * decay;
        return left < config.decayToZero() ? 0 : left;
    }
}
