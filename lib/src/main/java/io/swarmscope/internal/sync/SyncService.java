package io.swarmscope.internal.sync;

import io.swarmscope.PeerId;
import io.swarmscope.internal.fork.Nanos;
import io.swarmscope.internal.sync.SyncReport.Ending;
import io.swarmscope.internal.wire.Limits;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Decides whom to sync with and when; somebody else does it. Thread-safe, waits for nothing, has no clock of its own.
 *
 * <p>One session at a time. After joining with up to three peers, one after another; then soon with each that connects; and every five minutes with
 * the one synced with longest ago. What a sync moved, others may lack as well, and nobody gossips it again: so sessions go on, less often the
 * longer that lasts, until three in a row moved nothing. One that failed is made up for soon with another peer, or with the same after a rest;
 * both times double.
 */
public final class SyncService {

    /** Peers synced with after joining. Each may lack something; that all three lack the same is rare. */
    static final int JOINING = 3;

    /** How often to sync when nothing happens, give or take {@link #JITTER}. */
    static final Duration REGULARLY = Duration.ofMinutes(5);

    /** Part of that time, so that nodes started together do not stay together. */
    static final double JITTER = 0.2;

    /** How soon the next session comes after one that moved records; doubles with each such, up to {@link #PASS_ON_MAX}. */
    static final Duration PASS_ON = Duration.ofSeconds(2);

    /** Sessions in a row that move nothing and end this. With one or two, every fifth or twentieth node would not be told. */
    static final int PASS_ON_IN_VAIN = 3;

    /** The longest such time: in a busy network sessions always find something that gossip is about to bring. */
    static final Duration PASS_ON_MAX = Duration.ofMinutes(1);

    /** Sessions with peers that just connected begin at least that far apart: many may come at once. */
    static final Duration NEWCOMERS_APART = Duration.ofSeconds(2);

    /** After so many of them in a row who had nothing new, that time doubles with each: whoever is connected to hundreds would greet for ten minutes. */
    static final int NEWCOMERS_IN_VAIN = 16;

    /** The longest such time. */
    static final Duration NEWCOMERS_APART_MAX = Duration.ofSeconds(32);

    /** How soon a session that failed is made up for with another peer; doubles with each in a row, whoever it was with, up to {@link #REST_MAX}. */
    static final Duration ELSEWHERE = Duration.ofSeconds(2);

    /** A peer synced with that recently is no newcomer, even if it connected anew. */
    static final Duration RECENTLY = Duration.ofSeconds(60);

    /** How long a peer rests after a session that failed; doubles with each in a row. */
    static final Duration REST = Duration.ofSeconds(10);

    /** The longest such rest. */
    static final Duration REST_MAX = Duration.ofMinutes(5);

    /** How long a peer rests that did what an honest one does not. */
    static final Duration REST_DISHONEST = Duration.ofHours(1);

    /**
     * A connected peer.
     *
     * @param speaks whether it answers the sync protocol
     */
    public record Candidate(PeerId peer, boolean speaks) {}

    private final Random random;
    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by lock.
    private final Map<PeerId, Past> past = new LinkedHashMap<>(16, 0.75f, true);
    private final Set<PeerId> newcomers = new LinkedHashSet<>();
    private Set<PeerId> present = Set.of();
    private @Nullable PeerId running;
    private final Set<PeerId> joinedWith = new HashSet<>();
    private boolean joined;
    private int failuresInARow;
    private int moves;
    private int passOn;
    private int greetedInVain;
    private long elsewhereAt;
    private long newcomersAt;
    private long regularlyAt;

    /** What is remembered of a peer. The clock may stand anywhere, so there is no time that means never. */
    private static final class Past {
        @Nullable Long syncedAt;
        @Nullable Long endedAt;
        @Nullable Long restsUntil;
        int failures;
    }

    /**
     * Nothing has happened yet.
     *
     * @param random for the jitter
     * @param now a reading of {@link System#nanoTime}, as all that follow
     */
    public SyncService(Random random, long now) {
        this.random = random;
        this.newcomersAt = now;
        this.regularlyAt = Nanos.after(now, jittered(REGULARLY));
    }

    private Duration jittered(Duration time) {
        double factor = 1 - JITTER + 2 * JITTER * random.nextDouble();
        return Duration.ofNanos((long) (time.toNanos() * factor));
    }

    /** Whether {@link #tick} may name somebody now though the same peers are connected as when it was told last. */
    public boolean isDue(long now) {
        lock.lock();
        try {
            boolean greets = !newcomers.isEmpty() && Nanos.reached(newcomersAt, now);
            return greets || !joined || failuresInARow > 0 || Nanos.reached(regularlyAt, now);
        } finally {
            lock.unlock();
        }
    }

    /** Whether {@link #tick} would name somebody who has just connected. */
    public boolean mayGreet(long now) {
        lock.lock();
        try {
            return Nanos.reached(newcomersAt, now);
        } finally {
            lock.unlock();
        }
    }

    /** Hears who is connected now. */
    public void look(List<Candidate> candidates) {
        lock.lock();
        try {
            take(candidates);
        } finally {
            lock.unlock();
        }
    }

    /** Says whom to begin a session with now, if with anybody. It counts as begun then, and nobody is named before {@link #ended} was called. */
    public Optional<PeerId> tick(long now) {
        lock.lock();
        try {
            if (running != null) {
                return Optional.empty();
            }
            Optional<PeerId> next = next(now);
            next.ifPresent(peer -> {
                running = peer;
                newcomers.remove(peer);
            });
            return next;
        } finally {
            lock.unlock();
        }
    }

