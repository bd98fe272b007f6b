package io.swarmscope.internal.search;

import io.swarmscope.Query;
import io.swarmscope.RegistryException;
import io.swarmscope.SearchReport.PeerReport;
import io.swarmscope.SearchReport.StopReason;
import io.swarmscope.SearchReport;
import io.swarmscope.SearchResult;
import io.swarmscope.internal.fork.Deadline;
import io.swarmscope.internal.fork.Nanos;
import io.swarmscope.internal.fork.Outcome;
import io.swarmscope.internal.fork.Plan;
import io.swarmscope.internal.fork.World;
import io.swarmscope.internal.store.Match;
import io.swarmscope.internal.store.Matches;
import io.swarmscope.internal.store.Ranking;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One search from its question to its report. Made, run and read by one thread, the caller's or a stream's; as the plan of its scope it is told of
 * outcomes by the threads of the scope, one at a time.
 */
final class SearchRun implements Plan<Hits> {

    private final SearchService service;
    private final Query query;
    private final int limit;

    /** What must be found before the page that was asked for is known: all that stands before it, too. */
    private final int needed;

    private final long began = World.nanoTime();
    private final Duration timeout;
    private final Deadline latest;
    private final Merge merge;
    private final List<PeerTask<Hits>> tasks = new ArrayList<>();

    // Set by the thread that runs it, before the scope.
    private @Nullable Matches local;
    private @Nullable FanOut<Hits> fanOut;

    private boolean closed;

    SearchRun(SearchService service, Query query, Duration timeout) {
        this.service = service;
        this.query = query;
        this.limit = query.limit() == Query.DEFAULT_LIMIT ? service.config.maxResults() : query.limit();
        this.needed = query.offset() + limit;
        this.merge = new Merge(query.order());
        this.timeout = timeout;
        this.latest = Deadline.after(timeout);
    }

    Merge merge() {
        return merge;
    }

    int limit() {
        return limit;
    }

    /** Looks into the local index; the first step. Does not wait. */
    void searchHere() {
        local = service.index.search(query, needed);
        for (Match match : local.best()) {
            merge.add(match.head(), match.score(), service.self);
        }
    }

    /** Asks peers, if that is needed; the second step. All that was begun has ended when it returns or throws. */
    void searchThere() throws InterruptedException {
        if (isFilled()) {
            return;
        }
        Asking asking = service.asking;
        int seats = service.config.fanOut();
        PeerChoice.Line line = asking.choice.line(seats, latest);
        if (line.size() == 0) {
            return;
        }
        SearchRequest.Search request = new SearchRequest.Search(query, needed);
        // One for all peers, or else what one brings would rank what the next one does.
        Ranking ranking = Objects.requireNonNull(local).ranking();
        Patience patience = new Patience(
                asking.latencies, latest.remainingNanos(), service.config.adaptiveTimeout(), service.underWay.get());
        PeerTask.Check<Hits> check = (peer, answer) -> asking.checker.check(peer, answer, request, ranking);
        fanOut = new FanOut<>(asking, seats, line, request, check, patience, latest, World.nanoTime());
        service.forks.run(service.threads, this);
    }

    private boolean isFilled() {
        return merge.size() >= needed;
    }

    // The plan

    @Override
    public void ended(int number, Outcome<Hits> outcome, long now) {
        asked().ended(tasks.get(number), outcome, now);
        if (outcome instanceof Outcome.Value<Hits>(Hits hits)) {
            hits.heads().forEach(hit -> merge.add(hit.head(), hit.score(), hits.peer()));
        }
        closed |= outcome instanceof Outcome.Failed<Hits>(Throwable cause) && cause instanceof RegistryException.Closed;
    }

    @Override
    public Step<Hits> next(long now) {
        if (closed || isFilled() || Nanos.reached(latest.nanoTime(), now)) {
            return Step.ending();
        }
        List<PeerTask<Hits>> due = asked().due(now);
        tasks.addAll(due);
        boolean end = asked().finished() || Nanos.reached(asked().until(), now);
        return new Step<>(due, asked().wakeAt(), end);
    }

    private FanOut<Hits> asked() {
        FanOut<Hits> asked = fanOut;
        if (asked == null) {
            throw new IllegalStateException("nobody is asked yet");
        }
        return asked;
    }

    // What came of it

    SearchResult result() {
        Matches here = Objects.requireNonNull(local);
        return new SearchResult(
                merge.page(query.offset(), limit),
                here.total() + merge.size() - here.best().size(),
                here.facets(),
                report(false));
    }

    /**
     * How it went; once.
     *
     * @param cancelled whether its caller ended it
     */
    SearchReport report(boolean cancelled) {
        StopReason stopped = stopped(cancelled);
        FanOut<Hits> asked = fanOut;
        Fault unfinished = stopped == StopReason.DEADLINE ? Fault.SILENT : Fault.NOT_WAITED_FOR;
        List<PeerReport> peers = asked == null ? List.of() : asked.settle(unfinished, true);
        boolean localInFull = local != null && local.all();
        boolean complete = localInFull
                && stopped != StopReason.DEADLINE
                && (asked == null ? stopped == StopReason.NO_PEERS : asked.answeredInFull())
                && merge.size() <= needed;
        long records = service.index.packages();
        return new SearchReport(
                peers,
                local == null ? 0 : local.best().size(),
                records,
                service.asking.census.packages(records),
                peers.isEmpty() ? 0 : 1,
                stopped,
                complete,
                Duration.ofNanos(World.nanoTime() - began),
                asked == null || asked.until() == latest.nanoTime() ? timeout : Duration.ofNanos(asked.until() - began));
    }

    private StopReason stopped(boolean cancelled) {
        if (isFilled()) {
            return StopReason.LIMIT_FILLED;
        }
        if (cancelled) {
            return StopReason.CANCELLED;
        }
        if (fanOut == null) {
            return latest.passed() ? StopReason.DEADLINE : StopReason.NO_PEERS;
        }
        return fanOut.finished() ? StopReason.ALL_ANSWERED : StopReason.DEADLINE;
    }
}
