package io.swarmscope;

import java.time.Duration;

/**
 * How calls that ask the network behave.
 *
 * @param timeout how long a call may take if it names no timeout itself; more than zero, at most one hour. Too short and
 *     searches come back incomplete; too long and callers wait for peers that will not answer
 * @param maxResults how many results a search returns if its query names no limit; 1 to 1,000
 * @param adaptiveTimeout whether a search may end before its timeout, when the latencies of the peers it asked say that more
 *     waiting is in vain; never after it
 * @param fanOut how many peers a search asks at once; 1 to 64. More finds more and costs every peer more. Peers that fail, have nothing or are slow
 *     are replaced while time is left, up to three times as many in all
 * @param cacheFor for how long a package that was found by its id is found again without asking anybody, unless a newer record of it
 *     arrives before; at most one hour, zero for not at all. That there is no such package is never remembered
 */
public record QueryConfig(Duration timeout, int maxResults, boolean adaptiveTimeout, int fanOut, Duration cacheFor) {

    private static final Duration CACHE_FOR = Duration.ofSeconds(300);

    /** Same as {@link #production()}. */
    public static final QueryConfig DEFAULT = production();

    /**
     * Checks the ranges.
     *
     * @throws RegistryException.InvalidInput if a value is out of range
     */
    public QueryConfig {
        if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(Duration.ofHours(1)) > 0) {
            throw new RegistryException.InvalidInput("query timeout", timeout.toString(), "more than 0, at most 1 hour");
        }
        if (maxResults < 1 || maxResults > 1_000) {
            throw new RegistryException.InvalidInput("max results", Integer.toString(maxResults), "1 to 1000");
        }
        if (fanOut < 1 || fanOut > 64) {
            throw new RegistryException.InvalidInput("fan-out", Integer.toString(fanOut), "1 to 64");
        }
        if (cacheFor.isNegative() || cacheFor.compareTo(Duration.ofHours(1)) > 0) {
            throw new RegistryException.InvalidInput("cache time", cacheFor.toString(), "0 to 1 hour");
        }
    }

    /** What is found by its id is remembered for five minutes. */
    public QueryConfig(Duration timeout, int maxResults, boolean adaptiveTimeout, int fanOut) {
        this(timeout, maxResults, adaptiveTimeout, fanOut, CACHE_FOR);
    }

    /** For work on one machine, with a debugger attached: 30 s, 10 results, fixed timeout, one peer asked. */
    public static QueryConfig development() {
        return new QueryConfig(Duration.ofSeconds(30), 10, false, 1);
    }

    /** For trial networks: 15 s, 20 results, adaptive timeout, two peers asked. */
    public static QueryConfig staging() {
        return new QueryConfig(Duration.ofSeconds(15), 20, true, 2);
    }

    /** For real networks: 10 s, 20 results, adaptive timeout, three peers asked. */
    public static QueryConfig production() {
        return new QueryConfig(Duration.ofSeconds(10), 20, true, 3);
    }

    /** The same with another timeout. */
    public QueryConfig withTimeout(Duration newTimeout) {
        return new QueryConfig(newTimeout, maxResults, adaptiveTimeout, fanOut, cacheFor);
    }

    /** The same with another number of results. */
    public QueryConfig withMaxResults(int newMaxResults) {
        return new QueryConfig(timeout, newMaxResults, adaptiveTimeout, fanOut, cacheFor);
    }

    /** The same with adaptive timeout on or off. */
    public QueryConfig withAdaptiveTimeout(boolean adaptive) {
        return new QueryConfig(timeout, maxResults, adaptive, fanOut, cacheFor);
    }

    /** The same with another fan-out. */
    public QueryConfig withFanOut(int newFanOut) {
        return new QueryConfig(timeout, maxResults, adaptiveTimeout, newFanOut, cacheFor);
    }

    /** The same, remembering what was found by its id for that long. */
    public QueryConfig withCacheFor(Duration time) {
        return new QueryConfig(timeout, maxResults, adaptiveTimeout, fanOut, time);
    }
}
