package io.swarmscope.internal.search;

import io.swarmscope.PackageId;
import io.swarmscope.PeerId;
import io.swarmscope.Quorum;
import io.swarmscope.RegistryException;
import io.swarmscope.SearchReport.StopReason;
import io.swarmscope.SearchReport;
import io.swarmscope.internal.fork.Deadline;
import io.swarmscope.internal.fork.Forks;
import io.swarmscope.internal.fork.World;
import io.swarmscope.internal.kad.Bytes;
import io.swarmscope.internal.kad.End;
import io.swarmscope.internal.kad.KadRecord;
import io.swarmscope.internal.kad.LookupReport;
import io.swarmscope.internal.kad.Operation;
import io.swarmscope.internal.kad.OperationResult;
import io.swarmscope.internal.record.RecordKey;
import io.swarmscope.internal.record.RecordRefused;
import io.swarmscope.internal.record.RecordValidator;
import io.swarmscope.internal.record.Signed;
import io.swarmscope.internal.search.FindAnswer.FromDht;
import io.swarmscope.internal.search.FindAnswer.FromPeer;
import io.swarmscope.internal.store.PackageIndex;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/**
 * Looks for the record of one package or version in the network. Thread-safe; runs on its caller's thread and on virtual threads that do not outlive
 * the call. Calls for the same record at a time share one lookup: the first carries it out, the others wait for it, each until its own deadline;
 * if the first leaves without an answer, one of the others takes over.
 */
public final class FindService {

    private static final long MARGIN_NANOS = 50_000_000L;

    /** Runs an operation over the DHT; the swarm's door. */
    @FunctionalInterface
    public interface Dht {
        /** Runs it, at most until the deadline. */
        OperationResult run(Operation operation, Deadline deadline) throws InterruptedException;
    }

    private record Wanted(RecordKey key, Quorum quorum) {}

    private final Dht dht;
    final Asking asking;
    private final RecordValidator validator;
    final PackageIndex index;
    private final Function<PackageId, Optional<PeerId>> holder;
    private final Forks forks;
    private final FindCache cache;
    private final String threads;

    /** What is under way; empty where whoever carries it out leaves without an answer. */
    private final Map<Wanted, CompletableFuture<Optional<Finding>>> underWay = new ConcurrentHashMap<>();

    private final LongAdder cached = new LongAdder();
    private final LongAdder shared = new LongAdder();
    private final LongAdder asked = new LongAdder();

    /**
     * Over these parts; what is found enters the index.
     *
     * @param self this node, whose name its threads carry
     * @param holder who certainly has a package, if that is known: its publisher
     * @param cacheFor for how long what was found is found again without asking anybody; zero for not at all
     */
    public FindService(
            PeerId self,
            Dht dht,
            Asking asking,
            RecordValidator validator,
            PackageIndex index,
            Function<PackageId, Optional<PeerId>> holder,
            Duration cacheFor,
            Forks forks) {
        this.dht = dht;
        this.asking = asking;
        this.validator = validator;
        this.index = index;
        this.holder = holder;
        this.forks = forks;
        this.cache = new FindCache(cacheFor);
        this.threads = "swarmscope-" + self.shortText() + "-find";
    }

    /**
     * Looks for a record in the network; the local index is not asked. Returns by the deadline.
     *
     * @param quorum with {@link Quorum#FIRST_VALID}, what was found shortly before is found again
     * @throws RegistryException.Closed if the node is closed meanwhile
     * @throws InterruptedException if the caller is interrupted; all that was begun for it alone has ended by then
     */
    public Finding find(RecordKey key, Quorum quorum, Deadline deadline) throws InterruptedException {
        if (quorum.equals(Quorum.FIRST_VALID)) {
            Optional<Signed<?>> before = foundBefore(key);
            if (before.isPresent()) {
                cached.increment();
                return new Finding.Found(before.get(), 0, heldReport(deadline.remaining(), 0));
            }
        }
        Wanted wanted = new Wanted(key, quorum);
        while (true) {
            CompletableFuture<Optional<Finding>> mine = new CompletableFuture<>();
            CompletableFuture<Optional<Finding>> others = underWay.putIfAbsent(wanted, mine);
            if (others == null) {
                return lookUp(wanted, mine, deadline);
            }
            Optional<Finding> finding = await(others, deadline);
            if (finding.isPresent()) {
                shared.increment();
                return finding.get();
            }
        }
    }

    private Optional<Signed<?>> foundBefore(RecordKey key) {
        Optional<Signed<?>> before = cache.get(key);
        if (before.isEmpty()) {
            return before;
        }
        try {
            return Optional.of(validator.checkAgain(before.get().encoded()));
        } catch (RecordRefused e) { // it has expired, or was withdrawn
            cache.drop(key.id());
            return Optional.empty();
        }
    }

    private Finding lookUp(Wanted wanted, CompletableFuture<Optional<Finding>> told, Deadline deadline)
            throws InterruptedException {
        Optional<Finding> result = Optional.empty();
        try {
            Finding finding = lookUp(wanted.key, wanted.quorum, deadline);
            boolean inTime = finding.report().stopped() != StopReason.DEADLINE; // others may have more time
            result = inTime ? Optional.of(finding) : Optional.empty();
            return finding;
        } finally {
            underWay.remove(wanted, told);
            told.complete(result);
        }
    }

