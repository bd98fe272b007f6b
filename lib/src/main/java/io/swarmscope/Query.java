package io.swarmscope;

import java.util.List;

/**
 * What a search looks for: packages that match the text and have any of the categories and any of the tags. An empty
 * part matches everything. A value; any thread may use it.
 *
 * @param text words looked for in id, title, tags and description, case-insensitive, also inside of longer words; every word must occur;
 *     at most 256 characters
 * @param categories any of them, case-insensitive; at most 16
 * @param tags any of them, case-insensitive; at most 16
 * @param limit most results wanted, 1 to 1,000, or {@link #DEFAULT_LIMIT} for what the configuration says
 */
public record Query(String text, List<String> categories, List<String> tags, int limit) {

    /** Take the limit of {@link QueryConfig#maxResults()}. */
    public static final int DEFAULT_LIMIT = 0;

    /**
     * Checks and copies.
     *
     * @throws RegistryException.InvalidInput if the text is too long, a list too large or the limit out of range
     */
    public Query {
        if (text.length() > 256) {
            throw new RegistryException.InvalidInput("query text", text, "at most 256 characters");
        }
        checkWritable("query text", text);
        if (limit < 0 || limit > 1_000) {
            throw new RegistryException.InvalidInput("query limit", Integer.toString(limit), "1 to 1000");
        }
        categories = checked("query categories", categories);
        tags = checked("query tags", tags);
    }

    /** Everything. */
    public static Query all() {
        return new Query("", List.of(), List.of(), DEFAULT_LIMIT);
    }

    /** Packages whose id, title, tags or description have all these words. */
    public static Query text(String words) {
        return new Query(words, List.of(), List.of(), DEFAULT_LIMIT);
    }

    /** The same, but only packages in any of these categories. */
    public Query inCategories(String... names) {
        return new Query(text, List.of(names), tags, limit);
    }

    /** The same, but only packages with any of these tags. */
    public Query withTags(String... names) {
        return new Query(text, categories, List.of(names), limit);
    }

    /** The same with another limit. With 1 the search ends on first success. */
    public Query limit(int newLimit) {
        return new Query(text, categories, tags, newLimit);
    }

    /** Half of a character cannot be sent to anybody. */
    private static void checkWritable(String field, String text) {
        if (text.codePoints().anyMatch(c -> Character.getType(c) == Character.SURROGATE)) {
            throw new RegistryException.InvalidInput(field, "(text)", "remove its halves of characters (unpaired surrogates)");
        }
    }

    private static List<String> checked(String field, List<String> words) {
        if (words.size() > 16) {
            throw new RegistryException.InvalidInput(field, words.toString(), "at most 16 of them");
        }
        for (String word : words) {
            if (word.isBlank() || word.length() > 64) {
                throw new RegistryException.InvalidInput(field, word, "1 to 64 characters each");
            }
            checkWritable(field, word);
        }
        return List.copyOf(words);
    }
}
