package io.swarmscope;

import java.util.List;

/**
 * The answer to a search: what was found, in the order asked for, and how.
 *
 * @param hits at most the limit, from the offset on, one per package
 * @param total how many packages are known to match, before offset and limit: all of the local index and what peers sent beyond it. There may be
 *     more at peers
 * @param facets counts over all matches of the local index; {@link Facets#NONE} if the query did not ask for them
 * @param report who was asked, what each did, and why the search stopped
 */
public record SearchResult(List<Hit> hits, int total, Facets facets, SearchReport report) {

    /** Copies the list. */
    public SearchResult {
        hits = List.copyOf(hits);
    }

    /** The packages found, in the order of the hits. */
    public List<PublishedPackage> packages() {
        return hits.stream().map(Hit::found).toList();
    }

    /** Whether all that could be asked have answered; {@code false} means there may be more. */
    public boolean complete() {
        return report.complete();
    }

    /**
     * One package found.
     *
     * @param found the package
     * @param score how well it matches, 0 to 1, computed here and not by the peer that sent it
     * @param sources which peers had it; this node's own id stands for the local index
     */
    public record Hit(PublishedPackage found, double score, List<PeerId> sources) {
        /** Copies the list. */
        public Hit {
            sources = List.copyOf(sources);
        }
    }
}
