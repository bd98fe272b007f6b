package io.swarmscope.internal.kad;

/**
 * Names one operation from start to finish. The caller of {@link Kademlia#start} chooses numbers from 0 up, each once; negative
 * numbers name the background work that {@link Kademlia} starts itself. Immutable.
 *
 * @param number the number
 */
public record QueryId(long number) {

    /** Whether nobody waits for it: refresh, liveness checks, corrections. It never appears in an {@link Effect.Finished}. */
    public boolean isBackground() {
        return number < 0;
    }
}
