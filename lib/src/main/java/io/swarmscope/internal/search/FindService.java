package io.swarmscope.internal.search;

import io.swarmscope.RegistryException;
import io.swarmscope.internal.fork.Deadline;
import io.swarmscope.internal.fork.Forks;
import io.swarmscope.internal.fork.Outcome;
import io.swarmscope.internal.kad.Bytes;
import io.swarmscope.internal.kad.End;
import io.swarmscope.internal.kad.KadRecord;
import io.swarmscope.internal.kad.LookupReport;
import io.swarmscope.internal.kad.Operation;
import io.swarmscope.internal.kad.OperationResult;
import io.swarmscope.internal.record.RecordKey;
import io.swarmscope.internal.record.RecordRefused;
import io.swarmscope.internal.record.RecordValidator;
import io.swarmscope.internal.store.PackageIndex;
import io.swarmscope.internal.swarm.Neighbour;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

/**
 * Looks for the record of one package or version: in the DHT, and where that is slow or does not know, at a few connected peers. The first
 * valid record wins. Thread-safe; runs on its caller's thread and on virtual threads that do not outlive the call.
 *
 * <p>The DHT gets a head start, because one request there usually is the whole answer and asking others as well would make it four.
 */
public final class FindService {

    /** How many connected peers are asked, if it comes to that. */
    private static final int PEERS = 3;

    private static final long MARGIN_NANOS = 50_000_000L;

    /** Runs an operation over the DHT; the swarm's door. */
    @FunctionalInterface
    public interface Dht {
        /** Runs it, at most until the deadline. */
        OperationResult run(Operation operation, Deadline deadline) throws InterruptedException;
    }

    private final Dht dht;
    private final Asking asking;
    private final RecordValidator validator;
    private final PackageIndex index;
    private final Forks forks;

    /** Over these parts; what is found enters the index. */
    public FindService(Dht dht, Asking asking, RecordValidator validator, PackageIndex index, Forks forks) {
        this.dht = dht;
        this.asking = asking;
        this.validator = validator;
        this.index = index;
        this.forks = forks;
    }

    /**
     * Looks for a record in the network; the local index is not asked. Returns by the deadline.
     *
     * @throws RegistryException.Closed if the node is closed meanwhile
     * @throws InterruptedException if the caller is interrupted; all that was begun has ended by then
     */
    public Finding find(RecordKey key, Deadline deadline) throws InterruptedException {
        CountDownLatch dhtIsNoHelp = new CountDownLatch(1);
        List<Callable<Finding>> tasks = new ArrayList<>();
        Deadline inTime = justBefore(deadline);
        tasks.add(() -> inDht(key, inTime, dhtIsNoHelp));
        for (Neighbour peer : asking.choice.choose(PEERS)) {
            tasks.add(new LookupTask(peer, key, asking, validator, dhtIsNoHelp, deadline));
        }
        List<Outcome<Finding>> outcomes =
                forks.run("find", tasks, done -> done.stream().anyMatch(FindService::isDefinite), deadline);
        Finding finding = sum(outcomes);
        if (finding instanceof Finding.Found found) {
            index.offer(found.record());
        }
        return finding;
    }

    /** For an operation over the DHT inside a scope: it ends a little earlier with what it has, so that the scope still takes that. */
    public static Deadline justBefore(Deadline deadline) {
        return deadline.earlier(Duration.ofNanos(Math.min(MARGIN_NANOS, deadline.remainingNanos() / 10)));
    }

    private static boolean isDefinite(Outcome<Finding> outcome) {
        return outcome instanceof Outcome.Value<Finding>(Finding finding) && !(finding instanceof Finding.Unknown);
    }

    private Finding inDht(RecordKey key, Deadline deadline, CountDownLatch noHelp) throws InterruptedException {
        Finding finding = finding(key, dht.run(new Operation.GetValue(Bytes.of(key.toBytes()), 1), deadline));
        if (finding instanceof Finding.Unknown) {
            noHelp.countDown();
        }
        return finding;
    }

    private Finding finding(RecordKey key, OperationResult result) {
        if (!(result instanceof OperationResult.FoundValue value)) {
            return new Finding.Unknown("the DHT did not look for it: " + result);
        }
        KadRecord best = value.best();
        if (best == null) {
            return withoutValue(value.report());
        }
        try {
            return new Finding.Found(validator.check(key, best.value().array()));
        } catch (RecordRefused e) {
            return new Finding.Unknown("the DHT has a record that was refused, " + e.getMessage());
        }
    }

    private static Finding withoutValue(LookupReport report) {
        int answered = report.answered().size();
        int failed = report.failed().size();
        // In a network smaller than k there is no k-th answer to wait for; then two thirds of those there are must have answered.
        boolean nobodyElse = report.end() == End.EXHAUSTED && answered >= 2 * failed;
        if (answered > 0 && (report.end() == End.CLOSEST_ANSWERED || nobodyElse)) {
            return new Finding.Absent(answered);
        }
        return new Finding.Unknown(
                report.asked() == 0
                        ? "no peer of the DHT could be asked"
                        : "of " + report.asked() + " peers of the DHT asked " + answered + " answered and did not have it, " + failed
                                + " failed, " + (report.asked() - answered - failed) + " were silent");
    }

    private static Finding sum(List<Outcome<Finding>> outcomes) {
        List<String> why = new ArrayList<>();
        Finding absent = null;
        for (Outcome<Finding> outcome : outcomes) {
            switch (outcome) {
                case Outcome.Value<Finding>(Finding.Found found) -> {
                    return found;
                }
                case Outcome.Value<Finding>(Finding.Absent nobody) -> absent = nobody;
                case Outcome.Value<Finding>(Finding.Unknown unknown) -> why.add(unknown.why());
                case Outcome.Failed<Finding>(RegistryException closed) -> throw closed;
                case Outcome.Failed<Finding>(Throwable cause) -> why.add(String.valueOf(cause.getMessage()));
                case Outcome.Cancelled<Finding> silent -> why.add("somebody was silent until the end");
            }
        }
        return absent == null ? new Finding.Unknown(String.join("; ", why)) : absent;
    }
}
