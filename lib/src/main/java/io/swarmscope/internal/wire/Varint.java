package io.swarmscope.internal.wire;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/**
 * Unsigned varints as multiformats define them: at most nine bytes, shortest form only. Stateless, for any thread.
 *
 * <p>Protobuf's own varints may be longer and need not be minimal; {@link ProtoReader} reads those.
 *
 * @see <a href="https://github.com/multiformats/unsigned-varint">unsigned-varint</a>
 */
public final class Varint {
    /** The most bytes a varint may have: nine groups of seven bits hold every non-negative {@code long}. */
    public static final int MAX_BYTES = 9;

    private static final int MORE = 0x80;
    private static final int GROUP = 0x7f;

    private Varint() {}

    /**
     * How many bytes the value takes.
     *
     * @throws IllegalArgumentException if the value is negative
     */
    public static int size(long value) {
        requireNotNegative(value);
        return value == 0 ? 1 : (63 - Long.numberOfLeadingZeros(value)) / 7 + 1;
    }

    /**
     * Writes the shortest form.
     *
     * @throws IllegalArgumentException if the value is negative
     */
    public static void write(OutputStream out, long value) throws IOException {
        out.write(of(value));
    }

    /**
     * Puts the shortest form at the buffer's position.
     *
     * @throws IllegalArgumentException if the value is negative
     * @throws java.nio.BufferOverflowException if the buffer has too little room
     */
    public static void write(ByteBuffer out, long value) {
        requireNotNegative(value);
        long rest = value;
        while (rest > GROUP) {
            out.put((byte) ((rest & GROUP) | MORE));
            rest >>>= 7;
        }
        out.put((byte) rest);
    }

    /**
     * The shortest form as an array of its own.
     *
     * @throws IllegalArgumentException if the value is negative
     */
    public static byte[] of(long value) {
        ByteBuffer bytes = ByteBuffer.allocate(size(value));
        write(bytes, value);
        return bytes.array();
    }

    /**
     * Reads one varint and not a byte more.
     *
     * @return a value from 0 to {@link Long#MAX_VALUE}
     * @throws EOFException if the stream ends before or inside the varint
     * @throws MalformedException if it is longer than nine bytes or not the shortest form
     */
    public static long read(InputStream in) throws IOException {
        return read(in, in.read());
    }

    /** Like {@link #read(InputStream)} for a varint whose first byte, or -1 for end of stream, was read already. */
    static long read(InputStream in, int first) throws IOException {
        long value = 0;
        int next = first;
        for (int i = 0; i < MAX_BYTES; i++) {
            if (next < 0) {
                throw new EOFException("stream ended inside a varint");
            }
            value |= (long) (next & GROUP) << (7 * i);
            if (next < MORE) {
                requireShortest(next, i);
                return value;
            }
            if (i < MAX_BYTES - 1) {
                next = in.read();
            }
        }
        throw tooLong();
    }

    /**
     * Takes one varint from the buffer's position.
     *
     * @return a value from 0 to {@link Long#MAX_VALUE}
     * @throws MalformedException if the buffer ends inside it, it is longer than nine bytes, or not the shortest form
     */
    public static long read(ByteBuffer in) throws MalformedException {
        long value = 0;
        for (int i = 0; i < MAX_BYTES; i++) {
            if (!in.hasRemaining()) {
                throw new MalformedException("bytes end inside a varint");
            }
            int next = in.get() & 0xff;
            value |= (long) (next & GROUP) << (7 * i);
            if (next < MORE) {
                requireShortest(next, i);
                return value;
            }
        }
        throw tooLong();
    }

    private static void requireShortest(int last, int index) throws MalformedException {
        if (last == 0 && index > 0) {
            throw new MalformedException("varint is not in its shortest form");
        }
    }

    private static MalformedException tooLong() {
        return new MalformedException("varint is longer than " + MAX_BYTES + " bytes");
    }

    private static void requireNotNegative(long value) {
        if (value < 0) {
            throw new IllegalArgumentException("a varint holds no negative value: " + value);
        }
    }
}
