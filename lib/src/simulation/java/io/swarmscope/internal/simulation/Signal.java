package io.swarmscope.internal.simulation;

import java.util.ArrayList;
import java.util.List;

/** Something that threads of a simulation wait for. Touched only by the thread that has its turn. */
final class Signal {

    private final Engine engine;
    private final List<Wait> waiting = new ArrayList<>(1);

    private record Wait(Actor actor, long number) {}

    Signal(Engine engine) {
        this.engine = engine;
    }

    /**
     * Waits until it is fired, or until that time.
     *
     * @throws InterruptedException if the thread is interrupted
     */
    void await(long until) throws InterruptedException {
        Actor self = engine.current();
        Wait wait = new Wait(self, self.waits + 1);
        waiting.add(wait);
        try {
            engine.waitUntil(until);
        } finally {
            waiting.remove(wait);
        }
    }

    /** Wakes all who wait, each when its turn comes, at this time. */
    void fire() {
        for (Wait wait : waiting) {
            engine.wake(wait.actor, wait.number);
        }
        waiting.clear();
    }
}
