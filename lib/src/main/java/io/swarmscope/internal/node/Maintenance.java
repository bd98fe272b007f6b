package io.swarmscope.internal.node;

import io.swarmscope.RegistryException;
import io.swarmscope.internal.fork.World;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does what a node has to do from time to time, on a virtual thread of its own. */
final class Maintenance implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Maintenance.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final String name;
    private volatile boolean closing;
    private @Nullable Thread thread;

    /** What is done each time. */
    interface Task {
        void run() throws InterruptedException;
    }

    Maintenance(String name) {
        this.name = name;
    }

    /** Runs the task about every second from now on. Called once. */
    void start(Task task) {
        thread = World.here().start(name, () -> run(task));
    }

    private void run(Task task) {
        try {
            while (!closing) {
                World.here().pause(INTERVAL.toNanos());
                once(task);
            }
        } catch (InterruptedException e) {
            log.debug("{} was interrupted", name);
        }
    }

    private static void once(Task task) throws InterruptedException {
        try {
            task.run();
        } catch (RegistryException e) {
            log.debug("maintenance will be tried again: {}", e.getMessage());
        } catch (RuntimeException e) {
            log.error("a defect in maintenance, please report it", e);
        }
    }

    /** Ends the thread; waits a bounded time for it. */
    @Override
    public void close() {
        closing = true;
        Thread running = thread;
        if (running == null) {
            return;
        }
        running.interrupt();
        try {
            if (!World.here().join(running, PATIENCE)) {
                log.warn("{} did not end within {} ms", name, PATIENCE.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
