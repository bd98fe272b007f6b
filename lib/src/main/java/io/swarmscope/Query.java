package io.swarmscope;

import java.util.List;

/**
 * What a search looks for: packages that match the text and have any of the categories, any of the tags and any of the licences. An empty
 * part matches everything. A value; any thread may use it.
 *
 * <p><b>What matches.</b> The text is cut into words at everything that is neither letter nor digit. Each of the first 32 must be a word, or the
 * beginning of a word, in id, title, tags or description; words of five letters or more also match with one typing error: a letter too many, too
 * few, another, or two swapped. {@code log4j-core} has the words {@code log4j} and {@code core}; {@code JUnitPlatform} also has {@code platform}.
 * Upper and lower case, and how characters are composed (NFKC), make no difference. Text without any letter or digit matches nothing.
 *
 * <p><b>What comes first.</b> A package whose name, or whole id, is the text; then those whose name is made of its words; then by how rare the words
 * are and where they stand: name, title, tags, description, namespace, in this order. Nothing that publishers claim of their popularity counts.
 *
 * @param text words to look for; at most 256 characters
 * @param categories any of them, case-insensitive; at most 16
 * @param tags any of them, case-insensitive; at most 16
 * @param licenses any of them, case-insensitive, as the manifests write them; at most 16
 * @param order what comes first
 * @param offset how many results to leave out at the beginning, 0 to 1,000: the page that begins there. Pages cut from what this node holds follow
 *     each other without gap or repetition as long as nothing changes; where peers are asked for a page, they may send what belongs on an
 *     earlier one. A peer sends 100 hits at most, so what lies beyond comes from this node's index alone, and {@link SearchResult#complete} says so
 * @param limit most results wanted, 1 to 1,000, or {@link #DEFAULT_LIMIT} for what the configuration says
 * @param facets how many values of each kind to count in {@link SearchResult#facets}, 0 to 100; 0 for none
 */
public record Query(
        String text,
        List<String> categories,
        List<String> tags,
        List<String> licenses,
        Order order,
        int offset,
        int limit,
        int facets) {

    /** Take the limit of {@link QueryConfig#maxResults()}. */
    public static final int DEFAULT_LIMIT = 0;

    private static final int MAX_RESULTS = 1_000;
    private static final int MAX_FACETS = 100;

    /** What comes first. */
    public enum Order {
        /** What matches best; ties in the order of their ids. */
        RELEVANCE,
        /** What was signed last, by the publishers' clocks; publishing anew, as nodes do before a record expires, counts. Ties by id. */
        NEWEST
    }

    /**
     * Checks and copies.
     *
     * @throws RegistryException.InvalidInput if the text is too long, a list too large or a number out of range
     */
    public Query {
        if (text.length() > 256) {
            throw new RegistryException.InvalidInput("query text", text, "at most 256 characters");
        }
        checkWritable("query text", text);
        checkRange("query offset", offset, MAX_RESULTS);
        checkRange("query limit", limit, MAX_RESULTS);
        checkRange("query facets", facets, MAX_FACETS);
        categories = checked("query categories", categories, 64);
        tags = checked("query tags", tags, 64);
        licenses = checked("query licenses", licenses, 200);
    }

    /** Everything. */
    public static Query all() {
        return text("");
    }

    /** Packages that match all these words. */
    public static Query text(String words) {
        return new Query(words, List.of(), List.of(), List.of(), Order.RELEVANCE, 0, DEFAULT_LIMIT, 0);
    }

    /** The same, but only packages in any of these categories. */
    public Query inCategories(String... names) {
        return new Query(text, List.of(names), tags, licenses, order, offset, limit, facets);
    }

    /** The same, but only packages with any of these tags. */
    public Query withTags(String... names) {
        return new Query(text, categories, List.of(names), licenses, order, offset, limit, facets);
    }

    /** The same, but only packages under any of these licences. */
    public Query withLicense(String... names) {
        return new Query(text, categories, tags, List.of(names), order, offset, limit, facets);
    }

    /** The same in another order. */
    public Query orderedBy(Order newOrder) {
        return new Query(text, categories, tags, licenses, newOrder, offset, limit, facets);
    }

    /** The same, but beginning behind so many results. */
    public Query offset(int newOffset) {
        return new Query(text, categories, tags, licenses, order, newOffset, limit, facets);
    }

    /** The same with another limit. With 1 the search ends on first success. */
    public Query limit(int newLimit) {
        return new Query(text, categories, tags, licenses, order, offset, newLimit, facets);
    }

    /** The same, and counts the most frequent categories, tags and licences of what matches, at most so many of each. */
    public Query withFacets(int ofEach) {
        return new Query(text, categories, tags, licenses, order, offset, limit, ofEach);
    }

    private static void checkRange(String field, int value, int max) {
        if (value < 0 || value > max) {
            throw new RegistryException.InvalidInput(field, Integer.toString(value), "0 to " + max);
        }
    }

    /** Half of a character cannot be sent to anybody. */
    private static void checkWritable(String field, String text) {
        if (text.codePoints().anyMatch(c -> Character.getType(c) == Character.SURROGATE)) {
            throw new RegistryException.InvalidInput(field, "(text)", "remove its halves of characters (unpaired surrogates)");
        }
    }

    private static List<String> checked(String field, List<String> words, int longest) {
        if (words.size() > 16) {
            throw new RegistryException.InvalidInput(field, words.toString(), "at most 16 of them");
        }
        for (String word : words) {
            if (word.isBlank() || word.length() > longest) {
                throw new RegistryException.InvalidInput(field, word, "1 to " + longest + " characters each");
            }
            checkWritable(field, word);
        }
        return List.copyOf(words);
    }
}
