package io.swarmscope.internal.store;

import io.swarmscope.Facets;
import io.swarmscope.PackageId;
import io.swarmscope.Query;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Counts the matches of one search and keeps the first ones. Not thread-safe; lives for one search. */
final class Collector {

    private final Query query;
    private final int limit;
    private final long now;
    private final Comparator<Match> order;
    private final PriorityQueue<Match> best;
    private final @Nullable FacetCounts facets;
    private int total;

    Collector(Query query, int limit, long now) {
        this.query = query;
        this.limit = limit;
        this.now = now;
        this.order = Match.in(query.order());
        this.facets = query.facets() > 0 ? new FacetCounts() : null;
        this.best = new PriorityQueue<>(order.reversed());
    }

    /** Whether a package is still valid. */
    boolean counts(Indexed indexed) {
        return indexed.expiresAt > now;
    }

    void add(Indexed indexed, double score) {
        total++;
        if (facets != null) {
            for (Facet facet : indexed.facets) {
                facets.add(facet);
            }
        }
        Match worst = best.size() < limit ? null : best.peek();
        if (limit == 0 || (worst != null && isWorse(indexed, score, worst))) {
            return;
        }
        best.add(new Match(indexed.id, score, indexed.publishedAt, indexed.encoded));
        if (best.size() > limit) {
            best.remove();
        }
    }

    /** Without making a match of what has no chance. */
    private boolean isWorse(Indexed indexed, double score, Match worst) {
        int order = switch (query.order()) {
            case RELEVANCE -> Double.compare(worst.score(), score);
            case NEWEST -> Long.compare(worst.publishedAt(), indexed.publishedAt);
        };
        return order > 0 || (order == 0 && indexed.id.compareTo(worst.id()) > 0);
    }

    Matches matches(Ranking ranking) {
        List<Match> sorted = new ArrayList<>(best);
        sorted.sort(order);
        // A package that was replaced while this went by may have been seen twice.
        Set<PackageId> seen = new HashSet<>();
        sorted.removeIf(match -> !seen.add(match.id()));
        int twice = best.size() - sorted.size();
        return new Matches(sorted, total - twice, facets == null ? Facets.NONE : counted(facets), ranking);
    }

    private Facets counted(FacetCounts counts) {
        int most = query.facets();
        return new Facets(
                counts.top(FacetKind.CATEGORY, most), counts.top(FacetKind.TAG, most), counts.top(FacetKind.LICENSE, most));
    }
}
