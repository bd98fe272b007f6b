package io.swarmscope.internal.search;

import io.swarmscope.PackageId;
import io.swarmscope.PeerId;
import io.swarmscope.internal.peer.PeerObserver;
import io.swarmscope.internal.record.Head;
import io.swarmscope.internal.record.RecordRefused;
import io.swarmscope.internal.record.RecordValidator;
import io.swarmscope.internal.record.Signed;
import io.swarmscope.internal.store.PackageIndex;
import io.swarmscope.internal.store.Ranking;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Turns a peer's answer into hits that can be shown: each record is verified, must match the query, and enters the local index. Thread-safe; runs
 * on the thread that asked the peer and answers to its interruption.
 */
final class HitChecker {

    private final RecordValidator validator;
    private final PackageIndex index;
    private final PeerObserver observer;

    HitChecker(RecordValidator validator, PackageIndex index, PeerObserver observer) {
        this.validator = validator;
        this.index = index;
        this.observer = observer;
    }

    /**
     * Checks an answer to a search.
     *
     * @param ranking of that search: with one made after another peer's hits came in, the scores would not compare
     * @throws Refused if it is no answer
     * @throws Dishonest if a hit is one that no honest peer sends; nothing of the answer is used then
     */
    Hits check(PeerId peer, SearchAnswer answer, SearchRequest.Search asked, Ranking ranking)
            throws Refused, Dishonest, InterruptedException {
        requireOk(answer);
        if (answer.hits().size() > asked.limit()) {
            throw new Dishonest("more hits than were asked for");
        }
        List<Hits.Scored> hits = new ArrayList<>(answer.hits().size());
        Set<PackageId> seen = new HashSet<>();
        for (byte[] encoded : answer.hits()) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            Signed<Head> head = verified(peer, encoded);
            if (head != null) {
                if (!seen.add(head.id())) {
                    throw new Dishonest("the same package twice");
                }
                hits.add(new Hits.Scored(head, scoreOf(head, ranking)));
            }
        }
        // Only now: what a liar sends along with his lies is not kept either.
        hits.forEach(hit -> index.offer(hit.head()));
        // A package that was withdrawn or replaced since is not shown because a peer has not heard of it.
        if (hits.removeIf(hit -> hit.head().sequence() < index.sequence(hit.head().id()))) {
            observer.outdated(peer, "hits that newer records replace");
        }
        return new Hits(peer, hits, answer.total() <= answer.hits().size());
    }

    static void requireOk(SearchAnswer answer) throws Refused {
        switch (answer.status()) {
            case OK -> {}
            case BUSY -> throw new Refused("it was asked for more than it gives");
            case REFUSED -> throw new Refused("it refused to answer");
        }
    }

    /** The head, or null for one that is of no use here though an honest peer may have it. */
    private @Nullable Signed<Head> verified(PeerId peer, byte[] encoded) throws Dishonest {
        try {
            return validator.check(encoded)
                    .as(Head.class)
                    .orElseThrow(() -> new Dishonest("a hit that is no package's current state"));
        } catch (RecordRefused e) {
            if (e.reason().mayBeHonest()) {
                observer.outdated(peer, "a hit, " + e.getMessage());
                return null;
            }
            throw new Dishonest("a hit that does not verify, " + e.getMessage());
        }
    }

    private static double scoreOf(Signed<Head> hit, Ranking ranking) throws Dishonest {
        double score = ranking.score(hit.record().manifest());
        if (score == Ranking.NO_MATCH) {
            throw new Dishonest("a hit that does not match");
        }
        return score;
    }
}
