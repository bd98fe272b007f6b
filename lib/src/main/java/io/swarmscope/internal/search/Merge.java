package io.swarmscope.internal.search;

import io.swarmscope.PackageId;
import io.swarmscope.PeerId;
import io.swarmscope.SearchResult;
import io.swarmscope.internal.record.Head;
import io.swarmscope.internal.record.Signed;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The hits of one search, from wherever they came: one per package, the newest record of each. Not thread-safe; the search adds to it where its
 * scope collects outcomes, which is never at the same time.
 */
final class Merge {

    private static final Comparator<SearchResult.Hit> BEST_FIRST = Comparator.comparingDouble(SearchResult.Hit::score)
            .reversed()
            .thenComparing(hit -> hit.found().id());

    private static final class Found {
        private Signed<Head> head;
        private double score;
        private final List<PeerId> sources = new ArrayList<>(2);

        private Found(Signed<Head> head, double score) {
            this.head = head;
            this.score = score;
        }
    }

    private final Map<PackageId, Found> byPackage = new HashMap<>();

    void add(Signed<Head> head, double score, PeerId source) {
        Found found = byPackage.computeIfAbsent(head.id(), id -> new Found(head, score));
        if (head.replaces(found.head)) {
            found.head = head;
            found.score = score;
        }
        found.sources.add(source);
    }

    /** How many packages. */
    int size() {
        return byPackage.size();
    }

    /** The best of them. */
    List<SearchResult.Hit> best(int limit) {
        return byPackage.values().stream()
                .flatMap(f -> f.head.toPublished().map(found -> new SearchResult.Hit(found, f.score, f.sources)).stream())
                .sorted(BEST_FIRST)
                .limit(limit)
                .toList();
    }
}
