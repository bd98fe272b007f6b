package io.swarmscope.internal.swarm;

import io.swarmscope.Multiaddr;
import io.swarmscope.PeerId;
import io.swarmscope.host.Connection;
import io.swarmscope.host.HostException;
import io.swarmscope.host.Identified;
import io.swarmscope.internal.gossip.Message;
import io.swarmscope.internal.gossip.MessageId;
import io.swarmscope.internal.gossip.SendQueue;
import io.swarmscope.internal.gossip.Version;
import io.swarmscope.internal.kad.Answer;
import io.swarmscope.internal.kad.RequestId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Something that happened on a link. Immutable. */
sealed interface Event extends Input {

    /** Where this node can be dialed. */
    record Listening(List<Multiaddr> addresses) implements Event {}

    /** A connection is usable, whoever dialed it. */
    record Opened(Connection connection) implements Event {}

    /** A peer told about itself. */
    record Identity(Connection connection, Identified identified) implements Event {}

    /** A connection ended. */
    record Closed(Connection connection, String reason) implements Event {}

    /** A peer broke a protocol. */
    record Misbehaved(PeerId peer, String what) implements Event {}

    /** A dial that the swarm asked for ended; {@code failure} is {@code null} if it made the connection. */
    record Dialed(PeerId peer, @Nullable Connection connection, @Nullable HostException failure) implements Event {}

    /** A dial to this address failed, or somebody else than the peer answered there. */
    record AddressFailed(PeerId peer, Multiaddr address) implements Event {}

    /** A request was answered, and the values in the answer were checked. */
    record Answered(RequestId request, Answer answer) implements Event {}

    /** A request that nobody answers was delivered. */
    record Delivered(RequestId request) implements Event {}

    /** A request got no answer. */
    record Unanswered(RequestId request, String cause) implements Event {}

    /** Something about gossip. */
    sealed interface Gossip extends Event {}

    /** There is a stream to a peer, which takes what is put into the queue. */
    record GossipOpened(PeerId peer, SendQueue queue, Version version) implements Gossip {}

    /** The stream that took from that queue ended, or could not be opened. */
    record GossipEnded(PeerId peer, SendQueue queue, boolean forGood) implements Gossip {}

    /** A stream from a peer ended. */
    record GossipSilent(PeerId peer, long stream) implements Gossip {}

    /** A message came in and is being checked. */
    record GossipArriving(PeerId peer, String topic, MessageId id, int bytes) implements Gossip {}

    /** This node has something to tell, and has signed it. */
    record GossipPublished(Message message) implements Gossip {}
}
