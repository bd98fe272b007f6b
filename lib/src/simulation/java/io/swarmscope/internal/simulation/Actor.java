package io.swarmscope.internal.simulation;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A thread of a simulation. It runs only while it has its turn; all of them take turns, so that nothing here needs a lock. */
final class Actor {

    /** Whether it is its turn. Not a semaphore: in the uninterruptible wait for one, an interrupt is for a moment nowhere to be seen. */
    private volatile boolean turn;

    /** Whether it was interrupted while it waited for its turn. */
    private volatile boolean interrupted;

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

    /** Gives it its turn; from whoever has it. */
    void give(Thread whose) {
        turn = true;
        LockSupport.unpark(whose);
    }

    /** Waits for its turn. An interrupt stays what it was: {@link #isInterrupted} says so to others, and the thread has it afterwards. */
    void awaitTurn() {
        while (!turn) {
            LockSupport.park(this);
            if (Thread.currentThread().isInterrupted()) {
                interrupted = true; // before it is cleared: whoever looks sees one or the other
                Thread.interrupted();
            }
        }
        turn = false;
        if (interrupted) {
            interrupted = false;
            Thread.currentThread().interrupt();
        }
    }

    /** Whether it was interrupted and has not heard of it. */
    boolean isInterrupted() {
        Thread of = thread;
        return (of != null && of.isInterrupted()) || interrupted;
    }
}
