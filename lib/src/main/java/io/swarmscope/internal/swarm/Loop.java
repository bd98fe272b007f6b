package io.swarmscope.internal.swarm;

import java.util.Map;

/** What runs a {@link Swarm}: takes its inputs from the mailbox and performs its actions. The swarm thread, or a simulation. */
interface Loop {

    /** Begins to take inputs. */
    void start();

    /** Whether the calling thread must not wait for the swarm, because it runs it. Any thread. */
    boolean isHere();

    /** What it did so far, by name. Any thread. */
    Map<String, Long> counters();

    /** Ends it, failing everything that is pending. Returns when it has ended, or after a bounded time. */
    void stop() throws InterruptedException;
}
