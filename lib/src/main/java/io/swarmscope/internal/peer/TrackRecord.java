package io.swarmscope.internal.peer;

import io.swarmscope.PeerId;
import io.swarmscope.PeerStanding;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What this node remembers of one peer: successes, failures and lies, each worth less as time goes by, and how quickly it answers. Thread-safe.
 */
final class TrackRecord {

    /** The score of a peer nobody has asked yet. Above those that mostly fail, below those that mostly serve. */
    static final double NEWCOMER = 0.1;

    /** What is left of an observation after this time is half of it: peers change, and so do the ways to them. */
    private static final double HALF_LIFE_NANOS = 30 * 60e9;

    /** Lies are remembered for longer, because they are not accidents. */
    private static final double LIE_HALF_LIFE_NANOS = 6 * 3600e9;

    /** A fresh lie leaves this part of the score, a second one that part of it. */
    private static final double AFTER_A_LIE = 0.1;

    /** Standard deviations of the lower bound: 90 % certainty that the peer is better. Three successes out of three give 0.65. */
    private static final double Z = 1.28;

    /** The most that a declared place nearby is worth: nothing proves it. */
    private static final double NEAR = 0.1;

    /** Latency at which the score is halved. */
    private static final double SLOW_NANOS = 1e9;

    /** Who was away for longer remembers as little as after this time: nothing that counts. Keeps the arithmetic from overflowing. */
    private static final long LONGEST_AWAY_MILLIS = TimeUnit.DAYS.toMillis(365);

    /** Observations from which on a peer is no newcomer. */
    private static final double KNOWN = 3;

    /** What an outdated record costs, in failures: an honest peer sends one now and then, and as a rule serves more than ten times as often. */
    private static final double OUTDATED = 0.1;

    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by lock.
    private double successes;
    private double failures;
    private double lies;
    private long weighed;
    private double meanNanos = -1;

    TrackRecord(long now) {
        weighed = now;
    }

    /** What is left now of what was known before. If the wall clock was set back meanwhile, all of it. */
    TrackRecord(ReputationEntry before, long now, long wallClock) {
        long passed = Math.clamp(wallClock - before.weighedAt(), 0, LONGEST_AWAY_MILLIS);
        successes = before.successes();
        failures = before.failures();
        lies = before.lies();
        meanNanos = before.meanNanos();
        weighed = now - TimeUnit.MILLISECONDS.toNanos(passed);
    }

    /** What is known, as it stands at a moment, which both clocks tell. */
    ReputationEntry entry(PeerId peer, long now, long wallClock) {
        lock.lock();
        try {
            weigh(now);
            return new ReputationEntry(peer, successes, failures, lies, meanNanos, wallClock);
        } finally {
            lock.unlock();
        }
    }

    void succeeded(long nanos, long now) {
        lock.lock();
        try {
            weigh(now);
            successes++;
            meanNanos = meanNanos < 0 ? nanos : meanNanos + (nanos - meanNanos) / 8;
        } finally {
            lock.unlock();
        }
    }

    void failed(long now) {
        fell(1, now);
    }

    void outdated(long now) {
        fell(OUTDATED, now);
    }

    private void fell(double failed, long now) {
        lock.lock();
        try {
            weigh(now);
            failures += failed;
        } finally {
            lock.unlock();
        }
    }

    void lied(long now) {
        lock.lock();
        try {
            weigh(now);
            lies++;
        } finally {
            lock.unlock();
        }
    }

    private void weigh(long now) {
        double passed = Math.max(0, now - weighed);
        double left = Math.pow(0.5, passed / HALF_LIFE_NANOS);
        successes *= left;
        failures *= left;
        lies *= Math.pow(0.5, passed / LIE_HALF_LIFE_NANOS);
        weighed = now;
    }

    /** 0 to 1: the lower bound of its share of successes, less for latency, a little more for a place nearby, much less for lies. */
    double score(double nearness, long now) {
        lock.lock();
        try {
            weigh(now);
            return weighedScore(nearness);
        } finally {
            lock.unlock();
        }
    }

    /** The score and what it is made of. */
    PeerStanding standing(PeerId peer, double nearness, long now) {
        lock.lock();
        try {
            weigh(now);
            return new PeerStanding(
                    peer,
                    weighedScore(nearness),
                    successes,
                    failures,
                    lies,
                    latency(),
                    bound(),
                    latencyFactor(),
                    nearness,
                    lieFactor(),
                    isNew());
        } finally {
            lock.unlock();
        }
    }

    /** Who was not observed gets nothing for where it says it is, or else anybody could be ahead of others by saying it. */
    private double weighedScore(double nearness) {
        double near = share() < 0.5 ? 0 : NEAR * nearness * bound();
        return Math.min(1, base() + near) * lieFactor();
    }

    /** A peer that mostly serves is above a newcomer however long ago that was, one that mostly fails below. */
    private double base() {
        double share = share();
        return share < 0.5 ? NEWCOMER * 2 * share : NEWCOMER + (1 - NEWCOMER) * bound() * latencyFactor();
    }

    private double share() {
        double seen = successes + failures;
        return seen == 0 ? 0.5 : successes / seen;
    }

    private double bound() {
        return lowerBound(share(), successes + failures);
    }

    private double latencyFactor() {
        return SLOW_NANOS / (SLOW_NANOS + Math.max(0, meanNanos));
    }

    private double lieFactor() {
        return Math.pow(AFTER_A_LIE, lies);
    }

    /** Wilson's lower bound of a share that was observed that many times. */
    private static double lowerBound(double share, double seen) {
        if (seen == 0) {
            return 0;
        }
        double z2 = Z * Z;
        double spread = Z * Math.sqrt((share * (1 - share) + z2 / (4 * seen)) / seen);
        return Math.max(0, (share + z2 / (2 * seen) - spread) / (1 + z2 / seen));
    }

    boolean isNew(long now) {
        lock.lock();
        try {
            weigh(now);
            return isNew();
        } finally {
            lock.unlock();
        }
    }

    private boolean isNew() {
        return successes + failures + lies < KNOWN && lies < 0.1;
    }

    Optional<Duration> latency() {
        lock.lock();
        try {
            return meanNanos < 0 ? Optional.empty() : Optional.of(Duration.ofNanos((long) meanNanos));
        } finally {
            lock.unlock();
        }
    }
}
