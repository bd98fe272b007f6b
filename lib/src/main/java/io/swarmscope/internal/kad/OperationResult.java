package io.swarmscope.internal.kad;

import io.swarmscope.PeerId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How an {@link Operation} ended. Immutable. */
public sealed interface OperationResult {

    /**
     * Of {@link Operation.FindClosest}.
     *
     * @param peers those that answered, nearest first, at most k
     * @param report how the lookup went
     */
    record Closest(List<PeerInfo> peers, LookupReport report) implements OperationResult {
        /** Copies the list. */
        public Closest {
            peers = List.copyOf(peers);
        }
    }

    /**
     * Of {@link Operation.FindPeer}.
     *
     * @param peer the peer with its addresses, null when nobody named it; "not found" only if the report's end says so
     * @param report how the lookup went
     */
    record FoundPeer(@Nullable PeerInfo peer, LookupReport report) implements OperationResult {}

    /**
     * Of {@link Operation.GetValue}.
     *
     * @param best the value the validator selected, null when there was none
     * @param values how many peers gave a valid value, whether the best or not
     * @param report how the lookup went
     */
    record FoundValue(@Nullable KadRecord best, int values, LookupReport report) implements OperationResult {}

    /**
     * Of {@link Operation.PutValue} and {@link Operation.Provide}.
     *
     * @param wanted how many peers should have it: k, or as many as the lookup found
     * @param stored who acknowledged; of {@link Operation.Provide}, to whom it was delivered, since nobody acknowledges that
     * @param failed who did not, and why; what is neither stored nor failed was still under way at the end
     * @param report how the lookup before it went
     */
    record Stored(int wanted, List<PeerId> stored, List<PeerFailure> failed, LookupReport report)
            implements OperationResult {
        /** Copies the lists. */
        public Stored {
            stored = List.copyOf(stored);
            failed = List.copyOf(failed);
        }
    }

    /**
     * Of {@link Operation.FindProviders}.
     *
     * @param providers who serves the content, each once
     * @param report how the lookup went
     */
    record FoundProviders(List<PeerInfo> providers, LookupReport report) implements OperationResult {
        /** Copies the list. */
        public FoundProviders {
            providers = List.copyOf(providers);
        }
    }

    /**
     * Of {@link Operation.Bootstrap}.
     *
     * @param tableSize peers in the routing table afterwards
     * @param lookups how many lookups were run
     * @param report how the lookup of the own id went
     */
    record Bootstrapped(int tableSize, int lookups, LookupReport report) implements OperationResult {}

    /**
     * The operation was refused before anybody was asked.
     *
     * @param reason what is wrong with it
     */
    record Refused(String reason) implements OperationResult {}
}
