package io.swarmscope.internal.link.yamux;

import io.swarmscope.host.HostException;
import io.swarmscope.host.HostException.Kind;
import io.swarmscope.internal.fork.Deadline;
import io.swarmscope.internal.link.SecureChannel;
import io.swarmscope.internal.wire.Limits;
import io.swarmscope.internal.wire.MalformedException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One multiplexed connection: two virtual threads of its own read and write the channel, any thread opens streams.
 *
 * @see <a href="https://github.com/hashicorp/yamux/blob/master/spec.md">the yamux specification</a>
 */
public final class YamuxSession {

    /** Code of a GoAway frame: an orderly goodbye. */
    public static final int NORMAL = 0;

    /** Code of a GoAway frame: the other side broke the protocol. */
    public static final int PROTOCOL_ERROR = 1;

    /** Code of a GoAway frame: this side failed. */
    public static final int INTERNAL_ERROR = 2;

    private final SecureChannel channel;
    private final YamuxConfig config;
    private final YamuxListener listener;
    private final Deadlines deadlines;
    private final StreamTable table;
    private final Heartbeat heartbeat;
    private final Outbound out;
    private final Budget budget;
    private final Thread reader;
    private final Thread writer;

    /** Why the session ended; null while it lives. */
    private final AtomicReference<@Nullable Failure> end = new AtomicReference<>();

    private volatile long endedAt;
    private volatile boolean peerLeft;
    private volatile long peerLeftAt;
    private volatile boolean started;

    /**
     * A session that does nothing before {@link #start}.
     *
     * @param channel owned by the session from here on, which closes it at its end
     * @param client whether this side dialed
     * @param config the limits
     * @param listener hears of inbound streams and of the end
     * @param name for the names of the threads
     */
    public YamuxSession(SecureChannel channel, boolean client, YamuxConfig config, YamuxListener listener, String name) {
        this.channel = channel;
        this.config = config;
        this.listener = listener;
        this.deadlines = new Deadlines(this::wakeOverdue);
        this.table = new StreamTable(client, config, deadlines);
        this.heartbeat = new Heartbeat(config);
        this.out = new Outbound(table, heartbeat);
        this.budget = new Budget(config.maxBuffered());
        this.reader = Thread.ofVirtual().name("swarmscope-link-read-" + name).unstarted(this::readAll);
        this.writer = Thread.ofVirtual().name("swarmscope-link-write-" + name).unstarted(this::writeAll);
    }

    /** Starts the reader and the writer thread. To be called once. */
    public void start() {
        started = true;
        writer.start();
        reader.start();
    }

    /**
     * Opens a stream. Nothing is sent yet: the opening frame leaves together with the first bytes that are written, or when the
     * stream is read or flushed. Waits while {@code maxOutbound} or {@code maxUnacknowledged} streams are open.
     *
     * @param timeout also the stream's first {@link YamuxStream#timeout}
     * @throws HostException of kind LIMIT_REACHED if the wait ran out, CONNECTION_CLOSED if either side ended the session or the
     *     peer said that it takes no more streams
     * @throws InterruptedException if interrupted while waiting
     */
    public YamuxStream open(Duration timeout) throws HostException, InterruptedException {
        Deadline deadline = Deadline.after(timeout);
        requireOpen();
        if (!table.places().acquire(deadline)) {
            throw new HostException(Kind.LIMIT_REACHED, "too many streams are open on this connection");
        }
        YamuxStream stream = new YamuxStream(this, 0, deadline.remaining(), budget, config.maxWindow());
        try {
            requireOpen();
        } catch (HostException e) {
            stream.close();
            throw e;
        }
        return stream;
    }

    private void requireOpen() throws HostException {
        Failure why = end.get();
        if (why != null) {
            throw why.forStreams().toException();
        }
        if (peerLeft || !started) {
            throw new HostException(
                    Kind.CONNECTION_CLOSED, started ? "the peer takes no more streams" : "the session is not started");
        }
    }

    /**
     * Sends what is queued and a goodbye, then closes the channel; streams still open fail with kind CONNECTION_CLOSED. Never
     * blocks. Idempotent.
     *
     * @param code {@link #NORMAL}, {@link #PROTOCOL_ERROR} or {@link #INTERNAL_ERROR}
     */
    public void close(int code) {
        end(Failure.of(Kind.CONNECTION_CLOSED, "the connection was closed here"), code);
    }

    /** Whether streams can be opened: started, not closed, and the peer did not say goodbye. */
    public boolean isOpen() {
        return started && !peerLeft && isAlive();
    }

    /** Streams open now, both directions, including those closed here that wait for the peer. */
    public int streams() {
        return table.size();
    }

    /** The last measured round trip in nanoseconds, 0 before the first. */
    public long rttNanos() {
        return heartbeat.rttNanos();
    }

    /** Memory that received bytes take which nobody has read. */
    long heldBytes() {
        return budget.held();
    }

    // ---- The end

