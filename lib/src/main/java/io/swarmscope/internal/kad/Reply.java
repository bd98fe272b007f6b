package io.swarmscope.internal.kad;

/** What to do with an inbound request, as {@link Kademlia#answer} decided. Immutable. */
public sealed interface Reply {

    /**
     * Send this answer.
     *
     * @param answer fits the limits of the codec
     */
    record Send(Answer answer) implements Reply {}

    /** Send nothing and keep the stream: the request has no answer. */
    record Nothing() implements Reply {}

    /**
     * Reset the stream: Kademlia has no error message.
     *
     * @param reason for people to read; the peer does not learn it
     */
    record Refuse(String reason) implements Reply {}
}
