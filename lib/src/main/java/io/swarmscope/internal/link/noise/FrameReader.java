package io.swarmscope.internal.link.noise;

import io.swarmscope.internal.crypto.Aead;
import io.swarmscope.internal.wire.Limits;
import io.swarmscope.internal.wire.MalformedException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/**
 * Reads encrypted frames from a connection and hands out their plaintext. Used by the link's reader thread.
 *
 * <p>While little arrives it works in small buffers; when more is waiting, or a frame does not fit, it borrows large
 * ones. When it has run out of bytes it keeps no more than the small one that it waits with.
 */
final class FrameReader {
    private static final byte[] NOTHING = new byte[0];

    private final InputStream in;
    private final Aead cipher;
    private final byte[] smallRaw = new byte[Buffers.SMALL];
    private long nonce;
    private boolean failed;

    /** Bytes from the connection, not decrypted yet. */
    private byte[] raw = smallRaw;

    private int rawAt;
    private int rawEnd;
    private int lastRead;

    /** The frame being decrypted, then its plaintext that nobody fetched yet. */
    private byte[] plain = NOTHING;

    private int plainAt;
    private int plainEnd;

    FrameReader(InputStream in, Aead cipher) {
        this.in = in;
        this.cipher = cipher;
    }

    /** See {@link NoiseChannel#read}. */
    int read(byte[] buffer, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, buffer.length);
        if (length == 0) {
            return 0;
        }
        if (failed) {
            throw new IOException("noise channel failed before");
        }
        for (int empty = 0; plainAt == plainEnd; empty++) {
            if (empty > Limits.NOISE_EMPTY_FRAMES) {
                throw fail("more than " + Limits.NOISE_EMPTY_FRAMES + " empty noise frames in a row");
            }
            int body = nextBody();
            if (body < 0) {
                return -1;
            }
            if (body > Aead.TAG_BYTES && body - Aead.TAG_BYTES <= length) {
                open(body, buffer, offset); // straight to where it is wanted
                return body - Aead.TAG_BYTES;
            }
            open(body, plain, 0);
            plainAt = 0;
            plainEnd = body - Aead.TAG_BYTES;
        }
        int count = Math.min(length, plainEnd - plainAt);
        System.arraycopy(plain, plainAt, buffer, offset, count);
        plainAt += count;
        return count;
    }

    /** Bytes of the buffers it holds now, for tests of what an idle link costs. */
    int bufferBytes() {
        return raw.length + plain.length;
    }

    /** Puts the next frame's body at the start of {@link #plain}; its length, or -1 at the end of the connection. */
    private int nextBody() throws IOException {
        if (!fill(Buffers.HEADER)) {
            return -1;
        }
        int body = (raw[rawAt] & 0xff) << 8 | (raw[rawAt + 1] & 0xff);
        if (body < Aead.TAG_BYTES) {
            throw fail("noise frame of " + body + " bytes is shorter than its tag");
        }
        fill(Buffers.HEADER + body);
        if (plain.length < body) {
            plain = body <= Buffers.SMALL ? new byte[Buffers.SMALL] : Buffers.take();
        }
        // The cipher copies sealed bytes twice unless they start at 0; one copy here is cheaper.
        System.arraycopy(raw, rawAt + Buffers.HEADER, plain, 0, body);
        rawAt += Buffers.HEADER + body;
        return body;
    }

    private void open(int body, byte[] target, int offset) throws MalformedException {
        try {
            cipher.open(nonce++, NOTHING, plain, 0, body, target, offset);
        } catch (MalformedException e) {
            failed = true;
            throw e;
        }
    }

    /** Waits until that many bytes are at {@link #rawAt}; false if the connection ended before the first of them. */
    private boolean fill(int count) throws IOException {
        while (rawEnd - rawAt < count) {
            makeRoom(count);
            lastRead = in.read(raw, rawEnd, raw.length - rawEnd);
            if (lastRead < 0) {
                if (rawEnd == rawAt && count == Buffers.HEADER) {
                    return false;
                }
                failed = true;
                throw new EOFException("connection ended inside a noise frame");
            }
            rawEnd += lastRead;
        }
        return true;
    }

    private void makeRoom(int count) throws IOException {
        if (rawAt == rawEnd) {
            rawAt = 0;
            rawEnd = 0;
            resize();
        }
        if (raw.length < count) {
            moveTo(Buffers.take());
        } else if (raw.length - rawAt < count) {
            moveTo(raw);
        }
    }

    /**
     * With nothing in the buffers, chooses large ones only if more than a small one holds is waiting already, so that a
     * link that waits holds none.
     */
    private void resize() throws IOException {
        boolean large = lastRead >= Buffers.SMALL && in.available() >= Buffers.SMALL;
        if (large && raw.length == Buffers.SMALL) {
            raw = Buffers.take();
        } else if (!large && raw.length == Buffers.LARGE) {
            Buffers.give(raw);
            raw = smallRaw;
        }
        if (!large) {
            Buffers.give(plain);
            plain = NOTHING;
        }
    }

    private void moveTo(byte[] target) {
        System.arraycopy(raw, rawAt, target, 0, rawEnd - rawAt);
        raw = target;
        rawEnd -= rawAt;
        rawAt = 0;
    }

    private MalformedException fail(String what) {
        failed = true;
        return new MalformedException(what);
    }
}
