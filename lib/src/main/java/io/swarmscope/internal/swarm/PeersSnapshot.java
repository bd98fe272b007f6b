package io.swarmscope.internal.swarm;

import io.swarmscope.PeerId;
import io.swarmscope.internal.peer.KnownPeer;
import java.util.Collections;
import java.util.List;

/**
 * Whom a node knows at one moment; {@link Remembered} takes it back. Immutable.
 *
 * @param peers the address book, the peer last used last; those connected now count as used now
 * @param routingTable the peers of the routing table, those nearest to this node first
 */
public record PeersSnapshot(List<KnownPeer> peers, List<PeerId> routingTable) {

    /** Wraps the lists, which nobody else has: the swarm thread need not copy 10,000 peers twice. */
    public PeersSnapshot {
        peers = Collections.unmodifiableList(peers);
        routingTable = Collections.unmodifiableList(routingTable);
    }
}
