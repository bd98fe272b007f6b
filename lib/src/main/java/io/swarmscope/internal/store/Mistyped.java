package io.swarmscope.internal.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the terms that are one typing error away from a word. Lives for one word of one search; its thread.
 *
 * <p>With one error, either the first half or the second half of a word is as it was: each order of the terms finds the errors in the half that it
 * reads last. It goes from one letter that follows what is right so far to the next such letter, and looks up what the rest must be; how many terms
 * begin like the word plays no part.
 */
final class Mistyped {

    private final String asked;
    private final int middle;
    private final List<Term> found;

    /** Adds what it finds to a list. What begins with the word is left to others. */
    Mistyped(String asked, List<Term> found) {
        this.asked = asked;
        this.middle = asked.length() / 2;
        this.found = found;
    }

    /** Goes through both halves. */
    void find(SortedTerms forwards, SortedTerms backwards) {
        new Half(forwards, false, asked, middle).find();
        new Half(backwards, true, reversed(asked), asked.length() - middle).find();
        if (asked.charAt(middle) != asked.charAt(middle - 1)) {
            add(forwards.get(asked.substring(0, middle - 1)
                    + asked.charAt(middle)
                    + asked.charAt(middle - 1)
                    + asked.substring(middle + 1)));
        }
    }

    private void add(@Nullable Term term) {
        if (term != null && !term.text.startsWith(asked) && Likeness.isOneTypo(asked, term.text)) {
            found.add(term);
        }
    }

    private static String reversed(String text) {
        StringBuilder reversed = new StringBuilder(text.length());
        for (int i = text.length() - 1; i >= 0; i--) {
            reversed.append(text.charAt(i)); // no surrogates are put in order: the terms are compared by chars
        }
        return reversed.toString();
    }

    /** One order of the terms, with all texts as that order reads them. */
    private final class Half {
        private final SortedTerms terms;
        private final boolean backwards;
        private final String word;
        private final String right;

        Half(SortedTerms terms, boolean backwards, String word, int right) {
            this.terms = terms;
            this.backwards = backwards;
            this.word = word;
            this.right = word.substring(0, right);
        }

        void find() {
            String from = right;
            while (true) {
                Term term = terms.ceiling(read(from));
                String text = term == null ? "" : read(term.text);
                if (term == null || !text.startsWith(right)) {
                    return;
                }
                from = next(term, text);
            }
        }

        /** Adds what is like the word and has the same letters as that term up to the first wrong one; returns where to go on. */
        private String next(Term term, String text) {
            int at = Likeness.firstDifference(word, text);
            if (at == text.length()) {
                addUnlessFoundByOther(term);
                return text + '\0';
            }
            String same = text.substring(0, at);
            char letter = text.charAt(at);
            boolean isFollowing = at + 1 < word.length() && letter == word.charAt(at + 1);
            boolean isDigit = Character.isDigit(letter);
            if (!isDigit) {
                lookUp(same + letter + word.substring(at));
            }
            if (!isDigit && at < word.length()) {
                lookUp(same + letter + word.substring(at + 1));
            }
            if (isFollowing) {
                lookUp(same + word.substring(at + 1));
                lookUp(same + letter + word.charAt(at) + word.substring(at + 2));
            }
            return same + (isDigit ? afterDigit(letter, at) : (char) (letter + 1));
        }

        /** A digit is never taken for another, so that there is nothing to find between those of the word. */
        private char afterDigit(char digit, int at) {
            char next = digit <= '9' ? '9' + 1 : (char) (digit + 1);
            for (int i = at; i < Math.min(word.length(), at + 2); i++) {
                char letter = word.charAt(i);
                if (letter > digit && letter < next) {
                    next = letter;
                }
            }
            return next;
        }

        private void lookUp(String text) {
            addUnlessFoundByOther(terms.get(read(text)));
        }

        private void addUnlessFoundByOther(@Nullable Term term) {
            if (term != null && !(backwards && term.text.regionMatches(0, asked, 0, middle))) {
                add(term);
            }
        }

        private String read(String text) {
            return backwards ? reversed(text) : text;
        }
    }
}
