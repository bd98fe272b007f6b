package io.swarmscope.internal.link.yamux;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.io.IOException;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Mode;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.Signal;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** The session's reader thread puts bytes into a stream while others read, close or reset it. */
public final class ReceivingStress {

    /** More than the reader's own buffer holds: it goes in piece by piece. */
    private static final int LARGE = 6000;

    private static final int SMALL = 100;

    private ReceivingStress() {}

    private static int read(YamuxStream stream, int wanted) {
        try {
            return stream.input().readNBytes(wanted).length;
        } catch (IOException e) {
            return -1;
        }
    }

    /** A large frame arrives while the application closes the stream, as a search does that has found enough. */
    @JCStressTest
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "nothing is kept")
    @Outcome(expect = FORBIDDEN, desc = "memory of the session is lost for good, or the session is")
    @State
    public static class LargeFrameWhenClosed {
        private static final byte[] FRAME = Unstarted.frame(Frame.DATA, 0, 1, LARGE);
        private final Unstarted unstarted = new Unstarted(FRAME);
        private final YamuxStream stream = unstarted.inbound(1);

        /** The session's reader. */
        @Actor
        public void reader(II_Result r) {
            r.r1 = unstarted.readAll();
        }

        /** The application. */
        @Actor
        public void application() {
            stream.close();
        }

        /** What is kept. */
        @Arbiter
        public void look(II_Result r) {
            r.r2 = (int) unstarted.session.heldBytes();
        }
    }

    /** The same when it is reset by another thread. */
    @JCStressTest
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "nothing is kept")
    @Outcome(expect = FORBIDDEN, desc = "memory of the session is lost for good, or the session is")
    @State
    public static class LargeFrameWhenReset {
        private static final byte[] FRAME = Unstarted.frame(Frame.DATA, 0, 1, LARGE);
        private final Unstarted unstarted = new Unstarted(FRAME);
        private final YamuxStream stream = unstarted.inbound(1);

        /** The session's reader. */
        @Actor
        public void reader(II_Result r) {
            r.r1 = unstarted.readAll();
        }

        /** The application. */
        @Actor
        public void application() {
            stream.reset();
        }

        /** What is kept. */
        @Arbiter
        public void look(II_Result r) {
            r.r2 = (int) unstarted.session.heldBytes();
        }
    }

    /** A large frame arrives while the application reads: all of it comes out. */
    @JCStressTest
    @Outcome(id = "6000, 0", expect = ACCEPTABLE, desc = "all was read and its memory given back")
    @Outcome(expect = FORBIDDEN, desc = "bytes or memory are lost")
    @State
    public static class LargeFrameWhenRead {
        private static final byte[] FRAME = Unstarted.frame(Frame.DATA, Frame.FIN, 1, LARGE);
        private final Unstarted unstarted = new Unstarted(FRAME);
        private final YamuxStream stream = unstarted.inbound(1);

        /** The session's reader. */
        @Actor
        public void reader() {
            unstarted.readAll();
        }

        /** The application. */
        @Actor
        public void application(II_Result r) {
            r.r1 = read(stream, LARGE + 1);
        }

        /** What is kept. */
        @Arbiter
        public void look(II_Result r) {
            stream.close();
            r.r2 = (int) unstarted.session.heldBytes();
        }
    }

    /** A small frame with the end of the stream arrives while the application reads. */
    @JCStressTest
    @Outcome(id = "100", expect = ACCEPTABLE, desc = "all of it, then the end")
    @Outcome(expect = FORBIDDEN, desc = "bytes are lost, or the end came before them")
    @State
    public static class SmallFrameWhenRead {
        private static final byte[] FRAME = Unstarted.frame(Frame.DATA, Frame.FIN, 1, SMALL);
        private final Unstarted unstarted = new Unstarted(FRAME);
        private final YamuxStream stream = unstarted.inbound(1);

        /** The session's reader. */
        @Actor
        public void reader() {
            unstarted.readAll();
        }

        /** The application. */
        @Actor
        public void application(I_Result r) {
            r.r1 = read(stream, SMALL + 1);
        }
    }

    /** A read that waits ends when the peer ends the stream. */
    @JCStressTest(Mode.Termination)
    @Outcome(id = "TERMINATED", expect = ACCEPTABLE, desc = "woken")
    @Outcome(id = "STALE", expect = FORBIDDEN, desc = "a reader that waits for what has come")
    @State
    public static class ReadThenEnd {
        private static final byte[] FRAME = Unstarted.frame(Frame.DATA, Frame.FIN, 1, 0);
        private final Unstarted unstarted = new Unstarted(FRAME);
        private final YamuxStream stream = unstarted.inbound(1);

        /** The application. */
        @Actor
        public void application() {
            read(stream, 1);
        }

        /** The session's reader. */
        @Signal
        public void reader() {
            unstarted.readAll();
        }
    }

    /** A read that waits ends when another thread closes the stream. */
    @JCStressTest(Mode.Termination)
    @Outcome(id = "TERMINATED", expect = ACCEPTABLE, desc = "woken")
    @Outcome(id = "STALE", expect = FORBIDDEN, desc = "a reader of a closed stream")
    @State
    public static class ReadThenClose {
        private final Unstarted unstarted = new Unstarted(new byte[0]);
        private final YamuxStream stream = unstarted.inbound(1);

        /** The application. */
        @Actor
        public void application() {
            read(stream, 1);
        }

        /** Another thread of it. */
        @Signal
        public void closer() {
            stream.close();
        }
    }
}
