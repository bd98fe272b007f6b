package io.swarmscope.internal.kad;

import io.swarmscope.Multiaddr;
import io.swarmscope.PeerId;
import java.util.List;

/** What {@link Kademlia} wants done; taken one by one from {@link Kademlia#nextEffect}. Immutable. */
public sealed interface Effect {

    /**
     * Send a request and report its answer with {@link Kademlia#onAnswer} or its failure with {@link Kademlia#onFailure}. For
     * {@link Request.AddProvider}, which nobody answers, delivery is reported with {@link Kademlia#onDelivered}.
     *
     * @param id comes back with the answer
     * @param query what it is for
     * @param to whom to ask
     * @param hints addresses other peers named, in addition to what the address book knows
     * @param request what to ask
     * @param deadline when an answer is of no use any more; {@link Kademlia#tick} gives it up then by itself
     */
    record Send(RequestId id, QueryId query, PeerId to, List<Multiaddr> hints, Request request, long deadline)
            implements Effect {}

    /**
     * Nobody waits for that request any more: its stream may be reset. Reporting an answer anyway does no harm.
     *
     * @param id of an earlier {@link Send}
     */
    record Abandon(RequestId id) implements Effect {}

    /**
     * An operation ended; exactly one for each {@link Kademlia#start}.
     *
     * @param query what was started
     * @param result how it ended
     */
    record Finished(QueryId query, OperationResult result) implements Effect {}

    /**
     * Addresses worth remembering: of a peer looked for, of a provider found, of a provider that announced itself. Hints until
     * dialed.
     *
     * @param peer whose
     * @param addresses at least one
     */
    record Learned(PeerId peer, List<Multiaddr> addresses) implements Effect {}

    /**
     * A record from a peer, put by it or found at it, was accepted into the own store and is not the one that was there.
     *
     * @param key raw key
     * @param value the value
     */
    record Stored(Bytes key, Bytes value) implements Effect {}

    /**
     * A peer, or this node, announced to serve a content: the entry is new or good for longer.
     *
     * @param entry who serves what for how long
     */
    record Provided(ProviderEntry entry) implements Effect {}

    /**
     * A peer sent something that is of no use: an invalid or an outdated value, an answer of the wrong kind, a record under another key,
     * more writes than allowed.
     *
     * @param from who
     * @param reason what, for people to read
     * @param mayBeHonest whether honest peers send such things too, now and then
     */
    record Refused(PeerId from, String reason, boolean mayBeHonest) implements Effect {}
}
