package io.swarmscope.internal.link.yamux;

import io.swarmscope.internal.crypto.PublicKey;
import io.swarmscope.internal.link.SecureChannel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/** One end of a channel in memory, without encryption. Remembers what each write wrote. */
final class MemoryChannel implements SecureChannel {
    private final Pipe in;
    private final Pipe out;
    private final List<byte[]> writes = new ArrayList<>();

    private MemoryChannel(Pipe in, Pipe out) {
        this.in = in;
        this.out = out;
    }

    /** Two ends, of which each holds that many bytes that the other did not read. */
    static List<MemoryChannel> pair(int capacity) {
        Pipe there = new Pipe(capacity);
        Pipe back = new Pipe(capacity);
        return List.of(new MemoryChannel(back, there), new MemoryChannel(there, back));
    }

    /** Reads return as few bytes as that random generator wants. */
    void chop(RandomGenerator random) {
        in.random = random;
    }

    @Override
    public PublicKey remoteKey() {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<String> remoteMuxers() {
        return List.of();
    }

    @Override
    public boolean earlyMuxer(String protocol) {
        return false;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        return length == 0 ? 0 : in.read(buffer, offset, length);
    }

    @Override
    public void write(byte[] buffer, int offset, int length) throws IOException {
        // Before the other side can know: what it has read has been written.
        remember(Arrays.copyOfRange(buffer, offset, offset + length));
        out.write(buffer, offset, length);
    }

    private void remember(byte[] bytes) {
        out.lock.lock();
        try {
            writes.add(bytes);
        } finally {
            out.lock.unlock();
        }
    }

    /** What was written so far, one array for each write. */
    List<byte[]> writes() {
        out.lock.lock();
        try {
            return List.copyOf(writes);
        } finally {
            out.lock.unlock();
        }
    }

    /** Everything that was written so far. */
    byte[] written() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        writes().forEach(all::writeBytes);
        return all.toByteArray();
    }

    @Override
    public void close() {
        in.close();
        out.close();
    }

    /** The other end reads what is there, then the end. */
    void end() {
        out.end();
    }

    boolean isClosed() {
        in.lock.lock();
        try {
            return in.closed;
        } finally {
            in.lock.unlock();
        }
    }

    private static final class Pipe {
        final ReentrantLock lock = new ReentrantLock();
        final Condition changed = lock.newCondition();
        final byte[] bytes;
        int from;
        int size;
        boolean ended;
        boolean closed;
        volatile RandomGenerator random;

        Pipe(int capacity) {
            bytes = new byte[capacity];
        }

        int read(byte[] target, int offset, int length) throws IOException {
            lock.lock();
            try {
                while (size == 0 && !ended && !closed) {
                    awaitChange();
                }
                if (size == 0 && closed) {
                    throw new IOException("closed");
                }
                if (size == 0) {
                    return -1;
                }
                int n = Math.min(Math.min(length, size), bytes.length - from);
                n = random == null ? n : random.nextInt(1, n + 1);
                System.arraycopy(bytes, from, target, offset, n);
                from = (from + n) % bytes.length;
                size -= n;
                changed.signalAll();
                return n;
            } finally {
                lock.unlock();
            }
        }

        void write(byte[] source, int offset, int length) throws IOException {
            lock.lock();
            try {
                int at = offset;
                int left = length;
                while (left > 0) {
                    while (size == bytes.length && !closed) {
                        awaitChange();
                    }
                    if (closed || ended) {
                        throw new IOException("closed");
                    }
                    int to = (from + size) % bytes.length;
                    int n = Math.min(Math.min(left, bytes.length - size), bytes.length - to);
                    System.arraycopy(source, at, bytes, to, n);
                    size += n;
                    at += n;
                    left -= n;
                    changed.signalAll();
                }
            } finally {
                lock.unlock();
            }
        }

        private void awaitChange() throws IOException {
            try {
                changed.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException();
            }
        }

        void end() {
            lock.lock();
            try {
                ended = true;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }

        void close() {
            lock.lock();
            try {
                closed = true;
                ended = true;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }
}
