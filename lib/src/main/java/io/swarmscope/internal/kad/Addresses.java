package io.swarmscope.internal.kad;

import io.swarmscope.Multiaddr;
import io.swarmscope.PeerId;
import java.util.List;

/** The address book as the DHT reads it. Called on the thread that owns the DHT, must not block. */
@FunctionalInterface
public interface Addresses {

    /**
     * Where a peer was reached or said itself that it can be reached, best first: what may be told to others. For the own id, what
     * this node announces. Empty when nothing is known; such a peer is left out of answers.
     */
    List<Multiaddr> of(PeerId peer);
}
