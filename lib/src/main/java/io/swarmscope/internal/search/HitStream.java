package io.swarmscope.internal.search;

import io.swarmscope.RegistryException;
import io.swarmscope.SearchReport;
import io.swarmscope.SearchResult;
import io.swarmscope.SearchStream;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The hits of a search that runs on a virtual thread of its own. One thread reads; any may close it, and it ends by its deadline if nobody does. The
 * buffer is the search's own merge, which holds little more than the limit.
 */
final class HitStream implements SearchStream {

    private final SearchRun run;
    private final Runnable requireOpen;
    private final Thread thread;

    // The reader's.
    private Optional<SearchResult.Hit> next = Optional.empty();
    private int given;
    private boolean exhausted;

    /** Set by the search's thread at its end. */
    private volatile @Nullable SearchReport report;

    private volatile @Nullable Throwable failure;

    /**
     * Begins the search.
     *
     * @param name of its thread
     * @param run has looked into the local index
     * @param requireOpen throws if the registry is closed
     * @param watch runs the search
     * @param ended run at the end of the search
     */
    HitStream(String name, SearchRun run, Runnable requireOpen, SearchService.Watch watch, Runnable ended) {
        this.run = run;
        this.requireOpen = requireOpen;
        this.thread = Thread.ofVirtual().name(name).start(() -> search(watch, ended));
    }

    private void search(SearchService.Watch watch, Runnable ended) {
        try {
            report = watch.run(() -> run.report(wasCancelled()), () -> Math.min(run.merge().size(), run.limit()));
        } catch (RuntimeException | Error e) { // would end this thread unseen; the reader gets it
            failure = e;
        } finally {
            ended.run();
            run.merge().end();
        }
    }

    private boolean wasCancelled() {
        try {
            run.searchThere();
            return false;
        } catch (InterruptedException e) {
            return true;
        }
    }

    @Override
    public boolean hasNext() {
        if (next.isEmpty() && !exhausted) {
            try {
                next = given < run.limit() ? run.merge().take() : Optional.empty();
            } catch (InterruptedException e) {
                close();
                Thread.currentThread().interrupt();
                throw new RegistryException.Cancelled(report());
            }
            exhausted = next.isEmpty();
            if (exhausted) {
                finish();
            }
        }
        return next.isPresent();
    }

    /** Whoever has all waits for the report, which is all that is left to do. */
    private void finish() {
        end();
        requireOpen.run();
        switch (failure) {
            case null -> {}
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case Throwable e -> throw new IllegalStateException(e);
        }
    }

    @Override
    public SearchResult.Hit next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the search has no more hits");
        }
        SearchResult.Hit hit = next.orElseThrow();
        next = Optional.empty();
        given++;
        return hit;
    }

    @Override
    public SearchReport report() {
        SearchReport done = report;
        if (done == null || thread.isAlive()) {
            throw new IllegalStateException("the search has not ended: read it to its end or close it", failure);
        }
        return done;
    }

    @Override
    public void close() {
        exhausted = true;
        next = Optional.empty();
        end();
    }

    /** Interrupts the search and waits until nothing of it is left, however often the caller is interrupted meanwhile. */
    private void end() {
        thread.interrupt();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
