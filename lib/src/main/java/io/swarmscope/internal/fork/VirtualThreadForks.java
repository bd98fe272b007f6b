package io.swarmscope.internal.fork;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Predicate;

/** {@link Forks} over nothing but virtual threads, for releases of Java without a variant of their own. */
final class VirtualThreadForks implements Forks {

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
        List<Thread> threads = new ArrayList<>(tasks.size());
        try {
            for (int i = 0; i < tasks.size() && !outcomes.isClosed() && !deadline.passed(); i++) {
                int index = i;
                Callable<? extends T> task = tasks.get(i);
                threads.add(Thread.ofVirtual()
                        .name(name + "-" + i)
                        .start(() -> outcomes.collect(index, task, outcomes::isClosed)));
            }
            outcomes.awaitClosed(deadline);
        } finally {
            outcomes.close();
            endAll(threads);
        }
        return outcomes.take();
    }

    /** Interrupts the threads and waits until they have ended, however often the caller is interrupted meanwhile. */
    private static void endAll(List<Thread> threads) {
        threads.forEach(Thread::interrupt);
        boolean interrupted = false;
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String kind() {
        return "virtual threads";
    }
}
