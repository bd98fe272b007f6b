package io.swarmscope.host;

import io.swarmscope.PeerId;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;

/**
 * One bidirectional, flow-controlled byte stream to a peer.
 *
 * <p>One thread may read while another writes; {@link #reset} may be called by any thread. Reads and writes block, end
 * with a {@link HostException} of kind TIMED_OUT when the stream's timeout has passed, and of kind INTERRUPTED (with
 * the thread's interrupt status set) when the thread is interrupted; in both cases the stream is reset, the connection
 * lives on.
 */
public interface Stream extends AutoCloseable {

    /** The protocol agreed on. */
    String protocol();

    /** The connection that carries this stream. */
    Connection connection();

    /** The peer at the other end. */
    default PeerId remote() {
        return connection().remote();
    }

    /**
     * Bytes from the peer. Its {@code read} returns -1 after the peer closed its side, and throws HostException of
     * kind STREAM_RESET after the peer reset the stream and all bytes that arrived before are read. Unbuffered reads of single
     * bytes are fine. Closing it has no effect.
     */
    InputStream input();

    /**
     * Bytes to the peer. {@code write} returns when all bytes were taken over by the connection's bounded send queue, and blocks
     * while the peer's window or that queue is full. {@code flush} is not needed for progress. Closing it half-closes.
     */
    OutputStream output();

    /**
     * Writes the last bytes and half-closes, in as few packets as possible. What a request should be sent with.
     *
     * @param last may be empty
     */
    void finish(byte[] last) throws HostException;

    /** Half-closes: the peer reads end-of-stream after all that was written. Reading goes on. Idempotent. */
    void closeWrite() throws HostException;

    /** Abandons both directions now; the peer's reads and writes fail. Never blocks. Idempotent. */
    void reset();

    /** All reads and writes, also ones that block now, end within this time from now. */
    void timeout(Duration timeout);

    /**
     * Ends the stream gracefully: half-closes; unread bytes are discarded. If the peer has not closed its side yet,
     * the stream is kept for it in the background for a bounded time. Never throws, never blocks for long. Idempotent.
     */
    @Override
    void close();
}
