package io.swarmscope.internal.wire;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/**
 * Writes the fields of one protobuf message in the order of the calls, which is the order on the wire. Used by one thread.
 *
 * <p>Every call writes its field, zero and empty values included: what libp2p hashes and signs has explicit presence.
 *
 * @see <a href="https://protobuf.dev/programming-guides/encoding/">protobuf encoding</a>
 */
public final class ProtoWriter {
    /** Most messages are keys, addresses and small records; larger values bypass the library's buffer. */
    private static final int BUFFER_BYTES = 256;

    private static final int SHORT_BYTES = 32;

    private final ByteArrayOutputStream bytes;
    private final CodedOutputStream out;

    /** For a message of any length, most likely a short one. */
    public ProtoWriter() {
        this(SHORT_BYTES);
    }

    /**
     * For a message about whose length something is known.
     *
     * @param expected about how many bytes it will have; more are no fault
     */
    public ProtoWriter(int expected) {
        bytes = new ByteArrayOutputStream(expected);
        out = CodedOutputStream.newInstance(bytes, BUFFER_BYTES);
    }

    /** An integer, bool (0 or 1) or enum field. Negative values take ten bytes, as unsigned 64-bit ones do. */
    public ProtoWriter varint(int field, long value) {
        return put(() -> out.writeUInt64(field, value));
    }

    /** A bytes field. */
    public ProtoWriter bytes(int field, byte[] value) {
        return put(() -> out.writeByteArray(field, value));
    }

    /** A string field, in UTF-8. */
    public ProtoWriter string(int field, String value) {
        return put(() -> out.writeString(field, value));
    }

    /** A field that is a message. The inner writer may go on to be used; what it writes later is not part of this one. */
    public ProtoWriter message(int field, ProtoWriter value) {
        return bytes(field, value.toBytes());
    }

    /** What was written so far. */
    public byte[] toBytes() {
        put(out::flush);
        return bytes.toByteArray();
    }

    private interface Write {
        void to() throws IOException;
    }

    private ProtoWriter put(Write write) {
        try {
            write.to();
            return this;
        } catch (IOException e) {
            throw new AssertionError("writing to memory cannot fail", e);
        }
    }
}
