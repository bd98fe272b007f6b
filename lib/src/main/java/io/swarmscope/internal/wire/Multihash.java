package io.swarmscope.internal.wire;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * A digest that says by which function it was made: SHA2-256, or identity, which is the data itself. Immutable.
 *
 * @see <a href="https://github.com/multiformats/multihash">multihash</a>
 */
public final class Multihash {
    /** Code of the identity function. */
    public static final int IDENTITY = 0x00;

    /** Code of SHA2-256. */
    public static final int SHA2_256 = 0x12;

    /** Bytes of a SHA2-256 digest. */
    public static final int SHA2_256_BYTES = 32;

    private final int code;
    private final byte[] digest;

    private Multihash(int code, byte[] digest) {
        this.code = code;
        this.digest = digest;
    }

    /** The SHA2-256 multihash of the data. */
    public static Multihash sha256(byte[] data) {
        return new Multihash(SHA2_256, sha256Digest().digest(data));
    }

    /** The multihash of a SHA2-256 digest that was computed already. */
    public static Multihash ofSha256Digest(byte[] digest) {
        if (digest.length != SHA2_256_BYTES) {
            throw new IllegalArgumentException("a SHA2-256 digest has 32 bytes, not " + digest.length);
        }
        return new Multihash(SHA2_256, digest.clone());
    }

    /** The multihash that holds the data itself. */
    public static Multihash identity(byte[] data) {
        return new Multihash(IDENTITY, data.clone());
    }

    /**
     * The multihash that fills the array.
     *
     * @throws IllegalArgumentException if the function is neither SHA2-256 nor identity, or the length is not what it says
     */
    public static Multihash ofBytes(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        long code;
        long length;
        try {
            code = Varint.read(in);
            length = Varint.read(in);
        } catch (MalformedException e) {
            throw new IllegalArgumentException("expected a multihash: " + e.getMessage(), e);
        }
        if (code != IDENTITY && code != SHA2_256) {
            throw new IllegalArgumentException(
                    "expected a multihash by sha2-256 (18) or identity (0), found code " + code);
        }
        if (length != in.remaining()) {
            throw new IllegalArgumentException(
                    "multihash says " + length + " digest bytes, but " + in.remaining() + " follow");
        }
        if (code == SHA2_256 && length != SHA2_256_BYTES) {
            throw new IllegalArgumentException("a sha2-256 multihash has 32 digest bytes, not " + length);
        }
        return new Multihash((int) code, Arrays.copyOfRange(bytes, in.position(), bytes.length));
    }

    /** A new SHA-256 computation; every Java platform has it. */
    public static MessageDigest sha256Digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    /** {@link #IDENTITY} or {@link #SHA2_256}. */
    public int code() {
        return code;
    }

    /** The digest alone. */
    public byte[] digest() {
        return digest.clone();
    }

    /** Code, length and digest, as on the wire. */
    public byte[] toBytes() {
        ByteBuffer out = ByteBuffer.allocate(Varint.size(code) + Varint.size(digest.length) + digest.length);
        Varint.write(out, code);
        Varint.write(out, digest.length);
        return out.put(digest).array();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Multihash that && code == that.code && Arrays.equals(digest, that.digest);
    }

    @Override
    public int hashCode() {
        return 31 * code + Arrays.hashCode(digest);
    }

    @Override
    public String toString() {
        return Bases.base58(toBytes());
    }
}
