package io.swarmscope.internal.fork;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One call of {@link Forks#run(String, Plan)}, shared by its threads: the caller starts what the plan wants and waits, tasks bring their outcomes. The
 * plan is asked by whoever has news, under the lock, so that the caller is woken only where there is something for it to do.
 */
final class Running<T> {

    /** What a variant brings: the threads. Used by the caller's thread only. */
    interface Scope {
        /** Starts a virtual thread for it. */
        void fork(Runnable task);

        /** Interrupts the threads and waits until they have ended, however often the caller is interrupted meanwhile. */
        void end();
    }

    private final Plan<T> plan;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();

    // Guarded by lock.
    private final List<Callable<? extends T>> tasks = new ArrayList<>();
    private final List<@Nullable Outcome<T>> outcomes = new ArrayList<>();
    private int started;
    private long until = System.nanoTime();
    private boolean closed;
    private @Nullable Throwable thrownByPlan;

    Running(Plan<T> plan) {
        this.plan = plan;
    }

    /** Runs the plan to its end; one outcome per task, in the order of starting. */
    List<Outcome<T>> in(Scope scope) throws InterruptedException {
        try {
            for (Runnable task = nextTask(); task != null; task = nextTask()) {
                scope.fork(task);
            }
        } finally {
            close(); // before anybody is interrupted, so that what an interrupt brings about is not taken for a failure
            scope.end();
        }
        return take();
    }

    /** The next one to start, once there is one; null when the call has ended. */
    private @Nullable Runnable nextTask() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!closed) {
                long now = System.nanoTime();
                long left = until - now;
                if (left <= 0) {
                    advance(now);
                } else if (started < tasks.size()) {
                    int number = started++;
                    Callable<? extends T> task = tasks.get(number);
                    return () -> add(number, outcomeOf(task));
                } else {
                    left = news.awaitNanos(left);
                }
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    private static <T> Outcome<T> outcomeOf(Callable<? extends T> task) {
        try {
            return new Outcome.Value<>(Objects.requireNonNull(task.call(), "the task returned null"));
        } catch (Throwable e) { // an Error of a task is a failure of that task, and its cause is kept
            return new Outcome.Failed<>(e);
        }
    }

    private void add(int number, Outcome<T> outcome) {
        lock.lock();
        try {
            if (!closed) {
                outcomes.set(number, outcome);
                long now = System.nanoTime();
                plan.ended(number, outcome, now);
                advance(now);
            }
        } catch (RuntimeException | Error e) { // would otherwise end a task's thread unseen; the caller gets it
            thrownByPlan = e;
            closed = true;
            news.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Asks the plan, and wakes the caller if it has to start something, to end, or to look again before it would. */
    private void advance(long now) {
        Plan.Step<T> step = plan.next(now);
        tasks.addAll(step.start());
        step.start().forEach(task -> outcomes.add(null));
        if (step.end() || !step.start().isEmpty() || step.until() - until < 0) {
            news.signal();
        }
        until = step.until();
        closed = step.end();
    }

    private void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
    }

    private List<Outcome<T>> take() {
        lock.lock();
        try {
            if (thrownByPlan instanceof Error e) {
                throw e;
            }
            if (thrownByPlan instanceof RuntimeException e) {
                throw e;
            }
            List<Outcome<T>> result = new ArrayList<>(outcomes.size());
            for (Outcome<T> outcome : outcomes) {
                result.add(outcome == null ? new Outcome.Cancelled<>() : outcome);
            }
            return Collections.unmodifiableList(result);
        } finally {
            lock.unlock();
        }
    }
}
