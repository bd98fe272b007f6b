package io.swarmscope.internal.telemetry;

import io.swarmscope.QueryMetrics;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts the calls of one kind. Thread-safe, no lock; any thread, at any time. Each call that began ends in exactly one of {@link #succeeded},
 * {@link #timedOut} and {@link #failed}.
 */
public final class CallCounters {

    private final LongAdder begun = new LongAdder();
    private final LongAdder succeeded = new LongAdder();
    private final LongAdder timedOut = new LongAdder();
    private final LongAdder answeredHere = new LongAdder();
    private final LongAdder askedOthers = new LongAdder();
    private final LongAdder peersAsked = new LongAdder();
    private final LongAdder usefulAnswers = new LongAdder();

    // Their keys are names of our own types, so there are few of them.
    private final Map<String, LongAdder> failures = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> peerFailures = new ConcurrentHashMap<>();

    private final Histogram nanos = new Histogram();
    private final Histogram results = new Histogram();

    /** A call begins. */
    public void began() {
        begun.increment();
    }

    /** It is answered from what this node holds; nobody is asked. */
    public void here() {
        answeredHere.increment();
    }

    /** Others are asked for it. */
    public void elsewhere() {
        askedOthers.increment();
    }

    /** So many peers were asked for it, and so many of them sent something that was of use. */
    public void asked(long peers, long useful) {
        peersAsked.add(peers);
        usefulAnswers.add(useful);
    }

    /** A peer that was asked for it did not answer as it should. */
    public void peerFailed(String cause) {
        count(peerFailures, cause);
    }

    /** It ended with an answer, "there is none" among them. */
    public void succeeded(long tookNanos, int found) {
        succeeded.increment();
        ended(tookNanos, found);
    }

    /** Its deadline ended it; it may have found something until then. */
    public void timedOut(long tookNanos, int found) {
        timedOut.increment();
        ended(tookNanos, found);
    }

    /** It ended without an answer. */
    public void failed(long tookNanos, String cause) {
        count(failures, cause);
        nanos.add(tookNanos);
    }

    private void ended(long tookNanos, int found) {
        nanos.add(tookNanos);
        results.add(found);
    }

    private static void count(Map<String, LongAdder> counts, String cause) {
        counts.computeIfAbsent(cause, any -> new LongAdder()).increment();
    }

    /** How a type or constant is called in figures: {@code CouldNotFindOut} and {@code COULD_NOT_FIND_OUT} are {@code could-not-find-out}. */
    public static String name(String ours) {
        boolean constant = ours.equals(ours.toUpperCase(Locale.ROOT));
        return (constant ? ours : ours.replaceAll("(?<=[a-z])(?=[A-Z])", "-")).toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** How many have begun and not ended. */
    public long inFlight() {
        // Ends are read first: a call that ends meanwhile is still in flight then, and none is counted as less than nothing.
        long ended = succeeded.sum() + timedOut.sum() + sums(failures).values().stream().mapToLong(Long::longValue).sum();
        return Math.max(0, begun.sum() - ended);
    }

    /** All figures now. */
    public QueryMetrics.Calls snapshot() {
        long successes = succeeded.sum();
        long timeouts = timedOut.sum();
        Map<String, Long> failed = sums(failures);
        long ended = successes + timeouts + failed.values().stream().mapToLong(Long::longValue).sum();
        long total = Math.max(ended, begun.sum());
        return new QueryMetrics.Calls(
                total,
                successes,
                timeouts,
                total - ended,
                failed,
                durations(nanos.snapshot()),
                counts(results.snapshot()),
                answeredHere.sum(),
                askedOthers.sum(),
                peersAsked.sum(),
                usefulAnswers.sum(),
                sums(peerFailures));
    }

    private static Map<String, Long> sums(Map<String, LongAdder> counts) {
        Map<String, Long> sums = new TreeMap<>();
        counts.forEach((cause, count) -> sums.put(cause, count.sum()));
        return sums;
    }

    private static QueryMetrics.Durations durations(Histogram.Snapshot seen) {
        return new QueryMetrics.Durations(
                seen.count(),
                Duration.ofNanos((long) seen.mean()),
                Duration.ofNanos(seen.percentile(0.5)),
                Duration.ofNanos(seen.percentile(0.95)),
                Duration.ofNanos(seen.percentile(0.99)),
                Duration.ofNanos(seen.max()));
    }

    private static QueryMetrics.Sizes counts(Histogram.Snapshot seen) {
        return new QueryMetrics.Sizes(
                seen.count(), seen.mean(), seen.percentile(0.5), seen.percentile(0.95), seen.percentile(0.99), seen.max());
    }
}
