package io.swarmscope.internal.link.yamux;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.swarmscope.host.HostException;
import java.io.IOException;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.L_Result;

/** A stream or session is ended by several at once: what the peer sees makes sense, and places and tables are as if one had done it. */
public final class ClosingStress {

    private ClosingStress() {}

    private static void write(YamuxStream stream) {
        try {
            stream.output().write(new byte[5]);
        } catch (IOException e) {
            // The other actor was first.
        }
    }

    private static void closeWrite(YamuxStream stream) {
        try {
            stream.closeWrite();
        } catch (HostException e) {
            // The other actor was first.
        }
    }

    /** Bytes are written while another thread resets. */
    @JCStressTest
    @Outcome(id = "nothing", expect = ACCEPTABLE, desc = "the peer never hears of it")
    @Outcome(id = "SDR", expect = ACCEPTABLE, desc = "the reset comes behind the bytes")
    @Outcome(expect = FORBIDDEN, desc = "the peer waits for ever, or is told of a stream that is over")
    @State
    public static class WriteAndReset {
        private final Unstarted unstarted = new Unstarted(new byte[0]);
        private final YamuxStream stream = unstarted.outbound();

        /** The application. */
        @Actor
        public void writer() {
            write(stream);
        }

        /** Another thread of it. */
        @Actor
        public void resetter() {
            stream.reset();
        }

        /** What leaves. */
        @Arbiter
        public void look(L_Result r) {
            r.r1 = unstarted.frames();
        }
    }

    /** The end is written while another thread closes: one end, or none of a stream that was not begun. */
    @JCStressTest
    @Outcome(id = "nothing", expect = ACCEPTABLE, desc = "the peer never hears of it")
    @Outcome(id = "SF", expect = ACCEPTABLE, desc = "one end")
    @Outcome(expect = FORBIDDEN, desc = "two ends, or an end that the peer takes for another")
    @State
    public static class EndAndClose {
        private final Unstarted unstarted = new Unstarted(new byte[0]);
        private final YamuxStream stream = unstarted.outbound();

        /** The application. */
        @Actor
        public void writer() {
            closeWrite(stream);
        }

        /** Another thread of it. */
        @Actor
        public void closer() {
            stream.close();
        }

        /** What leaves. */
        @Arbiter
        public void look(L_Result r) {
            r.r1 = unstarted.frames();
        }
    }

    /** The peer resets while the application closes. */
    @JCStressTest
    @Outcome(id = "0, 1, 1", expect = ACCEPTABLE, desc = "the stream is gone, its place is free once")
    @Outcome(expect = FORBIDDEN, desc = "a stream that stays, or a place that is lost or given twice")
    @State
    public static class PeerResetsAndClose {
        private static final byte[] FRAME = Unstarted.frame(Frame.WINDOW_UPDATE, Frame.RST, 2, 0);
        private final Unstarted unstarted = new Unstarted(FRAME);
        private final YamuxStream stream = unstarted.outbound();

        /** The peer knows of it. */
        public PeerResetsAndClose() {
            write(stream);
        }

        /** The session's reader. */
        @Actor
        public void reader(III_Result r) {
            r.r3 = unstarted.readAll();
        }

        /** The application. */
        @Actor
        public void application() {
            stream.reset();
        }

        /** What is left. */
        @Arbiter
        public void look(III_Result r) {
            r.r1 = unstarted.session.streams();
            r.r2 = unstarted.freePlaces();
        }
    }

    /** Both sides end the stream at the same moment. */
    @JCStressTest
    @Outcome(id = "0, 1, 1", expect = ACCEPTABLE, desc = "the stream is gone, its place is free once")
    @Outcome(expect = FORBIDDEN, desc = "a stream that stays, or a place that is lost or given twice")
    @State
    public static class BothEnd {
        private static final byte[] FRAME = Unstarted.frame(Frame.DATA, Frame.FIN, 2, 0);
        private final Unstarted unstarted = new Unstarted(FRAME);
        private final YamuxStream stream = unstarted.outbound();

        /** The peer knows of it. */
        public BothEnd() {
            write(stream);
        }

        /** The session's reader. */
        @Actor
        public void reader(III_Result r) {
            r.r3 = unstarted.readAll();
        }

        /** The application. */
        @Actor
        public void application() {
            stream.close();
        }

        /** What is left. */
        @Arbiter
        public void look(III_Result r) {
            r.r1 = unstarted.session.streams();
            r.r2 = unstarted.freePlaces();
        }
    }

    /** The peer opens a stream while the session ends. */
    @JCStressTest
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "no stream outlives its session")
    @Outcome(expect = FORBIDDEN, desc = "a stream that nobody will ever end")
    @State
    public static class PeerOpensWhenSessionEnds {
        private static final byte[] FRAME = Unstarted.frame(Frame.WINDOW_UPDATE, Frame.SYN, 1, 0);
        private final Unstarted unstarted = new Unstarted(FRAME);

        /** The session's reader. */
        @Actor
        public void reader(II_Result r) {
            r.r2 = unstarted.readAll();
        }

        /** Whoever closes the connection. */
        @Actor
        public void closer() {
            unstarted.session.close(YamuxSession.NORMAL);
        }

        /** What is left. */
        @Arbiter
        public void look(II_Result r) {
            r.r1 = unstarted.session.streams();
        }
    }

    /** We open a stream while the session ends. */
    @JCStressTest
    @Outcome(id = "0, -1", expect = ACCEPTABLE, desc = "no stream outlives its session, and who reads from it is told")
    @Outcome(expect = FORBIDDEN, desc = "a stream that nobody will ever end")
    @State
    public static class WeOpenWhenSessionEnds {
        private final Unstarted unstarted = new Unstarted(new byte[0]);
        private final YamuxStream stream = unstarted.outbound();

        /** The application. */
        @Actor
        public void application(II_Result r) {
            try {
                stream.output().write(new byte[5]);
                r.r2 = stream.input().read();
            } catch (IOException e) {
                r.r2 = -1;
            }
        }

        /** Whoever closes the connection. */
        @Actor
        public void closer() {
            unstarted.session.close(YamuxSession.NORMAL);
        }

        /** What is left. */
        @Arbiter
        public void look(II_Result r) {
            r.r1 = unstarted.session.streams();
        }
    }
}
