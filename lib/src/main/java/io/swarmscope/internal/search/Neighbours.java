package io.swarmscope.internal.search;

import io.swarmscope.internal.swarm.Neighbour;
import java.util.List;

/** Who is connected, as the swarm knows it. */
@FunctionalInterface
public interface Neighbours {
    /** The connected peers now. */
    List<Neighbour> connected() throws InterruptedException;
}
