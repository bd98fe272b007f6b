package io.swarmscope.internal.kad;

import io.swarmscope.PeerId;
import java.util.ArrayList;
import java.util.List;

/** Lookups in networks whose routing tables are those of nodes that have run for long: how far production's {@link Lookup} has to walk in them. */
public final class LookupTable {

    private LookupTable() {}

    /**
     * What came of many.
     *
     * @param found the share of the 20 nearest to each key that were found
     * @param hops the mean of the longest chains of who named whom
     * @param millis the median of the virtual times
     */
    public record Row(int nodes, int lookups, double found, double hops, int hopsMax, double requests, long millis) {}

    /** So many lookups in a network of so many nodes, of which a share is down. */
    public static Row of(int nodes, int lookups, double down, long seed) {
        StaticNetwork network = new StaticNetwork(nodes, seed);
        network.down.addAll(network.share(down));
        double found = 0;
        double hops = 0;
        double requests = 0;
        int hopsMax = 0;
        List<Long> times = new ArrayList<>();
        for (int i = 0; i < lookups; i++) {
            byte[] raw = new byte[32];
            network.random.nextBytes(raw);
            PeerId from = network.anyone();
            StaticNetwork.Walk walk = network.new Walk(from, Bytes.of(raw), new Goal.Closest(new Request.FindNode(Bytes.of(raw))));
            OperationResult.Closest closest = walk.run(OperationResult.Closest.class);
            List<PeerId> got = closest.peers().stream().map(PeerInfo::id).toList();
            List<PeerId> truth = network.sorted(Key.of(raw)).stream()
                    .filter(peer -> !peer.equals(from) && !network.down.contains(peer))
                    .limit(network.config.k())
                    .toList();
            found += (double) truth.stream().filter(got::contains).count() / truth.size();
            hops += closest.report().hops();
            hopsMax = Math.max(hopsMax, closest.report().hops());
            requests += closest.report().asked();
            times.add(walk.now - walk.started);
        }
        times.sort(null);
        return new Row(
                nodes, lookups, found / lookups, hops / lookups, hopsMax, requests / lookups, times.get(lookups / 2) / Fixtures.MILLI);
    }
}
