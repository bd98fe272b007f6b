package io.swarmscope.internal.gossip;

import io.swarmscope.internal.fork.Nanos;
import io.swarmscope.internal.wire.Limits;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.function.BiPredicate;

/** Own messages that nobody was there for. Not thread-safe: whoever runs the router. */
final class Outbox {

    private record Waiting(MessageId id, Message message) {}

    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private boolean somebodyCame;
    private long next;

    void add(MessageId id, Message message) {
        if (waiting.size() >= Limits.GOSSIP_OUTBOX) {
            waiting.poll();
        }
        waiting.add(new Waiting(id, message));
    }

    /** Somebody may want them now. */
    void tryAgain(long now) {
        if (!waiting.isEmpty() && !somebodyCame) {
            somebodyCame = true;
            next = now;
        }
    }

    boolean isDue(long now) {
        return somebodyCame && Nanos.reached(next, now);
    }

    /** When {@link #sendSome} is due, or the other time if that is earlier. */
    long orEarlier(long other) {
        return somebodyCame && next - other < 0 ? next : other;
    }

    /** Offers some to the sender, which says whether it had somebody to send them to. The others wait a little, for queues are short. */
    void sendSome(BiPredicate<MessageId, Message> sender, long now) {
        int sent = 0;
        Iterator<Waiting> some = waiting.iterator();
        while (some.hasNext() && sent < Limits.GOSSIP_OUTBOX_AT_ONCE) {
            Waiting one = some.next();
            if (sender.test(one.id, one.message)) {
                some.remove();
                sent++;
            }
        }
        somebodyCame = sent == Limits.GOSSIP_OUTBOX_AT_ONCE && !waiting.isEmpty();
        next = Nanos.after(now, Limits.GOSSIP_OUTBOX_EVERY);
    }

    int size() {
        return waiting.size();
    }
}
