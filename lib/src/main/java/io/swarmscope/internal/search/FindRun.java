package io.swarmscope.internal.search;

import io.swarmscope.PeerId;
import io.swarmscope.Quorum;
import io.swarmscope.RegistryException;
import io.swarmscope.SearchReport.Cause;
import io.swarmscope.SearchReport.PeerReport;
import io.swarmscope.SearchReport.StopReason;
import io.swarmscope.SearchReport;
import io.swarmscope.internal.fork.Deadline;
import io.swarmscope.internal.fork.Nanos;
import io.swarmscope.internal.fork.Outcome;
import io.swarmscope.internal.fork.Plan;
import io.swarmscope.internal.fork.World;
import io.swarmscope.internal.kad.End;
import io.swarmscope.internal.kad.Hop;
import io.swarmscope.internal.kad.LookupReport;
import io.swarmscope.internal.record.RecordKey;
import io.swarmscope.internal.record.Signed;
import io.swarmscope.internal.search.FindAnswer.FromDht;
import io.swarmscope.internal.search.FindAnswer.FromPeer;
import io.swarmscope.internal.search.FindAnswer.Reachable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Looks for one record in the network: in the DHT, and where that is slow or does not know, at connected peers. Made and read by the caller's thread; as
 * the plan of its scope it is told of outcomes by the threads of the scope, one at a time.
 *
 * <p>The DHT gets a head start, because one request there usually is the whole answer and asking others as well would make it four.
 */
final class FindRun implements Plan<FindAnswer> {

    private static final long HEAD_START_NANOS = 50_000_000L;

    /** How many connected peers are asked at once, if it comes to that. */
    private static final int PEERS = 3;

    /** The number of the task that asks the DHT: the first. */
    private static final int DHT = 0;

    private final FindService service;
    private final RecordKey key;
    private final Quorum quorum;
    private final Deadline deadline;
    private final long began = World.nanoTime();
    private final Duration timeout;

    /** By number; null for those that ask nobody. */
    private final List<@Nullable PeerTask<FromPeer>> tasks = new ArrayList<>();

    private @Nullable FromDht dht;
    private boolean lineWanted;
    private boolean lineFailed;
    private @Nullable FanOut<FromPeer> fanOut;
    private @Nullable Signed<?> best;
    private int peersWithIt;
    private RegistryException.@Nullable Closed closed;

    FindRun(FindService service, RecordKey key, Quorum quorum, Deadline deadline) {
        this.service = service;
        this.key = key;
        this.quorum = quorum;
        this.deadline = deadline;
        this.timeout = deadline.remaining();
    }

    @Override
    public void ended(int number, Outcome<FindAnswer> outcome, long now) {
        PeerTask<FromPeer> asked = tasks.get(number);
        switch (outcome) {
            case Outcome.Value<FindAnswer>(FromDht answer) -> {
                dht = answer;
                answer.best().ifPresent(this::takeIfNewer);
            }
            case Outcome.Value<FindAnswer>(Reachable peers) -> fanOut = service.fanOut(key, places(), peers.line(), deadline, now);
            case Outcome.Value<FindAnswer>(FromPeer answer) -> {
                if (asked != null && fanOut != null) {
                    fanOut.ended(asked, new Outcome.Value<>(answer), now);
                }
                answer.record().ifPresent(record -> {
                    peersWithIt++;
                    takeIfNewer(record);
                });
            }
            case Outcome.Failed<FindAnswer>(RegistryException.Closed cause) -> closed = cause;
            case Outcome.Failed<FindAnswer>(Throwable cause) -> {
                if (asked != null && fanOut != null) {
                    fanOut.ended(asked, new Outcome.Failed<>(cause), now);
                } else if (number == DHT) {
                    dht = new FromDht(Optional.empty(), 0, false, null, "the DHT failed: " + cause.getMessage());
                } else {
                    lineFailed = true;
                }
            }
            case Outcome.Cancelled<FindAnswer> never -> {}
        }
    }

    private void takeIfNewer(Signed<?> record) {
        if (best == null || record.replaces(best)) {
            best = record;
        }
    }

    @Override
    public Step<FindAnswer> next(long now) {
        if (closed != null || isDefinite() || Nanos.reached(deadline.nanoTime(), now)) {
            return Step.ending();
        }
        List<Callable<? extends FindAnswer>> start = new ArrayList<>(PEERS);
        if (tasks.isEmpty()) {
            begin(() -> service.inDht(key, Math.max(1, quorum.peers()), deadline), start);
        }
        if (!lineWanted && (dht != null || Nanos.reached(began + HEAD_START_NANOS, now))) {
            lineWanted = true;
            begin(() -> new Reachable(service.line(key, places(), deadline)), start);
        }
        if (fanOut != null) {
            List<PeerTask<FromPeer>> due = fanOut.due(now);
            tasks.addAll(due);
            start.addAll(due);
        }
        return new Step<>(start, Nanos.earlier(deadline.nanoTime(), wakeAt(now)), start.isEmpty() && isOver());
    }

