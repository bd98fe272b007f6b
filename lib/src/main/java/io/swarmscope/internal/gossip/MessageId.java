package io.swarmscope.internal.gossip;

import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The id of a message: arbitrary bytes, equal by content. Immutable; the array is shared and not to be changed. */
public final class MessageId {

    private static final int SHOWN_BYTES = 12;

    private final byte[] array;
    private final int hash;

    private MessageId(byte[] array) {
        this.array = array;
        this.hash = Arrays.hashCode(array);
    }

    /** The id with these bytes, not copied. */
    public static MessageId of(byte[] array) {
        return new MessageId(array);
    }

    /** The array itself. */
    byte[] array() {
        return array;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof MessageId that && hash == that.hash && Arrays.equals(array, that.array);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /** The end of it, which is what differs between messages of one author. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(array, Math.max(0, array.length - SHOWN_BYTES), array.length);
    }
}
