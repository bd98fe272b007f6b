package io.swarmscope.internal.link.yamux;

import io.swarmscope.internal.wire.Limits;
import java.util.ArrayDeque;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * How the streams of a session share the packet that leaves next. Guarded by the lock of {@link Outbound}.
 *
 * <p>What one stream may put into a packet depends on how many others wait. Those wait in a queue, of which the first is woken, who
 * leaves the queue and so lets the next be woken. A stream's first frame in a packet does not queue and has a reserve of its own, so
 * that a request does not wait behind somebody's bulk data.
 */
final class Turns {

    /** Body bytes of one frame: small enough for every implementation, and four with their headers fill one Noise message. */
    static final int FRAME_BODY = (16 << 10) - 32;

    /** Body bytes that one stream puts into one packet at most. */
    private static final int SHARE = 4 * FRAME_BODY;

    /** Beyond {@link Limits#YAMUX_QUEUED}, for the first frame of each stream in a packet. */
    private static final int RESERVE = 32 << 10;

    /** Less room than this is not worth a frame. */
    private static final int SCRAP = 1024;

    private final ArrayDeque<Sender> waiting = new ArrayDeque<>(1);
    private long turn = 1;
    private boolean headWoken;

    /** A new packet is being filled. */
    void next() {
        turn++;
        headWoken = false;
    }

    /** How many body bytes the stream may queue now in one frame; nothing or less if it has to wait. */
    int room(Sender s, int queuedBytes) {
        if (s.turn != turn) {
            s.turn = turn;
            s.turnBytes = 0;
        }
        int left = Limits.YAMUX_QUEUED - queuedBytes;
        if (s.turnBytes == 0) {
            return Math.min(FRAME_BODY, left + RESERVE);
        }
        int others = waiting.size() - (s.queued ? 1 : 0);
        if ((others > 0 && waiting.peek() != s) || left < SCRAP) {
            return 0;
        }
        int share = Math.max(FRAME_BODY, Math.min(SHARE, Limits.YAMUX_QUEUED / (others + 1)));
        return Math.min(FRAME_BODY, Math.min(share - s.turnBytes, left));
    }

    void enqueue(Sender s) {
        if (!s.queued) {
            s.queued = true;
            waiting.add(s);
        }
    }

    void leave(Sender s) {
        if (s.queued) {
            headWoken &= waiting.peek() != s;
            waiting.remove(s);
            s.queued = false;
        }
    }

    /** The thread to wake because there is room again, if there is and one waits that was not woken yet. */
    @Nullable
    Thread toWake(int queuedBytes) {
        Sender head = waiting.peek();
        if (head == null || headWoken || queuedBytes > Limits.YAMUX_QUEUED - SCRAP) {
            return null;
        }
        headWoken = true;
        return head.waiter;
    }

    /** Wakes everybody who waits for room: there will be none any more. */
    void wakeAll() {
        waiting.forEach(sender -> LockSupport.unpark(sender.waiter));
    }
}
