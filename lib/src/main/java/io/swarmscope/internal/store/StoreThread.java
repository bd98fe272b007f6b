package io.swarmscope.internal.store;

import io.swarmscope.RegistryException;
import io.swarmscope.internal.wire.Limits;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteErrorCode;

/**
 * The one platform thread that owns the database of a node: opens it, tells what is in it, runs what the queue holds, closes it.
 *
 * <p>Everything that waited is one transaction. If somebody waits for a part of it, it is synced to the disk before he is told.
 */
final class StoreThread {

    private static final Logger log = LoggerFactory.getLogger(StoreThread.class);

    /** How often the size of the file is looked at. */
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Failures that are about one row. The others would meet each row of a transaction alike. */
    private static final Set<Integer> OF_ONE_ROW = Set.of(
            SQLiteErrorCode.SQLITE_ERROR.code,
            SQLiteErrorCode.SQLITE_CONSTRAINT.code,
            SQLiteErrorCode.SQLITE_MISMATCH.code,
            SQLiteErrorCode.SQLITE_TOOBIG.code);

    // Fixed at start.
    private final @Nullable Path directory;
    private final InstantSource clock;
    private final StoreQueue queue;
    private final Thread thread;

    // Read by any thread.
    private final CompletableFuture<Optional<Recovery>> opened = new CompletableFuture<>();
    private final LongAdder written = new LongAdder();
    private final LongAdder transactions = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private volatile long bytes;

    // Only this thread.
    private @Nullable SQLException damage;
    private boolean failing;
    private long lookedAt;

    StoreThread(@Nullable Path directory, String shortName, InstantSource clock, StoreQueue queue, Contents contents) {
        this.directory = directory;
        this.clock = clock;
        this.queue = queue;
        this.thread = Thread.ofPlatform().daemon().name("swarmscope-" + shortName + "-store").unstarted(() -> run(contents));
    }

    /** Starts it. Completed when everything in the database was told, or with why it could not be opened; then the thread ends. */
    CompletableFuture<Optional<Recovery>> start() {
        thread.start();
        return opened;
    }

    /** Whether it has ended by then. */
    boolean join(Duration time) throws InterruptedException {
        return thread.join(time);
    }

    long written() {
        return written.sum();
    }

    long transactions() {
        return transactions.sum();
    }

    long failed() {
        return failed.sum();
    }

    long bytes() {
        return bytes;
    }

    private void run(Contents contents) {
        try (DirectoryLock lock = directory == null ? null : DirectoryLock.take(directory)) {
            log.debug("the database opens{}", lock == null ? " in memory" : " in " + directory);
            Database database = directory == null ? Database.inMemory() : open(directory);
            database = tell(database, contents);
            look(database);
            work(database);
        } catch (InterruptedException | SQLException | RuntimeException e) {
            if (!opened.completeExceptionally(e)) {
                log.warn("the database failed and takes nothing more: {}", e.toString());
            }
        } finally {
            end();
        }
    }

    private Database open(Path locked) {
        NativeLibrary.load(locked);
        return Database.open(locked.resolve(Database.FILE), clock);
    }

    /** The database that was told of in the end: another than the one given if that turned out to be damaged. */
    private Database tell(Database database, Contents contents) throws SQLException {
        Database told = database;
        try {
            try {
                new Reads(told.statements()).tell(contents, clock.millis());
            } catch (SQLException e) {
                if (!Database.isDamage(e)) {
                    throw e;
                }
                told = told.rescued(clock, e);
                new Reads(told.statements()).tell(contents, clock.millis());
            }
            return told;
        } catch (SQLException | RuntimeException e) {
            told.close();
            throw e;
        }
    }

    private void work(Database database) throws InterruptedException, SQLException {
        Writes writes = new Writes(database.statements());
        boolean ended = false;
        try {
            opened.complete(database.recovery());
            for (StoreQueue.Batch batch; (batch = queue.take()) != null; ) {
                batch.reads().forEach(read -> read(read, database.statements()));
                if (!batch.jobs().isEmpty()) {
                    write(database, writes, batch.jobs());
                }
            }
            ended = true;
        } finally {
            if (ended && damage == null) {
                database.closeClean();
            } else {
                database.close();
            }
        }
    }

    private <T extends @Nullable Object> void read(StoreQueue.Read<T> read, Statements statements) {
        try {
            read.answer().complete(read.query().on(statements));
        } catch (SQLException | RuntimeException e) {
            note(e);
            read.answer().completeExceptionally(e);
        }
    }

    private void write(Database database, Writes writes, List<StoreQueue.Job> jobs) {
        try {
            transaction(database, writes, jobs);
            failing = false;
            for (StoreQueue.Job job : jobs) {
                if (job.done() != null) {
                    job.done().complete(null);
                }
            }
        } catch (SQLException | RuntimeException e) {
            database.rollback();
            if (jobs.size() > 1 && isOfOneRow(e)) {
                jobs.forEach(job -> write(database, writes, List.of(job)));
            } else {
                note(e);
                jobs.forEach(job -> fail(job, e));
            }
        }
    }

    private void transaction(Database database, Writes writes, List<StoreQueue.Job> jobs) throws SQLException {
        if (damage != null) {
            throw damage;
        }
        database.durable(jobs.stream().anyMatch(job -> job.done() != null));
        database.begin();
        int changes = 0;
        for (StoreQueue.Job job : jobs) {
            for (Change change : job.changes()) {
                writes.apply(change);
            }
            changes += job.changes().size();
        }
        database.commit();
        written.add(changes);
        transactions.increment();
        if (System.nanoTime() - lookedAt > LOOK_NANOS) {
            look(database);
        }
    }

    private void look(Database database) throws SQLException {
        bytes = database.bytes();
        lookedAt = System.nanoTime();
    }

    private static boolean isOfOneRow(Exception e) {
        return !(e instanceof SQLException failure) || OF_ONE_ROW.contains(failure.getErrorCode());
    }

    /** Says a thing once: a full disk fails every transaction. */
    private void note(Exception e) {
        if (damage == null && e instanceof SQLException failure && Database.isDamage(failure)) {
            damage = failure;
            log.warn("the database is damaged ({}): what can be read of it is saved when the registry is next opened", e.getMessage());
        } else if (!failing && damage == null) {
            failing = true;
            log.warn("the database failed: {}", e.toString());
        }
    }

    private void fail(StoreQueue.Job job, Exception e) {
        failed.add(job.changes().size());
        if (job.done() != null) {
            job.done().completeExceptionally(e);
        }
    }

    /** Nobody is left waiting. */
    private void end() {
        queue.close();
        RegistryException.Closed closed = new RegistryException.Closed(null);
        StoreQueue.Batch rest = queue.rest();
        rest.reads().forEach(read -> read.answer().completeExceptionally(closed));
        rest.jobs().forEach(job -> fail(job, closed));
        opened.completeExceptionally(closed);
    }
}
