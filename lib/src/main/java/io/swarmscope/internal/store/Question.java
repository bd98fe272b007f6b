package io.swarmscope.internal.store;

import io.swarmscope.Query;
import io.swarmscope.internal.wire.Limits;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A query made ready. Immutable; any thread. Whether a package matches is decided by the query and the package alone: the same on every
 * node, which is why a peer whose hit does not match is a liar.
 */
final class Question {

    /** Each once, in the order of the text. */
    final List<String> words;

    /** For each kind that is filtered by, the keys any of which a package must have. */
    final List<Filter> filters;

    /** The text without what is around it, for comparing with names. */
    final String whole;

    /** How many words the text has, repetitions counted. */
    final int length;

    /** Whether the text has no word, though it is not empty. */
    final boolean isEmpty;

    /** Any of these values of one kind. */
    record Filter(FacetKind kind, Set<String> keys) {}

    private Question(List<String> asked, List<Filter> filters, String whole) {
        this.words = List.copyOf(new LinkedHashSet<>(asked));
        this.filters = filters;
        this.whole = whole;
        this.length = asked.size();
        this.isEmpty = asked.isEmpty() && !whole.isEmpty();
    }

    /** Of a query; its limit, offset and order play no part. */
    static Question of(Query query) {
        List<String> asked = Words.asked(query.text());
        List<Filter> filters = new ArrayList<>(3);
        filter(FacetKind.CATEGORY, query.categories(), filters);
        filter(FacetKind.TAG, query.tags(), filters);
        filter(FacetKind.LICENSE, query.licenses(), filters);
        return new Question(
                asked.subList(0, Math.min(asked.size(), Limits.SEARCH_TERMS)),
                List.copyOf(filters),
                Words.fold(query.text()).strip());
    }

    private static void filter(FacetKind kind, List<String> values, List<Filter> filters) {
        if (!values.isEmpty()) {
            Set<String> keys = new LinkedHashSet<>();
            values.forEach(value -> keys.add(kind.key(value)));
            filters.add(new Filter(kind, keys));
        }
    }

    /** Whether a package passes all filters. */
    boolean passes(Document document) {
        return filters.stream()
                .allMatch(filter -> document.values(filter.kind).stream().anyMatch(value -> filter.keys.contains(filter.kind.key(value))));
    }
}
