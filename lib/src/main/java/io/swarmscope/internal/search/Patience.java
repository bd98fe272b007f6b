package io.swarmscope.internal.search;

import io.swarmscope.PeerId;
import java.util.OptionalLong;

/** How long waiting for peers can be of use in one call. Immutable; any thread. */
final class Patience {

    /** Never less: a node that is busy for a moment answers late without being gone. */
    private static final long LEAST_NANOS = 500_000_000L;

    /** On top of a multiple of what nine of ten answers took, so that a peer next door gets more than a moment. */
    private static final long MARGIN_NANOS = 50_000_000L;

    private static final int TIMES = 4;

    /** For each other call of this node: what waits here is our own queue, not the peer. */
    private static final long PER_CALL_NANOS = 1_000_000L;

    /** Nobody is asked beside a peer sooner: that is the garbage collector's time, and a second question costs more than it. */
    private static final long HEDGE_AT_LEAST_NANOS = 20_000_000L;

    /** Where nothing is known of anybody, another is asked after this part of the time. */
    private static final int HEDGE_PART = 4;

    private final Latencies latencies;
    private final long timeoutNanos;
    private final boolean adaptive;
    private final long queueNanos;

    /**
     * Of one call.
     *
     * @param timeoutNanos what its caller allows
     * @param adaptive whether it may end sooner
     * @param calls how many others are under way here
     */
    Patience(Latencies latencies, long timeoutNanos, boolean adaptive, int calls) {
        this.latencies = latencies;
        this.timeoutNanos = timeoutNanos;
        this.adaptive = adaptive;
        this.queueNanos = calls * PER_CALL_NANOS;
    }

    /** How long the latencies of a peer justify waiting for it; as long as the caller allows if it is not known well enough. */
    long waitFor(PeerId peer) {
        OptionalLong p90 = adaptive ? latencies.p90(peer) : OptionalLong.empty();
        return p90.isEmpty()
                ? timeoutNanos
                : Math.min(timeoutNanos, Math.max(LEAST_NANOS, TIMES * p90.getAsLong() + MARGIN_NANOS) + queueNanos);
    }

    /** After which time another peer is asked beside this one: what nine of ten of its answers took, or of all peers' if it is not known. */
    long hedgeAfter(PeerId peer) {
        OptionalLong own = latencies.p90(peer);
        OptionalLong p90 = own.isPresent() ? own : latencies.p90();
        return Math.max(HEDGE_AT_LEAST_NANOS, p90.orElse(timeoutNanos / HEDGE_PART)) + queueNanos;
    }
}
