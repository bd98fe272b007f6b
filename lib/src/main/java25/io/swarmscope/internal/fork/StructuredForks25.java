package io.swarmscope.internal.fork;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.StructuredTaskScope;
import java.util.concurrent.StructuredTaskScope.Joiner;
import java.util.concurrent.StructuredTaskScope.Subtask;
import java.util.function.Predicate;

/** {@link Forks} over the {@link StructuredTaskScope} of Java 25, a preview API that runs on that release only. */
final class StructuredForks25 implements Forks {

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
        try (var scope = StructuredTaskScope.open(new UntilClosed<T>(outcomes), settings -> settings.withName(name)
                .withThreadFactory(Thread.ofVirtual().name(name + "-", 0).factory())
                .withTimeout(deadline.remaining()))) {
            for (int i = 0; i < tasks.size() && !outcomes.isClosed() && !deadline.passed(); i++) {
                int index = i;
                Callable<? extends T> task = tasks.get(i);
                scope.fork(() -> outcomes.collect(index, task, scope::isCancelled));
            }
            scope.join();
        } catch (StructuredTaskScope.TimeoutException e) {
            // The deadline has passed: the outcomes so far are the answer.
        } finally {
            outcomes.close();
        }
        return outcomes.take();
    }

    @Override
    public String kind() {
        return "StructuredTaskScope (Java 25)";
    }

    /** Cancels the scope with the first task after which the outcomes take no more. */
    private record UntilClosed<T>(Outcomes<T> outcomes) implements Joiner<T, Outcomes<T>> {

        @Override
        public boolean onComplete(Subtask<? extends T> subtask) {
            return outcomes.isClosed();
        }

        @Override
        public Outcomes<T> result() {
            return outcomes;
        }
    }
}
