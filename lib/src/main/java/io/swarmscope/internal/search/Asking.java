package io.swarmscope.internal.search;

import io.swarmscope.SearchReport.Cause;
import io.swarmscope.SearchReport.PeerReport;
import io.swarmscope.internal.peer.Facts;
import io.swarmscope.internal.peer.Reputation;
import io.swarmscope.internal.record.RecordValidator;
import io.swarmscope.internal.store.PackageIndex;
import io.swarmscope.internal.swarm.Neighbour;
import io.swarmscope.internal.telemetry.Telemetry;
import java.util.concurrent.atomic.LongAdder;

/** What asking peers takes: whom, how, what to make of the answers, and what to remember of them. Immutable; any thread. */
public final class Asking {

    /** A peer that was given less time than this is not blamed for its silence. */
    private static final long FAIR_WAIT_NANOS = 200_000_000L;

    final PeerChoice choice;
    final SearchClient client;
    final HitChecker checker;
    final Reputation reputation;
    final Telemetry telemetry;
    final Latencies latencies = new Latencies();
    final Census census = new Census();

    /** How many threads ask a peer now. */
    final LongAdder questions = new LongAdder();

    /**
     * @param network names the protocol that is spoken
     * @param neighbours who can be asked
     * @param facts what is known of them beside their reputation
     * @param reputation says who is asked and hears how it went
     * @param validator checks what they send
     * @param index takes what was found good
     * @param telemetry is told of each question
     */
    public Asking(
            String network,
            Neighbours neighbours,
            Facts<Neighbour> facts,
            Reputation reputation,
            RecordValidator validator,
            PackageIndex index,
            Telemetry telemetry) {
        String protocol = protocol(network);
        this.choice = new PeerChoice(neighbours, facts, reputation, protocol);
        this.client = new SearchClient(protocol);
        this.checker = new HitChecker(validator, index, reputation);
        this.reputation = reputation;
        this.telemetry = telemetry;
    }

    /**
     * The id of the search protocol of a network. Its version rises whenever the meaning of a match changes, or old nodes would call the hits of new ones
     * lies.
     */
    public static String protocol(String network) {
        return "/" + network + "/search/2.0.0";
    }

    /**
     * Takes to heart how a peer served a call that has ended.
     *
     * @param search whether it was asked to search: whatever else it was asked takes less, and says nothing of how long searching will take
     */
    void remember(Part part, PeerReport report, boolean search) {
        report.claim().ifPresent(claim -> census.claims(part.id(), claim.records()));
        switch (report.outcome()) {
            case ANSWERED -> {
                reputation.succeeded(part.id(), part.peersNanos());
                if (search) {
                    latencies.add(part.id(), part.nanos());
                }
            }
            case FAILED -> reputation.failed(part.id());
            case TIMED_OUT -> {
                if (part.peersNanos() >= FAIR_WAIT_NANOS) {
                    reputation.failed(part.id());
                }
            }
            case MISBEHAVED -> reputation.misbehaved(part.id(), report.detail());
            case CANCELLED -> {
                // Otherwise a peer that fell silent would be asked first for ever. It took at least so long, which is worth knowing too.
                if (report.cause() == Cause.HEDGED && part.peersNanos() > 0) {
                    reputation.failed(part.id());
                    if (search) {
                        latencies.add(part.id(), part.nanos());
                    }
                }
            }
        }
    }
}
