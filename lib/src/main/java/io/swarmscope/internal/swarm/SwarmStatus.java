package io.swarmscope.internal.swarm;

import java.util.Map;

/**
 * The swarm's figures at one moment. Immutable.
 *
 * @param connections open connections
 * @param dialing dials in flight
 * @param routingTable peers in the routing table
 * @param records DHT records stored
 * @param providers provider entries stored
 * @param running operations in flight
 * @param knownPeers peers in the address book
 * @param joined whether the node has joined its network
 * @param counters what was counted since the start, by name
 */
public record SwarmStatus(
        int connections,
        int dialing,
        int routingTable,
        int records,
        int providers,
        int running,
        int knownPeers,
        boolean joined,
        Map<String, Long> counters) {

    /** Copies the map. */
    public SwarmStatus {
        counters = Map.copyOf(counters);
    }
}
