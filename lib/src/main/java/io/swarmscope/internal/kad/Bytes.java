package io.swarmscope.internal.kad;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An array of bytes as a value: equal by content, so that records can hold it. The array is shared, not copied, because a record of
 * 64 KiB passes through many hands: who gives one away does not change it afterwards, who gets one does not change it at all.
 */
public final class Bytes {

    /** No bytes. */
    public static final Bytes EMPTY = new Bytes(new byte[0]);

    private final byte[] array;

    private Bytes(byte[] array) {
        this.array = array;
    }

    /** These bytes, not copied. */
    public static Bytes of(byte[] array) {
        return new Bytes(array);
    }

    /** The bytes of a text in UTF-8. */
    public static Bytes ofText(String text) {
        return new Bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The array itself, not to be changed. */
    public byte[] array() {
        return array;
    }

    /** How many bytes. */
    public int length() {
        return array.length;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Bytes bytes && Arrays.equals(array, bytes.array);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(array);
    }

    /** Only how many: content from strangers belongs in no log. */
    @Override
    public String toString() {
        return array.length + " bytes";
    }
}
