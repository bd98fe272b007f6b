package io.swarmscope.internal.kad;

/** Arithmetic on readings of a clock with an arbitrary origin, which may wrap: compared by difference, never directly. Any thread. */
final class Nanos {

    private Nanos() {}

    /** Whether {@code at} is not after {@code now}. */
    static boolean reached(long at, long now) {
        return now - at >= 0;
    }

    /** Whichever comes first. */
    static long earlier(long x, long y) {
        return x - y <= 0 ? x : y;
    }

    /** Whichever comes last. */
    static long later(long x, long y) {
        return x - y >= 0 ? x : y;
    }
}
