package io.swarmscope.internal.swarm;

import io.swarmscope.Multiaddr;
import io.swarmscope.PeerId;
import io.swarmscope.host.Connection;
import io.swarmscope.internal.gossip.Rpc;
import io.swarmscope.internal.gossip.SendQueue;
import io.swarmscope.internal.kad.Bytes;
import io.swarmscope.internal.kad.ProviderEntry;
import io.swarmscope.internal.kad.Request;
import io.swarmscope.internal.kad.RequestId;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What the swarm decided. The swarm thread performs it, by handing it to somebody who may wait. */
sealed interface Action {

    /** Dial a peer at these addresses, most promising first, and report {@link Event.Dialed}. */
    record Dial(PeerId peer, List<Multiaddr> addresses) implements Action {}

    /** Send a request over the DHT and report its answer; it is of no use after the deadline. */
    record Send(RequestId id, Connection connection, Request request, long deadline) implements Action {}

    /** Nobody waits for the answer any more. */
    record Abandon(RequestId id) implements Action {}

    /** Close the connection, but only if it carries no stream beside so many that do not count. */
    record CloseIfIdle(Connection connection, int uncounted) implements Action {
        CloseIfIdle(Connection connection) {
            this(connection, 0);
        }
    }

    /** Open the stream for gossip and write to it what the queue holds; report {@link Event.GossipOpened} and {@link Event.GossipEnded}. */
    record OpenGossip(Connection connection, SendQueue queue) implements Action {}

    /** Put a frame into the queue of a peer. */
    record SendGossip(SendQueue queue, Rpc rpc) implements Action {}

    /** Nothing more goes to a peer by that stream. */
    record EndGossip(SendQueue queue) implements Action {}

    /** A record of a peer was stored here: index it. */
    record Index(Bytes key, Bytes value) implements Action {}

    /** It became known for longer that a peer, or this node, serves a content. */
    record Provided(ProviderEntry entry) implements Action {}

    /**
     * A peer sent what is of no use.
     *
     * @param mayBeHonest whether honest peers do that too, now and then
     */
    record Blame(PeerId peer, String what, boolean mayBeHonest) implements Action {}

    /** Complete a caller's future. */
    record Settle<T>(CompletableFuture<T> reply, T value) implements Action {
        void perform() {
            reply.complete(value);
        }
    }

    /** Fail a caller's future. */
    record Fail(CompletableFuture<?> reply, Throwable cause) implements Action {
        void perform() {
            reply.completeExceptionally(cause);
        }
    }
}
