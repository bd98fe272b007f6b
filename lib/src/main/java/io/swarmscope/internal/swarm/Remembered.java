package io.swarmscope.internal.swarm;

import io.swarmscope.PeerId;
import io.swarmscope.internal.kad.ProviderEntry;
import io.swarmscope.internal.kad.RecordEntry;
import io.swarmscope.internal.peer.KnownPeer;
import java.util.List;

/**
 * What a node knew of its network before it was restarted. Immutable.
 *
 * @param peers the address book; a peer that connected last is dialed first
 * @param routingTable who was in it
 * @param records the records kept for the network, which were checked when they came
 * @param providers the provider entries kept for it
 */
public record Remembered(
        List<KnownPeer> peers, List<PeerId> routingTable, List<RecordEntry> records, List<ProviderEntry> providers) {

    /** A node that starts for the first time. */
    public static final Remembered NOTHING = new Remembered(List.of(), List.of(), List.of(), List.of());

    /** Copies the lists. */
    public Remembered {
        peers = List.copyOf(peers);
        routingTable = List.copyOf(routingTable);
        records = List.copyOf(records);
        providers = List.copyOf(providers);
    }
}
