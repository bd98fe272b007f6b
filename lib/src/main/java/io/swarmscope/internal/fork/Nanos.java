package io.swarmscope.internal.fork;

import java.time.Duration;

/** Arithmetic on readings of a clock with an arbitrary origin, which may wrap: compared by difference, never directly. Any thread. */
public final class Nanos {

    private Nanos() {}

    /** Whether {@code at} is not after {@code now}. */
    public static boolean reached(long at, long now) {
        return now - at >= 0;
    }

    /** That much later. */
    public static long after(long now, Duration time) {
        return now + time.toNanos();
    }

    /** Whichever comes first. */
    public static long earlier(long x, long y) {
        return x - y <= 0 ? x : y;
    }

    /** Whichever comes last. */
    public static long later(long x, long y) {
        return x - y >= 0 ? x : y;
    }
}
