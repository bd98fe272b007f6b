package io.swarmscope.internal.kad;

/**
 * An operation under way, driven from outside: ask it what to do next after everything that happens. Run by the thread that owns the
 * DHT.
 */
sealed interface Run permits Lookup, Delivery, StoreRun, BootstrapRun {

    /** What to do now; to be called again until it says {@link Step.Wait} or {@link Step.Done}. */
    Step next(long now);

    /** Makes {@link #next} say {@link Step.Done} with what there is. */
    void cancel();
}
