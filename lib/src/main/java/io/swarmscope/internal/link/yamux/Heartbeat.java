package io.swarmscope.internal.link.yamux;

/**
 * The round trip time of a session and whether its peer is alive. Pings are begun under the lock of {@link Outbound}, pongs come on
 * the reader thread, and the clock thread looks at it now and then.
 */
final class Heartbeat {
    private final YamuxConfig config;

    private volatile int outstanding;
    private volatile long begunAt;
    private volatile long readsAtBegin;
    private volatile long rtt;

    /** Written by the writer thread: when its current write began, 0 between writes. */
    private volatile long writingSince;

    /** Written by the reader thread alone. */
    private volatile long reads;

    private volatile int count;

    Heartbeat(YamuxConfig config) {
        this.config = config;
    }

    boolean begun() {
        return count != 0;
    }

    /** A ping is queued; the value it carries. Other than 0. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // the lock of Outbound guards it; it is volatile for its readers
    int begin() {
        count++;
        begunAt = System.nanoTime();
        readsAtBegin = reads;
        outstanding = count;
        return count;
    }

    /** A pong came. Those that answer no ping of ours are ignored, as go does. */
    void pong(int value) {
        if (value == outstanding && value != 0) {
            rtt = Math.max(1, System.nanoTime() - begunAt);
            outstanding = 0;
        }
    }

    /** 0 before the first. */
    long rttNanos() {
        return rtt;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes it
    void read() {
        reads++;
    }

    void writing(boolean begins) {
        writingSince = begins ? System.nanoTime() | 1 : 0;
    }

    boolean pingIsDue(long now) {
        return outstanding == 0 && (count == 0 || now - begunAt >= config.pingInterval().toNanos());
    }

    /** Why the peer must be thought dead, if so: it takes nothing, or says nothing at all since a ping. */
    @org.jspecify.annotations.Nullable
    String death(long now) {
        long since = writingSince;
        if (since != 0 && now - since > config.writeTimeout().toNanos()) {
            return "the peer took no bytes for " + config.writeTimeout();
        }
        boolean silent = outstanding != 0 && reads == readsAtBegin;
        return silent && now - begunAt > config.pingTimeout().toNanos()
                ? "the peer was silent for " + config.pingTimeout() + " after a ping"
                : null;
    }
}
