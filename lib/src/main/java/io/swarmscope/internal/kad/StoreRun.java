package io.swarmscope.internal.kad;

import org.jspecify.annotations.Nullable;

/** Finds the k peers nearest to a key, then gives each the same request. Driven from outside, run by the thread that owns the DHT. */
final class StoreRun implements Run {

    private final Lookup lookup;
    private final Request request;
    private final KadConfig config;
    private final long deadline;
    private @Nullable Delivery delivery;
    private boolean cancelled;

    /**
     * Nothing is asked yet.
     *
     * @param lookup for the k nearest; it must end so long before the deadline that there is time to store
     */
    StoreRun(Lookup lookup, Request request, KadConfig config, long deadline) {
        this.lookup = lookup;
        this.request = request;
        this.config = config;
        this.deadline = deadline;
    }

    /** The point of the key that it stores under. */
    Key target() {
        return lookup.target();
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
