package io.swarmscope.internal.kad;

import org.jspecify.annotations.Nullable;

/** The part of a {@link Run} that asked a peer and is told what came of it. Run by the thread that owns the DHT. */
sealed interface Asker permits Lookup, Delivery {

    /**
     * A peer answered.
     *
     * @return what the peer is at fault for, null when all is well
     */
    @Nullable Fault answered(PeerInfo peer, Answer answer, long now);

    /** A peer could not be asked or did not answer. */
    void failed(PeerInfo peer, String cause);

    /** After how many nanoseconds without an answer a peer counts as silent, as far as can be told now. */
    long patience();
}
