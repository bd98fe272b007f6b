package io.swarmscope.internal.store;

import io.swarmscope.Query;
import io.swarmscope.internal.store.Document.Place;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A query made ready: says whether a package matches and how well. Immutable; any thread. The same everywhere: for the own index, for hits
 * of other peers, and for what they claim to match.
 */
public final class Terms {

    /** The score of what does not match. */
    public static final double NO_MATCH = -1;

    private static final Pattern GAP = Pattern.compile("[\\s\\p{Cntrl}]+");

    private final String whole;
    private final List<String> words;
    private final List<String> categories;
    private final List<String> tags;

    private Terms(String whole, List<String> words, List<String> categories, List<String> tags) {
        this.whole = whole;
        this.words = words;
        this.categories = categories;
        this.tags = tags;
    }

    /** Of a query; its limit plays no part. */
    public static Terms of(Query query) {
        List<String> words = Arrays.stream(GAP.split(Document.lower(query.text())))
                .filter(word -> !word.isEmpty())
                .distinct()
                .toList();
        return new Terms(
                String.join(" ", words),
                words,
                query.categories().stream().map(Document::asWord).toList(),
                query.tags().stream().map(Document::asWord).toList());
    }

    /**
     * How well a package matches: 1 if the text is its name or id, 0.9 if its name begins with the text, less where the words stand in the name,
     * the title, the tags, the namespace, the description, in this order; the mean of all words. Without text, 1.
     *
     * @return 0 to 1, or {@link #NO_MATCH}
     */
    public double score(Document document) {
        if (!matches(document)) {
            return NO_MATCH;
        }
        if (words.isEmpty() || document.isNamed(whole)) {
            return 1;
        }
        if (document.nameBeginsWith(whole)) {
            return 0.9;
        }
        double sum = 0;
        for (String word : words) {
            sum += score(document, word);
        }
        return sum / words.size();
    }

    private boolean matches(Document document) {
        for (String word : words) {
            if (!document.has(word)) {
                return false;
            }
        }
        return (categories.isEmpty() || categories.stream().anyMatch(document::hasCategory))
                && (tags.isEmpty() || tags.stream().anyMatch(document::hasTag));
    }

    private static double score(Document document, String word) {
        if (document.nameBeginsWith(word)) {
            return 0.8;
        }
        double score = either(document.inName(word), 0.75, 0.7);
        if (score == 0) {
            score = either(document.inTitle(word), 0.6, 0.5);
        }
        if (score == 0) {
            score = either(document.inTags(word), 0.45, 0.4);
        }
        if (score == 0) {
            score = either(document.inId(word), 0.3, 0.25);
        }
        // A word that is there but in none of these runs over the edge of two fields only if it holds their separator: it does not.
        return score == 0 ? either(document.inDescription(word), 0.2, 0.1) : score;
    }

    private static double either(Place place, double beginning, double inside) {
        return switch (place) {
            case BEGINNING -> beginning;
            case INSIDE -> inside;
            case NOWHERE -> 0;
        };
    }
}
