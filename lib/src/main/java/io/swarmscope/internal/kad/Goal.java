package io.swarmscope.internal.kad;

import io.swarmscope.PeerId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a {@link Lookup} is after, besides peers ever nearer to its target. Run by the thread that owns the DHT. */
sealed interface Goal permits Goal.Closest, Goal.Peer, ValueGoal, ProvidersGoal {

    /** {@link #missing} of a goal that is reached only when the k nearest have answered. */
    int ALL = Integer.MAX_VALUE;

    /** What to ask every peer. */
    Request request();

    /**
     * Takes what an answer holds; it is of the kind the request asks for.
     *
     * @return what the peer is at fault for, null when all is well. If it may be honest the rest of the answer is of use all the same
     */
    @Nullable Fault take(PeerId from, Answer answer);

    /** How many more finds would be enough; 0 ends the lookup. */
    int missing();

    /**
     * What was found.
     *
     * @param closest the k nearest that answered
     */
    OperationResult result(List<PeerInfo> closest, LookupReport report);

    /**
     * The k nearest peers and nothing else.
     *
     * @param request asks for peers near the target
     */
    record Closest(Request request) implements Goal {
        @Override
        public @Nullable Fault take(PeerId from, Answer answer) {
            return null;
        }

        @Override
        public int missing() {
            return ALL;
        }

        @Override
        public OperationResult result(List<PeerInfo> closest, LookupReport report) {
            return new OperationResult.Closest(closest, report);
        }
    }

    /** One peer with its addresses. */
    final class Peer implements Goal {
        private final PeerId wanted;
        private @Nullable PeerInfo found;

        Peer(PeerId wanted) {
            this.wanted = wanted;
        }

        @Override
        public Request request() {
            return new Request.FindNode(Bytes.of(wanted.toBytes()));
        }

        @Override
        public @Nullable Fault take(PeerId from, Answer answer) {
            for (PeerInfo named : answer.closer()) {
                if (named.id().equals(wanted) && !named.addresses().isEmpty()) {
                    found = named;
                }
            }
            return null;
        }

        @Override
        public int missing() {
            return found == null ? 1 : 0;
        }

        @Override
        public OperationResult result(List<PeerInfo> closest, LookupReport report) {
            return new OperationResult.FoundPeer(found, report);
        }
    }
}
