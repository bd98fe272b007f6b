package io.swarmscope.internal.link.yamux;

import io.swarmscope.host.HostException;
import io.swarmscope.internal.link.SecureChannel;
import java.time.Duration;

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

    /**
     * A session that does nothing before {@link #start}.
     *
     * @param channel owned by the session from here on, which closes it at its end
     * @param client whether this side dialed
     * @param config the limits
     * @param listener hears of inbound streams and of the end
     * @param name for the names of the threads
     */
    public YamuxSession(SecureChannel channel, boolean client, YamuxConfig config, YamuxListener listener, String name) {}

    /** Starts the reader and the writer thread. To be called once. */
    public void start() {
        throw new UnsupportedOperationException();
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
        throw new UnsupportedOperationException();
    }

    /**
     * Sends what is queued and a goodbye, then closes the channel; streams still open fail with kind CONNECTION_CLOSED. Never
     * blocks. Idempotent.
     *
     * @param code {@link #NORMAL}, {@link #PROTOCOL_ERROR} or {@link #INTERNAL_ERROR}
     */
    public void close(int code) {
        throw new UnsupportedOperationException();
    }

    /** Whether streams can be opened: started, not closed, and the peer did not say goodbye. */
    public boolean isOpen() {
        throw new UnsupportedOperationException();
    }

    /** Streams open now, both directions, including those closed here that wait for the peer. */
    public int streams() {
        throw new UnsupportedOperationException();
    }

    /** The last measured round trip in nanoseconds, 0 before the first. */
    public long rttNanos() {
        throw new UnsupportedOperationException();
    }
}
