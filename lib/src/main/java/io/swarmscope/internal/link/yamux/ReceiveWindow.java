package io.swarmscope.internal.link.yamux;

import io.swarmscope.internal.wire.Limits;

/**
 * When and by how much the peer may send more on one stream. A value that decides: time comes in as an argument. Guarded by the lock
 * of the {@link Receiver}.
 *
 * <p>As rust-libp2p does: credit is given back when half of the window was read, and the window doubles when that took less than two
 * round trips, because then it is the window that holds the peer up.
 */
final class ReceiveWindow {
    private final Budget budget;
    private final int max;
    private int size = Limits.YAMUX_WINDOW;
    private int read;
    private long lastUpdate;

    ReceiveWindow(Budget budget, int max, long now) {
        this.budget = budget;
        this.max = max;
        this.lastUpdate = now;
    }

    /** The application has read bytes: whether it is time for {@link #update}. */
    boolean read(int bytes) {
        read += bytes;
        return read >= size / 2;
    }

    /**
     * The credit to give to the peer.
     *
     * @param rtt 0 if unknown
     * @param streams open in the session
     */
    int update(long now, long rtt, int streams) {
        int credit = read;
        if (size < max && now - lastUpdate < 2 * rtt && budget.grow(size, streams)) {
            credit += size;
            size *= 2;
        }
        read = 0;
        lastUpdate = now;
        return credit;
    }

    /** The stream is over: others may grow instead. */
    void close() {
        budget.shrink(size - Limits.YAMUX_WINDOW);
        size = Limits.YAMUX_WINDOW;
    }

    int size() {
        return size;
    }
}
