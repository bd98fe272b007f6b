package io.swarmscope.internal.swarm;

import io.swarmscope.Multiaddr;
import io.swarmscope.PeerId;
import io.swarmscope.host.Connection;
import io.swarmscope.internal.gossip.Arrival;
import io.swarmscope.internal.gossip.Rpc;
import io.swarmscope.internal.kad.Operation;
import io.swarmscope.internal.kad.OperationResult;
import io.swarmscope.internal.kad.QueryId;
import io.swarmscope.internal.kad.Reply;
import io.swarmscope.internal.kad.Request;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What another thread wants of the swarm; carries the future that the swarm completes. */
sealed interface Command extends Input {

    /** The future to fail when the swarm ends. */
    CompletableFuture<?> reply();

    /** Run an operation over the DHT, at most until the deadline (nanoseconds of the swarm's clock). */
    record Run(QueryId query, Operation operation, long deadline, CompletableFuture<OperationResult> reply)
            implements Command {}

    /**
     * A usable connection to a peer, dialing it if there is none; where, say the hints and the address book.
     *
     * @param identified whether to wait for the peer to tell about itself, as long as there is time
     */
    record Reach(
            QueryId query,
            PeerId peer,
            List<Multiaddr> hints,
            boolean identified,
            long deadline,
            CompletableFuture<Connection> reply)
            implements Command {}

    /** The caller of that query has gone. */
    record Cancel(QueryId query, CompletableFuture<Boolean> reply) implements Command {}

    /** Answer a peer's request to the DHT. */
    record Serve(Connection from, Request request, CompletableFuture<Reply> reply) implements Command {}

    /** Take what a peer gossiped; whether what it sends next is worth checking. */
    record GossipReceived(
            Connection from, long stream, Rpc rpc, List<Arrival> arrivals, CompletableFuture<Boolean> reply)
            implements Command {}

    /** Complete when the node has joined. */
    record AwaitJoined(QueryId query, long deadline, CompletableFuture<Boolean> reply) implements Command {}

    /** Who is connected. */
    record ListNeighbours(CompletableFuture<List<Neighbour>> reply) implements Command {}

    /** Whom this node knows, connected or not. */
    record ListPeers(CompletableFuture<PeersSnapshot> reply) implements Command {}

    /** Figures for people. */
    record ReadStatus(CompletableFuture<SwarmStatus> reply) implements Command {}
}
