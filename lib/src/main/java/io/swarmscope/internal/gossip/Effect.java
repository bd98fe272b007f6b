package io.swarmscope.internal.gossip;

import io.swarmscope.PeerId;

/** What {@link Router} wants done; taken one by one from {@link Router#nextEffect}. Immutable. */
public sealed interface Effect {

    /** Send a frame to a peer, after those before it. */
    record Send(PeerId to, Rpc rpc) implements Effect {}

    /** A message was accepted for the first time; not told of own ones. */
    record Deliver(PeerId from, Message message) implements Effect {}
}
