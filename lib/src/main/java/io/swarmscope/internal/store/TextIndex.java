package io.swarmscope.internal.store;

import io.swarmscope.Query;
import io.swarmscope.internal.record.Head;
import io.swarmscope.internal.record.Signed;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The full-text index over heads, in memory. One thread at a time changes it, with the lock of {@link MemoryIndex} held; any thread searches
 * without a lock, at the same time, and sees each package as it is or as it was.
 *
 * <p>Words and values of a package that goes are removed at once: the index is always the same as one built anew of what is there.
 */
final class TextIndex {

    /** Numbers that may be unused, in parts of those in use, and in any case, before all are given anew. */
    private static final int GAPS = 3;

    private static final int GAPS_AT_LEAST = 65_536;

    private final int gapsAtLeast;
    private volatile Postings postings = new Postings();

    TextIndex() {
        this(GAPS_AT_LEAST);
    }

    TextIndex(int gapsAtLeast) {
        this.gapsAtLeast = gapsAtLeast;
    }

    /**
     * Takes a head.
     *
     * @param before what stood for the same package until now
     */
    Indexed put(Signed<Head> head, @Nullable Indexed before) {
        Document document = Document.of(head.record().manifest());
        Document old = before == null ? null : before.document();
        if (before != null && old != null && document.reads(old)) {
            Indexed renewed = new Indexed(before.id, head, before.facets);
            renewed.number = before.number;
            postings.show(renewed);
            return renewed;
        }
        Indexed indexed = new Indexed(before == null ? head.id() : before.id, head, postings.facets(document));
        postings.add(indexed, document);
        if (before != null && old != null) {
            postings.hide(before);
            postings.show(indexed);
            postings.remove(before.number, old);
            renumber();
        } else {
            postings.show(indexed);
        }
        return indexed;
    }

    /** Removes a package. */
    void remove(Indexed indexed) {
        postings.hide(indexed);
        postings.remove(indexed.number, indexed.document());
        renumber();
    }

    private void renumber() {
        Postings now = postings;
        long used = now.sums().packages();
        if (now.numbers() - used > gapsAtLeast + used * GAPS) {
            postings = now.renumbered();
        }
    }

    /** See {@link PackageIndex#search}; leaves out what has expired by then. */
    Matches search(Query query, int limit, long now) {
        Question question = Question.of(query);
        Postings held = postings;
        List<List<Term>> expanded = expand(question, held);
        Ranking ranking = ranking(question, held, expanded);
        Collector collector = new Collector(query, limit, now);
        if (!question.isEmpty) {
            List<Requirement> requirements = new ArrayList<>();
            for (int i = 0; i < expanded.size(); i++) {
                requirements.add(Requirement.word(question.words.get(i), i, expanded.get(i)));
            }
            question.filters.forEach(filter -> requirements.add(Requirement.anyOf(held.having(filter))));
            new Evaluation(held, ranking).run(requirements, collector);
        }
        return collector.matches(ranking);
    }

    private static List<List<Term>> expand(Question question, Postings postings) {
        return question.words.stream().map(postings::like).toList();
    }

    private static Ranking ranking(Question question, Postings postings, List<List<Term>> expanded) {
        Weights weights = postings.weights();
        double[] rarities = new double[expanded.size()];
        for (int i = 0; i < rarities.length; i++) {
            int most = 0;
            for (Term term : expanded.get(i)) {
                most = Math.max(most, term.size());
            }
            rarities[i] = weights.rarity(most);
        }
        return new Ranking(question, weights, rarities);
    }
}
