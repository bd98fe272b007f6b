package io.swarmscope.internal.crypto;

import io.swarmscope.internal.wire.MalformedException;

/**
 * ChaCha20-Poly1305 for one direction of a link, as Noise uses it. Used by one thread at a time.
 *
 * <p>A key must never seal twice with the same nonce; callers count.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8439">RFC 8439</a>
 */
public interface Aead {
    /** Bytes of a key. */
    int KEY_BYTES = 32;

    /** Bytes that sealing adds. */
    int TAG_BYTES = 16;

    /** Changes the key. */
    void key(byte[] key);

    /**
     * Encrypts and authenticates. Source and target may be the same place.
     *
     * @param nonce becomes 4 zero bytes and these 8, little endian
     * @param associated authenticated too, but not part of the result; may be empty
     * @param target has room for {@code length + TAG_BYTES} from {@code targetOffset} on
     */
    void seal(long nonce, byte[] associated, byte[] source, int offset, int length, byte[] target, int targetOffset);

    /**
     * Verifies and decrypts. Source and target may be the same place. Sealed bytes that start at offset 0 are decrypted
     * without a copy, others may be copied first.
     *
     * @param length of the sealed bytes, at least {@code TAG_BYTES}
     * @param target has room for {@code length - TAG_BYTES} from {@code targetOffset} on; undefined after a failure
     * @throws MalformedException if the bytes were not sealed with this key, nonce and associated bytes
     */
    void open(long nonce, byte[] associated, byte[] source, int offset, int length, byte[] target, int targetOffset)
            throws MalformedException;
}
