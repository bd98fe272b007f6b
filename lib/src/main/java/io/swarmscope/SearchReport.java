package io.swarmscope;

import java.time.Duration;
import java.util.List;

/**
 * How a search went.
 *
 * @param peers one entry per peer asked, in the order they were chosen
 * @param localHits how many matches the local index gave
 * @param stopped why the search ended
 * @param complete whether the local index and every peer asked answered in full, so that nothing those know is missing
 * @param elapsed how long the search took
 * @param timeout how long it could have taken at most
 */
public record SearchReport(
        List<PeerReport> peers, int localHits, StopReason stopped, boolean complete, Duration elapsed, Duration timeout) {

    /** Copies the list. */
    public SearchReport {
        peers = List.copyOf(peers);
    }

    /** How many of the peers asked answered. */
    public int answered() {
        return (int) peers.stream().filter(p -> p.outcome() == Outcome.ANSWERED).count();
    }

    /** Why a search ended. */
    public enum StopReason {
        /** As many results as asked for were found. */
        LIMIT_FILLED,
        /** Every peer asked has answered or failed. */
        ALL_ANSWERED,
        /** The time was over; what was found until then is returned. */
        DEADLINE,
        /** No peer is connected that answers searches; only the local index was asked. */
        NO_PEERS
    }

    /** What a peer did. */
    public enum Outcome {
        /** It answered; its hits, if any, were verified. */
        ANSWERED,
        /** It could not be reached, refused, or reset the stream. */
        FAILED,
        /** It did not answer before the search ended by its deadline. */
        TIMED_OUT,
        /** It was not waited for, because the search had what it wanted. */
        CANCELLED,
        /** It sent something that does not follow the protocol, or hits that do not verify. */
        MISBEHAVED
    }

    /**
     * One peer's part in a search.
     *
     * @param peer who
     * @param outcome what it did
     * @param detail in words; empty if it simply answered
     * @param hits how many valid hits it sent
     * @param elapsed how long it took, or was waited for
     */
    public record PeerReport(PeerId peer, Outcome outcome, String detail, int hits, Duration elapsed) {}
}
