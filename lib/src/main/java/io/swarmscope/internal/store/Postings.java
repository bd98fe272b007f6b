package io.swarmscope.internal.store;

import io.swarmscope.internal.store.Term.Scratch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Which words and values stand in which packages, by numbers that rise and are never given twice: a reader that is in the middle of it never takes
 * one package for another. One thread at a time changes it; any may read at the same time.
 */
final class Postings {

    private static final int FIRST_PAGES = 4;

    private final SortedTerms forwards;
    private final SortedTerms backwards;
    private final Map<String, Held> facets;

    /** Grows by copying; a page that is not there yet or any more is null. */
    private volatile @Nullable Page[] pages;

    private volatile Weights.Sums sums = Weights.Sums.ZERO;

    /** Those that a search made last: with many searches to a change of the index, one makes them for all. */
    private volatile Weights weights = new Weights(Weights.Sums.ZERO);

    // Touched by the writer only.
    private final Scratch scratch = new Scratch();
    private int next;

    /** A value and the packages that have it. */
    record Held(Facet facet, Term term) {}

    Postings() {
        this(new SortedTerms(SortedTerms.FORWARDS), new SortedTerms(SortedTerms.BACKWARDS), new ConcurrentHashMap<>(), new Page[FIRST_PAGES]);
    }

    private Postings(SortedTerms forwards, SortedTerms backwards, Map<String, Held> facets, @Nullable Page[] pages) {
        this.forwards = forwards;
        this.backwards = backwards;
        this.facets = facets;
        this.pages = pages;
    }

    Weights.Sums sums() {
        return sums;
    }

    /** What words say in the packages that are there now. */
    @SuppressWarnings("ReferenceEquality") // each change makes new sums
    Weights weights() {
        Weights.Sums now = sums;
        Weights known = weights;
        if (known.sums() != now) {
            known = new Weights(now);
            weights = known;
        }
        return known;
    }

    @Nullable Page[] pages() {
        return pages;
    }

    /** How many numbers have been given. */
    int numbers() {
        return next;
    }

    /** The values of a document, each the one object for it. */
    Facet[] facets(Document document) {
        List<Facet> found = new ArrayList<>();
        eachValue(document, (key, facet) -> {
            Held held = facets.get(key);
            found.add(held == null ? facet : held.facet);
        });
        return found.toArray(Facet[]::new);
    }

    /** Adds the words of a package. It is found once it is {@linkplain #show shown}. Its facets must come from {@link #facets}. */
    void add(Indexed indexed, Document document) {
        int number = next++;
        indexed.number = number;
        pageFor(number).setLengths(number, document.lengths());
        document.words().forEach((word, where) -> {
            Term term = forwards.get(word);
            boolean isNew = term == null;
            Term known = term == null ? new Term(word) : term;
            known.add(number, where, scratch);
            if (isNew) {
                forwards.add(known);
                backwards.add(known);
            }
        });
        int[] at = new int[1];
        eachValue(document, (key, any) -> {
            Facet facet = indexed.facets[at[0]++];
            facets.computeIfAbsent(key, k -> new Held(facet, new Term(k))).term.add(number, 0, scratch);
        });
        sums = sums.with(document.lengths(), 1);
    }

    /** From now on searches find that package under its number; it may take the place of one that reads the same. */
    void show(Indexed indexed) {
        pageFor(indexed.number).set(indexed.number, indexed);
    }

    /** From now on no search finds it. */
    void hide(Indexed indexed) {
        pageFor(indexed.number).set(indexed.number, null);
    }

    /** Removes the words of a package that is hidden. */
    void remove(int number, Document document) {
        document.words().keySet().forEach(word -> {
            Term term = forwards.get(word);
            if (term != null) {
                term.remove(number, scratch);
                if (term.size() == 0) {
                    forwards.remove(term);
                    backwards.remove(term);
                }
            }
        });
        eachValue(document, (key, any) -> {
            Held held = facets.get(key);
            if (held != null) {
                held.term.remove(number, scratch);
                if (held.term.size() == 0) {
                    facets.remove(key);
                }
            }
        });
        sums = sums.with(document.lengths(), -1);
    }

    /** Each value once: a manifest may list one in two spellings. */
    private static void eachValue(Document document, BiConsumer<String, Facet> visitor) {
        List<String> seen = new ArrayList<>(8);
        for (FacetKind kind : FacetKind.values()) {
            for (String value : document.values(kind)) {
                String key = kind.key(value);
                if (!seen.contains(key)) {
                    seen.add(key);
                    visitor.accept(key, new Facet(kind, value));
                }
            }
        }
    }

    private Page pageFor(int number) {
        int index = number >> Page.SHIFT;
        if (index >= pages.length) {
            pages = Arrays.copyOf(pages, pages.length * 2);
        }
        Page page = pages[index];
        if (page == null) {
            page = new Page();
            pages[index] = page;
        }
        return page;
    }

    /** The packages that have any of the values. */
    List<Term> having(Question.Filter filter) {
        List<Term> terms = new ArrayList<>(filter.keys().size());
        for (String key : filter.keys()) {
            Held held = facets.get(key);
            if (held != null) {
                terms.add(held.term);
            }
        }
        return terms;
    }

    /** The words that are like one that is asked for: those that begin with it, and those that one typing error makes of it. */
    List<Term> like(String asked) {
        List<Term> terms = new ArrayList<>();
        forwards.from(asked, term -> term.text.startsWith(asked) && terms.add(term));
        if (Likeness.forgives(asked)) {
            new Mistyped(asked, terms).find(forwards, backwards);
        }
        return terms;
    }

    /** The same with numbers from 0 on without gaps. Changes the numbers of the packages, and nothing that readers see here. */
    Postings renumbered() {
        int[] numbers = new int[next];
        List<Indexed> shown = new ArrayList<>(sums.packages());
        List<Integer> lengths = new ArrayList<>(sums.packages());
        for (Page page : pages) {
            for (int slot = 0; page != null && slot < Page.SIZE; slot++) {
                Indexed indexed = page.get(slot);
                if (indexed != null) {
                    numbers[indexed.number] = shown.size();
                    shown.add(indexed);
                    lengths.add(page.lengths(slot));
                }
            }
        }
        Map<Term, Term> terms = new HashMap<>();
        forwards.from("", term -> terms.put(term, term.renumbered(numbers, scratch)) == null);
        Map<String, Held> values = new ConcurrentHashMap<>();
        facets.forEach((key, held) -> values.put(key, new Held(held.facet, held.term.renumbered(numbers, scratch))));
        Postings fresh = new Postings(
                forwards.mapped(terms), backwards.mapped(terms), values, new Page[FIRST_PAGES]);
        for (int i = 0; i < shown.size(); i++) {
            shown.get(i).number = i;
            fresh.pageFor(i).setLengths(i, lengths.get(i));
            fresh.show(shown.get(i));
        }
        fresh.next = shown.size();
        fresh.sums = sums;
        return fresh;
    }
}
