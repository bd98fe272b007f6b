package io.swarmscope.internal.store;

import io.swarmscope.RegistryException;
import io.swarmscope.internal.fork.Deadline;
import io.swarmscope.internal.wire.Limits;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteErrorCode;

/**
 * The door to the database of a node, for any thread. All SQL runs on one platform thread of its own; callers hand over values and wait at most.
 *
 * <p>What {@link #commit} returned from is on the disk. What {@link #write} and {@link #offer} took is written soon, many in one
 * transaction: the end of the process within {@link Limits#STORE_GATHER} loses it, and so does the end of the machine before the next commit or
 * checkpoint. Neither can leave half of it.
 */
public final class Store implements Storage {

    private static final Logger log = LoggerFactory.getLogger(Store.class);

    private final String where;
    private final StoreQueue queue = new StoreQueue();
    private final StoreThread thread;
    private final Optional<Recovery> recovery;
    private final LongAdder dropped = new LongAdder();
    private final LongAdder commits = new LongAdder();
    private final LongAdder commitNanos = new LongAdder();

    private Store(@Nullable Path directory, String shortName, InstantSource clock, Contents contents) {
        this.where = directory == null ? "in memory" : directory.resolve(Database.FILE).toString();
        this.thread = new StoreThread(directory, shortName, clock, queue, contents);
        this.recovery = awaitOpen(thread.start());
    }

    /**
     * Opens the database of a data directory and tells what is in it. Returns after the last row was told.
     *
     * @param directory an existing directory, which nobody else may use meanwhile
     * @param shortName names the thread
     * @param clock the wall clock, by which rows have expired
     * @param contents who is told, on the store's thread
     * @throws RegistryException.CannotOpen if another process uses the directory, the database is of a newer Swarmscope, or the disk fails
     */
    public static Store open(Path directory, String shortName, InstantSource clock, Contents contents) {
        return new Store(directory, shortName, clock, contents);
    }

    /** An empty database in memory, for a node without a data directory: the same SQL, and gone when it is closed. */
    public static Store inMemory(String shortName, InstantSource clock) {
        return new Store(null, shortName, clock, NOTHING);
    }

    /** An empty database has nothing to tell. */
    private static final Contents NOTHING = new Contents() {
        @Override
        public void row(Row row) {
            throw new IllegalStateException("a new database holds " + row);
        }

        @Override
        public void refuted(String namespace, String name, byte[] sha256) {
            throw new IllegalStateException("a new database holds evidence on " + namespace + "/" + name);
        }
    };

