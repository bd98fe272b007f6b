package io.swarmscope.internal.store;

import io.swarmscope.Facets;
import io.swarmscope.PackageId;
import io.swarmscope.Query;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/** Counts the matches of one search and keeps the first ones. Not thread-safe; lives for one search. */
final class Collector {

    private final Query query;
    private final int limit;
    private final long now;
    private final Comparator<Match> order;
    private final PriorityQueue<Match> best;
    private final Map<Facet, int[]> facets = new HashMap<>();
    private int total;

    Collector(Query query, int limit, long now) {
        this.query = query;
        this.limit = limit;
        this.now = now;
        this.order = Match.in(query.order());
        this.best = new PriorityQueue<>(order.reversed());
    }

    /** Whether a package is still valid. */
    boolean counts(Indexed indexed) {
        return indexed.expiresAt > now;
    }

    void add(Indexed indexed, double score) {
        total++;
        if (query.facets() > 0) {
            for (Facet facet : indexed.facets) {
                facets.computeIfAbsent(facet, f -> new int[1])[0]++;
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
        return switch (query.order()) {
            case RELEVANCE -> score < worst.score();
            case NEWEST -> indexed.publishedAt < worst.publishedAt();
        };
    }

    Matches matches() {
        List<Match> sorted = new ArrayList<>(best);
        sorted.sort(order);
        // A package that was replaced while this went by may have been seen twice.
        Set<PackageId> seen = new HashSet<>();
        sorted.removeIf(match -> !seen.add(match.id()));
        int twice = best.size() - sorted.size();
        return new Matches(sorted, total - twice, new Facets(top(FacetKind.CATEGORY), top(FacetKind.TAG), top(FacetKind.LICENSE)));
    }

    private List<Facets.Count> top(FacetKind kind) {
        return facets.entrySet().stream()
                .filter(entry -> entry.getKey().kind == kind)
                .map(entry -> new Facets.Count(entry.getKey().label, entry.getValue()[0]))
                .sorted(Comparator.comparingInt(Facets.Count::count).reversed().thenComparing(Facets.Count::value))
                .limit(query.facets())
                .toList();
    }
}
