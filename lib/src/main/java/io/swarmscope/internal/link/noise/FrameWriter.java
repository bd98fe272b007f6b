package io.swarmscope.internal.link.noise;

import io.swarmscope.internal.crypto.Aead;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;

/**
 * Encrypts bytes into frames and writes them to a connection. Used by the link's writer thread. Short writes take a
 * fresh buffer, others borrow a large one for their duration: a link that does not write holds none.
 */
final class FrameWriter {
    private static final byte[] NOTHING = new byte[0];
    private static final int OVERHEAD = Buffers.HEADER + Aead.TAG_BYTES;

    /** Plaintext of the largest frame, 65519 bytes. */
    private static final int MAX_PLAIN = Buffers.MAX_BODY - Aead.TAG_BYTES;

    private final OutputStream out;
    private final Aead cipher;
    private long nonce;
    private boolean failed;

    FrameWriter(OutputStream out, Aead cipher) {
        this.out = out;
        this.cipher = cipher;
    }

    /** See {@link NoiseChannel#write}. */
    void write(byte[] buffer, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, buffer.length);
        if (failed) {
            throw new IOException("noise channel failed before");
        }
        // Stays so if a write breaks off: nobody knows then how much of a frame the peer got.
        failed = true;
        byte[] frames = length + OVERHEAD <= Buffers.SMALL ? new byte[length + OVERHEAD] : Buffers.take();
        try {
            int end = offset + length;
            for (int at = offset; at < end; ) {
                int filled = 0;
                while (at < end && filled + OVERHEAD + Math.min(MAX_PLAIN, end - at) <= frames.length) {
                    int count = Math.min(MAX_PLAIN, end - at);
                    filled = seal(buffer, at, count, frames, filled);
                    at += count;
                }
                out.write(frames, 0, filled);
            }
        } finally {
            Buffers.give(frames);
        }
        failed = false;
    }

    private int seal(byte[] source, int offset, int count, byte[] frames, int at) {
        int body = count + Aead.TAG_BYTES;
        frames[at] = (byte) (body >>> 8);
        frames[at + 1] = (byte) body;
        cipher.seal(nonce++, NOTHING, source, offset, count, frames, at + Buffers.HEADER);
        return at + Buffers.HEADER + body;
    }
}
