package io.swarmscope.internal.swarm;

import io.swarmscope.PeerId;
import io.swarmscope.host.HostException;
import io.swarmscope.host.Stream;
import io.swarmscope.internal.kad.Answer;
import io.swarmscope.internal.kad.KadRecord;
import io.swarmscope.internal.kad.MessageCodec;
import io.swarmscope.internal.kad.Request;
import io.swarmscope.internal.kad.Validators;
import io.swarmscope.internal.peer.PeerObserver;
import io.swarmscope.internal.wire.Frames;
import io.swarmscope.internal.wire.MalformedException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/**
 * Sends one request over the DHT and reads its answer, from top to bottom on the request's own virtual thread. Records in the answer
 * are checked here, so that the swarm thread verifies no signature.
 */
final class KadRequests {

    private final String protocol;
    private final Validators validators;
    private final PeerObserver observer;
    private final Mailbox<Input> mailbox;
    private final LongAdder passedOver = new LongAdder();

    KadRequests(String protocol, Validators validators, PeerObserver observer, Mailbox<Input> mailbox) {
        this.protocol = protocol;
        this.validators = validators;
        this.observer = observer;
        this.mailbox = mailbox;
    }

    /** How many peers in answers were too many to be looked at. Any thread. */
    long passedOver() {
        return passedOver.sum();
    }

    void run(Action.Send action) {
        PeerId peer = action.connection().remote();
        long began = System.nanoTime();
        try {
            mailbox.force(exchange(action, began));
            observer.succeeded(peer, System.nanoTime() - began);
        } catch (MalformedException e) {
            mailbox.force(new Event.Misbehaved(peer, "an answer of the DHT: " + e.getMessage()));
            mailbox.force(new Event.Unanswered(action.id(), "malformed answer: " + e.getMessage()));
        } catch (IOException e) {
            // An interrupt means that nobody waits for the answer any more: not the peer's fault.
            if (!(e instanceof HostException h && h.kind() == HostException.Kind.INTERRUPTED)) {
                observer.failed(peer);
            }
            mailbox.force(new Event.Unanswered(action.id(), String.valueOf(e.getMessage())));
        } catch (InterruptedException e) {
            mailbox.force(new Event.Unanswered(action.id(), "abandoned"));
        }
    }

    private Event exchange(Action.Send action, long began) throws IOException, InterruptedException {
        Duration left = Duration.ofNanos(Math.max(1, action.deadline() - began));
        try (Stream stream = action.connection().open(protocol, left)) {
            stream.finish(Frames.prefixed(MessageCodec.encode(action.request())));
            if (action.request() instanceof Request.AddProvider) {
                return new Event.Delivered(action.id());
            }
            byte[] frame = Frames.read(stream.input(), MessageCodec.ANSWER_BYTES_MAX);
            return new Event.Answered(action.id(), checked(MessageCodec.decodeAnswer(frame, passedOver), validators));
        }
    }

    /** The answer with its record checked, so that the swarm thread verifies no signature. */
    static Answer checked(Answer answer, Validators validators) {
        if (!(answer instanceof Answer.Value value)) {
            return answer;
        }
        KadRecord record = value.record();
        return record == null ? value : new Answer.Value(validators.checked(record), value.closer());
    }
}
