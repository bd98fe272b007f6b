package io.swarmscope.internal.node;

import io.swarmscope.PeerId;
import io.swarmscope.RegistryConfig;
import io.swarmscope.internal.gossip.Intake;
import io.swarmscope.internal.gossip.Message;
import io.swarmscope.internal.gossip.Verdict;
import io.swarmscope.internal.peer.PeerObserver;
import io.swarmscope.internal.peer.Reputation;
import io.swarmscope.internal.record.Evidence;
import io.swarmscope.internal.record.RecordRefused;
import io.swarmscope.internal.record.RecordValidator;
import io.swarmscope.internal.record.Signed;
import io.swarmscope.internal.record.VersionRecord;
import java.util.Set;

/**
 * Heads, tombstones and evidence that are gossiped: the rules for them, and the way into the index. Thread-safe; runs on the threads of streams, where
 * a signature may be verified, and where whoever sends more than this node can take is held up.
 */
final class HeadGossip implements Intake.Rules {

    /** Below this a peer has lied, or fails nearly always. */
    private static final double BAD = 0.03;

    private static final double BAD_IS_WORTH = -0.5;
    private static final double BEST_IS_WORTH = 0.3;

    private final RecordValidator validator;
    private final HeldPackages held;
    private final PeerObserver observer;
    private final String evidenceTopic;

    HeadGossip(RegistryConfig config, RecordValidator validator, HeldPackages held, PeerObserver observer) {
        this.validator = validator;
        this.held = held;
        this.observer = observer;
        this.evidenceTopic = evidenceTopic(config);
    }

    /** The topic on which a network's heads and tombstones are told. */
    static String topic(RegistryConfig config) {
        return config.topic().orElseGet(() -> "/" + config.network() + "/heads/1");
    }

    /** The topic on which is told who contradicts himself. */
    static String evidenceTopic(RegistryConfig config) {
        return topic(config) + "/evidence";
    }

    /** What a full node listens to. */
    static Set<String> topics(RegistryConfig config) {
        return Set.of(topic(config), evidenceTopic(config));
    }

    @Override
    public Verdict judge(PeerId from, PeerId author, Message message) {
        try {
            return message.topic().equals(evidenceTopic) ? evidence(message.data()) : news(author, message.data());
        } catch (RecordRefused e) {
            String what = "gossip: " + e.getMessage();
            if (e.reason().mayBeHonest()) {
                observer.outdated(from, what);
                return Verdict.IGNORE;
            }
            observer.misbehaved(from, what);
            return Verdict.REJECT;
        }
    }

    private Verdict news(PeerId author, byte[] data) throws RecordRefused {
        Signed<?> record = validator.checkNews(data);
        // Everybody can repeat what others signed; only who signed it makes news of it. Versions are told by their heads.
        if (!record.publisher().equals(author) || record.record() instanceof VersionRecord) {
            return Verdict.IGNORE;
        }
        // It may be here already, by the DHT; the others have to hear of it all the same.
        held.offer(record);
        return Verdict.ACCEPT;
    }

    private Verdict evidence(byte[] data) throws RecordRefused {
        Evidence evidence = validator.checkEvidence(data);
        if (!held.take(evidence)) {
            return Verdict.IGNORE;
        }
        try {
            held.offer(validator.check(evidence.standing().encoded()));
        } catch (RecordRefused e) {
            // It proves what it proves, though nobody may keep it any more: it has expired, or was withdrawn since.
        }
        return Verdict.ACCEPT;
    }

    /** What a peer's reputation is worth in gossip, where good service elsewhere must not pay for much. */
    static double opinion(Reputation reputation, PeerId peer) {
        double score = reputation.score(peer);
        return score < BAD ? BAD_IS_WORTH : BEST_IS_WORTH * score;
    }
}
