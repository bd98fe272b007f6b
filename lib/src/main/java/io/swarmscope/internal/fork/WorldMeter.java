package io.swarmscope.internal.fork;

import io.github.bucket4j.TimeMeter;

/** The clock of rate limits: that of the {@link World} of the thread that asks. Thread-safe. */
public enum WorldMeter implements TimeMeter {
    /** The only one. */
    HERE;

    @Override
    public long currentTimeNanos() {
        return World.nanoTime();
    }

    @Override
    public boolean isWallClockBased() {
        return false;
    }
}
