package io.swarmscope.internal.node;

import io.swarmscope.Multiaddr;
import io.swarmscope.PeerId;
import io.swarmscope.internal.peer.KnownAddress;
import io.swarmscope.internal.peer.KnownPeer;
import io.swarmscope.internal.peer.Reputation;
import io.swarmscope.internal.peer.ReputationEntry;
import io.swarmscope.internal.store.Row;
import io.swarmscope.internal.swarm.PeersSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Whom a node knows, as rows of its store and back. Stateless; any thread.
 */
final class PeerMemory {

    private static final String CLAIMED = "c";
    private static final String WORKED = "w";

    private PeerMemory() {}

    /** Writes down whom the node knows and what it thinks of them. */
    static void keep(PeersSnapshot known, Reputation reputation, Journal journal) {
        List<Row.Routing> routing = new ArrayList<>(known.routingTable().size());
        for (PeerId peer : known.routingTable()) {
            routing.add(new Row.Routing(peer, routing.size()));
        }
        journal.replace(
                known.peers().stream().map(PeerMemory::row).toList(),
                routing,
                reputation.snapshot().stream().map(PeerMemory::row).toList());
    }

    private static Row.Peer row(KnownPeer peer) {
        String addresses = peer.addresses().stream().map(PeerMemory::line).collect(Collectors.joining("\n"));
        return new Row.Peer(peer.peer(), addresses, peer.lastUsed());
    }

    private static String line(KnownAddress known) {
        String flags = (known.claimed() ? CLAIMED : "") + (known.worked() ? WORKED : "");
        return known.address() + "\t" + flags + "\t" + known.failures();
    }

    private static Row.Standing row(ReputationEntry entry) {
        return new Row.Standing(
                entry.peer(), entry.successes(), entry.failures(), entry.lies(), entry.meanNanos(), entry.weighedAt());
    }

    /** What a row says of a peer; addresses that cannot be read are left out. */
    static KnownPeer read(Row.Peer row) {
        List<KnownAddress> addresses = new ArrayList<>();
        row.addresses().lines().forEach(line -> {
            String[] parts = line.split("\t", -1);
            if (parts.length == 3) {
                address(parts[0]).ifPresent(address -> addresses.add(new KnownAddress(
                        address, parts[1].contains(CLAIMED), parts[1].contains(WORKED), failures(parts[2]))));
            }
        });
        return new KnownPeer(row.peer(), addresses, row.lastUsed());
    }

    static ReputationEntry read(Row.Standing row) {
        return new ReputationEntry(
                row.peer(), row.successes(), row.failures(), row.lies(), row.latencyNanos(), row.weighedAt());
    }

    /** The addresses of lines of text; what cannot be read is left out. */
    static List<Multiaddr> addresses(String lines) {
        return lines.lines().flatMap(line -> address(line).stream()).toList();
    }

    private static Optional<Multiaddr> address(String text) {
        try {
            return Optional.of(Multiaddr.parse(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static int failures(String text) {
        try {
            return Math.max(0, Integer.parseInt(text));
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
