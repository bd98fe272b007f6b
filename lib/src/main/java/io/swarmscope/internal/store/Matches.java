package io.swarmscope.internal.store;

import java.util.List;

/**
 * What a search over the index found. Immutable; any thread.
 *
 * @param best the best first, ties in the order of their ids
 * @param total how many packages match, those included that the limit cut off
 */
public record Matches(List<Match> best, int total) {

    /** Copies the list. */
    public Matches {
        best = List.copyOf(best);
    }

    /** Whether nothing was cut off. */
    public boolean all() {
        return best.size() == total;
    }
}
