package io.swarmscope.internal.gossip;

import java.util.List;

/**
 * What travels in one frame. Immutable.
 *
 * @param subscriptions topics the sender joined or left
 * @param messages published or forwarded messages
 * @param control the rest
 * @param passedOver how many entries of the frame were not read, because a limit was reached
 */
public record Rpc(List<Subscription> subscriptions, List<Message> messages, Control control, int passedOver) {

    /** Nothing. */
    static final Rpc EMPTY = new Rpc(List.of(), List.of(), Control.EMPTY);

    /** Copies the lists. */
    public Rpc {
        subscriptions = List.copyOf(subscriptions);
        messages = List.copyOf(messages);
    }

    /** All of it. */
    Rpc(List<Subscription> subscriptions, List<Message> messages, Control control) {
        this(subscriptions, messages, control, 0);
    }

    static Rpc of(Control control) {
        return new Rpc(List.of(), List.of(), control);
    }

    /** How much a receiver loses if this is not sent. */
    Weight weight() {
        if (!subscriptions.isEmpty() || !control.graft.isEmpty() || !control.prune.isEmpty()) {
            return Weight.VITAL;
        }
        return messages.isEmpty() ? Weight.GOSSIP : Weight.MESSAGES;
    }

    /** The lighter one first. */
    enum Weight {
        /** Said again, or found out otherwise. */
        GOSSIP,
        /** Messages, which others forward too. */
        MESSAGES,
        /** What both sides must agree on. */
        VITAL
    }

    /** A topic joined or left. */
    record Subscription(String topic, boolean joined) {}

    /** The control messages; those of one kind in one list. */
    record Control(
            List<Ihave> ihave, List<MessageId> iwant, List<String> graft, List<Prune> prune, List<MessageId> idontwant) {

        static final Control EMPTY = new Control(List.of(), List.of(), List.of(), List.of(), List.of());

        Control {
            ihave = List.copyOf(ihave);
            iwant = List.copyOf(iwant);
            graft = List.copyOf(graft);
            prune = List.copyOf(prune);
            idontwant = List.copyOf(idontwant);
        }

        boolean isEmpty() {
            return ihave.isEmpty() && iwant.isEmpty() && graft.isEmpty() && prune.isEmpty() && idontwant.isEmpty();
        }
    }

    /** Messages the sender has. */
    record Ihave(String topic, List<MessageId> ids) {
        Ihave {
            ids = List.copyOf(ids);
        }
    }

    /**
     * The receiver left the sender's mesh.
     *
     * @param backoffSeconds when it may come back, 0 if it was not said
     */
    record Prune(String topic, int backoffSeconds) {}
}
