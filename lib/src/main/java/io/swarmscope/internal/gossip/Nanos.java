package io.swarmscope.internal.gossip;

import java.time.Duration;

/** Arithmetic on readings of a clock with an arbitrary origin, which may wrap: compared by difference, never directly. Any thread. */
final class Nanos {

    private Nanos() {}

    /** Whether {@code at} is not after {@code now}. */
    static boolean reached(long at, long now) {
        return now - at >= 0;
    }

    static long after(long now, Duration time) {
        return now + time.toNanos();
    }
}
