package io.swarmscope.internal.gossip;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.swarmscope.PeerId;
import io.swarmscope.internal.fork.World;
import io.swarmscope.internal.wire.Limits;
import io.swarmscope.internal.wire.MalformedException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Makes of frames what the router can take: looks up which messages came before, verifies the signatures of the others and asks what they are
 * worth. Thread-safe; runs on the threads of streams.
 */
public final class Intake {

    /** Says what a message with a right signature is worth, on the thread of the stream it came by. */
    @FunctionalInterface
    public interface Rules {
        /** What it is worth. */
        Verdict judge(PeerId from, PeerId author, Message message);
    }

    /** Says who signed a message. */
    @FunctionalInterface
    public interface Authors {
        /**
         * Its author.
         *
         * @throws MalformedException if that one did not sign it
         */
        PeerId verify(Message message) throws MalformedException;
    }

    /** Hears of a large message before it is verified. */
    @FunctionalInterface
    public interface Arriving {
        /** It is the first copy, as far as is known. */
        void told(String topic, MessageId id, int bytes);
    }

    private final GossipConfig config;
    private final Predicate<String> topics;
    private final Rules rules;
    private final Authors authors;
    private final Cache<MessageId, Boolean> known;

    /**
     * Judges by these rules.
     *
     * @param topics which are looked at; messages of others are dropped unseen
     */
    public Intake(GossipConfig config, Predicate<String> topics, Rules rules) {
        this(config, topics, rules, Signing::verify);
    }

    /**
     * The same.
     *
     * @param authors verifies signatures
     */
    public Intake(GossipConfig config, Predicate<String> topics, Rules rules, Authors authors) {
        this.authors = authors;
        this.config = config;
        this.topics = topics;
        this.rules = rules;
        this.known = Caffeine.newBuilder()
                .maximumSize(Limits.GOSSIP_SEEN)
                .expireAfterWrite(config.times().seen())
                .ticker(World::nanoTime)
                .executor(Runnable::run)
                .build();
    }

    /** An own message need not be checked when it comes back. */
    public void published(Message message) {
        known.put(config.ids().of(message), true);
    }

    /** The messages of a frame, checked. */
    public List<Arrival> check(PeerId from, Rpc rpc, Arriving arriving) {
        List<Arrival> arrivals = new ArrayList<>(rpc.messages().size());
        for (Message message : rpc.messages()) {
            if (topics.test(message.topic())) {
                arrivals.add(check(from, message, arriving));
            }
        }
        return arrivals;
    }

    private Arrival check(PeerId from, Message message, Arriving arriving) {
        try {
            Signing.requireComplete(message);
            MessageId id = config.ids().of(message);
            if (known.getIfPresent(id) != null) {
                return new Arrival.Duplicate(message.topic(), id);
            }
            int bytes = message.data().length;
            if (config.idontwantBytes() > 0 && bytes >= config.idontwantBytes()) {
                arriving.told(message.topic(), id, bytes);
            }
            PeerId author = authors.verify(message);
            // Only now, or else a forgery would keep out the message whose id it bears.
            if (known.asMap().putIfAbsent(id, true) != null) {
                return new Arrival.Duplicate(message.topic(), id);
            }
            return new Arrival.Fresh(message, author, id, rules.judge(from, author, message));
        } catch (MalformedException e) {
            return new Arrival.Forged(message.topic());
        }
    }
}
