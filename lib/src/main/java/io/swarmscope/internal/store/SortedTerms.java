package io.swarmscope.internal.store;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Terms in an order of their texts, in leaves of up to some hundred. One thread at a time changes it; any may read at the same time, and goes through
 * what was there when it began: leaves and the list of them are copied, never changed.
 */
final class SortedTerms {

    /** From the first letter on: words that begin alike are neighbours. */
    static final Comparator<String> FORWARDS = Comparator.naturalOrder();

    /** From the last letter on: words that end alike are neighbours. */
    static final Comparator<String> BACKWARDS = SortedTerms::compareBackwards;

    private static final int LEAF = 128;

    private final Comparator<String> order;
    private volatile Term[][] leaves = {};

    SortedTerms(Comparator<String> order) {
        this.order = order;
    }

    private static int compareBackwards(String one, String other) {
        int i = one.length();
        int j = other.length();
        while (i > 0 && j > 0) {
            int difference = one.charAt(--i) - other.charAt(--j);
            if (difference != 0) {
                return difference;
            }
        }
        return i - j;
    }

    @Nullable Term get(String text) {
        Term[][] all = leaves;
        if (all.length == 0) {
            return null;
        }
        Term[] leaf = all[leafOf(all, text)];
        int at = place(leaf, text);
        return at < leaf.length && leaf[at].text.equals(text) ? leaf[at] : null;
    }

    /** The first term that is not before that text. */
    @Nullable Term ceiling(String text) {
        Term[][] all = leaves;
        if (all.length == 0) {
            return null;
        }
        int index = leafOf(all, text);
        int at = place(all[index], text);
        if (at < all[index].length) {
            return all[index][at];
        }
        return index + 1 < all.length ? all[index + 1][0] : null;
    }

    /** Goes through the terms from that text on, until the visitor has enough. */
    void from(String text, Predicate<Term> visitor) {
        Term[][] all = leaves;
        if (all.length == 0) {
            return;
        }
        int index = leafOf(all, text);
        int at = place(all[index], text);
        for (; index < all.length; index++) {
            for (; at < all[index].length; at++) {
                if (!visitor.test(all[index][at])) {
                    return;
                }
            }
            at = 0;
        }
    }

    /** The same with other terms of the same texts. */
    SortedTerms mapped(Map<Term, Term> others) {
        SortedTerms mapped = new SortedTerms(order);
        mapped.leaves = Arrays.stream(leaves)
                .map(leaf -> Arrays.stream(leaf).map(others::get).toArray(Term[]::new))
                .toArray(Term[][]::new);
        return mapped;
    }

    /** Adds a term that is not there. */
    void add(Term term) {
        Term[][] all = leaves;
        if (all.length == 0) {
            leaves = new Term[][] {{term}};
            return;
        }
        int index = leafOf(all, term.text);
        Term[] leaf = all[index];
        int at = place(leaf, term.text);
        Term[] more = Arrays.copyOf(leaf, leaf.length + 1);
        System.arraycopy(leaf, at, more, at + 1, leaf.length - at);
        more[at] = term;
        if (more.length <= LEAF) {
            Term[][] changed = all.clone();
            changed[index] = more;
            leaves = changed;
        } else {
            Term[][] changed = Arrays.copyOf(all, all.length + 1);
            System.arraycopy(all, index, changed, index + 1, all.length - index);
            changed[index] = Arrays.copyOfRange(more, 0, LEAF / 2);
            changed[index + 1] = Arrays.copyOfRange(more, LEAF / 2, more.length);
            leaves = changed;
        }
    }

    /** Removes a term that is there. */
    void remove(Term term) {
        Term[][] all = leaves;
        int index = leafOf(all, term.text);
        Term[] leaf = all[index];
        int at = place(leaf, term.text);
        Term[] fewer = Arrays.copyOf(leaf, leaf.length - 1);
        System.arraycopy(leaf, at + 1, fewer, at, leaf.length - at - 1);
        Term[][] changed = all.clone();
        changed[index] = fewer;
        if (fewer.length == 0) {
            changed = Arrays.copyOf(all, all.length - 1);
            System.arraycopy(all, index + 1, changed, index, all.length - index - 1);
        }
        leaves = changed;
    }

    /** The last leaf that begins with that text or before it, or the first. */
    private int leafOf(Term[][] all, String text) {
        int low = 0;
        int high = all.length - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (order.compare(all[middle][0].text, text) <= 0) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /** Where the first one is that is not before that text. */
    private int place(Term[] leaf, String text) {
        int low = 0;
        int high = leaf.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (order.compare(leaf[middle].text, text) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
