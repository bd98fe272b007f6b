package io.swarmscope.internal.link;

import java.io.Closeable;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;

/**
 * Closes a socket unless its handshake ends in time: the one deadline that also ends a peer which sends a byte a second. Made and
 * closed by the thread that runs the handshake.
 */
final class Cutoff implements AutoCloseable {
    private final Timer.Pending pending;
    private volatile boolean happened;

    Cutoff(Timer timer, Duration time, Socket socket) {
        pending = timer.after(time, () -> {
            happened = true;
            closeQuietly(socket);
        });
    }

    /** Whether the time ran out, so that what failed failed because of it. */
    boolean happened() {
        return happened;
    }

    @Override
    public void close() {
        pending.cancel();
    }

    /** Closes a socket that is of no use any more. */
    static void closeQuietly(Closeable socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone either way.
        }
    }
}
