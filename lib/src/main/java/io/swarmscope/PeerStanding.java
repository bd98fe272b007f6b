package io.swarmscope;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * What this node thinks of a peer, and why: each term of its reputation. Everything but the location is this node's own observation. Immutable.
 *
 * <p>{@code score = min(1, base + 0.1 x nearness x bound) x lieFactor}, where {@code base} is {@code 0.1 + 0.9 x bound x latencyFactor} of a peer that
 * serves at least half of its requests, and falls from 0.1 to 0 with its share of others.
 *
 * @param peer who
 * @param score 0 to 1, of a peer nobody asked yet 0.1
 * @param successes requests it served; each is worth 1 at first and half of that after each half hour
 * @param failures requests it did not serve, likewise; an outdated record counts for a tenth of one
 * @param lies what it sent that no honest peer sends; each is worth half after each six hours
 * @param latency how quickly it answers, the latest answers counting most; empty if it never did
 * @param bound the share of requests that it serves at least, with 90 % certainty (Wilson's lower bound)
 * @param latencyFactor 1 for an answer at once, 0.5 for one after a second
 * @param nearness 0 to 1: how near the place is that the peer declares, which nothing proves. 0 without a location of either side, and unless it is
 *     connected now
 * @param lieFactor 1 without lies, a tenth of that for each
 * @param newcomer whether it was observed so little lately that it is asked by the share for newcomers
 */
public record PeerStanding(
        PeerId peer,
        double score,
        double successes,
        double failures,
        double lies,
        Optional<Duration> latency,
        double bound,
        double latencyFactor,
        double nearness,
        double lieFactor,
        boolean newcomer) {

    /** For people, one line with each term. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s: score %.3f; served %.1f of %.1f (at least %.0f %%), latency %s (factor %.2f), nearness %.2f, lies %.1f (factor %.2f)%s",
                peer.shortText(),
                score,
                successes,
                successes + failures,
                100 * bound,
                latency.map(time -> time.toMillis() + " ms").orElse("unknown"),
                latencyFactor,
                nearness,
                lies,
                lieFactor,
                newcomer ? ", newcomer" : "");
    }
}
