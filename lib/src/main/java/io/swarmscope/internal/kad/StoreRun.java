package io.swarmscope.internal.kad;

import org.jspecify.annotations.Nullable;

/** Finds the k peers nearest to a key, then gives each the same request. Driven from outside, run by the thread that owns the DHT. */
final class StoreRun implements Run {

    final Key target;
    private final Lookup lookup;
    private final Request request;
    private final KadConfig config;
    private final long deadline;
    private @Nullable Delivery delivery;
    private boolean cancelled;

    /**
     * Nothing is asked yet.
     *
     * @param target the point of the key to store under
     * @param lookup for the k nearest to it; it must end so long before the deadline that there is time to store
     */
    StoreRun(Key target, Lookup lookup, Request request, KadConfig config, long deadline) {
        this.target = target;
        this.lookup = lookup;
        this.request = request;
        this.config = config;
        this.deadline = deadline;
    }

    @Override
    public Step next(long now) {
        if (delivery == null) {
            Step step = lookup.next(now);
            if (!(step instanceof Step.Done(OperationResult.Closest closest))) {
                return step;
            }
            delivery = new Delivery(request, closest.peers(), closest.report(), config, deadline);
            if (cancelled) {
                delivery.cancel();
            }
        }
        return delivery.next(now);
    }

    @Override
    public void cancel() {
        cancelled = true;
        lookup.cancel();
        if (delivery != null) {
            delivery.cancel();
        }
    }
}
