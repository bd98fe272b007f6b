package io.swarmscope.host;

import io.swarmscope.Multiaddr;
import io.swarmscope.PeerId;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One libp2p node's network side: it listens, dials, secures and multiplexes connections, and runs identify and ping.
 *
 * <p>Safe for use by any thread. Blocking calls end at their timeout and answer to interruption; an interrupted caller
 * never closes a connection that others share. A host is used once: handlers are registered, {@link #start} binds the
 * listeners, {@link #close} ends everything it started.
 */
public interface Host extends AutoCloseable {

    /** The peer id of this host, derived from its identity key. */
    PeerId id();

    /**
     * The addresses this host listens on, without {@code /p2p} suffix; wildcards are expanded to interface addresses
     * and port 0 is replaced by the port that was bound. Empty before {@link #start}.
     */
    List<Multiaddr> addresses();

    /**
     * Answers a protocol. Each inbound stream runs the handler on a virtual thread of its own; when the handler
     * returns the stream is closed gracefully, when it throws the stream is reset.
     *
     * @param protocol protocol id; starts with {@code /}, at most 140 bytes
     * @param handler what to run
     * @throws IllegalArgumentException if the protocol id is malformed or already has a handler
     */
    void handle(String protocol, StreamHandler handler);

    /** Stops answering a protocol and tells connected peers so (identify push). Unknown protocols are ignored. */
    void unhandle(String protocol);

    /**
     * Binds the listen addresses and starts accepting.
     *
     * @param listener hears of connections; its methods are called on link threads and must not block
     * @throws HostException of kind {@link HostException.Kind#ADDRESS_IN_USE} or
     *     {@link HostException.Kind#UNSUPPORTED_ADDRESS} if an address cannot be bound; nothing stays open then
     */
    void start(ConnectionListener listener) throws HostException;

    /**
     * Dials an address and secures and multiplexes the connection. Always makes a new connection; callers who want to
     * reuse a live one keep track of them through the listener.
     *
     * @param address an ip4, ip6, dns4, dns6 or dns address with a tcp port, with or without {@code /p2p} suffix
     * @param expected the peer that must answer; {@code null} takes it from the address's suffix, or anybody
     * @param timeout covers everything up to a usable connection
     * @throws HostException of kind TIMED_OUT, REFUSED, WRONG_PEER, HANDSHAKE_FAILED, LIMIT_REACHED,
     *     UNSUPPORTED_ADDRESS or CLOSED
     * @throws InterruptedException if the caller is interrupted; the attempt is abandoned
     */
    Connection dial(Multiaddr address, @Nullable PeerId expected, Duration timeout)
            throws HostException, InterruptedException;

    /** What this host counted since it started. */
    HostStats stats();

    /** Closes listeners, connections and streams, and waits a bounded time for the threads to end. Idempotent. */
    @Override
    void close();
}
