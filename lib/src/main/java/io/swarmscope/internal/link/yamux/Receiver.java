package io.swarmscope.internal.link.yamux;

import io.swarmscope.host.HostException;
import io.swarmscope.host.HostException.Kind;
import io.swarmscope.internal.wire.Limits;
import io.swarmscope.internal.wire.MalformedException;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The receiving side of one stream: the session's reader thread puts bytes in, one application thread takes them out, any thread ends
 * it. Nobody holds its lock for longer than it takes to copy a piece.
 *
 * <p>Methods of the reader thread do not wake the waiting application thread but add it to a list: it is woken when the reader has
 * looked at everything that arrived together.
 */
final class Receiver {
    private final ReentrantLock lock = new ReentrantLock();
    private final YamuxStream stream;
    private final ReceiveBuffer buffer;
    private final ReceiveWindow window;

    // Guarded by lock.
    private long credit = Limits.YAMUX_WINDOW;
    private boolean ended;
    private boolean discarding;

    @Nullable
    private Failure failure;

    @Nullable
    private Thread waiter;

    Receiver(YamuxStream stream, Budget budget, int maxWindow) {
        this.stream = stream;
        this.buffer = new ReceiveBuffer(budget);
        this.window = new ReceiveWindow(budget, maxWindow, System.nanoTime());
    }

    // ---- The application thread that reads

    /**
     * Waits for bytes.
     *
     * @return how many were read, -1 after the last
     */
    int read(byte[] target, int offset, int length) throws HostException {
        int update = 0;
        int n;
        lock.lock();
        try {
            while ((n = buffer.read(target, offset, length)) == 0) {
                if (failure != null) {
                    throw failure.toException();
                }
                if (discarding) {
                    throw new HostException(Kind.STREAM_RESET, "the stream is closed");
                }
                if (ended) {
                    return -1;
                }
                await();
            }
            if (window.read(n) && !ended && failure == null) {
                update = stream.windowUpdate(window);
                credit += update;
            }
        } finally {
            lock.unlock();
        }
        if (update > 0) {
            stream.sendWindowUpdate(update);
        }
        return n;
    }

    private void await() throws HostException {
        stream.beforePark(true);
        waiter = Thread.currentThread();
        lock.unlock();
        try {
            stream.park(true);
        } finally {
            lock.lock();
            waiter = null;
        }
    }

    int available() {
        lock.lock();
        try {
            return buffer.size();
        } finally {
            lock.unlock();
        }
    }

    // ---- The reader thread

    /**
     * A whole frame has arrived.
     *
     * @param wakes takes the thread that waits for it
     * @return false if the session's memory is used up and the stream must end
     * @throws MalformedException if the peer had not the credit to send it
     */
    boolean receive(byte[] source, int offset, int length, List<Thread> wakes) throws MalformedException {
        lock.lock();
        try {
            takeCredit(length);
            return add(source, offset, length, wakes);
        } finally {
            lock.unlock();
        }
    }

    private boolean add(byte[] source, int offset, int length, List<Thread> wakes) {
        if (isOver() || length == 0) {
            return true;
        }
        wake(wakes);
        return buffer.append(source, offset, length);
    }

    /** A frame was announced whose bytes come piece by piece, by {@link #append} and {@link #reserve}. */
    void expect(int length) throws MalformedException {
        lock.lock();
        try {
            takeCredit(length);
        } finally {
            lock.unlock();
        }
    }

    /** Bytes of an expected frame; false as in {@link #receive}. */
    boolean append(byte[] source, int offset, int length, List<Thread> wakes) {
        lock.lock();
        try {
            return add(source, offset, length, wakes);
        } finally {
            lock.unlock();
        }
    }

    /** Whether received bytes are of no interest any more. */
    boolean discards() {
        lock.lock();
        try {
            return isOver();
        } finally {
            lock.unlock();
        }
    }

    /** A place for bytes of an expected frame; null if the session's memory is used up, or they are of no interest any more. */
    ReceiveBuffer.@Nullable Piece reserve(int wanted) {
        lock.lock();
        try {
            // Nobody would empty the buffer of a stream that was given up since the reader last asked.
            return isOver() ? null : buffer.reserve(wanted);
        } finally {
            lock.unlock();
        }
    }

    /** That many bytes were put into the reserved place. */
    void commit(ReceiveBuffer.Piece piece, int bytes, List<Thread> wakes) {
        lock.lock();
        try {
            buffer.commit(piece, bytes);
            wake(wakes);
        } finally {
            lock.unlock();
        }
    }

    /** The peer sends no more. */
    void end(List<Thread> wakes) {
        lock.lock();
        try {
            ended = true;
            wake(wakes);
        } finally {
            lock.unlock();
        }
    }

    private void takeCredit(int length) throws MalformedException {
        if (length > credit) {
            throw new MalformedException("yamux: frame of " + length + " bytes overruns the window, " + credit + " are left");
        }
        credit -= length;
        if (discarding && credit == 0) {
            stream.hurry();
        }
    }

    private boolean isOver() {
        return discarding || failure != null;
    }

    private void wake(List<Thread> wakes) {
        if (waiter != null) {
            wakes.add(waiter);
            waiter = null;
        }
    }

    // ---- Any thread

    /** Reads fail, after the bytes that are here. Changes nothing if all bytes are here or it failed before. */
    void fail(Failure why) {
        lock.lock();
        try {
            if (!ended && failure == null) {
                failure = why;
                window.close();
            }
            LockSupport.unpark(waiter);
        } finally {
            lock.unlock();
        }
    }

    /** Drops what is here and fails all further reads. */
    void abort(Failure why) {
        lock.lock();
        try {
            failure = why;
            buffer.clear();
            window.close();
            LockSupport.unpark(waiter);
        } finally {
            lock.unlock();
        }
    }

    /** Drops what is here and what still comes; the peer gets no more credit. */
    void discard() {
        lock.lock();
        try {
            discarding = true;
            buffer.clear();
            window.close();
            LockSupport.unpark(waiter);
        } finally {
            lock.unlock();
        }
    }

    /** The stream is over on the wire: what is here can be read, and the window is free for others. */
    void over() {
        lock.lock();
        try {
            window.close();
        } finally {
            lock.unlock();
        }
    }

    /** Lets a thread that waits in a read look at its deadline again. */
    void nudge() {
        lock.lock();
        try {
            LockSupport.unpark(waiter);
        } finally {
            lock.unlock();
        }
    }
}