    /** Hears how the session that was begun has ended, and whether records were moved, to here or to there. */
    public void ended(long now, Ending ending, boolean moved) {
        lock.lock();
        try {
            if (running != null) {
                note(running, ending, now);
                running = null;
                if (moved) {
                    moved(now);
                } else if (failuresInARow == 0) {
                    movedNothing(now);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Hears that peers brought records in sessions that they began. */
    public void brought(long now, Set<PeerId> peers) {
        lock.lock();
        try {
            peers.forEach(peer -> synced(peer, now));
            moved(now);
        } finally {
            lock.unlock();
        }
    }

    /** Others may lack what was moved. */
    private void moved(long now) {
        greetedInVain = 0;
        newcomersAt = Nanos.earlier(newcomersAt, Nanos.after(now, NEWCOMERS_APART));
        passOn = PASS_ON_IN_VAIN;
        regularlyAt = Nanos.earlier(regularlyAt, Nanos.after(now, jittered(doubled(PASS_ON, moves++, PASS_ON_MAX))));
    }

    private void movedNothing(long now) {
        greetedInVain++;
        passOn = Math.max(0, passOn - 1);
        if (passOn == 0) {
            moves = 0;
        } else {
            regularlyAt = Nanos.earlier(regularlyAt, Nanos.after(now, jittered(PASS_ON)));
        }
    }

    private void take(List<Candidate> candidates) {
        Set<PeerId> speaking = candidates.stream()
                .filter(Candidate::speaks)
                .map(Candidate::peer)
                .collect(Collectors.toCollection(LinkedHashSet::new));
        if (speaking.isEmpty()) {
            joined = false; // Whoever comes next, we were away.
        }
        if (joined) {
            speaking.stream().filter(peer -> !present.contains(peer)).forEach(newcomers::add);
        } else {
            joinedWith.retainAll(speaking); // Who comes back is asked again.
        }
        newcomers.retainAll(speaking);
        present = speaking;
    }

    private Optional<PeerId> next(long now) {
        boolean mayRepeat = failuresInARow == 0 || Nanos.reached(elsewhereAt, now);
        if (mayRepeat && (!joined || failuresInARow > 0)) {
            Optional<PeerId> peer = best(now, p -> !isRecent(p, now) && (failuresInARow > 0 || !joinedWith.contains(p)));
            if (peer.isPresent()) {
                return peer;
            }
        }
        if (Nanos.reached(newcomersAt, now)) {
            newcomers.removeIf(peer -> isRecent(peer, now));
            Optional<PeerId> peer = best(now, newcomers::contains);
            if (peer.isPresent()) {
                newcomersAt = Nanos.after(now, doubled(NEWCOMERS_APART, Math.max(0, greetedInVain - NEWCOMERS_IN_VAIN), NEWCOMERS_APART_MAX));
                return peer;
            }
        }
        return mayRepeat && Nanos.reached(regularlyAt, now) ? best(now, peer -> true) : Optional.empty();
    }

    private boolean isRecent(PeerId peer, long now) {
        Long at = past(peer).syncedAt;
        return at != null && !Nanos.reached(Nanos.after(at, RECENTLY), now);
    }

    /** Who does not rest, and whose last session, good or bad, was longest ago, or never. */
    private Optional<PeerId> best(long now, Predicate<PeerId> which) {
        return present.stream()
                .filter(which)
                .filter(peer -> !rests(peer, now))
                .max(Comparator.comparingLong(peer -> sinceEnded(peer, now)));
    }

    private boolean rests(PeerId peer, long now) {
        Long until = past(peer).restsUntil;
        return until != null && !Nanos.reached(until, now);
    }

    private long sinceEnded(PeerId peer, long now) {
        Long at = past(peer).endedAt;
        return at == null ? Long.MAX_VALUE : now - at;
    }

    private void note(PeerId peer, Ending ending, long now) {
        Past its = remembered(peer);
        its.endedAt = now;
        switch (ending) {
            case EQUAL, DONE -> {
                synced(peer, now);
                failuresInARow = 0;
                if (!joined) {
                    joinedWith.add(peer);
                    joined = joinedWith.size() >= JOINING;
                }
                regularlyAt = Nanos.after(now, jittered(REGULARLY));
            }
            case BUSY, INTERRUPTED -> failed(its, doubled(REST, its.failures, REST_MAX), now);
            case USELESS, PROTOCOL -> failed(its, REST_DISHONEST, now);
        }
    }

    private void synced(PeerId peer, long now) {
        Past its = remembered(peer);
        its.endedAt = now;
        its.syncedAt = now;
        its.restsUntil = null;
        its.failures = 0;
    }

    private Past remembered(PeerId peer) {
        Past its = past.computeIfAbsent(peer, p -> new Past());
        if (past.size() > Limits.SYNC_PEERS) {
            past.remove(past.keySet().iterator().next());
        }
        return its;
    }

    private void failed(Past its, Duration rest, long now) {
        its.restsUntil = Nanos.after(now, rest);
        its.failures++;
        elsewhereAt = Nanos.after(now, doubled(ELSEWHERE, failuresInARow++, REST_MAX));
    }

    private static Duration doubled(Duration first, int times, Duration most) {
        Duration doubled = first.multipliedBy(1L << Math.min(times, 10));
        return doubled.compareTo(most) < 0 ? doubled : most;
    }

    private Past past(PeerId peer) {
        Past its = past.get(peer);
        return its == null ? new Past() : its;
    }
}
