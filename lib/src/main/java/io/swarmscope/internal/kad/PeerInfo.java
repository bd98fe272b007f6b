package io.swarmscope.internal.kad;

import io.swarmscope.Multiaddr;
import io.swarmscope.PeerId;
import java.util.List;

/**
 * A peer as another peer described it. The addresses are hints until somebody dialed them and met that peer. Immutable.
 *
 * @param id the peer
 * @param addresses where it may be reached, the sender's order; empty when the sender knows none
 * @param connection what the sender says of its connection to the peer
 */
public record PeerInfo(PeerId id, List<Multiaddr> addresses, ConnectionType connection) {

    /** Copies the list. */
    public PeerInfo {
        addresses = List.copyOf(addresses);
    }

    /** A peer nothing is said about but its addresses. */
    public PeerInfo(PeerId id, List<Multiaddr> addresses) {
        this(id, addresses, ConnectionType.NOT_CONNECTED);
    }
}
