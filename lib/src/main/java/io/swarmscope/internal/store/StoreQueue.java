package io.swarmscope.internal.store;

import io.swarmscope.internal.fork.Deadline;
import io.swarmscope.internal.wire.Limits;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What waits for the store's thread: bounded by number and by bytes. Any thread puts; only the store's thread takes. Changes are taken in the order
 * in which they came, reads before them.
 */
final class StoreQueue {

    /**
     * Changes that are written all or none.
     *
     * @param done completed when they are on the disk; null if nobody waits for that
     */
    record Job(List<Change> changes, int bytes, @Nullable CompletableFuture<@Nullable Void> done) {

        static Job of(List<Change> changes, @Nullable CompletableFuture<@Nullable Void> done) {
            return new Job(changes, changes.stream().mapToInt(Change::bytes).sum(), done);
        }
    }

    /** What one reads in the database. */
    @FunctionalInterface
    interface Query<T extends @Nullable Object> {
        T on(Statements statements) throws SQLException;
    }

    /** A query and where its answer goes. */
    record Read<T extends @Nullable Object>(Query<T> query, CompletableFuture<T> answer) {}

    /** What to do next: first the reads, then the jobs in one transaction. */
    record Batch(List<Read<?>> reads, List<Job> jobs) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition filled = lock.newCondition();
    private final Condition room = lock.newCondition();

    // Guarded by lock.
    private final ArrayDeque<Job> jobs = new ArrayDeque<>();
    private final ArrayDeque<Read<?>> reads = new ArrayDeque<>();
    private int changes;
    private long bytes;
    private int awaited;
    private long gatherUntil;
    private boolean closed;

    /** Whether it was put in: no if there is no room, or the queue is closed. Never waits. */
    boolean offer(Job job) {
        lock.lock();
        try {
            if (closed || !hasRoom(job)) {
                return false;
            }
            if (jobs.isEmpty()) {
                gatherUntil = System.nanoTime() + Limits.STORE_GATHER.toNanos();
            }
            jobs.add(job);
            count(job, 1);
            if (jobs.size() == 1 || isUrgent()) {
                filled.signal();
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Whether it was put in: no if no room came until the deadline, or the queue is closed. */
    boolean put(Job job, Deadline wait) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!offer(job)) {
                if (closed || wait.passed()) {
                    return false;
                }
                room.awaitNanos(wait.remainingNanos());
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** One that is larger than the queue is taken when it is alone. */
    private boolean hasRoom(Job job) {
        return jobs.isEmpty()
                || (changes + job.changes().size() <= Limits.STORE_QUEUE && bytes + job.bytes() <= Limits.STORE_QUEUE_BYTES);
    }

    private void count(Job job, int sign) {
        changes += sign * job.changes().size();
        bytes += (long) sign * job.bytes();
        awaited += job.done() == null ? 0 : sign;
    }

    /** Whether it was put in, waiting for room until the deadline. */
    boolean put(Read<?> read, Deadline wait) throws InterruptedException {
        lock.lock();
        try {
            while (!closed && reads.size() >= Limits.STORE_READS) {
                if (wait.passed()) {
                    return false;
                }
                room.awaitNanos(wait.remainingNanos());
            }
            if (closed) {
                return false;
            }
            reads.add(read);
            filled.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Takes back the job that completes this; no if it was taken to be written. */
    @SuppressWarnings("ReferenceEquality") // this very one
    boolean withdrawJob(CompletableFuture<?> done) {
        lock.lock();
        try {
            for (Iterator<Job> each = jobs.iterator(); each.hasNext(); ) {
                Job job = each.next();
                if (job.done() == done) {
                    each.remove();
                    count(job, -1);
                    room.signalAll();
                    return true;
                }
            }
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Takes back the read that answers this, so that nobody runs it in vain. */
    @SuppressWarnings("ReferenceEquality") // this very one
    void withdrawRead(CompletableFuture<?> answer) {
        lock.lock();
        try {
            if (reads.removeIf(read -> read.answer() == answer)) {
                room.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** What to do next, waiting for it; null when the queue is closed and empty. */
    @Nullable Batch take() throws InterruptedException {
        lock.lock();
        try {
            while (!isUrgent()) {
                if (jobs.isEmpty()) {
                    filled.await();
                    continue;
                }
                long left = gatherUntil - System.nanoTime();
                if (left <= 0) {
                    break;
                }
                filled.awaitNanos(left);
            }
            if (closed && jobs.isEmpty() && reads.isEmpty()) {
                return null;
            }
            Batch batch = new Batch(new ArrayList<>(reads), group());
            reads.clear();
            room.signalAll();
            return batch;
        } finally {
            lock.unlock();
        }
    }

    /** All that waits, however much; for the end, when nobody takes any more. */
    Batch rest() {
        lock.lock();
        try {
            Batch rest = new Batch(new ArrayList<>(reads), new ArrayList<>(jobs));
            rest.jobs().forEach(job -> count(job, -1));
            reads.clear();
            jobs.clear();
            return rest;
        } finally {
            lock.unlock();
        }
    }

    /** Whether to go to work without gathering more. */
    private boolean isUrgent() {
        return closed || !reads.isEmpty() || awaited > 0 || changes >= Limits.STORE_GROUP;
    }

    private List<Job> group() {
        List<Job> group = new ArrayList<>();
        int taken = 0;
        for (Job job; taken < Limits.STORE_GROUP && (job = jobs.poll()) != null; taken += job.changes().size()) {
            count(job, -1);
            group.add(job);
        }
        return group;
    }

    /** Takes nothing more; what waits can still be taken. */
    void close() {
        lock.lock();
        try {
            closed = true;
            filled.signalAll();
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** How many changes wait. */
    int size() {
        lock.lock();
        try {
            return changes;
        } finally {
            lock.unlock();
        }
    }
}
