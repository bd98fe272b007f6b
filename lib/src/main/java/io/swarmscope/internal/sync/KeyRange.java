package io.swarmscope.internal.sync;

import org.jspecify.annotations.Nullable;

/**
 * The keys from one on and before another. Immutable; any thread.
 *
 * @param low the first key that is in it; empty for all from the start
 * @param high the first key behind it; null for all to the end
 */
record KeyRange(String low, @Nullable String high) {

    /** Every key. */
    static final KeyRange ALL = new KeyRange("", null);

    boolean contains(String key) {
        return Keys.compare(key, low) >= 0 && isBelowHigh(key);
    }

    boolean isBelowHigh(String key) {
        return high == null || Keys.compare(key, high) < 0;
    }

    /** Whether nothing can be in it. */
    boolean isEmpty() {
        return !isBelowHigh(low);
    }
}
