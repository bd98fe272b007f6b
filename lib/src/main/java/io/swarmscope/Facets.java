package io.swarmscope;

import java.util.List;

/**
 * How the packages that match a search are spread over categories, tags and licences. Counted over all packages in this node's own index that match,
 * whatever the limit and offset of the search; peers are not asked, and what they sent is not counted before the next search. A value; any thread
 * may use it.
 *
 * @param categories the most frequent categories, the most frequent first, ties by name
 * @param tags the most frequent tags
 * @param licenses the most frequent licences; packages that name none count for none
 */
public record Facets(List<Count> categories, List<Count> tags, List<Count> licenses) {

    /** No counts: none were asked for, or nothing matches. */
    public static final Facets NONE = new Facets(List.of(), List.of(), List.of());

    /** Copies the lists. */
    public Facets {
        categories = List.copyOf(categories);
        tags = List.copyOf(tags);
        licenses = List.copyOf(licenses);
    }

    /**
     * How many packages have a value.
     *
     * @param value in the spelling of one of them; upper and lower case are counted as one
     * @param count at least 1
     */
    public record Count(String value, int count) {}
}
