package io.swarmscope.internal.search;

import io.swarmscope.internal.fork.Deadline;
import io.swarmscope.internal.swarm.Neighbour;
import java.util.List;

/** Who is connected, as the swarm knows it. */
@FunctionalInterface
public interface Neighbours {
    /** The connected peers now; nobody if that cannot be told by the deadline. */
    List<Neighbour> connected(Deadline deadline) throws InterruptedException;
}
