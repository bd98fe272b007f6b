package io.swarmscope.internal.node;

import io.swarmscope.Multiaddr;
import io.swarmscope.PeerId;
import io.swarmscope.PeerStatus;
import io.swarmscope.RegistryStatus;
import io.swarmscope.host.Connection;
import io.swarmscope.host.Host;
import io.swarmscope.host.HostStats;
import io.swarmscope.internal.fork.World;
import io.swarmscope.internal.search.FindService;
import io.swarmscope.internal.search.SearchService;
import io.swarmscope.internal.swarm.Neighbour;
import io.swarmscope.internal.swarm.SwarmHandle;
import io.swarmscope.internal.swarm.SwarmStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Puts a node's figures together for people. Thread-safe. */
final class StatusReader {

    private final PeerId self;
    private final Packages packages;
    private final SwarmHandle swarm;
    private final Host host;
    private final Syncing syncing;
    private final SearchService searches;
    private final FindService finds;
    private final long began = World.nanoTime();

    StatusReader(
            PeerId self,
            Packages packages,
            SwarmHandle swarm,
            Host host,
            Syncing syncing,
            SearchService searches,
            FindService finds) {
        this.self = self;
        this.packages = packages;
        this.swarm = swarm;
        this.host = host;
        this.syncing = syncing;
        this.searches = searches;
        this.finds = finds;
    }

    RegistryStatus read(List<Multiaddr> addresses, int waiting) throws InterruptedException {
        SwarmStatus status = swarm.status();
        Set<PeerId> servers = Set.copyOf(swarm.peers().routingTable());
        List<PeerStatus> peers = swarm.neighbours().stream().map(peer -> status(peer, servers.contains(peer.id()))).toList();
        Map<String, Long> counters = new TreeMap<>(status.counters());
        counters.putAll(swarm.counters());
        counters.putAll(packages.counters());
        counters.putAll(syncing.counters());
        counters.putAll(searches.counters());
        counters.putAll(finds.counters());
        counters.put("waiting", (long) waiting);
        addHost(counters, host.stats());
        return new RegistryStatus(
                self,
                addresses,
                peers,
                status.routingTable(),
                packages.index().published(),
                packages.index().packages(),
                status.records(),
                status.running(),
                Duration.ofNanos(World.nanoTime() - began),
                counters);
    }

    private PeerStatus status(Neighbour neighbour, boolean dhtServer) {
        Connection connection = neighbour.connection();
        Optional<Duration> latency = packages.reputation().latency(neighbour.id());
        return new PeerStatus(
                neighbour.id(),
                connection.remoteAddress(),
                connection.outbound(),
                neighbour.identified().agentVersion(),
                neighbour.identified().protocols(),
                dhtServer,
                latency,
                packages.reputation().score(neighbour.id()),
                Duration.ofNanos(neighbour.connectedNanos()));
    }

    private static void addHost(Map<String, Long> counters, HostStats stats) {
        counters.put("host.inbound", (long) stats.inbound());
        counters.put("host.outbound", (long) stats.outbound());
        counters.put("host.streams", (long) stats.streams());
        counters.put("host.handshakes", stats.handshakes());
        counters.put("host.failed-handshakes", stats.failedHandshakes());
        counters.put("host.refused", stats.refused());
        counters.put("host.bytes-in", stats.bytesIn());
        counters.put("host.bytes-out", stats.bytesOut());
        counters.put("host.violations", stats.violations());
        counters.put("host.timed-out", stats.timedOut());
        counters.put("host.failed-streams", stats.failedStreams());
    }
}
