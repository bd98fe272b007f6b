package io.swarmscope.internal.store;

import io.swarmscope.Facets;
import java.util.List;

/**
 * What a search over the index found. Immutable; any thread.
 *
 * @param best the first ones in the query's order
 * @param total how many packages match, those included that the limit cut off
 * @param facets counted over all of them; none unless the query asks for it
 * @param ranking what gave the scores: packages from elsewhere that are scored by it stand in one order with these
 */
public record Matches(List<Match> best, int total, Facets facets, Ranking ranking) {

    /** Copies the list. */
    public Matches {
        best = List.copyOf(best);
    }

    /** Whether nothing was cut off. */
    public boolean all() {
        return best.size() == total;
    }
}
