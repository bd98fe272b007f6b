package io.swarmscope.internal.store;

/**
 * How like a word that is asked for a word of a package is: the same, longer, or one typing error away (Damerau and Levenshtein: a letter too many,
 * too few, another, or two neighbours swapped). Depends on the two words alone, so that every node says the same. No state; any thread.
 */
final class Likeness {

    static final float NONE = 0;
    static final float SAME = 1;

    /** Less than any other: what was typed right comes first. */
    static final float MISTYPED = 0.3f;

    /** Letters that a word must have before an error in it is forgiven; in shorter ones an error makes another word. */
    static final int LETTERS_FOR_A_TYPO = 5;

    private Likeness() {}

    /** 0 if they are not alike, 1 if they are the same. */
    static float of(String asked, String word) {
        if (word.startsWith(asked)) {
            return ofBeginning(asked, word);
        }
        return forgives(asked) && isOneTypo(asked, word) ? MISTYPED : NONE;
    }

    /** Of a word that begins with the one asked for: the more of it was typed, the more alike. */
    static float ofBeginning(String asked, String word) {
        return word.length() == asked.length() ? SAME : 0.4f + 0.5f * asked.length() / word.length();
    }

    /** Whether an error in that word is forgiven. */
    static boolean forgives(String asked) {
        int letters = 0;
        for (int i = 0; i < asked.length(); i++) {
            letters += Character.isLetter(asked.charAt(i)) ? 1 : 0;
        }
        return letters >= LETTERS_FOR_A_TYPO;
    }

    /** Whether one typing error makes one word of the other. Other digits are another thing, not an error. */
    static boolean isOneTypo(String one, String other) {
        if (one.length() > other.length()) {
            return isOneTypo(other, one);
        }
        int at = firstDifference(one, other);
        int more = other.length() - one.length();
        if (more > 1 || at == other.length()) {
            return false;
        }
        if (more == 1) {
            return !isDigit(other, at) && restIsSame(one, at, other, at + 1);
        }
        return (!isDigit(one, at) && !isDigit(other, at) && restIsSame(one, at + 1, other, at + 1)) || isSwapped(one, other, at);
    }

    private static boolean isSwapped(String one, String other, int at) {
        return at + 1 < one.length()
                && one.charAt(at) == other.charAt(at + 1)
                && one.charAt(at + 1) == other.charAt(at)
                && !(isDigit(one, at) && isDigit(other, at))
                && restIsSame(one, at + 2, other, at + 2);
    }

    private static boolean isDigit(String word, int at) {
        return Character.isDigit(word.charAt(at));
    }

    /** How many letters two words have in common at the beginning. */
    static int firstDifference(String one, String other) {
        int at = 0;
        while (at < one.length() && at < other.length() && one.charAt(at) == other.charAt(at)) {
            at++;
        }
        return at;
    }

    private static boolean restIsSame(String one, int from, String other, int otherFrom) {
        return one.regionMatches(from, other, otherFrom, Math.max(one.length() - from, other.length() - otherFrom));
    }
}
