package io.swarmscope.internal.search;

import io.swarmscope.internal.peer.Reputation;
import io.swarmscope.internal.record.RecordValidator;
import io.swarmscope.internal.store.PackageIndex;

/** What asking peers takes: whom, how, what to make of the answers, and what to remember of them. Immutable; any thread. */
public final class Asking {

    final PeerChoice choice;
    final SearchClient client;
    final HitChecker checker;
    final Reputation reputation;
    final Latencies latencies = new Latencies();

    /**
     * @param network names the protocol that is spoken
     * @param neighbours who can be asked
     * @param reputation says who is asked and hears how it went
     * @param validator checks what they send
     * @param index takes what was found good
     */
    public Asking(
            String network,
            Neighbours neighbours,
            Reputation reputation,
            RecordValidator validator,
            PackageIndex index) {
        String protocol = protocol(network);
        this.choice = new PeerChoice(neighbours, reputation, protocol);
        this.client = new SearchClient(protocol);
        this.checker = new HitChecker(validator, index);
        this.reputation = reputation;
    }

    /** The id of the search protocol of a network. Its version rises whenever the meaning of a match does, or old nodes would call the hits of new ones lies. */
    public static String protocol(String network) {
        return "/" + network + "/search/2.0.0";
    }
}
