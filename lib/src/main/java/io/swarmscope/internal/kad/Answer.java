package io.swarmscope.internal.kad;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answering half of {@link Message}. Immutable.
 *
 * <p>Source: the libp2p Kademlia DHT specification.
 */
public sealed interface Answer extends Message {

    /** Peers nearer to the key of the request, nearest first as far as the sender is honest; empty where the kind has none. */
    List<PeerInfo> closer();

    /**
     * To {@link Request.FindNode}.
     *
     * @param closer peers near the key
     */
    record Nodes(List<PeerInfo> closer) implements Answer {
        /** Copies the list. */
        public Nodes {
            closer = List.copyOf(closer);
        }
    }

    /**
     * To {@link Request.GetValue}.
     *
     * @param record the record, null when the sender has none
     * @param closer peers near the key
     */
    record Value(@Nullable KadRecord record, List<PeerInfo> closer) implements Answer {
        /** Copies the list. */
        public Value {
            closer = List.copyOf(closer);
        }
    }

    /**
     * To {@link Request.PutValue}: what was kept.
     *
     * @param record the record as the sender echoed it, null when it echoed none
     */
    record Stored(@Nullable KadRecord record) implements Answer {
        @Override
        public List<PeerInfo> closer() {
            return List.of();
        }
    }

    /**
     * To {@link Request.GetProviders}.
     *
     * @param providers who serves the content
     * @param closer peers near the key
     */
    record Providers(List<PeerInfo> providers, List<PeerInfo> closer) implements Answer {
        /** Copies the lists. */
        public Providers {
            providers = List.copyOf(providers);
            closer = List.copyOf(closer);
        }
    }

    /** To {@link Request.Ping}. */
    record Pong() implements Answer {
        @Override
        public List<PeerInfo> closer() {
            return List.of();
        }
    }
}
