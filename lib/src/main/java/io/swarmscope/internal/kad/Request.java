package io.swarmscope.internal.kad;

import java.util.List;

/**
 * The asking half of {@link Message}. Immutable.
 *
 * <p>Source: the libp2p Kademlia DHT specification.
 */
public sealed interface Request extends Message {

    /** Whether an answer is of the kind this request asks for. */
    default boolean answeredBy(Answer answer) {
        return switch (this) {
            case FindNode findNode -> answer instanceof Answer.Nodes;
            case GetValue getValue -> answer instanceof Answer.Value;
            case PutValue putValue -> answer instanceof Answer.Stored;
            case AddProvider addProvider -> false;
            case GetProviders getProviders -> answer instanceof Answer.Providers;
            case Ping ping -> answer instanceof Answer.Pong;
        };
    }

    /**
     * Which peers do you know near this key?
     *
     * @param key raw key; for a peer, the bytes of its id
     */
    record FindNode(Bytes key) implements Request {}

    /**
     * Have you a record under this key, and who is nearer to it?
     *
     * @param key raw key, {@code /namespace/rest}
     */
    record GetValue(Bytes key) implements Request {}

    /**
     * Keep this record.
     *
     * @param record what to keep; its key is the key of the request
     */
    record PutValue(KadRecord record) implements Request {}

    /**
     * I serve the content with this key. The only request without an answer.
     *
     * @param key raw key, the multihash of the content
     * @param providers the sender with its addresses; what a receiver finds there of others it ignores
     */
    record AddProvider(Bytes key, List<PeerInfo> providers) implements Request {
        /** Copies the list. */
        public AddProvider {
            providers = List.copyOf(providers);
        }
    }

    /**
     * Who serves the content with this key, and who is nearer to it?
     *
     * @param key raw key, the multihash of the content
     */
    record GetProviders(Bytes key) implements Request {}

    /** Are you there? Deprecated by the specification; answered, never sent. */
    record Ping() implements Request {}
}
