package io.swarmscope.internal.gossip;

import io.swarmscope.PeerId;
import io.swarmscope.internal.fork.Nanos;
import io.swarmscope.internal.gossip.Standing.InTopic;
import io.swarmscope.internal.wire.Limits;
import java.time.Duration;
import java.util.HashMap;
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

    /** How long an opinion of the application holds: scores are worked out for each frame, and opinions do not change so often. */
    static final Duration OPINION_HOLDS = Duration.ofSeconds(30);

    private final ScoreConfig config;
    private final ToDoubleFunction<PeerId> application;
    private final Map<PeerId, Standing> peers = new LinkedHashMap<>();
    private final Map<String, Standing.Address> addresses = new HashMap<>();

    /** Those of them of whom there is anything to fade: few, where hundreds are connected and each heartbeat would look at all. */
    private final Set<Standing> fading = new LinkedHashSet<>();

    private long nextDecay;

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
    void connected(Peer peer, @Nullable String ip, long now) {
        Standing standing = peers.get(peer.id);
        if (standing == null) {
            standing = new Standing();
            standing.opinionUntil = now;
            peers.put(peer.id, standing);
        }
        peer.standing = standing;
        standing.connected = true;
        forgetAddress(standing);
        if (ip != null) {
            Standing.Address address = addresses.computeIfAbsent(ip, Standing.Address::new);
            address.peers++;
            standing.address = address;
        }
    }

    /** A peer went. Only what speaks against it is kept for some time. */
    void gone(PeerId peer, long now) {
        Standing standing = peers.get(peer);
        if (standing == null) {
            return;
        }
        double score = score(peer, standing, now);
        forgetAddress(standing);
        for (InTopic of : standing.topics) {
            of.leaveMesh(now);
            of.first = 0;
        }
        if (score >= 0) {
            peers.remove(peer);
            fading.remove(standing);
            return;
        }
        standing.connected = false;
        fading.add(standing); // also who is worth less for its address alone: its time must come
        standing.retainedUntil = Nanos.after(now, config.retain());
        peers.remove(peer);
        peers.put(peer, standing); // behind all others
        if (peers.size() > Limits.GOSSIP_SCORES_RETAINED) {
            Iterator<Standing> all = peers.values().iterator();
            while (all.hasNext()) {
                Standing oldest = all.next();
                if (!oldest.connected) {
                    all.remove();
                    fading.remove(oldest);
                    return;
                }
            }
        }
    }

    private void forgetAddress(Standing standing) {
        Standing.Address address = standing.address;
        if (address != null && --address.peers == 0) {
            addresses.remove(address.ip);
        }
        standing.address = null;
    }

    /** What is counted of a peer in a topic, about to change; null if nothing is known of the peer. */
    private @Nullable InTopic of(PeerId peer, String topic) {
        Standing standing = peers.get(peer);
        if (standing == null) {
            return null;
        }
        fading.add(standing);
        return standing.in(topic, config);
    }

    void grafted(PeerId peer, String topic, long now) {
        InTopic of = of(peer, topic);
        if (of != null && !of.inMesh) {
            of.inMesh = true;
            of.graftedAt = now;
        }
    }

    void pruned(PeerId peer, String topic, long now) {
        InTopic of = of(peer, topic);
        if (of != null) {
            of.leaveMesh(now);
        }
    }

    /** The first valid copy of a message came from that peer. */
    void first(PeerId peer, String topic) {
        InTopic of = of(peer, topic);
        if (of != null) {
            of.first = Math.min(of.rules.firstCap(), of.first + 1);
        }
        delivered(peer, topic);
    }

    /** A valid copy came from that peer, the first one or soon after it. */
    void delivered(PeerId peer, String topic) {
        InTopic of = of(peer, topic);
        if (of != null && of.inMesh) {
            of.deliveries = Math.min(of.rules.deliveryCap(), of.deliveries + 1);
        }
    }

    void invalid(PeerId peer, String topic) {
        InTopic of = of(peer, topic);
        if (of != null) {
            of.invalid++;
        }
    }

    void misbehaved(PeerId peer, int times) {
        Standing standing = peers.get(peer);
        if (standing != null) {
            standing.behaviour += times;
            fading.add(standing);
        }
    }

    /** What the peer is worth now; 0 if nothing is known of it. */
    double score(PeerId peer, long now) {
        Standing standing = peers.get(peer);
        return standing == null ? 0 : score(peer, standing, now);
    }

    /** The same for a peer that is here. */
    double score(Peer peer, long now) {
        Standing standing = peer.standing;
        return standing == null ? 0 : score(peer.id, standing, now);
    }

    private double score(PeerId peer, Standing standing, long now) {
        double score = 0;
        for (InTopic of : standing.topics) {
            score += score(of, now);
        }
        if (config.topicCap() > 0) {
            score = Math.min(score, config.topicCap());
        }
        score += config.appWeight() * opinion(peer, standing, now);
        Standing.Address address = standing.address;
        if (address != null && address.peers > config.colocationThreshold()) {
            score += config.colocationWeight() * square(address.peers - config.colocationThreshold());
        }
        return score + config.behaviourWeight() * square(Math.max(0, standing.behaviour - config.behaviourThreshold()));
    }

    private double opinion(PeerId peer, Standing standing, long now) {
        if (Nanos.reached(standing.opinionUntil, now)) {
            standing.opinion = application.applyAsDouble(peer);
            standing.opinionUntil = Nanos.after(now, OPINION_HOLDS);
        }
        return standing.opinion;
    }

    private static double score(InTopic of, long now) {
        ScoreConfig.Topic rules = of.rules;
        double score = of.first * rules.firstWeight();
        if (of.inMesh) {
            long quanta = (now - of.graftedAt) / rules.timeQuantum().toNanos();
            score += Math.min((double) quanta, rules.timeCap()) * rules.timeWeight();
        }
        score += rules.deliveryWeight() * square(of.deficit(now));
        score += rules.failureWeight() * of.failures;
        score += rules.invalidWeight() * square(of.invalid);
        return score * rules.weight();
    }

    private static double square(double x) {
        return x * x;
    }

    /** Lets what was fade, as far as it is time for that. */
    void tick(long now) {
        if (fading.removeIf(standing -> !standing.connected && Nanos.reached(standing.retainedUntil, now))) {
            peers.values().removeIf(standing -> !standing.connected && Nanos.reached(standing.retainedUntil, now));
        }
        if (!Nanos.reached(nextDecay, now)) {
            return;
        }
        nextDecay = Nanos.after(now, config.decayInterval());
        fading.removeIf(standing -> {
            if (!standing.connected) {
                return false; // or else going away would be a way to be forgiven
            }
            standing.topics.forEach(this::decay);
            standing.behaviour = decayed(standing.behaviour, config.behaviourDecay());
            return standing.hasNothingToFade();
        });
    }

    private void decay(InTopic of) {
        of.first = decayed(of.first, of.rules.firstDecay());
        of.deliveries = decayed(of.deliveries, of.rules.deliveryDecay());
        of.failures = decayed(of.failures, of.rules.failureDecay());
        of.invalid = decayed(of.invalid, of.rules.invalidDecay());
    }

    private double decayed(double value, double decay) {
        double left = value * decay;
        return left < config.decayToZero() ? 0 : left;
    }
}
