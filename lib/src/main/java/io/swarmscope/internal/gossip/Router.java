package io.swarmscope.internal.gossip;

import io.swarmscope.PeerId;
import io.swarmscope.internal.fork.Nanos;
import io.swarmscope.internal.gossip.Rpc.Subscription;
import io.swarmscope.internal.wire.Limits;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The gossipsub router as a value that decides: what happens goes in, effects come out. Not thread-safe: only the swarm thread runs it, or
 * a simulation.
 *
 * <p>Messages come in decoded and checked ({@link Arrival}); the router verifies nothing. After a call, or some of them, the
 * effects are to be taken with {@link #nextEffect} until there is none: what is said to one peer goes together, and a message that it turns out
 * to have is not sent any more.
 */
public final class Router {

    private final PeerId self;
    private final GossipConfig config;
    private final Peers peers;
    private final Scores scores;
    private final Drafts drafts = new Drafts();
    private final Seen seen;
    private final MessageCache cache;
    private final Mesh mesh;
    private final Lazy lazy;
    private final Outbox outbox = new Outbox();
    private final Map<String, Fanout> fanouts = new LinkedHashMap<>();
    private final Map<String, Long> counters = new TreeMap<>();
    private long nextHeartbeat;
    private long heartbeats;

    /** Neighbours in a topic that this node publishes to but is not in. */
    private static final class Fanout {
        final Set<Peer> peers = new LinkedHashSet<>();
        long published;
    }

    /**
     * Knows nobody yet.
     *
     * @param application what the application thinks of a peer (P5), about -10 to 10; asked again after {@link Scores#OPINION_HOLDS}
     * @param random for choosing neighbours
     */
    public Router(
            PeerId self, GossipConfig config, ToDoubleFunction<PeerId> application, RandomGenerator random, long now) {
        this.self = self;
        this.config = config;
        this.peers = new Peers(random);
        this.scores = new Scores(config.scores(), application, now);
        this.seen = new Seen(config.times().seen().toNanos());
        this.cache = new MessageCache(config.mesh().cacheWindows(), config.mesh().gossipWindows());
        this.mesh = new Mesh(config, peers, scores, drafts);
        this.lazy = new Lazy(config, peers, scores, drafts, seen, cache);
        this.nextHeartbeat = Nanos.after(now, config.times().first());
    }

    /** What is to be done next, null if there is nothing. */
    public @Nullable Effect nextEffect() {
        return drafts.next();
    }

    // Peers

    /**
     * There is a stream to a peer; it is greeted with all topics, also if there was one before.
     *
     * @param outbound whether this node dialed it
     * @param ip where it comes from; null if it shares its address with others for good reason, as on loopback
     */
    public void opened(PeerId id, Version version, boolean outbound, @Nullable String ip, long now) {
        Peer peer = peers.getOrAdd(id);
        peer.version = version;
        peer.outbound = outbound;
        scores.connected(peer, ip, now);
        mesh.topics().forEach(topic -> drafts.subscription(peer, topic, true));
        outbox.tryAgain(now);
    }

    /** The stream to a peer ended; it may still be connected. */
    public void unwritable(PeerId id, long now) {
        Peer peer = peers.get(id);
        if (peer != null) {
            leaveMesh(peer, now);
            drafts.forget(peer); // the next stream begins with a greeting
            peer.version = null;
        }
    }

    /** The stream from a peer ended, and no other took its place: its topics are unknown now. */
    public void silent(PeerId id, long now) {
        Peer peer = peers.get(id);
        if (peer != null) {
            leaveMesh(peer, now);
            peer.leaveAll();
        }
    }

    /** A peer is not connected any more. */
    public void gone(PeerId id, long now) {
        Peer peer = peers.remove(id);
        if (peer != null) {
            leaveMesh(peer, now);
            lazy.gone(peer);
            drafts.forget(peer);
            scores.gone(id, now);
        }
    }

    private void leaveMesh(Peer peer, long now) {
        mesh.gone(peer, now);
        fanouts.values().forEach(fanout -> fanout.peers.remove(peer));
    }

    // Topics and own messages

    /** Joins a topic. */
    public void subscribe(String topic, long now) {
        if (mesh.hasJoined(topic)) {
            return;
        }
        peers.all().forEach(peer -> drafts.subscription(peer, topic, true));
        Fanout fanout = fanouts.remove(topic);
        mesh.join(topic, fanout == null ? List.of() : fanout.peers, now);
    }

    /** Leaves a topic. */
    public void unsubscribe(String topic, long now) {
        if (mesh.hasJoined(topic)) {
            peers.all().forEach(peer -> drafts.subscription(peer, topic, false));
            mesh.leave(topic, now);
        }
    }

    /** Publishes an own, signed message; the same one may be published again. If nobody is there, it waits for the first who wants it. */
    public void publish(Message message, long now) {
        MessageId id = config.ids().of(message);
        count("gossip.published");
        if (!send(id, message, now)) {
            outbox.add(id, message);
        }
    }

    /** Whether there was somebody to send it to. */
    private boolean send(MessageId id, Message message, long now) {
        Seen.Entry entry = seen.getOrAdd(id, now);
        entry.verdict = Verdict.ACCEPT;
        Collection<Peer> to = audience(message.topic(), now);
        if (to.isEmpty()) {
            return false;
        }
        cache.put(id, message);
        entry.isNews();
        to.forEach(peer -> drafts.message(peer, id, message));
        return true;
    }

    private Collection<Peer> audience(String topic, long now) {
        double threshold = config.scores().thresholds().publish();
        if (config.floodPublish()) {
            return peers.in(topic, peer -> scores.score(peer, now) >= threshold);
        }
        Set<Peer> to = new LinkedHashSet<>(mesh.hasJoined(topic) ? mesh.in(topic) : fanout(topic, now).peers);
        if (to.isEmpty()) {
            // The mesh is not made yet, or nobody in it would have us.
            peers.shuffledIn(topic, peer -> peer.hasMesh() && scores.score(peer, now) >= threshold).stream()
                    .limit(config.mesh().wanted())
                    .forEach(to::add);
        }
        to.addAll(peers.in(topic, peer -> !peer.hasMesh() && scores.score(peer, now) >= threshold));
        return to;
    }

    private Fanout fanout(String topic, long now) {
        Fanout fanout = fanouts.computeIfAbsent(topic, t -> new Fanout());
        fanout.published = now;
        fill(topic, fanout, now);
        return fanout;
    }

    private void fill(String topic, Fanout fanout, long now) {
        double threshold = config.scores().thresholds().publish();
        fanout.peers.removeIf(peer -> !peer.isIn(topic) || scores.score(peer, now) < threshold);
        int missing = config.mesh().wanted() - fanout.peers.size();
        if (missing > 0) {
            peers.shuffledIn(
                            topic,
                            peer -> peer.hasMesh()
                                    && !fanout.peers.contains(peer)
                                    && scores.score(peer, now) >= threshold)
                    .stream()
                    .limit(missing)
                    .forEach(fanout.peers::add);
        }
    }

    // What peers send

    /**
     * A large message is coming in for the first time, as far as is known, and is being checked: the neighbours need not send it too.
     */
    public void arriving(PeerId from, String topic, MessageId id, int bytes, long now) {
        if (config.idontwantBytes() == 0
                || bytes < config.idontwantBytes()
                || seen.contains(id)
                || isGraylisted(scores.score(from, now))) {
            return;
        }
        for (Peer peer : mesh.in(topic)) {
            Version version = peer.version;
            if (!peer.id.equals(from) && version != null && version.compareTo(Version.V1_2) >= 0) {
                drafts.idontwant(peer, id);
                count("gossip.idontwant-sent");
            }
        }
    }

    /**
     * A frame came from a peer.
     *
     * @param rpc the frame; its messages are not looked at
     * @param arrivals its messages, checked
     * @return whether what this peer sends is worth checking
     */
    public boolean received(PeerId from, Rpc rpc, List<Arrival> arrivals, long now) {
        Peer peer = peers.get(from);
        if (peer == null) {
            peer = peers.getOrAdd(from); // its stream was quicker than ours
            scores.connected(peer, null, now);
        }
        if (isGraylisted(peer, now)) {
            count("gossip.graylisted");
            return false;
        }
        take(peer, rpc, arrivals, now);
        return !isGraylisted(peer, now);
    }

    private void take(Peer peer, Rpc rpc, List<Arrival> arrivals, long now) {
        passOver(rpc.passedOver());
        rpc.subscriptions().forEach(subscription -> onSubscription(peer, subscription, now));
        arrivals.forEach(arrival -> onArrival(peer, arrival, now));
        Rpc.Control control = rpc.control();
        control.graft().forEach(topic -> mesh.onGraft(peer, topic, now));
        control.prune().forEach(prune -> mesh.onPrune(peer, prune, now));
        passOver(lazy.onIhave(peer, control.ihave(), mesh, heartbeats, now));
        lazy.onIwant(peer, control.iwant(), now);
        control.idontwant().forEach(id -> {
            peers.stir(peer);
            peer.doesNotWant(id, heartbeats);
            drafts.withdraw(peer, id);
        });
    }

    private boolean isGraylisted(Peer peer, long now) {
        return isGraylisted(scores.score(peer, now));
    }

    private boolean isGraylisted(double score) {
        return score < config.scores().thresholds().graylist();
    }

    private void onSubscription(Peer peer, Subscription subscription, long now) {
        String topic = mesh.known(subscription.topic());
        if (!subscription.joined()) {
            peer.leave(topic);
            mesh.left(peer, topic, now);
            Fanout fanout = fanouts.get(topic);
            if (fanout != null) {
                fanout.peers.remove(peer);
            }
        } else if (peer.topics() >= Limits.GOSSIP_TOPICS_PER_PEER && !peer.isIn(topic)) {
            passOver(1);
        } else if (peer.join(topic)) {
            mesh.joined(peer, topic, now);
            outbox.tryAgain(now);
        }
    }

    private void onArrival(Peer from, Arrival arrival, long now) {
        if (!mesh.hasJoined(arrival.topic())) {
            return;
        }
        switch (arrival) {
            case Arrival.Fresh fresh -> onFresh(from, fresh, now);
            case Arrival.Duplicate duplicate -> onDuplicate(from, duplicate, now);
            case Arrival.Forged forged -> {
                count("gossip.forged");
                scores.invalid(from.id, forged.topic());
            }
        }
    }

    private void onFresh(Peer from, Arrival.Fresh fresh, long now) {
        lazy.arrived(fresh.id());
        Seen.Entry entry = seen.getOrAdd(fresh.id(), now);
        if (entry.verdict != null || fresh.author().equals(self)) {
            again(from, fresh.topic(), entry, now);
            return;
        }
        entry.verdict = fresh.verdict();
        entry.sentBy(from.id);
        switch (fresh.verdict()) {
            case ACCEPT -> accept(from, fresh, entry, now);
            case IGNORE -> count("gossip.ignored");
            case REJECT -> {
                count("gossip.rejected");
                entry.senders().forEach(sender -> scores.invalid(sender, fresh.topic()));
            }
        }
    }

    private void accept(Peer from, Arrival.Fresh fresh, Seen.Entry entry, long now) {
        String topic = fresh.topic();
        Message message = fresh.message();
        count("gossip.delivered");
        scores.first(from.id, topic);
        entry.senders().stream().filter(sender -> !sender.equals(from.id)).forEach(sender -> scores.delivered(sender, topic));
        cache.put(fresh.id(), message);
        entry.isNews();
        entry.inform(from);
        drafts.add(new Effect.Deliver(from.id, message));
        Set<Peer> to = new LinkedHashSet<>(mesh.in(topic));
        to.addAll(peers.in(topic, peer -> !peer.hasMesh() && !isGraylisted(peer, now)));
        for (Peer peer : to) {
            if (!peer.id.equals(fresh.author()) && !entry.wasSentBy(peer.id)) {
                if (peer.wants(fresh.id())) {
                    drafts.message(peer, fresh.id(), message);
                } else {
                    count("gossip.idontwant-honoured");
                }
            }
        }
    }

    private void onDuplicate(Peer from, Arrival.Duplicate duplicate, long now) {
        lazy.arrived(duplicate.id());
        drafts.withdraw(from, duplicate.id());
        again(from, duplicate.topic(), seen.getOrAdd(duplicate.id(), now), now);
    }

    private void again(Peer from, String topic, Seen.Entry entry, long now) {
        count("gossip.duplicates");
        entry.inform(from);
        if (!entry.sentBy(from.id)) {
            return;
        }
        ScoreConfig.Topic rules = config.scores().of(topic);
        if (entry.verdict == Verdict.REJECT) {
            scores.invalid(from.id, topic);
        } else if (entry.verdict == Verdict.ACCEPT && now - entry.since <= rules.deliveryWindow().toNanos()) {
            scores.delivered(from.id, topic);
        }
    }

    // Time

    /** Does what time alone brings about. To be called no later than {@link #nextDeadline}. */
    public void tick(long now) {
        if (outbox.isDue(now)) {
            outbox.sendSome((id, message) -> send(id, message, now), now);
        }
        if (Nanos.reached(nextHeartbeat, now)) {
            nextHeartbeat = Nanos.after(now, config.times().heartbeat());
            heartbeat(now);
        }
    }

    /** When {@link #tick} is due. */
    public long nextDeadline() {
        return outbox.orEarlier(nextHeartbeat);
    }

    private void heartbeat(long now) {
        heartbeats++;
        lazy.heartbeat(heartbeats, now);
        scores.tick(now);
        peers.heartbeat(heartbeats);
        mesh.heartbeat(heartbeats, now);
        mesh.topics().forEach(topic -> lazy.tell(topic, mesh.in(topic), now));
        fanouts.values().removeIf(fanout ->
                Nanos.reached(Nanos.after(fanout.published, config.times().fanout()), now));
        fanouts.forEach((topic, fanout) -> {
            fill(topic, fanout, now);
            lazy.tell(topic, fanout.peers, now);
        });
        lazy.areOld(cache.shift());
        seen.expire(now);
    }

    // Figures

    private void passOver(int entries) {
        if (entries > 0) {
            counters.merge("gossip.passed-over", (long) entries, Long::sum);
        }
    }

    private void count(String name) {
        counters.merge(name, 1L, Long::sum);
    }

    /** What a peer is worth now. */
    public double score(PeerId peer, long now) {
        return scores.score(peer, now);
    }

    /** The neighbours in a topic. */
    public List<PeerId> neighbours(String topic) {
        return mesh.in(topic).stream().map(peer -> peer.id).toList();
    }

    /** Whether a peer is a neighbour in some topic. */
    public boolean isNeighbour(PeerId id) {
        Peer peer = peers.get(id);
        return peer != null && mesh.topics().stream().anyMatch(topic -> mesh.in(topic).contains(peer));
    }

    /** The peers that are in a topic and can be written to. */
    public List<PeerId> subscribers(String topic) {
        return peers.in(topic, peer -> true).stream().map(peer -> peer.id).toList();
    }

    /** What was counted, and how much is kept, by name. */
    public Map<String, Long> counters() {
        Map<String, Long> all = new TreeMap<>(counters);
        all.putIfAbsent("gossip.passed-over", 0L);
        all.put("gossip.peers", peers.all().stream().filter(Peer::isWritable).count());
        all.put("gossip.mesh", (long) mesh.topics().stream().mapToInt(topic -> mesh.in(topic).size()).sum());
        all.put("gossip.seen", (long) seen.size());
        all.put("gossip.outbox", (long) outbox.size());
        return all;
    }
}
