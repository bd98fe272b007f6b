package io.swarmscope.internal.kad;

import io.swarmscope.PeerId;

/** What a node can ask of the whole network; {@link Kademlia#start} begins it. Immutable. */
public sealed interface Operation {

    /**
     * The k peers nearest to a key. Ends in {@link OperationResult.Closest}.
     *
     * @param key raw key, at least one byte
     */
    record FindClosest(Bytes key) implements Operation {}

    /**
     * The addresses of one peer. Ends in {@link OperationResult.FoundPeer}, as soon as somebody names it with addresses.
     *
     * @param peer whom to find
     */
    record FindPeer(PeerId peer) implements Operation {}

    /**
     * The best value under a key. Ends in {@link OperationResult.FoundValue}. A record of the own store takes part in the selection but
     * does not count towards the quorum.
     *
     * @param key raw key, {@code /namespace/rest}
     * @param quorum end as soon as that many peers gave valid values; 0 asks all of the k nearest
     */
    record GetValue(Bytes key, int quorum) implements Operation {}

    /**
     * Stores a value at the k peers nearest to its key and in the own store. Ends in {@link OperationResult.Stored}.
     *
     * @param record key and value; its validator must accept it, and whoever starts the operation had better ask it with
     *     {@link Validators#checked} before, since otherwise the thread that owns the DHT does
     */
    record PutValue(KadRecord record) implements Operation {
        /** A record with nothing but key and value, not checked yet. */
        public PutValue(Bytes key, Bytes value) {
            this(new KadRecord(key, value));
        }
    }

    /**
     * Tells the k peers nearest to a key that this node serves its content. Ends in {@link OperationResult.Stored}.
     *
     * @param key raw key, the multihash of the content, 1 to 80 bytes
     */
    record Provide(Bytes key) implements Operation {}

    /**
     * Who serves the content with a key. Ends in {@link OperationResult.FoundProviders}.
     *
     * @param key raw key, the multihash of the content, 1 to 80 bytes
     * @param limit end as soon as that many are known; 0 asks all of the k nearest
     */
    record FindProviders(Bytes key, int limit) implements Operation {}

    /** Finds the own neighbourhood, then fills the buckets further out. Ends in {@link OperationResult.Bootstrapped}. */
    record Bootstrap() implements Operation {}
}
