package io.swarmscope.internal.store;

import java.util.List;

/**
 * Something that every match must have: one of these terms. Immutable; one search's thread.
 *
 * @param word which word of the query it is, or {@link #FILTER}
 * @param terms any of them
 * @param likeness of each to the word
 * @param packages in how many packages they are, each counted by itself
 */
@SuppressWarnings("ArrayRecordComponent") // read, never compared
record Requirement(int word, Term[] terms, float[] likeness, long packages) {

    static final int FILTER = -1;

    static Requirement word(String asked, int word, List<Term> like) {
        float[] likeness = new float[like.size()];
        for (int i = 0; i < likeness.length; i++) {
            likeness[i] = Likeness.of(asked, like.get(i).text);
        }
        return new Requirement(word, like.toArray(Term[]::new), likeness, sum(like));
    }

    static Requirement anyOf(List<Term> values) {
        return new Requirement(FILTER, values.toArray(Term[]::new), new float[values.size()], sum(values));
    }

    private static long sum(List<Term> terms) {
        long sum = 0;
        for (Term term : terms) {
            sum += term.size();
        }
        return sum;
    }
}