    private Optional<Recovery> awaitOpen(CompletableFuture<Optional<Recovery>> opened) {
        try {
            return get(opened, Deadline.after(Limits.STORE_OPEN));
        } catch (ExecutionException e) {
            throw cause(e) instanceof RegistryException known ? known : cannotOpen(cause(e).getMessage(), cause(e));
        } catch (TimeoutException e) {
            queue.close();
            throw cannotOpen("it took longer than " + Limits.STORE_OPEN.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            queue.close();
            Thread.currentThread().interrupt();
            throw cannotOpen("the thread was interrupted", e);
        }
    }

    private RegistryException cannotOpen(@Nullable String why, Throwable cause) {
        return new RegistryException.CannotOpen(
                "the database " + where + " cannot be opened (" + why + "): see to its disk, or choose another data directory", cause);
    }

    /** What became of the file, if it was damaged when it was opened. */
    public Optional<Recovery> recovery() {
        return recovery;
    }

    /**
     * Hands over changes to be written soon, all of one call or none. Waits for room if the queue is full, up to {@link Limits#STORE_ROOM}.
     *
     * @return whether they were taken; if not they are counted as dropped, and the store is overwhelmed or closed
     * @throws InterruptedException if interrupted while waiting; they were not taken
     */
    @Override
    public boolean write(Change... changes) throws InterruptedException {
        return taken(queue.put(StoreQueue.Job.of(List.of(changes), null), Deadline.after(Limits.STORE_ROOM)), changes.length);
    }

    /** The same as {@link #write} without waiting, for the swarm thread. */
    @Override
    public boolean offer(Change change) {
        return taken(queue.offer(StoreQueue.Job.of(List.of(change), null)), 1);
    }

    private boolean taken(boolean taken, int changes) {
        if (!taken) {
            dropped.add(changes);
        }
        return taken;
    }

    /**
     * Writes changes, all or none, after what was handed over before. When it returns they are on the disk: synced, not only written.
     *
     * <p>Whatever it throws, nothing was written; with the one exception of a disk that takes longer than {@link Limits#STORE_BEGUN} for a
     * transaction that had begun when the deadline passed: the message of {@code DeadlineExceeded} then says so. Until then a transaction that has
     * begun is waited for, also by an interrupted thread, which returns with its interrupt status set.
     *
     * @throws RegistryException.NotStored if the disk is full or failed, or the file is damaged; its message says how to mend it
     * @throws RegistryException.DeadlineExceeded if the deadline passed before it began
     * @throws RegistryException.Closed if the store is closed
     * @throws InterruptedException if interrupted before it began
     */
    @Override
    public void commit(List<Change> changes, Deadline deadline) throws InterruptedException {
        long began = System.nanoTime();
        CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
        StoreQueue.Job job = StoreQueue.Job.of(List.copyOf(changes), done);
        if (!queue.put(job, deadline)) {
            throw queue.isClosed() ? new RegistryException.Closed(null) : exceeded(began, "too much is waiting for the database");
        }
        try {
            get(done, deadline);
        } catch (TimeoutException e) {
            if (queue.withdrawJob(done)) {
                throw exceeded(began, "nothing was written");
            }
            awaitBegun(done, began);
        } catch (InterruptedException e) {
            if (queue.withdrawJob(done)) {
                throw e;
            }
            Thread.currentThread().interrupt();
            awaitBegun(done, began);
        } catch (ExecutionException e) {
            throw notStored(cause(e));
        }
        commits.increment();
        commitNanos.add(System.nanoTime() - began);
    }

    private void awaitBegun(CompletableFuture<@Nullable Void> done, long began) {
        Deadline deadline = Deadline.after(Limits.STORE_BEGUN);
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    get(done, deadline);
                    return;
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (TimeoutException e) {
                    throw exceeded(began, "the disk does not answer, and it may still be written");
                } catch (ExecutionException e) {
                    throw notStored(cause(e));
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static RegistryException exceeded(long began, String known) {
        return new RegistryException.DeadlineExceeded("storing", Duration.ofNanos(System.nanoTime() - began), known);
    }

    private RegistryException notStored(Throwable cause) {
        if (cause instanceof RegistryException.Closed closed) {
            return new RegistryException.Closed(closed);
        }
        if (!(cause instanceof SQLException failure)) {
            return new RegistryException.NotStored("a defect kept the database " + where + " from taking it, please report it", cause);
        }
        if (failure.getErrorCode() == SQLiteErrorCode.SQLITE_FULL.code) {
            return new RegistryException.NotStored(
                    "the disk with " + where + " is full: free some space; nothing was published", cause);
        }
        if (Database.isDamage(failure)) {
            return new RegistryException.NotStored(
                    "the database " + where + " is damaged: open the registry anew, which saves what can be read; nothing was published",
                    cause);
        }
        return new RegistryException.NotStored(
                "the database " + where + " failed (" + cause.getMessage() + "): see to its disk; nothing was published", cause);
    }

    /** The own records of a package: its head or withdrawal, and its versions. Sees every commit that has returned. */
    @Override
    public List<Row.Own> own(String namespace, String name, Deadline deadline) throws InterruptedException {
        return read(statements -> new Reads(statements).own(namespace, name), deadline);
    }

    /** The record of a version, of whomever it is. */
    @Override
    public Optional<Row.Version> version(String namespace, String name, String version, Deadline deadline) throws InterruptedException {
        return read(statements -> new Reads(statements).version(namespace, name, version), deadline);
    }

    /** The records of all versions of a package that are kept here. */
    public List<Row.Version> versions(String namespace, String name, Deadline deadline) throws InterruptedException {
        return read(statements -> new Reads(statements).versions(namespace, name), deadline);
    }

    /** The latest evidence, so many at most. */
    public List<Row.Evidence> evidence(int limit, Deadline deadline) throws InterruptedException {
        return read(statements -> new Reads(statements).evidence(limit), deadline);
    }

    /** How many rows each table has. */
    public Map<String, Long> sizes(Deadline deadline) throws InterruptedException {
        return read(statements -> new Reads(statements).sizes(), deadline);
    }

    /**
     * What the query finds.
     *
     * @throws RegistryException.DeadlineExceeded if it did not by the deadline
     * @throws RegistryException.CouldNotFindOut if the database failed
     * @throws RegistryException.Closed if the store is closed
     */
    <T> T read(StoreQueue.Query<T> query, Deadline deadline) throws InterruptedException {
        long began = System.nanoTime();
        StoreQueue.Read<T> read = new StoreQueue.Read<>(query, new CompletableFuture<>());
        if (!queue.put(read, deadline)) {
            throw queue.isClosed() ? new RegistryException.Closed(null) : exceeded(began, "too many read at once");
        }
        try {
            return get(read.answer(), deadline);
        } catch (InterruptedException e) {
            queue.withdrawRead(read.answer());
            throw e;
        } catch (TimeoutException e) {
            queue.withdrawRead(read.answer());
            throw exceeded(began, "the database is busy");
        } catch (ExecutionException e) {
            if (cause(e) instanceof RegistryException.Closed closed) {
                throw new RegistryException.Closed(closed);
            }
            throw new RegistryException.CouldNotFindOut(
                    "the database " + where + " could not be read (" + cause(e).getMessage() + "): see to its disk", cause(e));
        }
    }

    private static Throwable cause(ExecutionException e) {
        return e.getCause() == null ? e : e.getCause();
    }

    private static <T extends @Nullable Object> T get(CompletableFuture<T> future, Deadline deadline)
            throws InterruptedException, ExecutionException, TimeoutException {
        return future.get(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
    }

    /**
     * What it counted since it was opened: changes written, their transactions, changes dropped because the queue was full, changes that failed,
     * commits and their mean time in microseconds; and what it is now: changes waiting, bytes of the file.
     */
    @Override
    public Map<String, Long> counters() {
        long count = commits.sum();
        return Map.of(
                "store.written", thread.written(),
                "store.transactions", thread.transactions(),
                "store.dropped", dropped.sum(),
                "store.failed", thread.failed(),
                "store.commits", count,
                "store.commit.micros", count == 0 ? 0 : TimeUnit.NANOSECONDS.toMicros(commitNanos.sum() / count),
                "store.queued", (long) queue.size(),
                "store.bytes", thread.bytes());
    }

    /**
     * Writes what waits, ends the thread and lets go of the directory; takes at most {@link Limits#STORE_CLOSE}. Afterwards nothing more is taken.
     * Calling it again does nothing.
     */
    @Override
    public void close() {
        queue.close();
        try {
            if (!thread.join(Limits.STORE_CLOSE)) {
                log.warn("the database {} did not close within {} s; what was committed is safe", where, Limits.STORE_CLOSE.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // it goes on by itself
        }
    }
}
