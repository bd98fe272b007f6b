package io.swarmscope.internal.node;

import io.swarmscope.FindResult;
import io.swarmscope.PublishReceipt;
import io.swarmscope.Query;
import io.swarmscope.QueryMetrics;
import io.swarmscope.RegistryException;
import io.swarmscope.SearchReport;
import io.swarmscope.SearchResult;
import io.swarmscope.internal.fork.World;
import io.swarmscope.internal.record.RecordKey;
import io.swarmscope.internal.search.SearchService;
import io.swarmscope.internal.telemetry.CallCounters;
import io.swarmscope.internal.telemetry.SearchEvent;
import io.swarmscope.internal.telemetry.Telemetry;
import io.swarmscope.internal.telemetry.TracedPart;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * Watches the calls of a registry: counts them, makes each a span and its duration a metric, and each search an event of the flight recorder.
 * Thread-safe; runs on the callers' threads and on
 * those of streams.
 */
final class CallWatch {

    private final CallCounters searches = new CallCounters();
    private final CallCounters finds = new CallCounters();
    private final Telemetry telemetry;

    CallWatch(Telemetry telemetry) {
        this.telemetry = telemetry;
    }

    /** A call to watch. */
    interface Call<T> {
        /** Runs it. */
        T run() throws InterruptedException;
    }

    /** The figures now. */
    QueryMetrics metrics() {
        return new QueryMetrics(searches.snapshot(), finds.snapshot());
    }

    SearchResult search(Query query, Call<SearchResult> call) throws InterruptedException {
        return watched(query, call, SearchResult::report, result -> result.hits().size());
    }

    /** The same of a stream of hits, as part of what this thread does. One whose reader had enough of it has succeeded. */
    SearchService.Watch stream(Query query) {
        Telemetry.Carrier carrier = telemetry.carrier();
        return (search, found) -> carrier.run(() -> {
            try {
                return watched(query, search::get, report -> report, report -> found.getAsInt());
            } catch (InterruptedException e) {
                throw new IllegalStateException("a stream's search makes a report of its end", e);
            }
        });
    }

    private <T> T watched(Query query, Call<T> call, Function<T, SearchReport> reportOf, ToIntFunction<T> foundOf)
            throws InterruptedException {
        searches.began();
        long began = World.nanoTime();
        SearchEvent event = new SearchEvent();
        event.begin();
        try (TracedPart part = telemetry.begin("search")) {
            part.set("swarmscope.search.limit", query.limit());
            try {
                T result = call.run();
                SearchReport report = reportOf.apply(result);
                int found = foundOf.applyAsInt(result);
                event.ended(report, found);
                searched(report, found, World.nanoTime() - began);
                describe(part, report, found);
                return result;
            } catch (RuntimeException | InterruptedException e) {
                long took = World.nanoTime() - began;
                event.failed(e);
                searches.failed(took, cause(e));
                telemetry.searched(took, cause(e));
                part.failed(e);
                throw e;
            }
        }
    }

    private void searched(SearchReport report, int found, long nanos) {
        asked(searches, report, report.peers().stream().filter(peer -> peer.hits() > 0).count());
        if (report.stopped() == SearchReport.StopReason.DEADLINE) {
            searches.timedOut(nanos, found);
        } else {
            searches.succeeded(nanos, found);
        }
        telemetry.searched(nanos, CallCounters.name(report.stopped().name()));
    }

    private static void asked(CallCounters calls, SearchReport report, long useful) {
        if (report.peers().isEmpty()) {
            calls.here();
        } else {
            calls.elsewhere();
        }
        for (SearchReport.PeerReport peer : report.peers()) {
            switch (peer.outcome()) {
                case ANSWERED, CANCELLED -> {}
                case FAILED, TIMED_OUT, MISBEHAVED -> calls.peerFailed(CallCounters.name(peer.cause().name()));
            }
        }
        calls.asked(report.peers().size(), useful);
    }

    private static void describe(TracedPart part, SearchReport report, int found) {
        if (part.isSeen()) {
            part.set("swarmscope.search.results", found)
                    .set("swarmscope.search.local_hits", report.localHits())
                    .set("swarmscope.search.asked", report.peers().size())
                    .set("swarmscope.search.answered", report.answered())
                    .set("swarmscope.search.complete", report.complete())
                    .set("swarmscope.end", CallCounters.name(report.stopped().name()));
        }
    }

    FindResult find(RecordKey key, Duration timeout, Call<FindResult> call) throws InterruptedException {
        finds.began();
        long began = World.nanoTime();
        try (TracedPart part = telemetry.begin("find")) {
            part.set("swarmscope.package.id", key.id().toString());
            key.version().ifPresent(version -> part.set("swarmscope.package.version", version));
            try {
                FindResult found = call.run();
                long took = World.nanoTime() - began;
                asked(finds, found.report(), found.confirmations());
                finds.succeeded(took, found.found().isPresent() ? 1 : 0);
                String end = found.found().isPresent() ? "found" : "absent";
                telemetry.found(took, end);
                part.set("swarmscope.end", end);
                return found;
            } catch (RuntimeException | InterruptedException e) {
                notFound(e, World.nanoTime() - began, timeout);
                part.failed(e);
                throw e;
            }
        }
    }

    private void notFound(Exception cause, long took, Duration timeout) {
        if (cause instanceof RegistryException failure) {
            failure.report().ifPresent(report -> asked(finds, report, 0));
        }
        // Who could not find out by then ran out of time; who could not before that ran out of peers.
        boolean late = cause instanceof RegistryException.CouldNotFindOut && took >= timeout.toNanos();
        if (late || cause instanceof RegistryException.DeadlineExceeded) {
            finds.timedOut(took, 0);
            telemetry.found(took, "timed-out");
        } else {
            finds.failed(took, cause(cause));
            telemetry.found(took, cause(cause));
        }
    }

    /** Publishes or withdraws. */
    PublishReceipt publish(String name, Call<PublishReceipt> call) throws InterruptedException {
        long began = World.nanoTime();
        try (TracedPart part = telemetry.begin(name)) {
            try {
                PublishReceipt receipt = call.run();
                String end = receipt.complete() ? "stored" : receipt.reachedNetwork() ? "stored-at-some" : "kept";
                telemetry.published(World.nanoTime() - began, end);
                part.set("swarmscope.package.id", receipt.id().toString())
                        .set("swarmscope.package.version", receipt.version())
                        .set("swarmscope.dht.stored", receipt.storedAt())
                        .set("swarmscope.dht.wanted", receipt.wanted())
                        .set("swarmscope.end", end);
                return receipt;
            } catch (RuntimeException | InterruptedException e) {
                telemetry.published(World.nanoTime() - began, cause(e));
                part.failed(e);
                throw e;
            }
        }
    }

    /** A call that is a span and nothing more. */
    <T> T trace(String name, Call<T> call) throws InterruptedException {
        try (TracedPart part = telemetry.begin(name)) {
            try {
                return call.run();
            } catch (RuntimeException | InterruptedException e) {
                part.failed(e);
                throw e;
            }
        }
    }

    private static String cause(Exception cause) {
        return cause instanceof InterruptedException ? "interrupted" : CallCounters.name(cause.getClass().getSimpleName());
    }
}
