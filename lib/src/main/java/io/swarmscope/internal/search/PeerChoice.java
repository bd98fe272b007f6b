package io.swarmscope.internal.search;

import io.swarmscope.PeerId;
import io.swarmscope.host.Connection;
import io.swarmscope.internal.fork.Deadline;
import io.swarmscope.internal.fork.World;
import io.swarmscope.internal.peer.Facts;
import io.swarmscope.internal.peer.Reputation;
import io.swarmscope.internal.swarm.Neighbour;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whom to ask: connected peers that say they answer searches, by reputation. Thread-safe. */
final class PeerChoice {

    private final Neighbours neighbours;
    private final Facts<Neighbour> facts;
    private final Reputation reputation;
    private final String protocol;

    PeerChoice(Neighbours neighbours, Facts<Neighbour> facts, Reputation reputation, String protocol) {
        this.neighbours = neighbours;
        this.facts = facts;
        this.reputation = reputation;
        this.protocol = protocol;
    }

    /** Those that can be asked now, the first of them chosen: {@code count} at once, the others in their place. */
    Line line(int count, Deadline deadline) throws InterruptedException {
        List<Neighbour> answering = new ArrayList<>();
        for (Neighbour peer : neighbours.connected(deadline)) {
            if (peer.identified().protocols().contains(protocol)) {
                answering.add(peer);
            }
        }
        return new Line(answering, choose(count, answering));
    }

    private List<Neighbour> choose(int count, List<Neighbour> among) {
        return reputation.choose(count, among, facts, World.here().random());
    }

    /** A connection to a peer, if there is one now. */
    Optional<Connection> connectionTo(PeerId peer, Deadline deadline) throws InterruptedException {
        return neighbours.connected(deadline).stream()
                .filter(neighbour -> neighbour.id().equals(peer))
                .map(Neighbour::connection)
                .filter(Connection::isOpen)
                .findFirst();
    }

    /** Who can be asked in one call, each once, the best first. Not thread-safe. */
    final class Line {

        private final List<Neighbour> all;
        private final int size;
        private Deque<Neighbour> next;

        /** Whether all are in line, not just those chosen: most calls need nobody else, so the others are ranked when one does. */
        private boolean complete;

        private Line(List<Neighbour> all, List<Neighbour> chosen) {
            this.all = all;
            this.size = all.size();
            this.next = new ArrayDeque<>(chosen);
            all.removeAll(chosen);
        }

        /** How many there were at first. */
        int size() {
            return size;
        }

        /** Whoever is in the line goes to its head. */
        void prefer(PeerId peer) {
            List<Neighbour> preferred = new ArrayList<>(1);
            all.removeIf(neighbour -> neighbour.id().equals(peer) && preferred.add(neighbour));
            next.removeIf(neighbour -> neighbour.id().equals(peer) && preferred.add(neighbour));
            preferred.forEach(next::addFirst);
        }

        @Nullable Neighbour next() {
            if (next.isEmpty() && !complete) {
                complete = true;
                next = new ArrayDeque<>(choose(all.size(), all));
            }
            return next.poll();
        }
    }
}
