package io.swarmscope.internal.search;

import io.swarmscope.PeerId;
import io.swarmscope.internal.fork.Deadline;
import io.swarmscope.internal.swarm.Neighbour;
import java.io.IOException;
import java.util.concurrent.Callable;

/** One peer's part in a search: ask, wait, check. Runs on a virtual thread of its own; the search reads what it noted when that has ended. */
final class PeerTask implements Callable<Hits> {

    private final Neighbour peer;
    private final SearchRequest.Search request;
    private final SearchClient client;
    private final HitChecker checker;
    private final Deadline deadline;
    private final long began = System.nanoTime();
    private volatile long asked;
    private volatile long ended;

    PeerTask(Neighbour peer, SearchRequest.Search request, SearchClient client, HitChecker checker, Deadline deadline) {
        this.peer = peer;
        this.request = request;
        this.client = client;
        this.checker = checker;
        this.deadline = deadline;
    }

    @Override
    public Hits call() throws IOException, InterruptedException, Refused, Dishonest {
        try {
            return checker.check(peer.id(), client.ask(peer.connection(), request, deadline, this::asks), request);
        } finally {
            ended = System.nanoTime();
        }
    }

    private void asks() {
        asked = System.nanoTime();
    }

    PeerId peer() {
        return peer.id();
    }

    /** How long it took, or has taken until now if it never began. */
    long nanos() {
        return end() - began;
    }

    /** How much of that the peer had; 0 if it was not asked. */
    long peersNanos() {
        return asked == 0 ? 0 : end() - asked;
    }

    private long end() {
        return ended == 0 ? System.nanoTime() : ended;
    }
}
