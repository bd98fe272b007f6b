package io.swarmscope.internal.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class MistypedTest {
    private static final long SEED = 271_828;

    @Test
    void findsWhatComparingTheWordWithEveryTermFinds() {
        Random random = new Random(SEED);
        int found = 0;
        for (int round = 0; round < 60; round++) {
            // Few letters, so that there are many near misses; digits, and letters of two chars.
            String letters = List.of("ab", "abc1", "a12", "ab\ud835\udd1c9", "xyz\u0663").get(round % 5);
            TreeSet<String> words = new TreeSet<>();
            int count = 1 + random.nextInt(600);
            for (int i = 0; i < count; i++) {
                words.add(word(random, letters));
            }
            SortedTerms forwards = new SortedTerms(SortedTerms.FORWARDS);
            SortedTerms backwards = new SortedTerms(SortedTerms.BACKWARDS);
            for (String word : words) {
                Term term = new Term(word);
                forwards.add(term);
                backwards.add(term);
            }
            for (int i = 0; i < 200; i++) {
                String asked = word(random, letters);
                if (Likeness.forgives(asked)) {
                    List<Term> terms = new ArrayList<>();
                    new Mistyped(asked, terms).find(forwards, backwards);
                    List<String> expected = words.stream()
                            .filter(word -> Likeness.of(asked, word) == Likeness.MISTYPED)
                            .toList();
                    assertThat(terms.stream().map(term -> term.text))
                            .as("seed %d: %s among %s", SEED, asked, words)
                            .containsExactlyInAnyOrderElementsOf(expected);
                    found += expected.size();
                }
            }
        }
        assertThat(found).as("words one error away").isGreaterThan(1_000);
    }

    private static String word(Random random, String letters) {
        StringBuilder word = new StringBuilder();
        for (int i = 1 + random.nextInt(9); i > 0; i--) {
            word.append(letters.charAt(random.nextInt(letters.length())));
        }
        return word.toString();
    }
}
