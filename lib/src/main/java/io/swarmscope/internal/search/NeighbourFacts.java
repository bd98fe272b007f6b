package io.swarmscope.internal.search;

import io.swarmscope.Location;
import io.swarmscope.Multiaddr;
import io.swarmscope.PeerId;
import io.swarmscope.internal.peer.DeclaredLocation;
import io.swarmscope.internal.peer.Facts;
import io.swarmscope.internal.swarm.Neighbour;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What connections say of those that may be asked. Immutable; any thread.
 *
 * @param own where this node is, null if it does not say
 */
public record NeighbourFacts(@Nullable Location own) implements Facts<Neighbour> {

    @Override
    public PeerId id(Neighbour peer) {
        return peer.id();
    }

    /** Peers on this very machine stand for themselves: it is not many who pretend. */
    @Override
    public Optional<String> network(Neighbour peer) {
        Multiaddr address = peer.connection().remoteAddress();
        return address.isLoopback() ? Optional.empty() : address.ipNetwork();
    }

    @Override
    public double nearness(Neighbour peer) {
        return DeclaredLocation.nearness(own, peer.identified().agentVersion());
    }
}
