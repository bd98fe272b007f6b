package io.swarmscope.host;

import java.io.IOException;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** A connection or stream could not be made or went away. {@link #kind()} says which of the few things happened. */
public final class HostException extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final Kind kind;

    /** What happened. */
    public enum Kind {
        /** The time for the operation ran out. */
        TIMED_OUT,
        /** The calling thread was interrupted; its interrupt status is set. */
        INTERRUPTED,
        /** Nobody listens at the address, or it cannot be reached. */
        REFUSED,
        /** Another peer than the expected one answered. */
        WRONG_PEER,
        /** The peer broke the handshake, or shares no security protocol or muxer with us. */
        HANDSHAKE_FAILED,
        /** The peer answers none of the protocols asked for. */
        PROTOCOL_UNSUPPORTED,
        /** A limit of ours or of the peer's is reached; later may work. */
        LIMIT_REACHED,
        /** The peer reset the stream, or we did. */
        STREAM_RESET,
        /** The connection beneath ended. */
        CONNECTION_CLOSED,
        /** The peer sent what the protocol does not allow. */
        PROTOCOL_VIOLATION,
        /** The address is not one this host can listen on or dial. */
        UNSUPPORTED_ADDRESS,
        /** Another program listens at the address. */
        ADDRESS_IN_USE,
        /** This host is closed. */
        CLOSED
    }

    /** An exception without cause. */
    public HostException(Kind kind, String message) {
        this(kind, message, null);
    }

    /** An exception with the failure that led to it. */
    public HostException(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    /** What happened. */
    public Kind kind() {
        return kind;
    }
}
