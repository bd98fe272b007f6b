package io.swarmscope.internal.wire;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads the fields of one protobuf message from an array, strictly: whatever is wrong with the bytes becomes a
 * {@link MalformedException}, and nothing is allocated beyond a limit the caller names. Used by one thread.
 *
 * <p>{@link #next} names the next field, then at most one of the value methods reads it; a value nobody reads is
 * skipped, which is how unknown fields are ignored. Groups, which no libp2p protocol has, are refused, so that reading
 * never recurses.
 *
 * @see <a href="https://protobuf.dev/programming-guides/encoding/">protobuf encoding</a>
 */
public final class ProtoReader {
    private static final int NOTHING_PENDING = -1;

    /** Skipping looks at the wire type of a tag only, so any number will do. */
    private static final int ANY_FIELD = 1;

    private final byte[] bytes;
    private final int start;
    private final int limit;
    private final CodedInputStream in;
    private int pending = NOTHING_PENDING;

    private ProtoReader(byte[] bytes, int start, int length) {
        this.bytes = bytes;
        this.start = start;
        this.limit = length;
        this.in = CodedInputStream.newInstance(bytes, start, length);
    }

    /** Reads the message that fills the array. The array is not copied and must not change meanwhile. */
    public static ProtoReader of(byte[] message) {
        return new ProtoReader(message, 0, message.length);
    }

    /**
     * Moves to the next field.
     *
     * @return its number, or 0 at the end of the message
     * @throws MalformedException if the bytes are cut short or hold a tag that is none
     */
    public int next() throws MalformedException {
        if (pending != NOTHING_PENDING) {
            skip();
        }
        int tag = get(in::readTag);
        if (tag == 0) {
            return 0;
        }
        pending = WireFormat.getTagWireType(tag);
        int field = WireFormat.getTagFieldNumber(tag);
        if (field == 0 || !isKnown(pending)) {
            throw new MalformedException("message has a field of number " + field + " and wire type " + pending);
        }
        return field;
    }

    /**
     * The value of a field that is a varint: any integer, bool or enum. All 64 bits are used, so a value above
     * {@link Long#MAX_VALUE} comes out negative.
     */
    public long varint() throws MalformedException {
        take(WireFormat.WIRETYPE_VARINT);
        return get(in::readRawVarint64);
    }

    /** Like {@link #varint}, for values that must lie between 0 and {@code max}. */
    public int varint(int max) throws MalformedException {
        long value = varint();
        if (value < 0 || value > max) {
            throw new MalformedException("value " + Long.toUnsignedString(value) + " is above the limit of " + max);
        }
        return (int) value;
    }

    /**
     * The value of a bytes field, in an array of its own.
     *
     * @param max the most bytes it may have
     */
    public byte[] bytes(int max) throws MalformedException {
        int length = length(max);
        return get(() -> in.readRawBytes(length));
    }

    /**
     * The value of a string field.
     *
     * @param maxBytes the most bytes its UTF-8 form may have
     * @throws MalformedException also if it is not UTF-8
     */
    public String string(int maxBytes) throws MalformedException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes(maxBytes)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new MalformedException("string is not UTF-8", e);
        }
    }

    /** The value of a field that is a message: a reader of its own over the same array. */
    public ProtoReader message() throws MalformedException {
        int length = length(Integer.MAX_VALUE);
        ProtoReader inner = new ProtoReader(bytes, start + in.getTotalBytesRead(), length);
        get(() -> {
            in.skipRawBytes(length);
            return length;
        });
        return inner;
    }

    /** Passes over the value of the field that {@link #next} named, whatever its type. */
    public void skip() throws MalformedException {
        int type = pending;
        pending = NOTHING_PENDING;
        if (type != NOTHING_PENDING) {
            get(() -> in.skipField(ANY_FIELD << 3 | type));
        }
    }

    private static boolean isKnown(int type) {
        return type == WireFormat.WIRETYPE_VARINT
                || type == WireFormat.WIRETYPE_FIXED64
                || type == WireFormat.WIRETYPE_LENGTH_DELIMITED
                || type == WireFormat.WIRETYPE_FIXED32;
    }

    private int length(int max) throws MalformedException {
        take(WireFormat.WIRETYPE_LENGTH_DELIMITED);
        int length = get(in::readRawVarint32);
        if (length < 0 || length > max) {
            throw new MalformedException(
                    "field of " + Integer.toUnsignedString(length) + " bytes exceeds the limit of " + max);
        }
        int rest = bytesLeft();
        if (length > rest) {
            throw new MalformedException("field of " + length + " bytes where only " + rest + " are left");
        }
        return length;
    }

    private int bytesLeft() {
        return limit - in.getTotalBytesRead();
    }

    private void take(int type) throws MalformedException {
        if (pending != type) {
            throw new MalformedException("field has wire type " + pending + " instead of " + type);
        }
        pending = NOTHING_PENDING;
    }

    /** A read of the library; it fails only for bytes that are wrong. */
    private interface Read<T> {
        T from() throws IOException;
    }

    private static <T> T get(Read<T> read) throws MalformedException {
        try {
            return read.from();
        } catch (InvalidProtocolBufferException e) {
            throw new MalformedException("message is not protobuf: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new AssertionError("reading an array cannot fail otherwise", e);
        }
    }
}
