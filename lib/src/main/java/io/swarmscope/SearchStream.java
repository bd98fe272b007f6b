package io.swarmscope;

import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * The results of a search while they come in: those of the local index at once, those of peers as they are verified, each package once, and of what is
 * known and was not given yet always the best. To be closed; if it is not, its deadline ends what it began.
 *
 * <p>At most the query's limit is kept for a reader who does not keep up. One thread reads; any thread may close.
 *
 * <pre>{@code
 * try (SearchStream hits = registry.searchStream(Query.text("logger"))) {
 *     hits.forEachRemaining(hit -> System.out.println(hit.found().id()));
 *     System.out.println(hits.report());
 * }
 * }</pre>
 */
public interface SearchStream extends Iterator<SearchResult.Hit>, AutoCloseable {

    /**
     * Waits for the next hit, at most until the search ends; whether there is one.
     *
     * @throws RegistryException.Cancelled if the calling thread is interrupted; the stream is closed then, the thread's interrupt status is set
     * @throws RegistryException.Closed if the registry was closed meanwhile
     */
    @Override
    boolean hasNext();

    /**
     * Waits as {@link #hasNext} does.
     *
     * @throws NoSuchElementException if the search has ended and all its hits were given, or the stream is closed
     */
    @Override
    SearchResult.Hit next();

    /**
     * How the search went.
     *
     * @throws IllegalStateException if it has not ended: neither has {@link #hasNext} returned false nor is the stream closed
     */
    SearchReport report();

    /** Ends the search if it still runs: streams to peers are reset, its threads have ended when this returns. Idempotent. */
    @Override
    void close();
}
