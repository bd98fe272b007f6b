package io.swarmscope.internal.fork;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.StructuredTaskScope;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/** {@link Forks} over the {@link StructuredTaskScope} of Java 21, a preview API that runs on that release only. */
final class StructuredForks21 implements Forks {

    @Override
    public <T> List<Outcome<T>> run(
            String name,
            List<? extends Callable<? extends T>> tasks,
            Predicate<? super List<Outcome<T>>> enough,
            Deadline deadline)
            throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (tasks.isEmpty()) {
            return List.of();
        }
        Outcomes<T> outcomes = new Outcomes<>(tasks.size(), enough);
        // Leaving the block cancels what still runs and waits for it.
        try (var scope = new Scope(name, outcomes)) {
            for (int i = 0; i < tasks.size() && !outcomes.isClosed() && !deadline.passed(); i++) {
                int index = i;
                Callable<? extends T> task = tasks.get(i);
                scope.fork(() -> {
                    outcomes.collect(index, task, scope::isShutdown);
                    return outcomes;
                });
            }
            scope.joinUntil(Instant.now().plus(deadline.remaining()));
        } catch (TimeoutException e) {
            // The deadline has passed: the outcomes so far are the answer.
        } finally {
            outcomes.close();
        }
        return outcomes.take();
    }

    @Override
    public String kind() {
        return "StructuredTaskScope (Java 21)";
    }

    /** Shuts down with the first task after which the outcomes take no more. */
    private static final class Scope extends StructuredTaskScope<Outcomes<?>> {

        private final Outcomes<?> outcomes;

        Scope(String name, Outcomes<?> outcomes) {
            super(name, Thread.ofVirtual().name(name + "-", 0).factory());
            this.outcomes = outcomes;
        }

        @Override
        protected void handleComplete(Subtask<? extends Outcomes<?>> subtask) {
            if (outcomes.isClosed()) {
                shutdown();
            }
        }
    }
}
