package io.swarmscope.internal.wire;

import java.util.concurrent.atomic.AtomicLong;

/** Bytes that all connections of a process may have together for one purpose, since they share its heap. Safe for any thread; nobody waits. */
public final class HeapShare {

    private final long limit;
    private final AtomicLong taken = new AtomicLong();

    /** So many bytes. */
    public HeapShare(long limit) {
        this.limit = limit;
    }

    /** One of so many parts of the heap. */
    public static HeapShare part(int parts) {
        return new HeapShare(Runtime.getRuntime().maxMemory() / parts);
    }

    /** Takes bytes; false, and takes none, if there are not so many left. */
    public boolean take(long bytes) {
        if (bytes > 0 && taken.addAndGet(bytes) > limit) {
            taken.addAndGet(-bytes);
            return false;
        }
        return true;
    }

    /** Gives bytes back. */
    public void give(long bytes) {
        taken.addAndGet(-bytes);
    }

    /** What is taken now. */
    public long taken() {
        return taken.get();
    }
}
