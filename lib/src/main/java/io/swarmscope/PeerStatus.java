package io.swarmscope;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * A peer this node is connected to.
 *
 * @param id who
 * @param address where it is connected
 * @param outbound whether this node dialed
 * @param agent name and version of its software, by its own word; empty until it told
 * @param protocols what it answers, by its own word
 * @param dhtServer whether it is in the routing table
 * @param latency a recent round trip, if one was measured
 * @param reputation how well it served this node, 0 to 1
 * @param connectedFor how long
 */
public record PeerStatus(
        PeerId id,
        Multiaddr address,
        boolean outbound,
        String agent,
        Set<String> protocols,
        boolean dhtServer,
        Optional<Duration> latency,
        double reputation,
        Duration connectedFor) {

    /** Copies the set. */
    public PeerStatus {
        protocols = Set.copyOf(protocols);
    }
}
