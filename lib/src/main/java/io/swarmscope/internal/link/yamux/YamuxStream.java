package io.swarmscope.internal.link.yamux;

import io.swarmscope.host.HostException;
import io.swarmscope.host.HostException.Kind;
import io.swarmscope.internal.fork.Deadline;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * One stream of a session. One application thread may read while another writes; {@link #reset}, {@link #close} and
 * {@link #timeout} may be called by any thread.
 *
 * <p>Promises what {@link io.swarmscope.host.Stream} promises; only protocol, connection and peer are the caller's to know.
 */
public final class YamuxStream implements AutoCloseable {

    /** How long a peer may stay that has used up all credit on a stream nobody reads any more. */
    private static final Duration HURRY = Duration.ofSeconds(1);

    private static final Failure CLOSED = Failure.of(Kind.STREAM_RESET, "the stream is closed");

    // What happened to the stream, as bits of one number so that each transition happens once.
    private static final int WE_ENDED = 1;
    private static final int PEER_ENDED = 2;
    private static final int OVER = WE_ENDED | PEER_ENDED;
    private static final int ACKNOWLEDGED = 4;
    private static final int RELEASED = 8;

    private final YamuxSession session;
    private final boolean inbound;
    private final Sender sender;
    private final Receiver receiver;
    private final AtomicInteger state = new AtomicInteger();
    private final InputStream input = new StreamInput(this);
    private final OutputStream output = new StreamOutput(this);

    /** Written before the stream is in the table, read from there. */
    private long openedAt;

    private volatile long deadline;
    private volatile long lingerUntil;

    /** Whether something must be sent before it makes sense to wait for the peer: the opening or its acknowledgement, or a prefix. */
    private volatile boolean unsent = true;

    YamuxStream(YamuxSession session, int id, Duration timeout, Budget budget, int maxWindow) {
        this.session = session;
        this.inbound = id != 0;
        this.deadline = Deadline.after(timeout).nanoTime();
        this.sender = new Sender(this, id);
        this.receiver = new Receiver(this, budget, maxWindow);
    }

    /** Whether the peer opened it. */
    public boolean inbound() {
        return inbound;
    }

    /**
     * Keeps bytes that go in front of whatever is written next, in the same packet: a protocol proposal before a request, or the
     * consent before the answer. They also leave with a flush, when the stream is closed for writing, and before a read waits. To be
     * called by the thread that writes.
     *
     * @param bytes copied; added to those kept already
     * @throws IllegalArgumentException if there are more than 16,000 bytes then
     */
    public void prefix(byte[] bytes) {
        session.outbound().prefix(sender, bytes);
        unsent = true;
    }

    /** As {@link io.swarmscope.host.Stream#input}. Always the same object. */
    public InputStream input() {
        return input;
    }

    /** As {@link io.swarmscope.host.Stream#output}. Always the same object. */
    public OutputStream output() {
        return output;
    }

    /** Like {@link #output}, but what is written is kept as {@link #prefix}, and flushing does nothing. For negotiations. */
    public OutputStream prefixOutput() {
        return new PrefixOutput(this);
    }

    /** As {@link io.swarmscope.host.Stream#finish}. */
    public void finish(byte[] last) throws HostException {
        write(last, 0, last.length, true);
    }

    /** As {@link io.swarmscope.host.Stream#closeWrite}. */
    public void closeWrite() throws HostException {
        try {
            session.outbound().closeWrite(sender);
        } catch (HostException e) {
            throw abandoned(e);
        }
        unsent = false;
    }

    /** As {@link io.swarmscope.host.Stream#reset}. */
    public void reset() {
        release();
        abort(Failure.of(Kind.STREAM_RESET, "the stream was reset here"));
    }

    /** As {@link io.swarmscope.host.Stream#timeout}. */
    public void timeout(Duration timeout) {
        long before = deadline;
        long now = Deadline.after(timeout).nanoTime();
        deadline = now;
        if (now - before < 0) {
            nudge();
        }
    }

    /** As {@link io.swarmscope.host.Stream#close}. */
    @Override
    public void close() {
        release();
        lingerUntil = (System.nanoTime() + session.config().lingerTimeout().toNanos()) | 1;
        receiver.discard();
        if ((state.get() & OVER) == OVER) {
            return;
        }
        if (!session.outbound().finishOrReset(sender, CLOSED)) {
            abort(CLOSED);
        }
    }

    // ---- Called by the two streams

    int read(byte[] target, int offset, int length) throws HostException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        try {
            if (unsent && receiver.available() == 0) {
                unsent = false;
                session.outbound().flush(sender);
            }
            return receiver.read(target, offset, length);
        } catch (HostException e) {
            throw abandoned(e);
        }
    }

    int available() {
        return receiver.available();
    }

    /** Sends the opening or its acknowledgement, and the prefix, if they are not sent yet. */
    void flush() throws HostException {
        if (unsent) {
            write(new byte[0], 0, 0, false);
        }
    }

    void write(byte[] bytes, int offset, int length, boolean finish) throws HostException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        try {
            session.outbound().write(sender, bytes, offset, length, finish);
        } catch (HostException e) {
            throw abandoned(e);
        }
        unsent = false;
    }

    /** After a failure on this side nobody knows what was read or written, so the stream is of no use any more. */
    private HostException abandoned(HostException e) {
        if (e.kind() == Kind.TIMED_OUT || e.kind() == Kind.INTERRUPTED) {
            abort(new Failure(Kind.STREAM_RESET, "the stream was reset here: " + e.getMessage(), e));
        } else if (e.kind() == Kind.CONNECTION_CLOSED) {
            // A stream that was not opened yet is unknown to the session and so did not hear of its end.
            sessionEnded(new Failure(Kind.CONNECTION_CLOSED, e.getMessage() + "", e));
        }
        return e;
    }

    // ---- Called by sender and receiver

    /**
     * Makes sure that a thread that is going to wait is woken when the stream's time is up. To be called before others can see that it
     * waits: it may take locks, which would swallow their wake-up.
     *
     * @param listed whether the stream is in the session's table already
     */
    void beforePark(boolean listed) throws HostException {
        long end = deadline;
        if (end - System.nanoTime() <= 0) {
            throw new HostException(Kind.TIMED_OUT, "the peer was too slow");
        }
        if (listed) {
            session.deadlines().atLatest(end);
        }
    }

    /** Waits to be woken, after {@link #beforePark}. */
    void park(boolean listed) throws HostException {
        if (listed) {
            LockSupport.park(this);
        } else {
            LockSupport.parkNanos(this, deadline - System.nanoTime());
        }
        if (Thread.currentThread().isInterrupted()) {
            throw new HostException(Kind.INTERRUPTED, "interrupted while waiting for the peer");
        }
    }

    /** Returns the nanoseconds left if the stream's time is not up; otherwise wakes who waits. */
    long wakeIfOverdue(long now) {
        long left = deadline - now;
        if (left > 0) {
            return left;
        }
        nudge();
        return Deadlines.NEVER;
    }

    private void nudge() {
        receiver.nudge();
        session.outbound().nudge(sender);
    }

    int windowUpdate(ReceiveWindow window) {
        return session.windowUpdate(window);
    }

    void sendWindowUpdate(int credit) {
        // If there are too many control frames the peer does not read, and the session will end for that.
        session.outbound().control(Frame.WINDOW_UPDATE, 0, sender.id, credit);
    }

    /** The peer has sent all it may although nobody reads. */
    void hurry() {
        long soon = (System.nanoTime() + HURRY.toNanos()) | 1;
        if (soon - lingerUntil < 0) {
            lingerUntil = soon;
        }
    }

    Sender sender() {
        return sender;
    }

    Receiver receiver() {
        return receiver;
    }

    // ---- Called by the session

    void opening(long now) {
        openedAt = now;
    }

    /** Any frame of the peer for an outbound stream tells that it took the stream; not all send the flag. */
    void acknowledged() {
        if (!inbound && (state.get() & ACKNOWLEDGED) == 0 && (add(ACKNOWLEDGED) & ACKNOWLEDGED) == 0) {
            session.table().places().acknowledged();
        }
    }

    void peerEnd(List<Thread> wakes) {
        receiver.end(wakes);
        set(PEER_ENDED);
    }

    void peerReset() {
        Failure why = Failure.of(Kind.STREAM_RESET, "the peer reset the stream");
        receiver.fail(why);
        session.outbound().reset(sender, why, false);
        set(OVER);
    }

    void sessionEnded(Failure why) {
        receiver.fail(why);
        session.outbound().reset(sender, why, false);
        set(OVER);
    }

    /** Gives the stream up and tells the peer. */
    void abort(Failure why) {
        receiver.abort(why);
        session.outbound().reset(sender, why, (state.get() & OVER) != OVER);
        set(OVER);
    }

    /** Ends what takes too long. */
    void tick(long now, YamuxConfig config) {
        if (!inbound && (state.get() & ACKNOWLEDGED) == 0 && now - openedAt > config.openTimeout().toNanos()) {
            abort(Failure.of(Kind.TIMED_OUT, "the peer did not acknowledge the stream"));
        } else if (lingerUntil != 0 && now - lingerUntil > 0) {
            abort(CLOSED);
        }
    }

    /** Our last frame is queued. Called under the lock of {@link Outbound}. */
    void weEnded() {
        set(WE_ENDED);
    }

    private void release() {
        if (inbound && (add(RELEASED) & RELEASED) == 0) {
            session.table().handlerDone();
        }
    }

    /** Notes that an end was reached; whoever notes the second one takes the stream out of the session. */
    private void set(int ends) {
        int before = add(ends);
        if ((before & OVER) != OVER && ((before | ends) & OVER) == OVER) {
            acknowledged();
            receiver.over();
            session.table().remove(sender.id, this);
        }
    }

    /** Adds bits to the state; returns it as it was before. */
    private int add(int bits) {
        return state.getAndUpdate(s -> s | bits);
    }
}
