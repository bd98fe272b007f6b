package io.swarmscope.host;

import io.swarmscope.Multiaddr;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a peer told of itself by identify, after limits were applied. Claims, not facts.
 *
 * @param agentVersion name and version of its software, at most 128 characters, may be empty
 * @param protocolVersion informative, may be empty
 * @param protocols the protocols it answers
 * @param listenAddresses where it says it can be dialed; those of its signed peer record if it sent a valid one
 * @param observedAddress our address as it sees it
 * @see <a href="https://github.com/libp2p/specs/tree/master/identify">identify specification</a>
 */
public record Identified(
        String agentVersion,
        String protocolVersion,
        Set<String> protocols,
        List<Multiaddr> listenAddresses,
        @Nullable Multiaddr observedAddress) {

    /** Before the peer told anything. */
    public static final Identified NOTHING = new Identified("", "", Set.of(), List.of(), null);

    /** Copies the collections. */
    public Identified {
        protocols = Set.copyOf(protocols);
        listenAddresses = List.copyOf(listenAddresses);
    }
}
