package io.swarmscope.internal.fork;

import java.util.List;
import java.util.concurrent.StructuredTaskScope;
import java.util.concurrent.StructuredTaskScope.Joiner;
import java.util.concurrent.StructuredTaskScope.Subtask;
import org.jspecify.annotations.Nullable;

/** {@link Forks} over the {@link StructuredTaskScope} of Java 25, a preview API that runs on that release only. */
final class StructuredForks25 implements Forks {

    @Override
    public <T> List<Outcome<T>> run(String name, Plan<T> plan) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return new Running<>(plan).in(new Structured(name));
    }

    @Override
    public String kind() {
        return "StructuredTaskScope (Java 25)";
    }

    /** The caller does not wait in the scope, where it could start nothing more, but for the plan; the scope ends what is left. */
    private static final class Structured implements Running.Scope, Joiner<Object, @Nullable Void> {

        private final StructuredTaskScope<Object, @Nullable Void> scope;
        private boolean ending;

        Structured(String name) {
            scope = StructuredTaskScope.open(this, settings -> settings.withName(name)
                    .withThreadFactory(Thread.ofVirtual().name(name + "-", 0).factory()));
        }

        @Override
        public void fork(Runnable task) {
            scope.fork(task);
        }

        @Override
        public void end() {
            ending = true;
            scope.fork(() -> {}); // is not started: the only way for the owner to cancel its scope
            try {
                scope.join(); // at once, since the scope is cancelled
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            scope.close();
        }

        @Override
        public boolean onFork(Subtask<? extends Object> subtask) {
            return ending;
        }

        @Override
        public @Nullable Void result() {
            return null;
        }
    }
}
