package io.swarmscope.internal.simulation;

import io.swarmscope.internal.fork.Forks;
import io.swarmscope.internal.fork.Outcome;
import io.swarmscope.internal.fork.Plan;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** {@link Forks} in virtual time: each task is a thread of the simulation. */
public final class VirtualForks implements Forks {

    private final Engine engine;

    /** Over that time. */
    public VirtualForks(Engine engine) {
        this.engine = engine;
    }

    @Override
    public <T> List<Outcome<T>> run(String name, Plan<T> plan) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return new Scope<>(name, plan).run();
    }

    @Override
    public String kind() {
        return "virtual time";
    }

    private record Ended<T>(int task, Outcome<T> outcome) {}

    private final class Scope<T> {
        private final String name;
        private final Plan<T> plan;
        private final List<@Nullable Outcome<T>> told = new ArrayList<>();
        private final List<@Nullable Thread> running = new ArrayList<>();
        private final ArrayDeque<Ended<T>> ended = new ArrayDeque<>();
        private final Signal news = new Signal(engine);

        Scope(String name, Plan<T> plan) {
            this.name = name;
            this.plan = plan;
        }

        List<Outcome<T>> run() throws InterruptedException {
            try {
                follow();
            } finally {
                cancelRest();
            }
            List<Outcome<T>> outcomes = new ArrayList<>(told.size());
            told.forEach(outcome -> outcomes.add(outcome == null ? new Outcome.Cancelled<>() : outcome));
            return outcomes;
        }

        private void follow() throws InterruptedException {
            while (true) {
                Plan.Step<T> step = plan.next(engine.now());
                for (Callable<? extends T> task : step.start()) {
                    told.add(null);
                    running.add(step.end() ? null : fork(task, told.size() - 1));
                }
                if (step.end()) {
                    return;
                }
                if (ended.isEmpty()) {
                    news.await(Math.max(step.until(), engine.now() + 1));
                }
                Ended<T> next = ended.poll();
                if (next != null) {
                    told.set(next.task, next.outcome);
                    plan.ended(next.task, next.outcome, engine.now());
                }
            }
        }

        private Thread fork(Callable<? extends T> task, int number) {
            return engine.start(name + "-" + number, () -> {
                Outcome<T> outcome = call(task);
                running.set(number, null);
                ended.add(new Ended<>(number, outcome));
                news.fire();
            });
        }

        private Outcome<T> call(Callable<? extends T> task) {
            try {
                T value = task.call();
                return value == null ? new Outcome.Failed<>(new NullPointerException("a task returned null")) : new Outcome.Value<>(value);
            } catch (Throwable e) {
                return new Outcome.Failed<>(e);
            }
        }

        private void cancelRest() {
            boolean interrupted = false;
            for (Thread thread : running) {
                if (thread != null) {
                    engine.interrupt(thread);
                }
            }
            for (Thread thread : List.copyOf(running.stream().filter(t -> t != null).toList())) {
                try {
                    engine.join(thread, Engine.NEVER);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
