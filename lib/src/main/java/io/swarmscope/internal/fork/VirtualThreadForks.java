package io.swarmscope.internal.fork;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;

/** {@link Forks} over nothing but virtual threads, for releases of Java without a variant of their own. */
final class VirtualThreadForks implements Forks {

    @Override
    public <T> List<Outcome<T>> run(String name, Plan<T> plan) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return new Running<>(plan).in(new Threads(name));
    }

    @Override
    public String kind() {
        return "virtual threads";
    }

    private static final class Threads implements Running.Scope {

        private final ThreadFactory factory;
        private final List<Thread> threads = new ArrayList<>();

        Threads(String name) {
            factory = Thread.ofVirtual().name(name + "-", 0).factory();
        }

        @Override
        public void fork(Runnable task) {
            Thread thread = factory.newThread(task);
            threads.add(thread);
            thread.start();
        }

        @Override
        public void end() {
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
    }
}
