package io.swarmscope.internal.search;

import io.swarmscope.PeerId;
import io.swarmscope.internal.record.Head;
import io.swarmscope.internal.record.Signed;
import java.util.List;

/**
 * What a peer's answer to a search came to. Immutable.
 *
 * @param peer whose answer
 * @param heads each verified and matching the query, with its score
 * @param all whether the peer sent all it has that matches
 */
record Hits(PeerId peer, List<Scored> heads, boolean all) implements PeerAnswer {

    Hits {
        heads = List.copyOf(heads);
    }

    @Override
    public int count() {
        return heads.size();
    }

    /** A head and how well it matches the query, by our own reckoning. */
    record Scored(Signed<Head> head, double score) {}
}
