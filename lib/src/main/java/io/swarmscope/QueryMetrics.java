package io.swarmscope;

import java.time.Duration;
import java.util.Map;

/**
 * The calls of a registry since it was opened, as {@link Registry#metrics} counts them. Immutable. Figures are read one after the other while calls go
 * on, so they may differ by those that ended meanwhile; none ever falls but {@link Calls#inFlight}.
 *
 * @param searches {@link Registry#search} and {@link Registry#searchStream}, which has succeeded when its reader had enough and closed it
 * @param finds {@link Registry#find}, and what is made of it: finding a version, listing versions, asking whether there is one
 */
public record QueryMetrics(Calls searches, Calls finds) {

    /**
     * Calls of one kind. Those that began are {@code successful + timedOut + failures + inFlight}.
     *
     * @param total how many have begun
     * @param successful how many ended with their answer, which may be that there is nothing
     * @param timedOut how many were ended by their deadline, with what they had
     * @param inFlight how many have not ended
     * @param failures how many ended without an answer, by cause: the name of the exception, such as {@code could-not-find-out} or {@code interrupted}
     * @param durations how long those that ended took
     * @param results how many packages they found
     * @param answeredHere how many were answered by what this node holds, without asking anybody
     * @param askedOthers for how many others were asked
     * @param peersAsked how many peers were asked in all
     * @param usefulAnswers how many of these sent something that was of use: a valid record, or at least one valid hit
     * @param peerFailures how many of these did not answer as they should, by cause, such as {@code timed-out} or {@code misbehaved}
     */
    public record Calls(
            long total,
            long successful,
            long timedOut,
            long inFlight,
            Map<String, Long> failures,
            Durations durations,
            Sizes results,
            long answeredHere,
            long askedOthers,
            long peersAsked,
            long usefulAnswers,
            Map<String, Long> peerFailures) {

        /** Copies the maps. */
        public Calls {
            failures = Map.copyOf(failures);
            peerFailures = Map.copyOf(peerFailures);
        }

        /** Useful answers per peer asked, 0 to 1; 0 if nobody was asked. */
        public double fanOutEffectiveness() {
            return peersAsked == 0 ? 0 : (double) usefulAnswers / peersAsked;
        }

        /** The share of calls that were answered by what this node holds, 0 to 1; 0 before the first. */
        public double cacheHitRate() {
            long decided = answeredHere + askedOthers;
            return decided == 0 ? 0 : (double) answeredHere / decided;
        }
    }

    /**
     * How long calls took. Percentiles are within 0.8 % of a duration that was measured; what took longer than 73 minutes counts as that.
     *
     * @param count how many were measured
     * @param mean of all
     * @param p50 half of them took no longer
     * @param p95 95 of 100 took no longer
     * @param p99 99 of 100 took no longer
     * @param max the longest
     */
    public record Durations(long count, Duration mean, Duration p50, Duration p95, Duration p99, Duration max) {}

    /**
     * How much calls found. Percentiles below 64 are exact, others within 0.8 %.
     *
     * @param count how many calls were counted
     * @param mean of all
     * @param p50 half of them found no more
     * @param p95 95 of 100 found no more
     * @param p99 99 of 100 found no more
     * @param max the most
     */
    public record Sizes(long count, double mean, long p50, long p95, long p99, long max) {}
}
