package io.swarmscope.internal.store;

import io.swarmscope.PackageId;
import io.swarmscope.PackageManifest;
import java.util.Map;

/**
 * Says whether a package matches a query and how well, by what this node held when it was searched: also of a package that it does not hold, so that
 * hits of peers stand in one order with its own. One for each search; immutable; any thread.
 *
 * <p>A score is a sum of what each word of the query contributes. It is kept as a whole number, so that it does not matter in which order
 * the words are looked at; above the sum stands how many of the words are in the name as they were typed.
 */
public final class Ranking {

    /** The score of what does not match. */
    public static final double NO_MATCH = -1;

    /** One word of the query in the name. */
    private static final long NAMED = 1L << 56;

    private static final double UNIT = 1L << 36;

    /** Best scores of those whose name is made of the words, and of the others. What is named exactly has 1. */
    private static final double MADE_OF_WORDS = 0.99;

    private static final double OTHERS = 0.9;

    private final Question question;
    private final Weights weights;
    private final double[] rarities;
    private final double most;

    /** With how much each word of the question distinguishes. */
    Ranking(Question question, Weights weights, double[] rarities) {
        this.question = question;
        this.weights = weights;
        this.rarities = rarities;
        double sum = 0;
        for (double rarity : rarities) {
            sum += rarity;
        }
        this.most = sum * UNIT;
    }

    /**
     * How well a package matches.
     *
     * @return 0 to 1, or {@link #NO_MATCH}, which depends on the package and the query alone
     */
    public double score(PackageManifest manifest) {
        Document document = Document.of(manifest);
        if (question.isEmpty || !question.passes(document)) {
            return NO_MATCH;
        }
        long sum = question.filters.size();
        for (int i = 0; i < question.words.size(); i++) {
            long best = 0;
            for (Map.Entry<String, Integer> word : document.words().entrySet()) {
                float likeness = Likeness.of(question.words.get(i), word.getKey());
                if (likeness > 0) {
                    best = Math.max(best, contribution(i, likeness, word.getValue(), document.lengths()));
                }
            }
            if (best == 0) {
                return NO_MATCH;
            }
            sum += best;
        }
        return score(sum, document.lengths(), document.id());
    }

    /** What a word of the query contributes that is like one that stands there; more than 0. What a filter contributes is 1. */
    long contribution(int word, float likeness, int where, int lengths) {
        long value = 1 + (long) (rarities[word] * likeness * weights.of(where, lengths) * UNIT);
        return likeness == Likeness.SAME && (where & Document.IN_NAME) != 0 ? value + NAMED : value;
    }

    /** The score of a package by the sum of all contributions. */
    double score(long sum, int lengths, PackageId id) {
        int words = rarities.length;
        if (words == 0) {
            return 1;
        }
        boolean madeOfWords =
                sum / NAMED == words && Document.nameLength(lengths) == Math.min(question.length, Document.NAME_LENGTHS - 1);
        if (madeOfWords ? id.name().equalsIgnoreCase(question.whole) : isWholeId(id)) {
            return 1;
        }
        double share = Math.min(1, sum % NAMED / most);
        return madeOfWords ? OTHERS + (MADE_OF_WORDS - OTHERS) * share : OTHERS * share;
    }

    private boolean isWholeId(PackageId id) {
        int slash = id.namespace().length();
        String whole = question.whole;
        return whole.length() == slash + 1 + id.name().length()
                && whole.charAt(slash) == '/'
                && whole.regionMatches(true, 0, id.namespace(), 0, slash)
                && whole.regionMatches(true, slash + 1, id.name(), 0, id.name().length());
    }
}
