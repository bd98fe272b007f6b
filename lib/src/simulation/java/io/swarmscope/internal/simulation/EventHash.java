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

    private static final long PRIME_2 = 0xC2B2AE3D27D4EB4FL;
    private static final long PRIME_3 = 0x165667B19E3779F9L;
    private static final long PRIME_4 = 0x85EBCA77C2B2AE63L;

    private long value = 0xCBF29CE484222325L;

    EventHash() {}

    /** Takes something that happened. */
    void add(long time, int kind, int from, int to, byte[] bytes) {
        mix(time);
        mix(((long) kind << 48) ^ ((long) from << 24) ^ to);
        mix(bytes.length);
        int at = 0;
        // Four numbers at a time, which do not wait for each other
        for (; at + 4 * Long.BYTES <= bytes.length; at += 4 * Long.BYTES) {
            long a = (long) LONGS.get(bytes, at) * PRIME;
            long b = (long) LONGS.get(bytes, at + 8) * PRIME_2;
            long c = (long) LONGS.get(bytes, at + 16) * PRIME_3;
            long d = (long) LONGS.get(bytes, at + 24) * PRIME_4;
            mix(Long.rotateLeft(a, 31) + Long.rotateLeft(b, 17) ^ Long.rotateLeft(c, 43) + d);
        }
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
