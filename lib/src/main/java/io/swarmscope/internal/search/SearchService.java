package io.swarmscope.internal.search;

import io.swarmscope.PeerId;
import io.swarmscope.Query;
import io.swarmscope.QueryConfig;
import io.swarmscope.SearchReport;
import io.swarmscope.SearchResult;
import io.swarmscope.SearchStream;
import io.swarmscope.internal.fork.Forks;
import io.swarmscope.internal.store.PackageIndex;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * Answers a user's question: from the local index and, at once, from a few connected peers. Thread-safe; a search runs on its
 * caller's thread, or a stream's own, and on one virtual thread per peer, none of which outlives it.
 *
 * <p>Verified hits of peers enter the local index, which is bounded: what was found once is found again without asking, and passed on.
 */
public final class SearchService {

    final PeerId self;
    final QueryConfig config;
    final PackageIndex index;
    final Asking asking;
    final Forks forks;
    final String threads;
    final AtomicInteger underWay = new AtomicInteger();

    /** Runs the search of a stream, and may measure it. */
    @FunctionalInterface
    public interface Watch {
        /**
         * Runs it.
         *
         * @param search gives the report when it has ended, cancelled or not
         * @param found how many hits there are by now
         */
        SearchReport run(Supplier<SearchReport> search, IntSupplier found);
    }

    /**
     * A service over these parts.
     *
     * @param self this node, the source of hits of its own index
     * @param config limit, fan-out and whether deadlines adapt
     * @param index searched first
     * @param asking how peers are chosen and asked
     * @param forks runs one thread per peer
     */
    public SearchService(PeerId self, QueryConfig config, PackageIndex index, Asking asking, Forks forks) {
        this.self = self;
        this.config = config;
        this.index = index;
        this.asking = asking;
        this.forks = forks;
        this.threads = "swarmscope-" + self.shortText() + "-search";
    }

    /**
     * Searches. Returns by the timeout with what was found until then.
     *
     * @throws InterruptedException if the caller is interrupted; all that was begun has ended by then
     */
    public SearchResult search(Query query, Duration timeout) throws InterruptedException {
        underWay.incrementAndGet();
        try {
            SearchRun run = new SearchRun(this, query, timeout);
            run.searchHere();
            try {
                run.searchThere();
            } catch (InterruptedException e) {
                run.report(true); // who lied or failed before is remembered all the same
                throw e;
            }
            return run.result();
        } finally {
            underWay.decrementAndGet();
        }
    }

    /**
     * Searches and gives what it finds at once. There are no pages of it: it begins with the first hit.
     *
     * @param requireOpen throws what the reader shall get if the search ended because the node is closed
     * @param watch runs the search, on the stream's thread
     */
    public SearchStream stream(Query query, Duration timeout, Runnable requireOpen, Watch watch) {
        SearchRun run = new SearchRun(this, query.offset(0), timeout);
        run.searchHere();
        underWay.incrementAndGet();
        return new HitStream(threads + "-stream", run, requireOpen, watch, underWay::decrementAndGet);
    }

    /** How many searches and streams of hits are under way, and how many threads ask a peer for them or to find a package. */
    public Map<String, Long> counters() {
        return Map.of("search.under-way", (long) underWay.get(), "search.asking", asking.questions.sum());
    }
}
