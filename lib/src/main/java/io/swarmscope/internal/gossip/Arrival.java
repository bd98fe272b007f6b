package io.swarmscope.internal.gossip;

import io.swarmscope.PeerId;

/** A message that came from a peer, checked as far as that needs time. Immutable. */
public sealed interface Arrival {

    /** The topic it claims. */
    String topic();

    /**
     * The first copy, as far as was known when it came.
     *
     * @param message signed by its author
     * @param author who
     * @param id its id
     * @param verdict what it is worth
     */
    record Fresh(Message message, PeerId author, MessageId id, Verdict verdict) implements Arrival {
        @Override
        public String topic() {
            return message.topic();
        }
    }

    /** Another copy. */
    record Duplicate(String topic, MessageId id) implements Arrival {}

    /** Not signed by whom it names. */
    record Forged(String topic) implements Arrival {}
}
