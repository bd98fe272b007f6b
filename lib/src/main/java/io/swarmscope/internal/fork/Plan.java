package io.swarmscope.internal.fork;

import java.util.List;
import java.util.concurrent.Callable;

/**
 * Decides what a call of {@link Forks#run(String, Plan)} does: which tasks it starts, when it looks again, and when it ends. State without thread,
 * lock or clock: its methods are called one at a time, on any thread of the call, each seeing what the ones before did. They must be quick and must
 * not block. What one of them throws ends the call, which then throws the same.
 */
public interface Plan<T> {

    /**
     * A task has ended. {@link #next} is called right after.
     *
     * @param task its number, in the order in which tasks were given to {@link Step#start}
     * @param outcome its value or its failure
     * @param now a reading of {@link System#nanoTime()}
     */
    void ended(int task, Outcome<T> outcome, long now);

    /**
     * What to do now. Called at the beginning, after each task that ended, and when the time of the latest step has come.
     *
     * @param now a reading of {@link System#nanoTime()}
     */
    Step<T> next(long now);

    /**
     * What a call does next.
     *
     * @param start tasks to start now, beside those that run
     * @param until when to ask again if no task ends before, after now
     * @param end whether the call ends now; what is to be started is not, then, but counts as cancelled
     */
    record Step<T>(List<? extends Callable<? extends T>> start, long until, boolean end) {

        /** Go on as it is until that time. */
        public static <T> Step<T> waiting(long until) {
            return new Step<>(List.of(), until, false);
        }

        /** End now. */
        public static <T> Step<T> ending() {
            return new Step<>(List.of(), 0, true);
        }
    }
}
