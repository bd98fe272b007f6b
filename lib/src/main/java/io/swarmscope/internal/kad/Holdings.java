package io.swarmscope.internal.kad;

import org.jspecify.annotations.Nullable;

/**
 * What this node holds beside the records that were put here: a node that keeps everything can answer for it too. Called on the thread that
 * owns the DHT; must not block.
 */
@FunctionalInterface
public interface Holdings {

    /** Holds nothing. */
    Holdings NONE = key -> null;

    /**
     * The value under a raw key, null when there is none. It was checked in full when it came here; whether it still may stand is asked of its
     * validator each time.
     */
    @Nullable Bytes find(Bytes key);
}
