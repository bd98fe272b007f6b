package io.swarmscope.internal.node;

import io.swarmscope.PeerId;
import io.swarmscope.internal.gossip.Intake;
import io.swarmscope.internal.gossip.Message;
import io.swarmscope.internal.gossip.Verdict;
import io.swarmscope.internal.peer.PeerObserver;
import io.swarmscope.internal.peer.Reputation;
import io.swarmscope.internal.record.RecordRefused;
import io.swarmscope.internal.record.RecordValidator;
import io.swarmscope.internal.record.SignedHead;
import io.swarmscope.internal.store.PackageIndex;

/**
 * Heads that are gossiped: the rules for them, and the way into the index. Thread-safe; runs on the threads of streams, where a signature
 * may be verified, and where whoever sends more than this node can take is held up.
 */
final class HeadGossip implements Intake.Rules {

    /** Below this a peer has lied, or fails nearly always. */
    private static final double BAD = 0.03;

    private static final double BAD_IS_WORTH = -0.5;
    private static final double BEST_IS_WORTH = 0.3;

    private final RecordValidator validator;
    private final PackageIndex index;
    private final PeerObserver observer;

    HeadGossip(RecordValidator validator, PackageIndex index, PeerObserver observer) {
        this.validator = validator;
        this.index = index;
        this.observer = observer;
    }

    /** The topic on which a network's heads are told. */
    static String topic(String network) {
        return "/" + network + "/heads/1";
    }

    @Override
    public Verdict judge(PeerId from, PeerId author, Message message) {
        try {
            SignedHead head = validator.check(message.data());
            // Everybody can repeat what others signed; only who signed it makes news of it.
            if (!head.publisher().equals(author) || head.sequence() < index.sequence(head.id())) {
                return Verdict.IGNORE;
            }
            // It may be here already, by the DHT; the others have to hear of it all the same.
            index.offer(head);
            return Verdict.ACCEPT;
        } catch (RecordRefused e) {
            if (e.reason().mayBeHonest()) {
                return Verdict.IGNORE;
            }
            observer.misbehaved(from, "gossip: " + e.getMessage());
            return Verdict.REJECT;
        }
    }

    /** What a peer's reputation is worth in gossip, where good service elsewhere must not pay for much. */
    static double opinion(Reputation reputation, PeerId peer) {
        double score = reputation.score(peer);
        return score < BAD ? BAD_IS_WORTH : BEST_IS_WORTH * score;
    }
}
