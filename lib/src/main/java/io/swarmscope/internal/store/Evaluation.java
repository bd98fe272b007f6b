package io.swarmscope.internal.store;

import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One search through the index: one requirement after the other, the rarest first, leaves fewer packages, each with the sum of what its words
 * contribute. Not thread-safe; lives for one search. Takes memory only for the pages in which there are matches.
 */
final class Evaluation {

    private final @Nullable Page[] pages;
    private final Ranking ranking;
    private final Term.Scratch scratch = new Term.Scratch();

    /** By page and package, the sum of contributions; 0 does not match. Null before the first requirement: all match. */
    private long @Nullable [][] sums;

    Evaluation(Postings postings, Ranking ranking) {
        this.pages = postings.pages();
        this.ranking = ranking;
    }

    void run(List<Requirement> requirements, Collector collector) {
        requirements.stream().sorted(Comparator.comparingLong(Requirement::packages)).forEach(this::require);
        long[][] found = sums;
        for (int i = 0; i < pages.length; i++) {
            Page page = pages[i];
            if (page != null && (found == null || found[i] != null)) {
                collect(page, found == null ? null : found[i], collector);
            }
        }
    }

    private void collect(Page page, long @Nullable [] found, Collector collector) {
        for (int slot = 0; slot < Page.SIZE; slot++) {
            long sum = found == null ? 1 : found[slot];
            Indexed indexed = sum == 0 ? null : page.get(slot);
            if (indexed != null && collector.counts(indexed)) {
                collector.add(indexed, ranking.score(sum, page.lengths(slot), indexed.id));
            }
        }
    }

    private void require(Requirement requirement) {
        long[][] before = sums;
        long[][] after = new long[pages.length][];
        for (int i = 0; i < requirement.terms().length; i++) {
            byte[][] blocks = requirement.terms()[i].blocks();
            for (int j = 0; j < blocks.length; j++) {
                byte[] block = Term.block(blocks, j);
                if (before == null || mayMatch(block, j + 1 < blocks.length ? Term.block(blocks, j + 1) : null, before)) {
                    add(block, requirement.word(), requirement.likeness()[i], before, after);
                }
            }
        }
        if (before != null) {
            sum(before, after);
        }
        sums = after;
    }

    /** Whether there are matches in the pages of a block. */
    private static boolean mayMatch(byte[] block, byte @Nullable [] following, long[][] before) {
        int last = following == null ? before.length - 1 : Math.min(before.length - 1, Term.first(following) >> Page.SHIFT);
        for (int page = Term.first(block) >> Page.SHIFT; page <= last; page++) {
            if (before[page] != null) {
                return true;
            }
        }
        return false;
    }

    private void add(byte[] block, int word, float likeness, long @Nullable [][] before, long[][] after) {
        int[] numbers = scratch.numbers;
        int count = Term.read(block, numbers, scratch.where);
        for (int i = 0; i < count; i++) {
            int at = numbers[i] >> Page.SHIFT;
            int slot = numbers[i] & (Page.SIZE - 1);
            Page page = at < pages.length ? pages[at] : null;
            if (page == null || (before != null && (before[at] == null || before[at][slot] == 0))) {
                continue;
            }
            long[] row = after[at];
            if (row == null) {
                row = new long[Page.SIZE];
                after[at] = row;
            }
            long value = word == Requirement.FILTER
                    ? 1
                    : ranking.contribution(word, likeness, scratch.where[i] & 0xff, page.lengths(slot));
            row[slot] = Math.max(row[slot], value);
        }
    }

    private static void sum(long[][] before, long[][] after) {
        for (int i = 0; i < after.length; i++) {
            long[] row = after[i];
            for (int slot = 0; row != null && slot < Page.SIZE; slot++) {
                row[slot] = row[slot] == 0 ? 0 : row[slot] + before[i][slot];
            }
        }
    }
}
