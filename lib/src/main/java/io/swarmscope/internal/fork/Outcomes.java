package io.swarmscope.internal.fork;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The outcomes of one call of {@link Forks#run}, shared by its threads: tasks add, the caller takes the list. Once it is
 * closed (enough, out of time, interrupted) it takes no more.
 */
final class Outcomes<T> {

    private final Predicate<? super List<Outcome<T>>> enough;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition closing = lock.newCondition();

    // Guarded by lock.
    private final List<@Nullable Outcome<T>> byTask;
    private final List<Outcome<T>> byTime = new ArrayList<>();
    private boolean closed;
    private @Nullable Throwable thrownByEnough;

    Outcomes(int tasks, Predicate<? super List<Outcome<T>>> enough) {
        this.enough = enough;
        this.byTask = new ArrayList<>(Collections.nCopies(tasks, null));
    }

    /**
     * Runs a task on its own thread and adds how it ended, unless the call has ended meanwhile.
     *
     * @param cancelled asked after the task has ended: whether its scope had been cancelled, so that an exception brought
     *     about by the interrupt is not taken for a failure
     */
    void collect(int index, Callable<? extends T> task, BooleanSupplier cancelled) {
        Outcome<T> outcome = outcomeOf(task);
        if (!cancelled.getAsBoolean()) {
            add(index, outcome);
        }
    }

    private static <T> Outcome<T> outcomeOf(Callable<? extends T> task) {
        try {
            return new Outcome.Value<>(Objects.requireNonNull(task.call(), "the task returned null"));
        } catch (Throwable e) { // an Error of a task is a failure of that task, and its cause is kept
            return new Outcome.Failed<>(e);
        }
    }

    private void add(int index, Outcome<T> outcome) {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            byTask.set(index, outcome);
            byTime.add(outcome);
            if (isEnough() || byTime.size() == byTask.size()) {
                closed = true;
                closing.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean isEnough() {
        try {
            return enough.test(Collections.unmodifiableList(byTime));
        } catch (RuntimeException | Error e) { // would otherwise end a task's thread unseen; the caller gets it
            thrownByEnough = e;
            return true;
        }
    }

    /** Whether no more outcomes are taken. */
    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** Takes no more outcomes from now on. */
    void close() {
        lock.lock();
        try {
            closed = true;
            closing.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until it is closed or the deadline has passed. */
    void awaitClosed(Deadline deadline) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = deadline.remainingNanos();
            while (!closed && left > 0) {
                left = closing.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /** One outcome per task, in their order. Closes this; throws what {@code enough} threw. */
    List<Outcome<T>> take() {
        lock.lock();
        try {
            closed = true;
            if (thrownByEnough instanceof Error e) {
                throw e;
            }
            if (thrownByEnough instanceof RuntimeException e) {
                throw e;
            }
            List<Outcome<T>> result = new ArrayList<>(byTask.size());
            for (Outcome<T> outcome : byTask) {
                result.add(outcome == null ? new Outcome.Cancelled<>() : outcome);
            }
            return Collections.unmodifiableList(result);
        } finally {
            lock.unlock();
        }
    }
}
