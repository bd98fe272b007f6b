package io.swarmscope.internal.telemetry;

import io.opentelemetry.context.Context;
import io.swarmscope.internal.fork.Forks;
import io.swarmscope.internal.fork.Outcome;
import io.swarmscope.internal.fork.Plan;
import java.util.List;

/** {@link Forks} whose threads go on in the context of whoever forked them, so that their spans are children of the caller's. Thread-safe. */
record TracedForks(Forks forks) implements Forks {

    @Override
    public <T> List<Outcome<T>> run(String name, Plan<T> plan) throws InterruptedException {
        Context context = Context.current();
        // Without a span, and so without an SDK, there is nothing to carry over.
        return forks.run(name, context.equals(Context.root()) ? plan : new Carried<>(plan, context));
    }

    @Override
    public String kind() {
        return forks.kind();
    }

    private record Carried<T>(Plan<T> plan, Context context) implements Plan<T> {

        @Override
        public void ended(int task, Outcome<T> outcome, long now) {
            plan.ended(task, outcome, now);
        }

        @Override
        public Step<T> next(long now) {
            Step<T> step = plan.next(now);
            return step.start().isEmpty()
                    ? step
                    : new Step<>(step.start().stream().map(context::wrap).toList(), step.until(), step.end());
        }
    }
}
