package io.swarmscope.internal.swarm;

import io.swarmscope.Multiaddr;
import io.swarmscope.PeerId;
import io.swarmscope.host.Connection;
import io.swarmscope.internal.kad.Bytes;
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

    /** Close the connection, but only if it carries no stream. */
    record CloseIfIdle(Connection connection) implements Action {}

    /** A record of a peer was stored here: index it. */
    record Index(Bytes key, Bytes value) implements Action {}

    /** A peer did what no honest peer does. */
    record Blame(PeerId peer, String what) implements Action {}

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
