package io.swarmscope.internal.simulation;

import io.swarmscope.internal.fork.World;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Virtual time: a queue of events in the order of their times, and threads of which one runs at a time. Whoever waits carries out events until its own turn
 * comes, so that a wait that ends soon costs no switch between threads. Used by the thread that made it and by those it starts.
 *
 * <p>Nothing in it depends on the machine's clock or on chance but by its seed: the same calls give the same events.
 */
public final class Engine implements AutoCloseable {

    /** The reading of the clock at the beginning; not zero, which some code takes for never. */
    private static final long ORIGIN = Duration.ofHours(1).toNanos();

    /** The wall clock at the beginning. */
    private static final Instant BEGINNING = Instant.parse("2026-01-01T00:00:00Z");

    /** For who waits until it is woken, and leaves nothing in the queue. */
    static final long NEVER = Long.MAX_VALUE;

    private final EventQueue queue = new EventQueue(ORIGIN);
    private final Set<Actor> actors = new LinkedHashSet<>();
    private final Actor main = new Actor("main", null, this);
    private final Thread maker = Thread.currentThread();
    private final SplittableRandom random;
    private final World world;
    private final EventHash hash = new EventHash();

    private Actor current = main;
    private long now = ORIGIN;
    private long events;
    private boolean closing;
    private @Nullable Throwable defect;

    /** Begins. */
    public Engine(long seed) {
        random = new SplittableRandom(seed);
        world = new VirtualWorld(this, random.split());
    }

    // Time and chance

    /** The reading of the clock, in nanoseconds. */
    public long now() {
        return now;
    }

    /** The time since the beginning. */
    public Duration elapsed() {
        return Duration.ofNanos(now - ORIGIN);
    }

    /** The wall clock, as one sees it who is off by that much. */
    public Instant wallClock(Duration off) {
        return BEGINNING.plusNanos(now - ORIGIN).plus(off);
    }

    /** Chance of its own for somebody. */
    public SplittableRandom newRandom() {
        return random.split();
    }

    /** How many events there were. */
    public long events() {
        return events;
    }

    /** The hash of what was delivered so far. */
    public EventHash hash() {
        return hash;
    }

    // Events

    /** Does something after a while. */
    public void after(long nanos, Runnable what) {
        at(now + nanos, what);
    }

    /** Does something at a time, or now if it has passed. */
    public void at(long time, Runnable what) {
        if (time > now) {
            queue.add(time, what, null, 0);
        } else {
            queue.addNow(now, what, null, 0);
        }
    }

    void wake(Actor actor, long wait) {
        queue.addNow(now, null, actor, wait);
    }

    // Threads

    Actor current() {
        return current;
    }

    /** Starts a thread, whose turn comes at this time. */
    public Thread start(String name, Runnable task) {
        Actor actor = new Actor(name, task, this);
        Thread thread = Thread.ofVirtual().name(name).unstarted(() -> live(actor));
        actor.thread = thread;
        actors.add(actor);
        wake(actor, 0);
        return thread;
    }

    private void live(Actor self) {
        self.awaitTurn();
        // All of it: what the thread carries out for others, after its own end, is in virtual time as well.
        give(World.in(world, () -> next(self)));
    }

    /** Does what a thread is for; who has the next turn. */
    private Actor next(Actor self) {
        try {
            Objects.requireNonNull(self.task).run();
        } catch (RuntimeException | Error e) {
            defect = defect == null ? e : defect;
        }
        self.ended = true;
        actors.remove(self);
        self.end.fire();
        return closing || defect != null ? main : run(null);
    }

    /** Lets time pass on the thread that has its turn until then, or until it is woken. */
    void waitUntil(long until) throws InterruptedException {
        Actor self = current;
        if (closing && self != main) {
            throw new InterruptedException("the simulation has ended");
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        pass(self, until);
        if (Thread.interrupted() || (closing && self != main)) {
            throw new InterruptedException();
        }
    }

    private void pass(Actor self, long until) {
        self.waits++;
        if (until != NEVER) {
            queue.add(Math.max(now, until), null, self, self.waits);
        }
        Actor next = run(self);
        if (next != self) {
            give(next);
            self.awaitTurn();
        }
        self.waits++;
        current = self;
        if (self == main && defect != null) {
            Throwable cause = defect;
            defect = null;
            throw new AssertionError("a simulated node or task failed after " + elapsed() + ": " + cause, cause);
        }
    }

    /** Carries out events until it is somebody's turn; whose. */
    private Actor run(@Nullable Actor self) {
        while (defect == null) {
            EventQueue.Event event = queue.poll();
            if (event == null) {
                defect = new IllegalStateException("everybody waits for ever");
                break;
            }
            now = event.time();
            Actor turn = event.turn();
            if (turn != null) {
                if (turn.waits == event.number() && !turn.ended) {
                    return turn;
                }
                continue; // it was woken before
            }
            events++;
            try {
                Objects.requireNonNull(event.what()).run();
            } catch (RuntimeException | Error e) {
                defect = e;
            }
        }
        return main;
    }

    private void give(Actor next) {
        current = next;
        Thread thread = next.thread;
        if (thread != null && thread.getState() == Thread.State.NEW) {
            next.waits++;
            thread.start();
        }
        next.give(thread == null ? maker : thread);
    }

    /** Runs something of the thread that made this, in virtual time. */
    public <T> T enter(Supplier<T> what) {
        if (Thread.currentThread() != maker) {
            if (current != main && Thread.currentThread() == current.thread) {
                return what.get(); // a task of the simulation
            }
            throw new IllegalStateException("a simulated network belongs to the thread that made it: start tasks with its run()");
        }
        if (closing) {
            throw new IllegalStateException("the simulation has ended");
        }
        return World.in(world, what);
    }

    /** Lets time pass. */
    public void advance(Duration time) {
        try {
            waitUntil(now + time.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Waits for the end of a thread of this. */
    boolean join(Thread thread, long until) throws InterruptedException {
        Actor actor = null;
        for (Actor each : actors) {
            if (each.thread == thread) {
                actor = each;
            }
        }
        if (actor == null) {
            return true;
        }
        if (actor.isInterrupted()) {
            wake(actor, actor.waits); // an interrupt ends a wait at once
        }
        while (!actor.ended && now < until) {
            actor.end.await(until);
        }
        return actor.ended;
    }

    /** Interrupts a thread, which ends what it waits for. */
    void interrupt(Thread thread) {
        thread.interrupt();
        for (Actor each : actors) {
            if (each.thread == thread) {
                wake(each, each.waits);
            }
        }
    }

    /** Ends all threads. */
    @Override
    public void close() {
        if (closing || Thread.currentThread() != maker) {
            return;
        }
        closing = true;
        List<Actor> left = new ArrayList<>(actors);
        for (Actor actor : left) {
            Thread thread = Objects.requireNonNull(actor.thread);
            if (thread.getState() != Thread.State.NEW && !actor.ended) {
                give(actor);
                main.awaitTurn();
                current = main;
            }
        }
        queue.clear();
    }
}
