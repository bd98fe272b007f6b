package io.swarmscope.internal.node;

import io.swarmscope.PeerId;
import io.swarmscope.host.Connection;
import io.swarmscope.internal.fork.Deadline;
import io.swarmscope.internal.fork.Nanos;
import io.swarmscope.internal.fork.World;
import io.swarmscope.internal.peer.PeerObserver;
import io.swarmscope.internal.search.Neighbours;
import io.swarmscope.internal.store.PackageIndex;
import io.swarmscope.internal.swarm.Neighbour;
import io.swarmscope.internal.sync.SyncClient;
import io.swarmscope.internal.sync.SyncHandler;
import io.swarmscope.internal.sync.SyncReport.Ending;
import io.swarmscope.internal.sync.SyncReport;
import io.swarmscope.internal.sync.SyncService;
import io.swarmscope.internal.wire.Limits;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Syncs with one peer after the other, as {@link SyncService} decides. {@link #tick} is run by a thread of its own, which a session holds up; the
 * counters are for any thread.
 */
final class Syncing {

    private static final Logger log = LoggerFactory.getLogger(Syncing.class);

    /** While somebody comes or goes all the time, it is not looked who each time, unless a session is due anyway: for each peer there is, so much less often. */
    private static final Duration LOOK_APART = Duration.ofMillis(50);

    private static final long NEVER_SEEN = -1;

    private final Neighbours neighbours;
    private final LongSupplier changes;
    private final PackageIndex index;
    private final SyncClient client;
    private final SyncHandler handler;
    private final String protocol;
    private final PeerObserver observer;
    private final SyncService service;
    private final Supplier<Set<PeerId>> bringers;
    private final Map<String, LongAdder> counters = new ConcurrentHashMap<>();

    // Touched by the thread that ticks only: what the peers were when they were looked at last, and when that may be again.
    private long changesSeen = NEVER_SEEN;
    private long lookAt = World.nanoTime();

    /**
     * Has not synced with anybody yet.
     *
     * @param changes how many times a peer connected, told about itself or left
     * @param bringers says which peers brought something new by a sync since it was asked last
     */
    Syncing(
            Neighbours neighbours,
            LongSupplier changes,
            PackageIndex index,
            SyncClient client,
            SyncHandler handler,
            String protocol,
            PeerObserver observer,
            SyncService service,
            Supplier<Set<PeerId>> bringers) {
        this.neighbours = neighbours;
        this.changes = changes;
        this.index = index;
        this.client = client;
        this.handler = handler;
        this.protocol = protocol;
        this.observer = observer;
        this.service = service;
        this.bringers = bringers;
    }

    /** Holds a session if it is time for one. */
    void tick() throws InterruptedException {
        if (index.isFull()) {
            return; // what it would fetch, it would have to forget something for, and fetch that the next time
        }
        tellOfBringers(Optional.empty());
        long now = World.nanoTime();
        boolean due = service.isDue(now);
        if (changes.getAsLong() != changesSeen && (due || (Nanos.reached(lookAt, now) && service.mayGreet(now)))) {
            look(now);
        } else if (!due) {
            return; // looking at hundreds of peers every second costs more than all that comes of it
        }
        Optional<PeerId> next = service.tick(World.nanoTime());
        if (next.isPresent()) {
            begin(next.get());
        }
    }

    /** Nobody's connection is kept from one look to the next: it may have ended since, with all that it held. */
    private void begin(PeerId next) throws InterruptedException {
        for (Neighbour peer : connected()) {
            if (peer.id().equals(next)) {
                sync(peer.connection());
                return;
            }
        }
        service.ended(World.nanoTime(), Ending.INTERRUPTED, false);
    }

    private List<Neighbour> connected() throws InterruptedException {
        return neighbours.connected(Deadline.after(Limits.SWARM_ANSWER));
    }

    private void look(long now) throws InterruptedException {
        long changed = changes.getAsLong();
        List<Neighbour> peers = connected();
        lookAt = Nanos.after(now, LOOK_APART.multipliedBy(peers.size()));
        changesSeen = peers.isEmpty() ? NEVER_SEEN : changed; // nobody is also what a busy swarm says
        service.look(peers.stream().map(peer -> new SyncService.Candidate(peer.id(), speaks(peer))).toList());
    }

    /** What came in a session of this node's own is told with its ending. */
    private void tellOfBringers(Optional<PeerId> own) {
        Set<PeerId> all = bringers.get();
        if (!all.isEmpty()) {
            Set<PeerId> others = new LinkedHashSet<>(all);
            own.ifPresent(others::remove);
            if (!others.isEmpty()) {
                service.brought(World.nanoTime(), others);
            }
        }
    }

    private boolean speaks(Neighbour peer) {
        return peer.identified().protocols().contains(protocol);
    }

    private void sync(Connection peer) throws InterruptedException {
        SyncReport report = client.sync(peer, Deadline.after(Limits.SYNC_SESSION));
        service.ended(World.nanoTime(), report.ending(), report.gained() + report.accepted() > 0);
        tellOfBringers(Optional.of(peer.remote()));
        log.debug("sync with {}: {}", peer.remote().shortText(), report);
        count("sync.begun", 1);
        count("sync.rounds", report.rounds());
        count("sync.fetched", report.fetched());
        count("sync.gained", report.gained());
        count("sync.offered", report.offered());
        count("sync.bytes", report.bytesIn() + report.bytesOut());
        if (report.ending() == Ending.PROTOCOL) {
            observer.misbehaved(peer.remote(), "sync: " + report.detail());
        } else if (report.ending() != Ending.EQUAL && report.ending() != Ending.DONE) {
            count("sync.failed", 1);
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    private void count(String name, long by) {
        counters.computeIfAbsent(name, any -> new LongAdder()).add(by);
    }

    /** What was counted, by name: sessions of this node and of its peers. */
    Map<String, Long> counters() {
        Map<String, Long> sums = new TreeMap<>(handler.counters());
        counters.forEach((name, sum) -> sums.put(name, sum.sum()));
        return sums;
    }
}
