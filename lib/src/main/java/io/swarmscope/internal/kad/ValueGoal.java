package io.swarmscope.internal.kad;

import io.swarmscope.PeerId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The best value under a key, and who ought to be told of it. Run by the thread that owns the DHT. */
final class ValueGoal implements Goal {

    private final Bytes key;
    private final int quorum;
    private final Validators validators;
    private @Nullable KadRecord best;
    private int values;

    /** Peers that gave the best value, a worse one or one that does not stand any more, none. */
    private final List<PeerId> holders = new ArrayList<>();
    private final List<PeerId> outdated = new ArrayList<>();
    private final List<PeerId> without = new ArrayList<>();

    /**
     * Reached when {@code quorum} peers gave valid values; with 0, when the k nearest have answered.
     *
     * @param local what the own store holds: it may turn out the best but does not count
     */
    ValueGoal(Bytes key, int quorum, Validators validators, @Nullable KadRecord local) {
        this.key = key;
        this.quorum = quorum;
        this.validators = validators;
        this.best = local;
    }

    @Override
    public Request request() {
        return new Request.GetValue(key);
    }

    @Override
    public @Nullable Fault take(PeerId from, Answer answer) {
        KadRecord record = answer instanceof Answer.Value value ? value.record() : null;
        if (record == null) {
            without.add(from);
            return null;
        }
        if (!record.key().equals(key)) {
            return Fault.lie("gave a record under another key");
        }
        KadRecord known = best;
        if (known != null && known.value().equals(record.value())) { // valid, since the known one is
            values++;
            holders.add(from);
            return null;
        }
        if (!record.checked() && validators.check(record) instanceof Verdict.Refused refused) {
            if (refused.mayBeHonest()) {
                outdated.add(from);
            }
            return new Fault("gave an invalid value: " + refused.reason(), refused.mayBeHonest());
        }
        values++;
        if (known == null || validators.prefersSecond(known, record)) {
            best = record;
            outdated.addAll(holders);
            holders.clear();
            holders.add(from);
        } else {
            outdated.add(from);
        }
        return null;
    }

    @Override
    public int missing() {
        return quorum == 0 ? ALL : Math.max(0, quorum - values);
    }

    @Override
    public OperationResult result(List<PeerInfo> closest, LookupReport report) {
        return new OperationResult.FoundValue(best, values, report);
    }

    @Nullable KadRecord best() {
        return best;
    }

    /**
     * Who should be given the best value: everybody who gave a worse one or an outdated one, and those of the k nearest who gave none. The latter only when
     * the lookup went all the way, because before that nobody knows who the k nearest are.
     */
    List<PeerId> toCorrect(LookupReport report, int k) {
        List<PeerId> peers = new ArrayList<>(outdated);
        if (report.end() == End.CLOSEST_ANSWERED || report.end() == End.EXHAUSTED) {
            List<PeerId> answered = report.answered();
            for (PeerId near : answered.subList(0, Math.min(k, answered.size()))) {
                if (without.contains(near)) {
                    peers.add(near);
                }
            }
        }
        return peers;
    }
}
