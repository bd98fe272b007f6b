package io.swarmscope.internal.fork;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Predicate;

/** The {@link Plan} whose tasks are known from the beginning. Run as plans are. */
final class FixedPlan<T> implements Plan<T> {

    private final List<? extends Callable<? extends T>> tasks;
    private final Predicate<? super List<Outcome<T>>> enough;
    private final Deadline deadline;
    private final List<Outcome<T>> byTime = new ArrayList<>();
    private boolean begun;
    private boolean done;

    FixedPlan(List<? extends Callable<? extends T>> tasks, Predicate<? super List<Outcome<T>>> enough, Deadline deadline) {
        this.tasks = tasks;
        this.enough = enough;
        this.deadline = deadline;
        this.done = tasks.isEmpty();
    }

    @Override
    public void ended(int task, Outcome<T> outcome, long now) {
        byTime.add(outcome);
        done = enough.test(Collections.unmodifiableList(byTime)) || byTime.size() == tasks.size();
    }

    @Override
    public Step<T> next(long now) {
        boolean end = done || Nanos.reached(deadline.nanoTime(), now);
        Step<T> step = new Step<>(begun ? List.of() : tasks, deadline.nanoTime(), end);
        begun = true;
        return step;
    }
}
