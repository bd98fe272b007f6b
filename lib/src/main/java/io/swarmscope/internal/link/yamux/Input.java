package io.swarmscope.internal.link.yamux;

import io.swarmscope.internal.link.SecureChannel;
import java.io.EOFException;
import java.io.IOException;

/**
 * What was read from the channel and not looked at yet. Used by the session's reader thread alone.
 *
 * <p>A session that waits holds only the small buffer; a larger one is borrowed while reads fill the one that is there.
 */
final class Input {
    private static final int SMALL = 2048;

    private final SecureChannel channel;
    private final Heartbeat heartbeat;
    private final Runnable beforeRead;
    private final byte[] small = new byte[SMALL];
    private byte[] bytes = small;
    private int at;
    private int limit;
    private boolean filled;

    /**
     * Nothing is read yet.
     *
     * @param beforeRead is run each time before the channel is read, which may take long
     */
    Input(SecureChannel channel, Heartbeat heartbeat, Runnable beforeRead) {
        this.channel = channel;
        this.heartbeat = heartbeat;
        this.beforeRead = beforeRead;
    }

    byte[] bytes() {
        return bytes;
    }

    int at() {
        return at;
    }

    int available() {
        return limit - at;
    }

    /** How many bytes can be had in one piece. */
    int capacity() {
        return bytes.length;
    }

    void advance(int count) {
        at += count;
    }

    /** Reads until that many bytes are available. False if the channel ended before. */
    boolean ensure(int count) throws IOException {
        while (limit - at < count) {
            makeRoom(count);
            int n = read(bytes, limit, bytes.length - limit);
            if (n < 0) {
                return false;
            }
            limit += n;
            filled = limit == bytes.length;
        }
        return true;
    }

    /** Reads past the buffer, which must be empty. */
    int readDirectly(byte[] target, int offset, int length) throws IOException {
        int n = read(target, offset, length);
        if (n < 0) {
            throw new EOFException("the connection ended inside a frame");
        }
        return n;
    }

    void skip(long count) throws IOException {
        long left = count;
        while (left > 0) {
            if (available() == 0 && !ensure(1)) {
                throw new EOFException("the connection ended inside a frame");
            }
            int n = (int) Math.min(left, available());
            advance(n);
            left -= n;
        }
    }

    /** Gives borrowed memory back. */
    void close() {
        Pool.CHUNKS.give(bytes);
        bytes = small;
        at = 0;
        limit = 0;
    }

    private void makeRoom(int count) {
        if (at == limit) {
            at = 0;
            limit = 0;
            resize();
        } else if (at + count > bytes.length) {
            System.arraycopy(bytes, at, bytes, 0, limit - at);
            limit -= at;
            at = 0;
        }
    }

    @SuppressWarnings("ReferenceEquality") // which of two arrays it is, not what is in it
    private void resize() {
        if (filled && bytes == small) {
            bytes = Pool.CHUNKS.take();
        } else if (!filled && bytes != small) {
            Pool.CHUNKS.give(bytes);
            bytes = small;
        }
    }

    private int read(byte[] target, int offset, int length) throws IOException {
        beforeRead.run();
        int n = channel.read(target, offset, length);
        heartbeat.read();
        return n;
    }
}
