package io.swarmscope.internal.link.yamux;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.swarmscope.internal.fork.Deadline;
import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Mode;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.Signal;
import org.openjdk.jcstress.annotations.State;

/** Whoever waits to open a stream is let in when a place comes free, and when the session ends. */
public final class PlacesStress {

    private PlacesStress() {}

    private static void acquire(Places places, Duration time) {
        try {
            places.acquire(Deadline.after(time));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The place comes free in two steps: the stream is over, and it was acknowledged. */
    @JCStressTest(Mode.Termination)
    @Outcome(id = "TERMINATED", expect = ACCEPTABLE, desc = "let in")
    @Outcome(id = "STALE", expect = FORBIDDEN, desc = "waits before a free place")
    @State
    public static class AcquireThenRelease {
        private final Places places = new Unstarted(new byte[0]).session.table().places();

        /** The one place is taken. */
        public AcquireThenRelease() {
            acquire(places, Duration.ZERO);
        }

        /** Who waits. */
        @Actor
        public void waiter() {
            acquire(places, Duration.ofHours(1));
        }

        /** The stream before. */
        @Signal
        public void other() {
            places.acknowledged();
            places.release();
        }
    }

    /** The session ends. */
    @JCStressTest(Mode.Termination)
    @Outcome(id = "TERMINATED", expect = ACCEPTABLE, desc = "let in, to find out")
    @Outcome(id = "STALE", expect = FORBIDDEN, desc = "waits for a session that is over")
    @State
    public static class AcquireThenClose {
        private final Places places = new Unstarted(new byte[0]).session.table().places();

        /** The one place is taken. */
        public AcquireThenClose() {
            acquire(places, Duration.ZERO);
        }

        /** Who waits. */
        @Actor
        public void waiter() {
            acquire(places, Duration.ofHours(1));
        }

        /** The session. */
        @Signal
        public void session() {
            places.close();
        }
    }
}
