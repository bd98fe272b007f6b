package io.swarmscope.internal.kad;

import io.swarmscope.PeerId;
import java.util.List;

/**
 * What one lookup did. Immutable.
 *
 * @param end why it ended
 * @param asked how many peers were asked; those neither answered nor failed were still silent at the end
 * @param answered who answered, nearest to the target first
 * @param failed who failed and why, nearest to the target first
 * @param hops the longest chain of "this peer was named by that one" among those that answered; 1 means only seeds answered
 * @param nanos how long it took
 * @param trail who was asked and what came of it, in the order they were asked
 */
public record LookupReport(
        End end, int asked, List<PeerId> answered, List<PeerFailure> failed, int hops, long nanos, List<Hop> trail) {


    /** One that does not tell of each peer. */
    public LookupReport(End end, int asked, List<PeerId> answered, List<PeerFailure> failed, int hops, long nanos) {
        this(end, asked, answered, failed, hops, nanos, List.of());
    }

    /** Copies the lists. */
    public LookupReport {
        answered = List.copyOf(answered);
        failed = List.copyOf(failed);
        trail = List.copyOf(trail);
    }
}