    private void begin(Callable<? extends FindAnswer> task, List<Callable<? extends FindAnswer>> start) {
        tasks.add(null);
        start.add(task);
    }

    private int places() {
        return Math.max(PEERS, quorum.peers());
    }

    private long wakeAt(long now) {
        if (!lineWanted) {
            return began + HEAD_START_NANOS;
        }
        return fanOut == null || fanOut.finished() ? deadline.nanoTime() : Nanos.later(fanOut.wakeAt(), now + 1);
    }

    /** Whether nothing that may still come would change the answer. */
    private boolean isDefinite() {
        return best == null ? dht != null && dht.absent() : isConfirmed();
    }

    private boolean isConfirmed() {
        return quorum.peers() == 0 || confirmations() >= quorum.peers();
    }

    /** The DHT does not say who gave it a record, so that its peers and those asked here may be the same: they are not added up. */
    private int confirmations() {
        return Math.max(dht == null ? 0 : dht.values(), peersWithIt);
    }

    /** Whether nothing more comes. */
    private boolean isOver() {
        return dht != null && (lineFailed || (fanOut != null && fanOut.finished()));
    }

    /** Its caller leaves: who lied or failed before is remembered all the same. */
    void abandoned() {
        if (fanOut != null) {
            List<PeerReport> unused = fanOut.settle(Fault.NOT_WAITED_FOR, false);
        }
    }

    /** What it came to; once, when the scope has ended. */
    Finding finding() {
        if (closed != null) {
            throw closed;
        }
        List<PeerReport> peers = fanOut == null
                ? new ArrayList<>()
                : fanOut.settle(isDefinite() ? Fault.NOT_WAITED_FOR : Fault.SILENT, false);
        String why = best != null ? "" : why(peers);
        addDht(peers);
        SearchReport report = report(peers);
        if (best != null) {
            return new Finding.Found(best, confirmations(), report);
        }
        return dht != null && dht.absent() && dht.lookup() != null
                ? new Finding.Absent(dht.lookup().answered().size(), report)
                : new Finding.Unknown(why, report);
    }

    private SearchReport report(List<PeerReport> peers) {
        long records = service.index.packages();
        int hops = dht == null || dht.lookup() == null ? 0 : dht.lookup().hops();
        return new SearchReport(
                peers,
                0,
                records,
                service.asking.census.packages(records),
                Math.max(hops, peers.isEmpty() ? 0 : 1),
                stopped(peers),
                isDefinite(),
                Duration.ofNanos(World.nanoTime() - began),
                timeout);
    }

    private StopReason stopped(List<PeerReport> peers) {
        if (isDefinite()) {
            return best == null ? StopReason.ALL_ANSWERED : StopReason.LIMIT_FILLED;
        }
        if (!isOver()) {
            return StopReason.DEADLINE;
        }
        return peers.isEmpty() ? StopReason.NO_PEERS : StopReason.ALL_ANSWERED;
    }

    /** Adds the peers that the DHT asked, but for those that were asked here, of which more is known. */
    private void addDht(List<PeerReport> peers) {
        LookupReport lookup = dht == null ? null : dht.lookup();
        if (lookup != null) {
            Set<PeerId> known = new HashSet<>();
            peers.forEach(peer -> known.add(peer.peer()));
            Fault silent = lookup.end() == End.DEADLINE ? Fault.SILENT : Fault.NOT_WAITED_FOR;
            for (Hop hop : lookup.trail()) {
                if (known.add(hop.peer())) {
                    Fault fault = hop.tookNanos().isPresent() ? Fault.NONE : hop.failure().map(Fault::inDht).orElse(silent);
                    long nanos = hop.tookNanos().orElse(Math.max(0, lookup.nanos() - hop.askedAfterNanos()));
                    peers.add(inDht(hop.peer(), fault, Duration.ofNanos(nanos)));
                }
            }
        }
    }

    private static PeerReport inDht(PeerId peer, Fault fault, Duration elapsed) {
        return new PeerReport(peer, fault.outcome(), fault.cause(), fault.detail(), 0, 1, elapsed, 0, 0, Optional.empty());
    }

    private String why(List<PeerReport> asked) {
        List<String> reasons = new ArrayList<>();
        reasons.add(dht == null ? "the DHT was silent until the end" : dht.why());
        for (PeerReport peer : asked) {
            String who = "peer " + peer.peer().shortText();
            reasons.add(peer.cause() == Cause.EMPTY ? who + " does not have it" : who + ": " + peer.detail());
        }
        return String.join("; ", reasons);
    }
}
