package io.swarmscope.internal.search;

import io.swarmscope.internal.swarm.Neighbour;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/** How long waiting for peers can be of use. Thread-safe. */
final class Patience {

    /** Never less: a node that is busy for a moment answers late without being gone. */
    private static final long LEAST_NANOS = 500_000_000L;

    /** On top of a multiple of what nine of ten answers took, so that a peer next door gets more than a moment. */
    private static final long MARGIN_NANOS = 50_000_000L;

    private static final int TIMES = 4;

    /** For each other search of this node: what waits here is our own queue, not the peer. */
    private static final long PER_SEARCH_NANOS = 1_000_000L;

    private final Latencies latencies;
    private final boolean adaptive;

    Patience(Latencies latencies, boolean adaptive) {
        this.latencies = latencies;
        this.adaptive = adaptive;
    }

    /**
     * What the latencies of these peers justify, at most the caller's timeout; all of that if a peer is not known well enough.
     *
     * @param searches how many searches are under way here
     */
    Duration with(List<Neighbour> peers, Duration timeout, int searches) {
        long longest = LEAST_NANOS;
        for (Neighbour peer : peers) {
            OptionalLong p90 = latencies.p90(peer.id());
            if (!adaptive || p90.isEmpty()) {
                return timeout;
            }
            longest = Math.max(longest, TIMES * p90.getAsLong() + MARGIN_NANOS);
        }
        Duration justified = Duration.ofNanos(longest + searches * PER_SEARCH_NANOS);
        return justified.compareTo(timeout) < 0 ? justified : timeout;
    }
}
