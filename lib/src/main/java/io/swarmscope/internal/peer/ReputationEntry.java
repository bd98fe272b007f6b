package io.swarmscope.internal.peer;

import io.swarmscope.PeerId;

/**
 * What {@link Reputation} remembers of one peer, as it outlives the process. Immutable.
 *
 * @param peer who
 * @param successes requests it served, each worth 1 when it was observed and less with time
 * @param failures requests it did not serve, likewise
 * @param lies what it sent that no honest peer sends, likewise
 * @param meanNanos how quickly it answers; negative if it never did
 * @param weighedAt when the figures were worth that much: milliseconds since the epoch
 */
public record ReputationEntry(
        PeerId peer, double successes, double failures, double lies, double meanNanos, long weighedAt) {

    /** Whether the figures can have come from a {@link TrackRecord}. */
    boolean isPossible() {
        return isCount(successes) && isCount(failures) && isCount(lies) && Double.isFinite(meanNanos);
    }

    private static boolean isCount(double figure) {
        return Double.isFinite(figure) && figure >= 0;
    }
}
