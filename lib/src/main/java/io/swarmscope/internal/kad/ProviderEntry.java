package io.swarmscope.internal.kad;

import io.swarmscope.Multiaddr;
import io.swarmscope.PeerId;
import java.time.Duration;
import java.util.List;

/**
 * That a peer serves a content, as it outlives the process. Immutable.
 *
 * @param key raw content key
 * @param provider who serves it
 * @param addresses where, as it said itself
 * @param left how long the entry is good for from now on
 */
public record ProviderEntry(Bytes key, PeerId provider, List<Multiaddr> addresses, Duration left) {
    /** Copies the list. */
    public ProviderEntry {
        addresses = List.copyOf(addresses);
    }
}
