package io.swarmscope;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A registry at one moment.
 *
 * @param id this node
 * @param addresses where it can be dialed, with its peer id
 * @param peers whom it is connected to
 * @param routingTable how many peers its routing table holds
 * @param published how many packages it published
 * @param packages how many packages its local index holds, its own among them
 * @param records how many DHT records it stores
 * @param running operations in flight
 * @param uptime since it was opened
 * @param counters what it counted since then, by name; more may be added. Among them {@code waiting}, records of this node that fewer
 *     peers store than should, and that are put again; {@code refused.*}, records refused by reason; {@code evidence}, records that
 *     contradict what their publisher signed before; {@code sync.*}, sessions of set reconciliation and what they brought; {@code store.*}, what was
 *     written to disk, and {@code store.dropped}, what could not be; {@code gossip.*}; {@code gossip.passed-over}, what was not looked at of
 *     frames beyond the limits; {@code violations}, protocols broken by peers; {@code host.*}, connections, streams and bytes, and among them {@code
 *     host.refused}, what met a limit, {@code host.timed-out}, what kept this node waiting for too long, {@code host.violations}, violations of what
 *     connections are made of, also by strangers; {@code kad.*}, requests served and operations run
 */
public record RegistryStatus(
        PeerId id,
        List<Multiaddr> addresses,
        List<PeerStatus> peers,
        int routingTable,
        int published,
        int packages,
        int records,
        int running,
        Duration uptime,
        Map<String, Long> counters) {

    /** Copies the collections. */
    public RegistryStatus {
        addresses = List.copyOf(addresses);
        peers = List.copyOf(peers);
        counters = Map.copyOf(counters);
    }
}
