package io.swarmscope.internal.link;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Accepts connections from one server socket, on a virtual thread of its own, until the socket is closed. */
final class Acceptor implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Acceptor.class);

    /** After a failure, which means that the system is out of something: trying at once again would only keep it so. */
    private static final long PAUSE_MILLIS = 100;

    /** Whoever floods us with connections must not flood the log as well. */
    private static final long WARN_EVERY = TimeUnit.MINUTES.toNanos(1);

    private final ServerSocket server;
    private final Consumer<Socket> accepted;
    private final CountDownLatch closing;

    /** Only the thread that runs this reads and writes it. */
    private long nextWarning = System.nanoTime();

    /**
     * An acceptor.
     *
     * @param accepted takes each connection over, and must not block
     * @param closing ends a pause
     */
    Acceptor(ServerSocket server, Consumer<Socket> accepted, CountDownLatch closing) {
        this.server = server;
        this.accepted = accepted;
        this.closing = closing;
    }

    @Override
    public void run() {
        while (!server.isClosed()) {
            try {
                accepted.accept(server.accept());
            } catch (IOException | RuntimeException e) {
                pause(e);
            }
        }
    }

    private void pause(Exception e) {
        if (server.isClosed()) {
            return;
        }
        if (nextWarning - System.nanoTime() <= 0) {
            nextWarning = System.nanoTime() + WARN_EVERY;
            LOG.warn("cannot accept connections at {} for the moment: {}", server.getLocalSocketAddress(), e.toString());
        }
        try {
            if (closing.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
                Cutoff.closeQuietly(server);
            }
        } catch (InterruptedException interrupted) {
            Cutoff.closeQuietly(server);
        }
    }
}
