package io.swarmscope.host;

import io.swarmscope.Multiaddr;
import io.swarmscope.PeerId;
import java.time.Duration;
import java.util.List;

/**
 * One secured, multiplexed connection to one authenticated peer. Safe for use by any thread.
 */
public interface Connection {

    /** A number unique within this process, rising with the time of opening. */
    long id();

    /** The peer at the other end, as proven by the handshake. */
    PeerId remote();

    /** The address that was dialed, or from which the peer dialed us. Without {@code /p2p} suffix. */
    Multiaddr remoteAddress();

    /** Whether this side dialed. */
    boolean outbound();

    /**
     * Opens a stream and agrees on the first of the given protocols that the peer supports.
     *
     * <p>If identify told that the peer supports the only protocol asked for, the agreement travels with the first
     * bytes that are written, so that a request costs one round trip. Nothing is sent before the first write, read or flush then,
     * and if the peer does not answer the protocol after all, the first read throws PROTOCOL_UNSUPPORTED.
     *
     * @param protocols at least one, in order of preference
     * @param timeout also bounds every later operation on the stream until {@link Stream#timeout} is called
     * @throws HostException of kind PROTOCOL_UNSUPPORTED, TIMED_OUT, LIMIT_REACHED or CONNECTION_CLOSED
     * @throws InterruptedException if the caller is interrupted; the stream is reset, the connection lives on
     */
    Stream open(List<String> protocols, Duration timeout) throws HostException, InterruptedException;

    /** {@link #open(List, Duration)} for a single protocol. */
    default Stream open(String protocol, Duration timeout) throws HostException, InterruptedException {
        return open(List.of(protocol), timeout);
    }

    /** What the peer said of itself, empty until identify was answered. */
    Identified identified();

    /** Streams open now, both directions. */
    int streams();

    /** Whether new streams can be opened. */
    boolean isOpen();

    /** Says goodbye to the peer and closes; streams still open fail with kind CONNECTION_CLOSED. Never blocks. */
    void close();
}
