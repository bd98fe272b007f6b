package io.swarmscope.internal.link.noise;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** One direction of a connection in memory. Reads give as many bytes as the dice say, as a network would. */
final class BytePipe {
    private static final long PATIENCE_SECONDS = 20;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Random chunks;
    private byte[] waiting = new byte[0];
    private boolean closed;
    private int writes;

    BytePipe(Random chunks) {
        this.chunks = chunks;
    }

    /** Calls of write so far. */
    int writes() {
        lock.lock();
        try {
            return writes;
        } finally {
            lock.unlock();
        }
    }

    /** Everything written and not read yet. */
    byte[] drain() {
        lock.lock();
        try {
            byte[] all = waiting;
            waiting = new byte[0];
            return all;
        } finally {
            lock.unlock();
        }
    }

    InputStream in() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                return length == 0 ? 0 : take(buffer, offset, length);
            }

            @Override
            public int available() {
                lock.lock();
                try {
                    return waiting.length;
                } finally {
                    lock.unlock();
                }
            }

            @Override
            public void close() {
                end();
            }
        };
    }

    OutputStream out() {
        return new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                write(new byte[] {(byte) value}, 0, 1);
            }

            @Override
            public void write(byte[] buffer, int offset, int length) throws IOException {
                put(buffer, offset, length);
            }

            @Override
            public void close() {
                end();
            }
        };
    }

    private void put(byte[] buffer, int offset, int length) throws IOException {
        lock.lock();
        try {
            if (closed) {
                throw new IOException("closed");
            }
            writes++;
            byte[] more = Arrays.copyOf(waiting, waiting.length + length);
            System.arraycopy(buffer, offset, more, waiting.length, length);
            waiting = more;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private int take(byte[] buffer, int offset, int length) throws IOException {
        lock.lock();
        try {
            long left = TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
            while (waiting.length == 0 && !closed) {
                if (left <= 0) {
                    throw new IOException("nobody wrote for " + PATIENCE_SECONDS + " s");
                }
                left = changed.awaitNanos(left);
            }
            if (waiting.length == 0) {
                return -1;
            }
            int most = Math.min(length, waiting.length);
            int count = chunks.nextInt(3) == 0 ? most : 1 + chunks.nextInt(most);
            System.arraycopy(waiting, 0, buffer, offset, count);
            waiting = Arrays.copyOfRange(waiting, count, waiting.length);
            return count;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        } finally {
            lock.unlock();
        }
    }

    private void end() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
