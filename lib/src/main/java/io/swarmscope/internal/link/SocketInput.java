package io.swarmscope.internal.link;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Counts what a socket receives, and reads ahead while the handshake takes its bytes in small pieces. Used by one thread at a
 * time: the one that runs the handshake, then the link's reader.
 */
final class SocketInput extends InputStream {
    private static final int HANDSHAKE_BYTES = 512;

    private final InputStream in;
    private final LongAdder count;
    private byte @Nullable [] ahead = new byte[HANDSHAKE_BYTES];
    private boolean readingAhead = true;
    private int next;
    private int end;

    SocketInput(InputStream in, LongAdder count) {
        this.in = in;
        this.count = count;
    }

    /** From now on the reader takes large pieces; the memory for small ones is given back once they are read. */
    void handshakeDone() {
        readingAhead = false;
        dropIfRead();
    }

    private void dropIfRead() {
        if (!readingAhead && next == end) {
            ahead = null;
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (length == 0) {
            return 0; // readNBytes asks so once it has all, and must not wait for more
        }
        byte[] kept = ahead;
        if (kept == null || (next == end && length >= HANDSHAKE_BYTES)) {
            return counted(in.read(buffer, offset, length));
        }
        if (next == end) {
            next = 0;
            end = Math.max(0, counted(in.read(kept, 0, kept.length)));
            if (end == 0) {
                return -1;
            }
        }
        int some = Math.min(length, end - next);
        System.arraycopy(kept, next, buffer, offset, some);
        next += some;
        dropIfRead();
        return some;
    }

    private int counted(int n) {
        if (n > 0) {
            count.add(n);
        }
        return n;
    }

    @Override
    public int available() throws IOException {
        return end - next + in.available();
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
