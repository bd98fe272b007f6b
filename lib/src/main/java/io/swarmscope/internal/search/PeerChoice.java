package io.swarmscope.internal.search;

import io.swarmscope.internal.peer.Reputation;
import io.swarmscope.internal.swarm.Neighbour;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Whom to ask: connected peers that say they answer searches, by reputation. Thread-safe. */
final class PeerChoice {

    private final Neighbours neighbours;
    private final Reputation reputation;
    private final String protocol;

    PeerChoice(Neighbours neighbours, Reputation reputation, String protocol) {
        this.neighbours = neighbours;
        this.reputation = reputation;
        this.protocol = protocol;
    }

    List<Neighbour> choose(int count) throws InterruptedException {
        List<Neighbour> answering = neighbours.connected().stream()
                .filter(peer -> peer.identified().protocols().contains(protocol))
                .toList();
        return reputation.choose(count, answering, Neighbour::id, ThreadLocalRandom.current());
    }
}
