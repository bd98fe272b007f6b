package io.swarmscope.internal.fork;

import java.util.List;
import java.util.concurrent.StructuredTaskScope;

/** {@link Forks} over the {@link StructuredTaskScope} of Java 21, a preview API that runs on that release only. */
final class StructuredForks21 implements Forks {

    @Override
    public <T> List<Outcome<T>> run(String name, Plan<T> plan) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return new Running<>(plan).in(new Structured(name));
    }

    @Override
    public String kind() {
        return "StructuredTaskScope (Java 21)";
    }

    /** The caller does not wait in the scope but for the plan; the scope ends what is left. */
    private static final class Structured implements Running.Scope {

        private final StructuredTaskScope<Object> scope;

        Structured(String name) {
            scope = new StructuredTaskScope<>(name, Thread.ofVirtual().name(name + "-", 0).factory());
        }

        @Override
        public void fork(Runnable task) {
            scope.fork(() -> {
                task.run();
                return task;
            });
        }

        @Override
        public void end() {
            scope.shutdown();
            try {
                scope.join(); // at once, since the scope is shut down
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            scope.close();
        }
    }
}
