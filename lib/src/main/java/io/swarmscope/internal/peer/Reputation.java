package io.swarmscope.internal.peer;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.swarmscope.PeerId;
import io.swarmscope.PeerStanding;
import io.swarmscope.internal.wire.Limits;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * How well peers served this node, from its own observations only, and whom to ask because of that. Thread-safe.
 *
 * <p>When it is full, peers with few observations are forgotten before those with many, so that a flood of strangers displaces nobody.
 */
public final class Reputation implements PeerObserver {

    /** Of every that many choices one is a newcomer's, if there is any. Otherwise those known first would stay the only ones known. */
    static final int EXPLORE_ONE_IN = 8;

    /** Scores in the same twentieth are alike: who was asked more often is a little more certain, and would be asked ever more. */
    private static final double BAND = 0.05;

    /** The share of newcomers is for at least so many networks, so one of them gets no more than this part of it. */
    private static final int NETWORKS_AT_LEAST = 4;

    /** In one band whoever was ever observed is before the unknown, and these are before the second from their network. */
    private static final Comparator<Ranked<?>> BEST_FIRST = Comparator.comparingInt((Ranked<?> r) -> -r.band)
            .thenComparing(r -> r.isUnknown)
            .thenComparingInt(r -> r.before);

    private final LongSupplier nanoTime;
    private final InstantSource clock;

    private final Cache<PeerId, TrackRecord> peers = Caffeine.newBuilder()
            .maximumSize(Limits.REPUTATION_PEERS)
            .executor(Runnable::run)
            .build();

    /** Nobody is known yet. */
    public Reputation() {
        this(System::nanoTime, InstantSource.system());
    }

    /** The same by these clocks. */
    public Reputation(LongSupplier nanoTime, InstantSource clock) {
        this.nanoTime = nanoTime;
        this.clock = clock;
    }

    /** All that is known, weighed now: what {@link #restore} takes after a restart. In no particular order. */
    public List<ReputationEntry> snapshot() {
        long now = nanoTime.getAsLong();
        long wallClock = clock.millis();
        List<ReputationEntry> entries = new ArrayList<>();
        peers.asMap().forEach((peer, known) -> entries.add(known.entry(peer, now, wallClock)));
        return entries;
    }

    /**
     * Takes back what was known before, with what the time since has left of it. A peer that was observed since keeps its new record, and an
     * entry with impossible figures is left out.
     */
    public void restore(Collection<ReputationEntry> entries) {
        long now = nanoTime.getAsLong();
        long wallClock = clock.millis();
        for (ReputationEntry entry : entries) {
            if (entry.isPossible()) {
                peers.asMap().putIfAbsent(entry.peer(), new TrackRecord(entry, now, wallClock));
            }
        }
    }

    @Override
    public void succeeded(PeerId peer, long nanos) {
        of(peer).succeeded(nanos, nanoTime.getAsLong());
    }

    @Override
    public void failed(PeerId peer) {
        of(peer).failed(nanoTime.getAsLong());
    }

    @Override
    public void outdated(PeerId peer, String what) {
        of(peer).outdated(nanoTime.getAsLong());
    }

    @Override
    public void misbehaved(PeerId peer, String what) {
        of(peer).lied(nanoTime.getAsLong());
    }

    private TrackRecord of(PeerId peer) {
        return peers.get(peer, p -> new TrackRecord(nanoTime.getAsLong()));
    }

    /** How well a peer serves, 0 to 1; {@link TrackRecord#NEWCOMER} if nothing is known. */
    public double score(PeerId peer) {
        TrackRecord known = peers.getIfPresent(peer);
        return known == null ? TrackRecord.NEWCOMER : known.score(0, nanoTime.getAsLong());
    }

    /**
     * The score of a peer and what it is made of.
     *
     * @param nearness how near it says it is, 0 to 1
     */
    public PeerStanding standing(PeerId peer, double nearness) {
        long now = nanoTime.getAsLong();
        TrackRecord known = peers.getIfPresent(peer);
        return (known == null ? new TrackRecord(now) : known).standing(peer, nearness, now);
    }

    /** How quickly the peer answers, the latest answers counting most; empty if it never did. */
    public Optional<Duration> latency(PeerId peer) {
        TrackRecord known = peers.getIfPresent(peer);
        return known == null ? Optional.empty() : known.latency();
    }

    /**
     * Whom to ask: the best ones, those that are alike in a random order, and now and then a newcomer instead of the last of them.
     *
     * <p>Newcomers of one network count as one: the second of them comes after the first of every other, and no network gets more than a
     * quarter of the share for newcomers. So whoever makes many identities in one place does not get all of it.
     *
     * @param count most to choose
     * @param candidates each once
     * @return the best first
     */
    public <T> List<T> choose(int count, List<T> candidates, Facts<? super T> facts, RandomGenerator random) {
        long now = nanoTime.getAsLong();
        List<T> shuffled = new ArrayList<>(candidates);
        Collections.shuffle(shuffled, Random.from(random));
        Map<String, Integer> newcomersOf = new HashMap<>();
        List<Ranked<T>> ranked = new ArrayList<>(candidates.size());
        for (T candidate : shuffled) {
            TrackRecord known = peers.getIfPresent(facts.id(candidate));
            double score = known == null ? TrackRecord.NEWCOMER : known.score(facts.nearness(candidate), now);
            boolean isNew = known == null || known.isNew(now);
            int before = isNew ? facts.network(candidate).map(n -> newcomersOf.merge(n, 1, Integer::sum) - 1).orElse(0) : 0;
            ranked.add(new Ranked<>(candidate, (int) (score / BAND), known == null, isNew, before));
        }
        ranked.sort(BEST_FIRST);
        List<Ranked<T>> chosen = new ArrayList<>(ranked.subList(0, Math.min(count, ranked.size())));
        explore(chosen, ranked, random);
        return chosen.stream().map(r -> r.candidate).toList();
    }

    private static <T> void explore(List<Ranked<T>> chosen, List<Ranked<T>> ranked, RandomGenerator random) {
        if (chosen.isEmpty() || chosen.getLast().isNew || random.nextInt(EXPLORE_ONE_IN) >= chosen.size()) {
            return;
        }
        List<Ranked<T>> newcomers = ranked.subList(chosen.size(), ranked.size()).stream()
                .filter(r -> r.isNew && r.before == 0)
                .toList();
        // Where there are fewer networks than that, some of the share is nobody's.
        int turn = random.nextInt(Math.max(NETWORKS_AT_LEAST, newcomers.size()));
        if (turn < newcomers.size()) {
            chosen.set(chosen.size() - 1, newcomers.get(turn));
        }
    }

    /**
     * One candidate.
     *
     * @param isUnknown whether nothing was ever observed of it
     * @param before how many newcomers of its network have their turn before it
     */
    private record Ranked<T>(T candidate, int band, boolean isUnknown, boolean isNew, int before) {}
}
