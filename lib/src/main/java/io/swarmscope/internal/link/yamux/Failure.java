package io.swarmscope.internal.link.yamux;

import io.swarmscope.host.HostException;
import io.swarmscope.host.HostException.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Why a stream or session ended. Immutable; becomes an exception on the thread that has to hear of it, so that the stack is that
 * of the caller.
 */
record Failure(Kind kind, String message, @Nullable Throwable cause) {

    static Failure of(Kind kind, String message) {
        return new Failure(kind, message, null);
    }

    HostException toException() {
        return new HostException(kind, message, cause);
    }

    /** What streams of a session fail with that ended like this. */
    Failure forStreams() {
        return kind == Kind.CONNECTION_CLOSED ? this : new Failure(Kind.CONNECTION_CLOSED, message, toException());
    }
}
