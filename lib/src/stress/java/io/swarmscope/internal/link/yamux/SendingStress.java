package io.swarmscope.internal.link.yamux;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.swarmscope.internal.wire.MalformedException;
import java.io.IOException;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Mode;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.Signal;
import org.openjdk.jcstress.annotations.State;

/** A write that waits for credit or for room is woken by what it waits for, and by the end of its stream. */
public final class SendingStress {

    /** More than one stream may put into one packet, less than it may put into two. */
    private static final int LONG = 5 * Turns.FRAME_BODY;

    private SendingStress() {}

    private static void write(YamuxStream stream, int bytes) {
        try {
            stream.output().write(new byte[bytes]);
        } catch (IOException e) {
            // Where the stream was ended; to return is all that counts.
        }
    }

    private static YamuxStream withoutCredit(Unstarted unstarted) {
        YamuxStream stream = unstarted.inbound(1);
        stream.sender().credit = 0;
        return stream;
    }

    /** The peer gives credit. */
    @JCStressTest(Mode.Termination)
    @Outcome(id = "TERMINATED", expect = ACCEPTABLE, desc = "woken")
    @Outcome(id = "STALE", expect = FORBIDDEN, desc = "a writer with credit that waits")
    @State
    public static class WriteThenCredit {
        private final Unstarted unstarted = new Unstarted(new byte[0]);
        private final YamuxStream stream = withoutCredit(unstarted);

        /** The application. */
        @Actor
        public void application() {
            write(stream, 5);
        }

        /** The session's reader. */
        @Signal
        public void reader() {
            try {
                unstarted.session.outbound().credit(stream.sender(), 100);
            } catch (MalformedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Another thread resets the stream. */
    @JCStressTest(Mode.Termination)
    @Outcome(id = "TERMINATED", expect = ACCEPTABLE, desc = "woken")
    @Outcome(id = "STALE", expect = FORBIDDEN, desc = "a writer on a stream that is over")
    @State
    public static class WriteThenReset {
        private final Unstarted unstarted = new Unstarted(new byte[0]);
        private final YamuxStream stream = withoutCredit(unstarted);

        /** The application. */
        @Actor
        public void application() {
            write(stream, 5);
        }

        /** Another thread of it. */
        @Signal
        public void resetter() {
            stream.reset();
        }
    }

    /** The session ends. */
    @JCStressTest(Mode.Termination)
    @Outcome(id = "TERMINATED", expect = ACCEPTABLE, desc = "woken")
    @Outcome(id = "STALE", expect = FORBIDDEN, desc = "a writer on a session that is over")
    @State
    public static class WriteThenSessionEnds {
        private final Unstarted unstarted = new Unstarted(new byte[0]);
        private final YamuxStream stream = withoutCredit(unstarted);

        /** The application. */
        @Actor
        public void application() {
            write(stream, 5);
        }

        /** Whoever closes the connection. */
        @Signal
        public void closer() {
            unstarted.session.close(YamuxSession.NORMAL);
        }
    }

    /** The session's writer takes the packet that is full, waiting for it if it is not begun. */
    @JCStressTest(Mode.Termination)
    @Outcome(id = "TERMINATED", expect = ACCEPTABLE, desc = "woken")
    @Outcome(id = "STALE", expect = FORBIDDEN, desc = "a writer that waits before an empty packet")
    @State
    public static class WriteThenRoom {
        private final Unstarted unstarted = new Unstarted(new byte[0]);
        private final YamuxStream stream = unstarted.inbound(1);

        /** The application. */
        @Actor
        public void application() {
            write(stream, LONG);
        }

        /** The session's writer. */
        @Signal
        public void writer() {
            unstarted.session.outbound().take();
        }
    }
}
