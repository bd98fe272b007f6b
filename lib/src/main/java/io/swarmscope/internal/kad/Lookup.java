package io.swarmscope.internal.kad;

import io.swarmscope.PeerId;
import io.swarmscope.internal.fork.Nanos;
import io.swarmscope.internal.kad.Bucket.Entry;
import io.swarmscope.internal.kad.Candidate.State;
import io.swarmscope.internal.wire.Limits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One walk towards a key: asks the nearest peers known for nearer ones until the k nearest that react have all answered, or the
 * {@link Goal} is reached before. Driven from outside, run by the thread that owns the DHT.
 *
 * <p>Whatever peers answer, it ends: each peer is asked once, so many in all, and there is a deadline.
 */
final class Lookup implements Run, Asker {

    /** After so many answers it is known how quick peers are. */
    private static final int ANSWERS_TELL = 3;

    /** Whoever is silent so many times as long as the slowest of them took is most likely gone... */
    private static final int TIMES_THE_SLOWEST = 4;

    /** ...if that is long enough for a packet to be lost and sent again. */
    private static final long PATIENCE_LEAST = Duration.ofSeconds(1).toNanos();

    /** Seeds taken in at a time, for each of the k looked for, when nobody else is left to ask. */
    private static final int SEEDS_MORE_PER_K = 3;

    private final Key self;
    private final Goal goal;
    private final Request request;
    private final KadConfig config;
    private final long started;
    private final long deadline;
    private final long hedgeAfter;
    private final long patience;
    private final long peerTimeout;
    private final Key target;
    private final Seeds seeds;
    private final Candidates candidates;

    /** Asked and silent, the longest first. */
    private final List<Candidate> inFlight = new ArrayList<>();

    /** Everybody asked, in that order. */
    private final List<Candidate> trail = new ArrayList<>();

    /** Peers that were asked and did not bring the goal nearer. */
    private int misses;

    private int answers;
    private long slowest;

    /** How many of the seeds were taken in. */
    private int seeded;

    private @Nullable End end;

    /** Whom to start with: the peers of the own routing table. */
    interface Seeds {
        /** Up to that many, nearest to the target first. */
        Entry[] nearest(int count);
    }

    /**
     * A lookup that has asked nobody yet.
     *
     * @param deadline when it must have ended, config's timeout apart
     */
    Lookup(Key self, Key target, Goal goal, Seeds seeds, KadConfig config, long deadline, long now) {
        this.self = self;
        this.goal = goal;
        this.request = goal.request();
        this.config = config;
        this.started = now;
        this.deadline = Nanos.earlier(deadline, now + config.lookup().timeout().toNanos());
        this.hedgeAfter = config.lookup().hedgeAfter().toNanos();
        this.patience = config.lookup().patience().toNanos();
        this.peerTimeout = config.lookup().peerTimeout().toNanos();
        this.target = target;
        this.candidates = new Candidates(target, Limits.KAD_UNASKED_PER_K * config.k());
        this.seeds = seeds;
        seed(config.k());
    }

    Goal goal() {
        return goal;
    }

    Key target() {
        return target;
    }

    @Override
    public Step next(long now) {
        if (end != null) {
            return done(end, now);
        }
        giveUpLate(now);
        if (goal.missing() == 0) {
            return done(End.ENOUGH, now);
        }
        return Nanos.reached(deadline, now) ? done(End.DEADLINE, now) : walk(now);
    }

    @Override
    public @Nullable Fault answered(PeerInfo peer, Answer answer, long now) {
        Candidate candidate = candidates.find(peer.key());
        if (end != null || candidate == null || candidate.state != State.ASKED) {
            return null;
        }
        int missing = goal.missing();
        Fault fault = request.answeredBy(answer) ? goal.take(peer.id(), answer) : Fault.lie("answered another question");
        if (fault != null && !fault.mayBeHonest()) {
            fail(candidate, fault.reason());
            return fault;
        }
        inFlight.remove(candidate);
        candidate.answered(now);
        answers++;
        slowest = Math.max(slowest, now - candidate.askedAt);
        if (goal.missing() == 0) {
            return fault;
        }
        if (goal.missing() == missing) {
            misses++;
        }
        List<PeerInfo> closer = answer.closer();
        int used = Math.min(closer.size(), Limits.KAD_PEERS_PER_ANSWER);
        for (int i = 0; i < used; i++) {
            PeerInfo named = closer.get(i);
            if (!named.key().equals(self)) {
                candidates.offer(named, candidate);
            }
        }
        return fault;
    }

    @Override
    public void failed(PeerInfo peer, String cause) {
        Candidate candidate = candidates.find(peer.key());
        if (end == null && candidate != null && candidate.state == State.ASKED) {
            fail(candidate, cause);
        }
    }

    @Override
    public void cancel() {
        if (end == null) {
            end = End.CANCELLED;
        }
    }

    @Override
    public long patience() {
        return answers < ANSWERS_TELL ? patience : Math.min(patience, Math.max(PATIENCE_LEAST, TIMES_THE_SLOWEST * slowest));
    }

