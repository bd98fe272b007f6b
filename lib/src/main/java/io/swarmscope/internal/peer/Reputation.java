package io.swarmscope.internal.peer;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.swarmscope.PeerId;
import io.swarmscope.internal.wire.Limits;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
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

    Reputation(LongSupplier nanoTime, InstantSource clock) {
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
        return known == null ? TrackRecord.NEWCOMER : known.score(nanoTime.getAsLong());
    }

    /** How quickly the peer answers, the latest answers counting most; empty if it never did. */
    public Optional<Duration> latency(PeerId peer) {
        TrackRecord known = peers.getIfPresent(peer);
        return known == null ? Optional.empty() : known.latency();
    }

    /**
     * Whom to ask: the best ones, those that are alike in a random order, and now and then a newcomer instead of the last of them.
     *
     * @param count most to choose
     * @param candidates each once
     * @return the best first
     */
    public <T> List<T> choose(int count, List<T> candidates, Function<? super T, PeerId> peer, RandomGenerator random) {
        long now = nanoTime.getAsLong();
        List<Ranked<T>> ranked = new ArrayList<>(candidates.size());
        for (T candidate : candidates) {
            TrackRecord known = peers.getIfPresent(peer.apply(candidate));
            double score = known == null ? TrackRecord.NEWCOMER : known.score(now);
            ranked.add(new Ranked<>(candidate, (int) (score / BAND), known == null || known.isNew(now)));
        }
        Collections.shuffle(ranked, Random.from(random));
        ranked.sort(Comparator.comparingInt((Ranked<T> r) -> r.band).reversed());
        List<Ranked<T>> chosen = new ArrayList<>(ranked.subList(0, Math.min(count, ranked.size())));
        explore(chosen, ranked, random);
        return chosen.stream().map(r -> r.candidate).toList();
    }

    private static <T> void explore(List<Ranked<T>> chosen, List<Ranked<T>> ranked, RandomGenerator random) {
        if (chosen.isEmpty() || chosen.getLast().isNew || random.nextInt(EXPLORE_ONE_IN) >= chosen.size()) {
            return;
        }
        List<Ranked<T>> newcomers =
                ranked.subList(chosen.size(), ranked.size()).stream().filter(r -> r.isNew).toList();
        if (!newcomers.isEmpty()) {
            chosen.set(chosen.size() - 1, newcomers.get(random.nextInt(newcomers.size())));
        }
    }

    private record Ranked<T>(T candidate, int band, boolean isNew) {}
}
