package io.swarmscope.internal.link.noise;

import java.util.concurrent.ArrayBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Large buffers that links share, so that only links which move much at the moment have one: a thousand idle links
 * would otherwise hold a quarter of a gigabyte. For any thread.
 */
final class Buffers {
    /** Bytes of a frame's length field. */
    static final int HEADER = 2;

    /** The most bytes behind a frame's length. */
    static final int MAX_BODY = 0xffff;

    /** Two full frames, so that a reader always has room for the rest of one and the start of the next. */
    static final int LARGE = 2 * (HEADER + MAX_BODY);

    /** What each link waits for bytes with, and works in while there are few: pings, requests, short answers. */
    static final int SMALL = 1024;

    /** Kept for the next taker; what is beyond is left to the garbage collector. 2 MiB in all. */
    private static final int KEPT = 16;

    private static final ArrayBlockingQueue<byte[]> POOL = new ArrayBlockingQueue<>(KEPT);

    private Buffers() {}

    /** A large buffer with unknown content. */
    static byte[] take() {
        byte @Nullable [] kept = POOL.poll();
        return kept == null ? new byte[LARGE] : kept;
    }

    /** Gives a buffer back, if it is a large one; the giver must not use it any more. */
    static void give(byte[] buffer) {
        if (buffer.length == LARGE) {
            POOL.offer(buffer);
        }
    }
}