    /** From the nearest on: who is the next to ask, and must anybody be waited for, before k have answered? */
    private Step walk(long now) {
        int answered = 0;
        boolean held = false;
        Candidate nearest = null;
        for (int i = 0; i < candidates.size() && answered < config.k(); i++) {
            Candidate candidate = candidates.get(i);
            switch (candidate.state) {
                case ANSWERED -> answered++;
                case ASKED -> held |= !Nanos.reached(candidate.askedAt + patience(), now);
                case NEW -> nearest = nearest == null ? candidate : nearest;
                case FAILED -> {}
            }
        }
        boolean mayAsk = trail.size() < config.lookup().maxAsked();
        if (nearest != null && mayAsk) {
            return live(now) < width(nearest) ? ask(nearest, now) : new Step.Wait(nextEvent(now));
        }
        if (held) {
            return new Step.Wait(nextEvent(now));
        }
        if (nearest == null && answered < config.k() && seedMore()) {
            return walk(now);
        }
        if (nearest != null) {
            return done(End.TOO_MANY_ASKED, now);
        }
        return done(answered == config.k() ? End.CLOSEST_ANSWERED : End.EXHAUSTED, now);
    }

    /** Takes that many seeds in. */
    private void seed(int count) {
        Entry[] nearest = seeds.nearest(count);
        for (Entry seed : nearest) {
            candidates.offer(new PeerInfo(seed.peer, seed.key, List.of(), ConnectionType.NOT_CONNECTED), null);
            Candidate candidate = candidates.find(seed.key);
            if (candidate != null) {
                candidate.doubtful = seed.doubtful;
            }
        }
        seeded = Math.max(seeded, nearest.length);
    }

    /**
     * Takes further seeds in when nobody else is left to ask: close to the target, peers know few but each other, and where some of those
     * are dead, fewer than k would be found.
     *
     * @return whether there is somebody to ask now
     */
    private boolean seedMore() {
        int before = candidates.size();
        for (int known = -1; candidates.size() == before && known != seeded; ) {
            known = seeded;
            seed(seeded + SEEDS_MORE_PER_K * config.k());
        }
        return candidates.size() > before;
    }

    private Step ask(Candidate candidate, long now) {
        candidates.asked(candidate, now);
        inFlight.add(candidate);
        trail.add(candidate);
        return new Step.Ask(this, candidate.peer, request, Nanos.earlier(now + peerTimeout, deadline));
    }

    /**
     * How many requests may be under way. A goal that one answer can reach begins with one request, since in most cases it is the answer,
     * and widens with each that was not. Peers of whom nothing was heard since a restart are asked together: waiting for one after the other,
     * if many are gone, takes seconds.
     */
    private int width(Candidate next) {
        int alpha = config.lookup().alpha();
        return next.doubtful || goal.missing() >= alpha ? alpha : Math.min(alpha, goal.missing() + misses);
    }

    private int live(long now) {
        int live = 0;
        for (int i = inFlight.size() - 1; i >= 0 && !Nanos.reached(inFlight.get(i).askedAt + hedgeAfter, now); i--) {
            live++;
        }
        return live;
    }

    /** When silence alone changes something: one more peer can be asked, one less is waited for, one is given up, all is. */
    private long nextEvent(long now) {
        long next = deadline;
        for (int i = 0; i < inFlight.size(); i++) {
            long askedAt = inFlight.get(i).askedAt;
            long event = askedAt + peerTimeout;
            if (!Nanos.reached(askedAt + patience(), now)) {
                event = Nanos.earlier(event, askedAt + patience());
            }
            if (!Nanos.reached(askedAt + hedgeAfter, now)) {
                event = Nanos.earlier(event, askedAt + hedgeAfter);
            }
            next = Nanos.earlier(next, event);
        }
        return next;
    }

    private void giveUpLate(long now) {
        while (!inFlight.isEmpty() && Nanos.reached(inFlight.getFirst().askedAt + peerTimeout, now)) {
            fail(inFlight.getFirst(), "no answer within " + config.lookup().peerTimeout().toMillis() + " ms");
        }
    }

    private void fail(Candidate candidate, String cause) {
        inFlight.remove(candidate);
        misses++;
        Candidate liar = candidate.failed(cause);
        if (liar != null) {
            candidates.forgetNamedOnlyBy(liar);
        }
    }

    private Step done(End why, long now) {
        end = why;
        List<PeerInfo> closest = new ArrayList<>();
        List<PeerId> answered = new ArrayList<>();
        List<PeerFailure> failed = new ArrayList<>();
        int hops = 0;
        for (int i = 0; i < candidates.size(); i++) {
            Candidate candidate = candidates.get(i);
            if (candidate.state == State.ANSWERED) {
                hops = Math.max(hops, candidate.hops);
                answered.add(candidate.peer.id());
                if (closest.size() < config.k()) {
                    closest.add(candidate.peer);
                }
            } else if (candidate.state == State.FAILED) {
                failed.add(new PeerFailure(candidate.peer.id(), candidate.cause));
            }
        }
        List<Hop> each = trail.stream().map(candidate -> candidate.hop(started)).toList();
        return new Step.Done(
                goal.result(closest, new LookupReport(why, trail.size(), answered, failed, hops, now - started, each)));
    }
}
