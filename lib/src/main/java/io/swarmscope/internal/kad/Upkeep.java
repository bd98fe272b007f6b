package io.swarmscope.internal.kad;

import io.swarmscope.PeerId;
import io.swarmscope.internal.fork.Nanos;
import io.swarmscope.internal.wire.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * What a node does without being asked: refreshes its routing table, checks silent peers, spreads better values, lets records expire.
 * Run by the thread that owns the DHT.
 */
final class Upkeep {

    private static final long SECOND = 1_000_000_000L;

    /** How long after the first peers of a young table its neighbourhood is looked up, so that one lookup serves a burst of them. */
    private static final long GROWTH_DELAY = SECOND;

    /** A young table is refreshed no more often than that. */
    private static final long GROWTH_REFRESH_EVERY = 30 * SECOND;

    /** When to look again after as much as allowed was under way. */
    private static final long BUSY_DELAY = SECOND;

    private final Bytes self;
    private final KadConfig config;
    private final RoutingTable table;
    private final RecordStore records;
    private final ProviderStore providers;
    private final Runs runs;
    private final Lookups lookups;
    private final RandomGenerator random;
    private final long refreshEvery;
    private long nextQuery = -1;
    private long lastRefresh;
    private long nextRefresh;
    private long nextCheck;
    private long nextSweep;

    /** Makes lookups for the k peers nearest to a key. */
    interface Lookups {
        Lookup closest(Bytes key, long deadline, long now);
    }

    Upkeep(
            PeerId self,
            KadConfig config,
            RoutingTable table,
            RecordStore records,
            ProviderStore providers,
            Runs runs,
            Lookups lookups,
            RandomGenerator random,
            long now) {
        this.self = Bytes.of(self.toBytes());
        this.config = config;
        this.table = table;
        this.records = records;
        this.providers = providers;
        this.runs = runs;
        this.lookups = lookups;
        this.random = random;
        this.refreshEvery = config.table().refreshEvery().toNanos();
        this.lastRefresh = now - GROWTH_REFRESH_EVERY;
        this.nextRefresh = now + refreshEvery;
        this.nextCheck = now;
        this.nextSweep = now + Limits.KAD_SWEEP_EVERY.toNanos();
    }

    /** When {@link #tick} has something to do next. */
    long due() {
        return Nanos.earlier(nextRefresh, Nanos.earlier(nextSweep, Nanos.later(nextCheck, table.checkDue())));
    }

    void tick(long now) {
        if (Nanos.reached(nextRefresh, now)) {
            refresh(now);
        }
        if (Nanos.reached(Nanos.later(nextCheck, table.checkDue()), now)) {
            check(now);
        }
        if (Nanos.reached(nextSweep, now)) {
            nextSweep = now + Limits.KAD_SWEEP_EVERY.toNanos();
            records.sweep(Limits.KAD_KEYS_SWEPT, now);
            providers.sweep(Limits.KAD_KEYS_SWEPT, now);
        }
    }

    /** A peer entered the table. While the table is young, its neighbourhood is looked up soon. */
    void tableGrew(long now) {
        if (table.size() <= config.k()) {
            long soon = Nanos.later(now + GROWTH_DELAY, lastRefresh + GROWTH_REFRESH_EVERY);
            nextRefresh = Nanos.earlier(nextRefresh, soon);
        }
    }

    /** A bootstrap that counts as a refresh. */
    BootstrapRun bootstrap(long deadline, long now) {
        lastRefresh = now;
        // Nodes that started together should not refresh together
        nextRefresh = now + (long) (refreshEvery * (0.75 + 0.25 * random.nextDouble()));
        return new BootstrapRun(self, new Neighbourhood(), deadline, now);
    }

    /** Gives peers a value better than what they have, if they are not too many things at once. */
    void correct(List<PeerId> peers, KadRecord best, LookupReport report, long now) {
        if (!peers.isEmpty() && mayStart()) {
            List<PeerInfo> to = new ArrayList<>(peers.size());
            for (PeerId peer : peers) {
                to.add(new PeerInfo(peer, List.of()));
            }
            start(new Delivery(new Request.PutValue(best), to, report, config, now + peerTimeout()), now);
        }
    }

    private void refresh(long now) {
        if (table.size() == 0) {
            nextRefresh = now + refreshEvery; // there is nobody to ask until a peer connects
        } else if (mayStart()) {
            start(bootstrap(now + refreshEvery, now), now);
        } else {
            nextRefresh = now + BUSY_DELAY;
        }
    }

    private void check(long now) {
        while (mayStart()) {
            PeerId silent = table.nextCheck(now);
            if (silent == null) {
                return;
            }
            Request request = new Request.FindNode(self);
            List<PeerInfo> to = List.of(new PeerInfo(silent, List.of()));
            LookupReport none = new LookupReport(End.ENOUGH, 0, List.of(), List.of(), 0, 0);
            start(new Delivery(request, to, none, config, now + peerTimeout()), now);
        }
        nextCheck = now + BUSY_DELAY;
    }

    private boolean mayStart() {
        return runs.background() < config.table().backgroundOperations();
    }

    private void start(Run run, long now) {
        runs.start(new QueryId(nextQuery--), run, now);
    }

    private long peerTimeout() {
        return config.lookup().peerTimeout().toNanos();
    }

    private final class Neighbourhood implements BootstrapRun.Neighbourhood {
        @Override
        public Lookup closest(Bytes raw, long deadline, long now) {
            return lookups.closest(raw, deadline, now);
        }

        @Override
        public List<Bytes> targets(long now) {
            return table.refreshTargets(now - refreshEvery / 2, random);
        }

        @Override
        public int size() {
            return table.size();
        }
    }
}
