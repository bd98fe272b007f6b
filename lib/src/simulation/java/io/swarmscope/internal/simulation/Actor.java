package io.swarmscope.internal.simulation;

import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** A thread of a simulation. It runs only while it has its turn; all of them take turns, so that nothing here needs a lock. */
final class Actor {

    /** Its turn. */
    final Semaphore turn = new Semaphore(0);

    final String name;
    final @Nullable Runnable task;
    @Nullable Thread thread;

    /** Counts its waits: what would wake it out of one that is over does nothing. */
    long waits;

    boolean ended;
    final Signal end;

    Actor(String name, @Nullable Runnable task, Engine engine) {
        this.name = name;
        this.task = task;
        this.end = new Signal(engine);
    }
}
