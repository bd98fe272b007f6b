package io.swarmscope.internal.link.yamux;

import io.swarmscope.internal.wire.Limits;
import org.jspecify.annotations.Nullable;

/** The sending side of one stream. Nothing but state: every field is guarded by the lock of the session's {@link Outbound}. */
final class Sender {
    final YamuxStream stream;

    /** Assigned when the stream's first frame is queued, because ids must rise on the wire; 0 before. */
    int id;

    /** Bytes to leave in front of the next that are written. */
    byte[] prefix = {};

    /** Whether the peer knows, or is about to know, of the stream. */
    boolean opened;

    /** Whether our end-of-stream is queued. */
    boolean finished;

    /** Why nothing can be written any more. */
    @Nullable
    Failure failure;

    /** Body bytes the peer allows us to send. */
    long credit = Limits.YAMUX_WINDOW;

    /** The turn of the writer in which {@link #turnBytes} were queued. */
    long turn;

    int turnBytes;

    /** The thread in the middle of a write, waiting for credit or room. */
    @Nullable
    Thread waiter;

    /** Whether that thread waits for room, in the queue of those who do. */
    boolean queued;

    Sender(YamuxStream stream, int id) {
        this.stream = stream;
        this.id = id;
        this.opened = id != 0;
    }
}
