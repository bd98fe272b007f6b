package io.swarmscope.internal.search;

import io.swarmscope.Query;
import io.swarmscope.SearchReport;
import io.swarmscope.SearchReport.PeerReport;
import io.swarmscope.SearchReport.StopReason;
import io.swarmscope.SearchResult;
import io.swarmscope.host.HostException;
import io.swarmscope.internal.fork.Deadline;
import io.swarmscope.internal.fork.Outcome;
import io.swarmscope.internal.store.Match;
import io.swarmscope.internal.store.Matches;
import io.swarmscope.internal.swarm.Neighbour;
import io.swarmscope.internal.wire.MalformedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** One search from its question to its report. Runs on the caller's thread. */
final class SearchRun {

    /** A peer that was given less time than this is not blamed for its silence. */
    private static final long FAIR_WAIT_NANOS = 200_000_000L;

    private final SearchService service;
    private final Query query;
    private final int limit;

    /** What must be found before the page that was asked for is known: all that stands before it, too. */
    private final int needed;

    private final long began = System.nanoTime();
    private final Merge merge = new Merge();

    /** Shrinks to what the chosen peers' latencies justify. */
    private Duration timeout;

    /** How many of the outcomes are in the merge; touched where the scope collects them, one at a time. */
    private int merged;

    SearchRun(SearchService service, Query query, Duration timeout) {
        this.service = service;
        this.query = query;
        this.limit = query.limit() == Query.DEFAULT_LIMIT ? service.config.maxResults() : query.limit();
        this.needed = query.offset() + limit;
        this.timeout = timeout;
    }

    SearchResult search() throws InterruptedException {
        Deadline latest = Deadline.after(timeout);
        Matches local = service.index.search(query, needed);
        for (Match match : local.best()) {
            merge.add(match.head(), match.score(), service.self);
        }
        if (merge.size() >= needed) {
            return result(List.of(), local, StopReason.LIMIT_FILLED, false);
        }
        List<Neighbour> peers = service.asking.choice.choose(service.config.fanOut());
        if (peers.isEmpty()) {
            return result(List.of(), local, StopReason.NO_PEERS, local.all());
        }
        timeout = service.patience.with(peers, timeout, service.underWay.get());
        return ask(peers, local, Deadline.after(timeout).orEarlier(latest));
    }

    private SearchResult ask(List<Neighbour> peers, Matches local, Deadline deadline) throws InterruptedException {
        Asking asking = service.asking;
        SearchRequest.Search request = new SearchRequest.Search(query, needed);
        List<PeerTask> tasks = peers.stream()
                .map(peer -> new PeerTask(peer, request, asking.client, asking.checker, deadline))
                .toList();
        List<Outcome<Hits>> outcomes = service.forks.run("search", tasks, this::enough, deadline);
        boolean filled = merge.size() >= needed;
        List<PeerReport> reports = new ArrayList<>(tasks.size());
        for (int i = 0; i < tasks.size(); i++) {
            PeerReport report = report(tasks.get(i), outcomes.get(i), filled);
            remember(report, tasks.get(i).peersNanos());
            reports.add(report);
        }
        return result(reports, local, stopped(reports, filled), local.all() && allInFull(outcomes));
    }

    private boolean enough(List<Outcome<Hits>> outcomes) {
        for (; merged < outcomes.size(); merged++) {
            if (outcomes.get(merged) instanceof Outcome.Value<Hits>(Hits hits)) {
                hits.heads().forEach(hit -> merge.add(hit.head(), hit.score(), hits.peer()));
            }
        }
        return merge.size() >= needed;
    }

    private static boolean allInFull(List<Outcome<Hits>> outcomes) {
        return outcomes.stream().allMatch(o -> o instanceof Outcome.Value<Hits>(Hits hits) && hits.all());
    }

    private static StopReason stopped(List<PeerReport> reports, boolean filled) {
        if (filled) {
            return StopReason.LIMIT_FILLED;
        }
        boolean silence = reports.stream().anyMatch(r -> r.outcome() == SearchReport.Outcome.TIMED_OUT);
        return silence ? StopReason.DEADLINE : StopReason.ALL_ANSWERED;
    }

    private static PeerReport report(PeerTask task, Outcome<Hits> outcome, boolean filled) {
        return switch (outcome) {
            case Outcome.Value<Hits>(Hits hits) ->
                report(task, SearchReport.Outcome.ANSWERED, "", hits.heads().size());
            case Outcome.Failed<Hits>(Throwable cause) -> failure(task, cause);
            case Outcome.Cancelled<Hits>() ->
                filled
                        ? report(task, SearchReport.Outcome.CANCELLED, "not waited for", 0)
                        : report(task, SearchReport.Outcome.TIMED_OUT, "no answer in time", 0);
        };
    }

    private static PeerReport failure(PeerTask task, Throwable cause) {
        String detail = String.valueOf(cause.getMessage());
        SearchReport.Outcome outcome = SearchReport.Outcome.FAILED;
        if (cause instanceof Dishonest || cause instanceof MalformedException) {
            outcome = SearchReport.Outcome.MISBEHAVED;
        } else if (cause instanceof HostException e && e.kind() == HostException.Kind.PROTOCOL_VIOLATION) {
            outcome = SearchReport.Outcome.MISBEHAVED;
        } else if (cause instanceof HostException e && e.kind() == HostException.Kind.TIMED_OUT) {
            outcome = SearchReport.Outcome.TIMED_OUT;
        }
        return report(task, outcome, detail, 0);
    }

    private static PeerReport report(PeerTask task, SearchReport.Outcome outcome, String detail, int hits) {
        return new PeerReport(task.peer(), outcome, detail, hits, Duration.ofNanos(task.nanos()));
    }

    private void remember(PeerReport report, long peersNanos) {
        Asking asking = service.asking;
        switch (report.outcome()) {
            case ANSWERED -> {
                asking.reputation.succeeded(report.peer(), peersNanos);
                asking.latencies.add(report.peer(), report.elapsed().toNanos());
            }
            case FAILED -> asking.reputation.failed(report.peer());
            case TIMED_OUT -> {
                if (peersNanos >= FAIR_WAIT_NANOS) {
                    asking.reputation.failed(report.peer());
                }
            }
            case MISBEHAVED -> asking.reputation.misbehaved(report.peer(), report.detail());
            case CANCELLED -> {}
        }
    }

    private SearchResult result(List<PeerReport> reports, Matches local, StopReason stopped, boolean all) {
        boolean complete = all && merge.size() <= needed;
        Duration elapsed = Duration.ofNanos(System.nanoTime() - began);
        return new SearchResult(
                merge.page(query.order(), query.offset(), limit),
                local.total() + merge.size() - local.best().size(),
                local.facets(),
                new SearchReport(reports, local.best().size(), stopped, complete, elapsed, timeout));
    }
}
