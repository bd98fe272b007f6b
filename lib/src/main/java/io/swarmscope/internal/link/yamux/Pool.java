package io.swarmscope.internal.link.yamux;

import java.util.concurrent.locks.ReentrantLock;

/**
 * A few arrays of one size, shared by all sessions so that idle ones hold none. For any thread; never waits: where two threads
 * meet, one of them allocates.
 */
final class Pool {

    /** Pieces of received data, and packets of medium size. */
    static final Pool CHUNKS = new Pool(16 << 10, 64);

    /** What one turn of a busy writer sends at most. */
    static final Pool PACKETS = new Pool(192 << 10, 8);

    private final ReentrantLock lock = new ReentrantLock();
    private final byte[][] free;
    private final int size;
    private int count;

    private Pool(int size, int keep) {
        this.size = size;
        this.free = new byte[keep][];
    }

    int size() {
        return size;
    }

    /** An array of this pool's size with any content. */
    byte[] take() {
        if (lock.tryLock()) {
            try {
                if (count > 0) {
                    byte[] bytes = free[--count];
                    free[count] = NONE;
                    return bytes;
                }
            } finally {
                lock.unlock();
            }
        }
        return new byte[size];
    }

    /** Takes back an array nobody uses any more; arrays of other sizes are left to the garbage collector. */
    void give(byte[] bytes) {
        if (bytes.length == size && lock.tryLock()) {
            try {
                if (count < free.length) {
                    free[count++] = bytes;
                }
            } finally {
                lock.unlock();
            }
        }
    }

    private static final byte[] NONE = {};
}
