package io.swarmscope.internal.fork;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Predicate;

/**
 * Runs tasks on virtual threads that do not outlive the call. Thread-safe; all state lives in the call.
 *
 * <p>On a release of Java with a variant over its {@code StructuredTaskScope} that variant does the work, elsewhere plain
 * virtual threads do. All keep the contract of {@link #run(String, Plan)} to the letter.
 */
public interface Forks {

    /**
     * Runs a plan: starts a virtual thread for each task the plan wants, and tells it how each ended, until it says that the call ends. Then
     * interrupts the tasks still running, waits until their threads have ended, and returns one outcome per task in the order in which the
     * plan named them.
     *
     * <ul>
     *   <li>Exactly the outcomes that the plan was told of are {@link Outcome.Value} or {@link Outcome.Failed} in the result. All others are
     *       {@link Outcome.Cancelled}, even where a task still made a value after the end: so a task must clean up after itself, and not
     *       hand out something that must be closed.
     *   <li>A task that throws is {@link Outcome.Failed} with exactly what it threw, {@link Error}s included; nothing a task
     *       throws comes out of this method. A task that returns null has failed with a {@link NullPointerException}.
     *   <li>A task that ignores its interrupt is waited for, past the end if it must be: nothing outlives its call, and
     *       what a task waits on has to be interruptible.
     *   <li>Once the plan has said that the call ends, no further task is started.
     * </ul>
     *
     * @param name the start of the threads' names, for whoever reads a thread dump
     * @throws InterruptedException if the caller is interrupted before or while it waits for the plan's end; all tasks have been
     *     interrupted and have ended by then. An interrupt that comes later, while the rest is being cancelled, only leaves
     *     the caller's interrupt status set
     */
    <T> List<Outcome<T>> run(String name, Plan<T> plan) throws InterruptedException;

    /**
     * Runs tasks that are all known: forks one virtual thread per task and waits until the outcomes are enough, all tasks have ended, or the
     * deadline passes. With no tasks it returns an empty list at once. Once the deadline has passed, or the outcomes are enough, no further task
     * is started. The rest is as with {@link #run(String, Plan)}.
     *
     * @param name the start of the threads' names, for whoever reads a thread dump
     * @param enough called after each outcome with all so far, in the order in which tasks ended; never concurrently, on any
     *     thread. It must be quick and must not keep the list. If it throws, the call ends as if it had said yes and then
     *     throws the same
     * @throws InterruptedException if the caller is interrupted; all tasks have ended by then
     */
    default <T> List<Outcome<T>> run(
            String name,
            List<? extends Callable<? extends T>> tasks,
            Predicate<? super List<Outcome<T>>> enough,
            Deadline deadline)
            throws InterruptedException {
        return run(name, new FixedPlan<>(tasks, enough, deadline));
    }

    /** What runs the tasks, for the log and for names of tests, such as {@code StructuredTaskScope (Java 25)}. */
    String kind();

    /** The one for the running release of Java, or the one over plain virtual threads, which is said once in the log. */
    static Forks best() {
        return Variants.BEST;
    }

    /** Enough as soon as one task has returned a value: the first success wins. */
    static <T> Predicate<List<Outcome<T>>> anyValue() {
        return values(1);
    }

    /** Enough as soon as that many tasks have returned a value. */
    static <T> Predicate<List<Outcome<T>>> values(int count) {
        return outcomes -> outcomes.stream().filter(o -> o instanceof Outcome.Value<T>).count() >= count;
    }

    /** Enough as soon as one task has failed: all or nothing. */
    static <T> Predicate<List<Outcome<T>>> anyFailure() {
        return outcomes -> outcomes.stream().anyMatch(o -> o instanceof Outcome.Failed<T>);
    }

    /** Never enough: waits for all tasks or the deadline. */
    static <T> Predicate<List<Outcome<T>>> all() {
        return outcomes -> false;
    }
}
