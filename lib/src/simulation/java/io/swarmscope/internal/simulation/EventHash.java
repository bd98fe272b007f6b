package io.swarmscope.internal.simulation;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A number for all that was delivered in a simulation, in order: two runs with the same number went the same way. Sixty-four bits against mistakes, not against
 * somebody who tries. Touched only by the thread that has its turn.
 */
public final class EventHash {

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long PRIME = 0x9E3779B97F4A7C15L;

    private long value = 0xCBF29CE484222325L;

    EventHash() {}

    /** Takes something that happened. */
    void add(long time, int kind, int from, int to, byte[] bytes) {
        mix(time);
        mix(((long) kind << 48) ^ ((long) from << 24) ^ to);
        mix(bytes.length);
        int at = 0;
        for (; at + Long.BYTES <= bytes.length; at += Long.BYTES) {
            mix((long) LONGS.get(bytes, at));
        }
        for (; at < bytes.length; at++) {
            mix(bytes[at]);
        }
    }

    private void mix(long more) {
        long mixed = (value ^ more) * PRIME;
        value = mixed ^ (mixed >>> 29);
    }

    /** Sixteen hexadecimal digits. */
    @Override
    public String toString() {
        return "%016x".formatted(value);
    }
}
