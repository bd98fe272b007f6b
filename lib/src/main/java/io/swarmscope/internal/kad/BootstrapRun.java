package io.swarmscope.internal.kad;

import io.swarmscope.internal.fork.Nanos;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Looks up the own id, then a key in each bucket that needs it, one after the other. Driven from outside, run by the thread that owns
 * the DHT.
 */
final class BootstrapRun implements Run {

    private final Neighbourhood neighbourhood;
    private final long deadline;
    private final Queue<Bytes> targets = new ArrayDeque<>();
    private Lookup lookup;
    private int lookups;
    private @Nullable LookupReport ofSelf;
    private boolean cancelled;

    /** What a bootstrap needs of the node it runs for. */
    interface Neighbourhood {
        /** A lookup for the k peers nearest to a raw key. */
        Lookup closest(Bytes raw, long deadline, long now);

        /** Raw keys in the buckets that need a lookup. */
        List<Bytes> targets(long now);

        /** Peers in the routing table. */
        int size();
    }

    /**
     * Nothing is asked yet.
     *
     * @param self the bytes of the own id
     */
    BootstrapRun(Bytes self, Neighbourhood neighbourhood, long deadline, long now) {
        this.neighbourhood = neighbourhood;
        this.deadline = deadline;
        this.lookup = neighbourhood.closest(self, deadline, now);
    }

    @Override
    public Step next(long now) {
        while (true) {
            Step step = lookup.next(now);
            if (!(step instanceof Step.Done(OperationResult.Closest closest))) {
                return step;
            }
            if (ofSelf == null) {
                ofSelf = closest.report();
                targets.addAll(neighbourhood.targets(now));
                lookups++;
            }
            Bytes target = targets.poll();
            if (target == null || cancelled || Nanos.reached(deadline, now)) {
                return new Step.Done(new OperationResult.Bootstrapped(neighbourhood.size(), lookups, ofSelf));
            }
            lookup = neighbourhood.closest(target, deadline, now);
            lookups++;
        }
    }

    @Override
    public void cancel() {
        cancelled = true;
        lookup.cancel();
    }
}