    private Finding lookUp(RecordKey key, Quorum quorum, Deadline deadline) throws InterruptedException {
        asked.increment();
        FindRun run = new FindRun(this, key, quorum, deadline);
        try {
            List<?> unused = forks.run(threads, run);
        } catch (InterruptedException e) {
            run.abandoned();
            throw e;
        }
        Finding finding = run.finding();
        if (finding instanceof Finding.Found found) {
            index.offer(found.record());
            cache.put(key, found.record());
        }
        return finding;
    }

    /** What another call found; empty if that one left without an answer and this one has time for it. */
    private Optional<Finding> await(CompletableFuture<Optional<Finding>> others, Deadline deadline)
            throws InterruptedException {
        try {
            Optional<Finding> finding = World.here().await(others, deadline.remainingNanos());
            return finding.isEmpty() && deadline.passed() ? Optional.of(tooLate(deadline)) : finding;
        } catch (TimeoutException e) {
            return Optional.of(tooLate(deadline));
        } catch (ExecutionException e) {
            throw new IllegalStateException("it is never completed with a failure", e);
        }
    }

    private Finding tooLate(Deadline deadline) {
        long records = index.packages();
        return new Finding.Unknown(
                "another call was still looking for it",
                new SearchReport(
                        List.of(), 0, records, asking.census.packages(records), 0, StopReason.DEADLINE, false, Duration.ZERO,
                        deadline.remaining()));
    }

    /**
     * The report of a call that had not to ask anybody.
     *
     * @param elapsedNanos how long it took
     */
    public SearchReport heldReport(Duration timeout, long elapsedNanos) {
        long records = index.packages();
        return new SearchReport(
                List.of(),
                1,
                records,
                asking.census.packages(records),
                0,
                StopReason.LIMIT_FILLED,
                true,
                Duration.ofNanos(elapsedNanos),
                timeout);
    }

    /** There is news of a package: what was found of it before is not found again. Returns at once. */
    public void heard(PackageId id) {
        cache.drop(id);
    }

    /** For an operation over the DHT inside a scope: it ends a little earlier with what it has, so that the scope still takes that. */
    public static Deadline justBefore(Deadline deadline) {
        return deadline.earlier(Duration.ofNanos(Math.min(MARGIN_NANOS, deadline.remainingNanos() / 10)));
    }

    // What a run asks

    FromDht inDht(RecordKey key, int quorum, Deadline deadline) throws InterruptedException {
        Operation operation = new Operation.GetValue(Bytes.of(key.toBytes()), quorum);
        OperationResult result = dht.run(operation, justBefore(deadline));
        if (!(result instanceof OperationResult.FoundValue value)) {
            return new FromDht(Optional.empty(), 0, false, null, "the DHT did not look for it: " + result);
        }
        KadRecord best = value.best();
        if (best == null) {
            return without(value.report());
        }
        try {
            Signed<?> record = validator.check(key, best.value().array());
            return new FromDht(Optional.of(record), value.values(), false, value.report(), "");
        } catch (RecordRefused e) {
            return new FromDht(
                    Optional.empty(), 0, false, value.report(), "the DHT has a record that was refused, " + e.getMessage());
        }
    }

    private static FromDht without(LookupReport report) {
        int answered = report.answered().size();
        int failed = report.failed().size();
        // In a network smaller than k there is no k-th answer to wait for; then two thirds of those there are must have answered.
        boolean nobodyElse = report.end() == End.EXHAUSTED && answered >= 2 * failed;
        boolean absent = answered > 0 && (report.end() == End.CLOSEST_ANSWERED || nobodyElse);
        String why = report.asked() == 0
                ? "no peer of the DHT could be asked"
                : "of " + report.asked() + " peers of the DHT asked " + answered + " answered and did not have it, " + failed
                        + " failed, " + (report.asked() - answered - failed) + " were silent";
        return new FromDht(Optional.empty(), 0, absent, report, why);
    }

    PeerChoice.Line line(RecordKey key, int places, Deadline deadline) throws InterruptedException {
        PeerChoice.Line line = asking.choice.line(places, deadline);
        holder.apply(key.id()).ifPresent(line::prefer);
        return line;
    }

    FanOut<FromPeer> fanOut(RecordKey key, int places, PeerChoice.Line line, Deadline deadline, long now) {
        SearchRequest request = new SearchRequest.Lookup(key.id(), key.version());
        Patience patience = new Patience(asking.latencies, deadline.remainingNanos(), false, underWay.size());
        return new FanOut<>(
                asking, places, line, request, (peer, answer) -> checked(peer, answer, key), patience, deadline, now);
    }

    private FromPeer checked(PeerId peer, SearchAnswer answer, RecordKey key) throws Refused, Dishonest {
        HitChecker.requireOk(answer);
        if (answer.hits().isEmpty()) {
            return new FromPeer(Optional.empty());
        }
        try {
            return new FromPeer(Optional.of(validator.check(key, answer.hits().getFirst())));
        } catch (RecordRefused e) {
            if (e.reason().mayBeHonest()) {
                asking.reputation.outdated(peer, String.valueOf(e.getMessage()));
                return new FromPeer(Optional.empty());
            }
            throw new Dishonest(String.valueOf(e.getMessage()));
        }
    }

    /**
     * How many calls were answered from what was found before, how many shared another's lookup, how many lookups there were, and how many are under
     * way.
     */
    public Map<String, Long> counters() {
        return Map.of(
                "find.cached", cached.sum(),
                "find.shared", shared.sum(),
                "find.lookups", asked.sum(),
                "find.under-way", (long) underWay.size());
    }
}
