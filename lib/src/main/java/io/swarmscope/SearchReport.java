package io.swarmscope;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How a search, or looking for a package, went. Times are those of this node's steady clock.
 *
 * @param peers one entry per peer asked, in the order in which they were asked
 * @param localHits how many matches this node itself gave, of its index or of what it had found shortly before
 * @param localRecords how many packages this node's index held
 * @param knownRecords how many packages there are, as far as can be told: the most that this node holds or a peer claimed lately, leaving out the
 *     largest claim where there are three or more, so that one liar cannot make it up. An estimate: what nobody told of is not in it
 * @param hops how far the answer was sought: 0 at this node only, 1 at peers it is connected to, more at peers that those named
 * @param stopped why it ended
 * @param complete of a search, whether the local index and as many peers as were to be asked answered in full, so that nothing those
 *     know is missing; of looking for a package, whether what was found stands as asked for
 * @param elapsed how long it took
 * @param timeout how long it could have taken at most: what the caller allowed, or less where latencies did not justify that
 */
public record SearchReport(
        List<PeerReport> peers,
        int localHits,
        long localRecords,
        long knownRecords,
        int hops,
        StopReason stopped,
        boolean complete,
        Duration elapsed,
        Duration timeout) {

    /** Copies the list. */
    public SearchReport {
        peers = List.copyOf(peers);
    }

    /** How many of the peers asked answered. */
    public int answered() {
        return (int) peers.stream().filter(p -> p.outcome() == Outcome.ANSWERED).count();
    }

    /**
     * Which part of the packages there are was looked through, 0 to 1: the largest index among this node's and those of peers that answered, as part
     * of {@link #knownRecords}. An estimate, as that is: indexes may hold different packages, and peers may claim what they like.
     */
    public double coverage() {
        long covered = localRecords;
        for (PeerReport peer : peers) {
            if (peer.outcome() == Outcome.ANSWERED && peer.claim().isPresent()) {
                covered = Math.max(covered, peer.claim().get().records());
            }
        }
        return covered >= knownRecords ? 1 : (double) covered / knownRecords;
    }

    /** For people: one line on the whole and one for each peer. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "asked %d, %d answered, %d here; %s after %d of %d ms, %s, %.0f %% of %d packages covered",
                peers.size(),
                answered(),
                localHits,
                word(stopped),
                elapsed.toMillis(),
                timeout.toMillis(),
                complete ? "complete" : "not complete",
                100 * coverage(),
                knownRecords));
        peers.forEach(peer -> text.append(System.lineSeparator()).append("  ").append(peer));
        return text.toString();
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** Why it ended. */
    public enum StopReason {
        /** As many results as asked for were found. */
        LIMIT_FILLED,
        /** Every peer asked has answered or failed, and nobody is left to ask in place of those who were of no help. */
        ALL_ANSWERED,
        /** The time was over; what was found until then is returned. */
        DEADLINE,
        /** No peer is connected that could be asked; only this node itself was. */
        NO_PEERS,
        /** Its caller was interrupted or closed it. */
        CANCELLED
    }

    /** What a peer did. */
    public enum Outcome {
        /** It answered; its hits, if any, were verified. */
        ANSWERED,
        /** It could not be reached, refused, or the connection broke. */
        FAILED,
        /** It did not answer before the search ended by its deadline. */
        TIMED_OUT,
        /** It was not waited for, because what it was asked for was there. */
        CANCELLED,
        /** It sent something that does not follow the protocol, or hits that do not verify. */
        MISBEHAVED
    }

    /** Why a peer was of no help. */
    public enum Cause {
        /** It was of help. */
        NONE,
        /** It answered that it has nothing. */
        EMPTY,
        /** It refused to answer: it was asked for more than it gives, or does not answer such questions. */
        REFUSED,
        /** The stream or the connection broke after it was asked. */
        RESET,
        /** No stream to it could be opened: the connection was lost, or it or this node takes no more. */
        UNREACHABLE,
        /** It was silent until the time was over. */
        TIMED_OUT,
        /** What it sent does not follow the protocol. */
        MALFORMED,
        /** What it sent is well-formed, but no honest peer sends it: hits that do not match, are forged or foreign. */
        DISHONEST,
        /** It was not waited for: others had given all that was wanted. */
        CANCELLED,
        /** It was slower than it used to be; another was asked beside it and was quicker. */
        HEDGED
    }

    /**
     * What a peer says of its own index. Nobody checks that.
     *
     * @param records how many packages it holds
     * @param newest when the newest of its records was signed, by its publisher's clock; empty if it did not say
     */
    public record Claim(long records, Optional<Instant> newest) {}

    /**
     * One peer's part.
     *
     * @param peer who
     * @param outcome what it did; after several attempts, in the last
     * @param cause why it was of no help, {@link Cause#NONE} if it was
     * @param detail in words; empty if it simply answered
     * @param hits how many valid hits it sent
     * @param attempts how often it was asked
     * @param elapsed from the first question until its answer was checked, or for as long as it was waited for
     * @param bytesOut bytes of questions sent to it, without what transport adds; 0 for peers that the DHT asked
     * @param bytesIn bytes of its answers, likewise
     * @param claim what it said of its index, if it answered
     */
    public record PeerReport(
            PeerId peer,
            Outcome outcome,
            Cause cause,
            String detail,
            int hits,
            int attempts,
            Duration elapsed,
            long bytesOut,
            long bytesIn,
            Optional<Claim> claim) {

        /** For people, on one line. */
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%s %s%s, %d hits, %.1f ms, %d bytes out, %d in%s%s%s",
                    peer.shortText(),
                    word(outcome),
                    cause == Cause.NONE ? "" : " (" + word(cause) + ")",
                    hits,
                    elapsed.toNanos() / 1e6,
                    bytesOut,
                    bytesIn,
                    attempts > 1 ? ", " + attempts + " attempts" : "",
                    claim.map(c -> ", holds " + c.records()).orElse(""),
                    detail.isEmpty() ? "" : ": " + detail);
        }
    }
}
