package io.swarmscope.internal.search;

import io.swarmscope.PackageId;
import io.swarmscope.PeerId;
import io.swarmscope.Query;
import io.swarmscope.SearchResult;
import io.swarmscope.internal.record.Head;
import io.swarmscope.internal.record.Signed;
import java.time.Instant;
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

    private static final Comparator<Found> BEST_FIRST =
            Comparator.<Found>comparingDouble(found -> found.score).reversed().thenComparing(found -> found.head.id());
    private static final Comparator<Found> NEWEST_FIRST = Comparator.<Found, Instant>comparing(
                    found -> found.head.record().publishedAt())
            .reversed()
            .thenComparing(found -> found.head.id());

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

    /** That page of them in that order. */
    List<SearchResult.Hit> page(Query.Order order, int offset, int limit) {
        return byPackage.values().stream()
                .sorted(order == Query.Order.NEWEST ? NEWEST_FIRST : BEST_FIRST)
                .skip(offset)
                .limit(limit)
                .flatMap(f -> f.head.toPublished().map(found -> new SearchResult.Hit(found, f.score, f.sources)).stream())
                .toList();
    }
}
