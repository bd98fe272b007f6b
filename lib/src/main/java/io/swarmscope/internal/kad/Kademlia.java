package io.swarmscope.internal.kad;

import io.swarmscope.Multiaddr;
import io.swarmscope.PeerId;
import java.time.Instant;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One node's part in the DHT: answers others, runs operations, keeps the routing table. Pure state, run by one thread: tell it what
 * happened, then take its effects until there is none, then sleep until {@link #nextDeadline} or the next event.
 *
 * <pre>{@code
 * kad.start(id, new Operation.GetValue(key, 1), deadline, now);
 * for (Effect effect; (effect = kad.nextEffect()) != null; ) perform(effect);
 * }</pre>
 */
public final class Kademlia {

    /** A node that knows nobody yet. */
    public Kademlia(
            PeerId self, KadConfig config, Validators validators, Addresses addresses, RandomGenerator random, long now) {
        throw new UnsupportedOperationException("not written yet");
    }

    // ---- serving ---------------------------------------------------------------------------------------------------------

    /**
     * Decides what to reply to an inbound request. In client mode everything is refused.
     *
     * @param from who asks
     * @param fromAddresses where that peer can be reached, from identify; may be empty
     * @param wallClock stamped on stored records
     */
    public Reply answer(PeerId from, List<Multiaddr> fromAddresses, Request request, Instant wallClock, long now) {
        throw new UnsupportedOperationException("not written yet");
    }

    // ---- asking ----------------------------------------------------------------------------------------------------------

    /**
     * Starts an operation; it ends in exactly one {@link Effect.Finished}, at the latest when {@link #tick} is called at its deadline.
     *
     * @param id not in use, not negative
     * @param deadline when it must have ended; the timeout of lookups applies too
     */
    public void start(QueryId id, Operation operation, long deadline, long now) {
        throw new UnsupportedOperationException("not written yet");
    }

    /** Ends an operation with what it has. Nothing happens if it ended already. */
    public void cancel(QueryId id, long now) {
        throw new UnsupportedOperationException("not written yet");
    }

    /** A peer answered. Ignored if nobody waits for it any more. */
    public void onAnswer(RequestId id, Answer answer, long now) {
        throw new UnsupportedOperationException("not written yet");
    }

    /** A request that has no answer, {@link Request.AddProvider}, was written out. */
    public void onDelivered(RequestId id, long now) {
        throw new UnsupportedOperationException("not written yet");
    }

    /**
     * A request failed: the peer could not be reached, reset the stream, sent garbage or nothing.
     *
     * @param cause what happened, for people to read
     */
    public void onFailure(RequestId id, String cause, long now) {
        throw new UnsupportedOperationException("not written yet");
    }

    // ---- who is there ----------------------------------------------------------------------------------------------------

    /** A peer is connected and its identify lists the protocol: it may enter the routing table. */
    public void peerConnectedServer(PeerId peer, long now) {
        throw new UnsupportedOperationException("not written yet");
    }

    /** A peer no longer lists the protocol: it leaves the routing table. */
    public void peerIsClient(PeerId peer) {
        throw new UnsupportedOperationException("not written yet");
    }

    /** The last connection to a peer ended; it stays in the routing table, since it may be dialed again. */
    public void peerGone(PeerId peer, long now) {
        throw new UnsupportedOperationException("not written yet");
    }

    /** A peer could not be reached outside of a request of this class; after a few times in a row it leaves the table. */
    public void peerFailed(PeerId peer, long now) {
        throw new UnsupportedOperationException("not written yet");
    }

    // ---- time and effects ------------------------------------------------------------------------------------------------

    /** When {@link #tick} is due next; there is always something, if only a refresh. */
    public long nextDeadline() {
        throw new UnsupportedOperationException("not written yet");
    }

    /** Gives up what is late, asks further peers, refreshes, expires. Cheap when nothing is due. */
    public void tick(long now) {
        throw new UnsupportedOperationException("not written yet");
    }

    /** The next thing to do, null when there is nothing more for now. */
    public @Nullable Effect nextEffect() {
        throw new UnsupportedOperationException("not written yet");
    }

    // ---- looking in ------------------------------------------------------------------------------------------------------

    /** The record of the own store under that key, null when there is none that is valid now. */
    public @Nullable KadRecord localRecord(Bytes key, long now) {
        throw new UnsupportedOperationException("not written yet");
    }

    /** Up to {@code count} peers of the routing table, nearest to the key first. */
    public List<PeerId> closestKnown(Key key, int count) {
        throw new UnsupportedOperationException("not written yet");
    }

    /** Peers in the routing table. */
    public int tableSize() {
        throw new UnsupportedOperationException("not written yet");
    }

    /** How many operations, background ones included, are under way. */
    public int operations() {
        throw new UnsupportedOperationException("not written yet");
    }
}
