package io.swarmscope.internal.fork;

import java.time.Duration;

/**
 * When a call must have ended, as a reading of {@link World#nanoTime()}: steps of the wall clock do not move it. Immutable.
 *
 * @param nanoTime the reading of the clock at which the time is up
 */
public record Deadline(long nanoTime) {

    /** The longest time a deadline lies ahead. More would overflow the clock's arithmetic; 146 years are "no deadline". */
    private static final long LONGEST_NANOS = Long.MAX_VALUE / 2;

    /** The deadline that much time from now. A negative duration gives one that has passed; a huge one, one never reached. */
    public static Deadline after(Duration time) {
        return new Deadline(World.nanoTime() + nanos(time));
    }

    /** Whether the time is up. */
    public boolean passed() {
        return nanoTime - World.nanoTime() <= 0;
    }

    /** The time left in nanoseconds, never negative. */
    public long remainingNanos() {
        return Math.max(0, nanoTime - World.nanoTime());
    }

    /** The time left, never negative. */
    public Duration remaining() {
        return Duration.ofNanos(remainingNanos());
    }

    /** Whichever of the two comes first. */
    public Deadline orEarlier(Deadline other) {
        return nanoTime - other.nanoTime <= 0 ? this : other;
    }

    /** This deadline moved towards now by that much, to keep time for what comes after the call it bounds. */
    public Deadline earlier(Duration by) {
        return new Deadline(nanoTime - nanos(by));
    }

    private static long nanos(Duration time) {
        // Duration.toNanos throws where the value does not fit; here that only means "very far away".
        if (time.compareTo(Duration.ofNanos(LONGEST_NANOS)) > 0) {
            return LONGEST_NANOS;
        }
        return time.compareTo(Duration.ofNanos(-LONGEST_NANOS)) < 0 ? -LONGEST_NANOS : time.toNanos();
    }
}