    /** Ends the session if it did not end yet: politely with a GoAway, or at once if the code is negative. */
    private boolean end(Failure why, int goAway) {
        if (!isAlive()) {
            return false;
        }
        endedAt = System.nanoTime();
        if (!end.compareAndSet(null, why)) {
            return false;
        }
        Failure forStreams = why.forStreams();
        // In this order: streams that get into the table before this are failed below, later ones are refused.
        if (goAway >= 0 && started) {
            out.goodbye(goAway);
        } else {
            out.fail(forStreams);
        }
        table.all().forEach(stream -> stream.sessionEnded(forStreams));
        table.places().close();
        deadlines.close();
        if (goAway < 0) {
            channel.close();
        }
        if (!started) {
            channel.close();
            listener.closed(why.toException());
        }
        return true;
    }

    private void fail(Throwable e) {
        String what = e.getMessage() == null ? e.toString() : e.getMessage();
        Kind kind = e instanceof HostException known ? known.kind() : Kind.CONNECTION_CLOSED;
        end(new Failure(kind, what, e), -1);
    }

    boolean isAlive() {
        return end.get() == null;
    }

    // ---- The two threads

    private void readAll() {
        Future<?> ticks = Clock.every(config.shortest(), this::tick);
        try {
            new ReadLoop(this, channel, table, out, heartbeat).run();
            fail(new HostException(Kind.CONNECTION_CLOSED, "the peer closed the connection"));
        } catch (MalformedException e) {
            violated(e);
        } catch (IOException | RuntimeException | Error e) {
            fail(e);
        }
        awaitWriter();
        ticks.cancel(false);
        channel.close();
        budget.over();
        Failure why = end.get();
        listener.closed(why == null ? new IllegalStateException() : why.toException());
    }

    private void violated(MalformedException e) {
        String what = String.valueOf(e.getMessage());
        if (end(new Failure(Kind.PROTOCOL_VIOLATION, what, e), PROTOCOL_ERROR)) {
            listener.violation(what);
        }
    }

    /** The writer may be sending our goodbye. It ends soon: the clock closes the channel if it does not. */
    private void awaitWriter() {
        boolean interrupted = false;
        while (true) {
            try {
                writer.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void writeAll() {
        try {
            Packet packet;
            while ((packet = out.take()) != null) {
                heartbeat.writing(true);
                channel.write(packet.bytes(), packet.offset(), packet.length());
                heartbeat.writing(false);
                packet.clear();
            }
        } catch (IOException | RuntimeException | Error e) {
            fail(e);
        } finally {
            // After a goodbye this is what ends the reader.
            channel.close();
        }
    }

    // ---- The clock's thread

    private void tick() {
        long now = System.nanoTime();
        if (!isAlive()) {
            if (now - endedAt > Limits.GOODBYE.toNanos()) {
                channel.close();
            }
            return;
        }
        String death = heartbeat.death(now);
        if (death != null) {
            end(Failure.of(Kind.TIMED_OUT, death), -1);
        } else if (peerLeft && (table.size() == 0 || now - peerLeftAt > Limits.YAMUX_DRAIN.toNanos())) {
            end(Failure.of(Kind.CONNECTION_CLOSED, "the peer said goodbye"), NORMAL);
        } else {
            if (heartbeat.pingIsDue(now)) {
                out.ping();
            }
            table.all().forEach(stream -> stream.tick(now, config));
            // Acknowledgements of streams that nobody has touched yet.
            out.flush();
        }
    }

    private long wakeOverdue(long now) {
        long next = table.places().wakeOverdue();
        for (YamuxStream stream : table.all()) {
            next = Math.min(next, stream.wakeIfOverdue(now));
        }
        return next;
    }

    // ---- Called by the reader thread

    YamuxStream accept(int id) {
        YamuxStream stream = new YamuxStream(this, id, config.inboundTimeout(), budget, config.maxWindow());
        table.addInbound(id, stream);
        Failure why = end.get();
        if (why != null) {
            // Perhaps it was not in the table yet when the others were failed.
            stream.sessionEnded(why.forStreams());
        }
        return stream;
    }

    void announce(YamuxStream stream) {
        listener.inbound(stream);
    }

    /** Readers are slow and the peer goes on: this stream's bytes cannot be kept. */
    void overfull(YamuxStream stream) {
        String what = "streams hold too many bytes that nobody reads";
        stream.abort(Failure.of(Kind.LIMIT_REACHED, what));
        refused(what);
    }

    void refused(String what) {
        listener.refused(what);
    }

    void peerLeaves(long code) {
        if (code == NORMAL) {
            peerLeftAt = System.nanoTime();
            peerLeft = true;
        } else {
            fail(new HostException(Kind.CONNECTION_CLOSED, "the peer ended the connection with code " + code));
        }
    }

    // ---- Called by streams

    int windowUpdate(ReceiveWindow window) {
        return window.update(System.nanoTime(), heartbeat.rttNanos(), table.size());
    }

    Outbound outbound() {
        return out;
    }

    Deadlines deadlines() {
        return deadlines;
    }

    StreamTable table() {
        return table;
    }

    YamuxConfig config() {
        return config;
    }
}
