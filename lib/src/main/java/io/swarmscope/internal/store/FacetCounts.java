package io.swarmscope.internal.store;

import io.swarmscope.Facets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How often each value was seen in one search. Not thread-safe. A table with open addressing: a search for everything counts some values of every
 * package, and a map of counters takes longer for that than all the rest of the search.
 */
final class FacetCounts {

    private static final int FIRST_SIZE = 256;

    private @Nullable Facet[] seen = new Facet[FIRST_SIZE];
    private int[] counts = new int[FIRST_SIZE];
    private int size;

    void add(Facet facet) {
        int at = place(facet, seen);
        if (counts[at]++ == 0) {
            seen[at] = facet;
            if (++size > seen.length / 2) {
                grow();
            }
        }
    }

    /** Where it is or has to go. */
    private static int place(Facet facet, @Nullable Facet[] table) {
        int at = facet.spread & (table.length - 1);
        while (table[at] != null && table[at] != facet) {
            at = (at + 1) & (table.length - 1);
        }
        return at;
    }

    private void grow() {
        Facet[] larger = new Facet[seen.length * 2];
        int[] moved = new int[larger.length];
        for (int i = 0; i < seen.length; i++) {
            Facet facet = seen[i];
            if (facet != null) {
                int at = place(facet, larger);
                larger[at] = facet;
                moved[at] = counts[i];
            }
        }
        seen = larger;
        counts = moved;
    }

    /** The most frequent ones of a kind. */
    List<Facets.Count> top(FacetKind kind, int most) {
        List<Facets.Count> found = new ArrayList<>();
        for (int i = 0; i < seen.length; i++) {
            Facet facet = seen[i];
            if (facet != null && facet.kind == kind) {
                found.add(new Facets.Count(facet.label, counts[i]));
            }
        }
        found.sort(Comparator.comparingInt(Facets.Count::count).reversed().thenComparing(Facets.Count::value));
        return found.subList(0, Math.min(most, found.size()));
    }
}
