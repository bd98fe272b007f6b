package io.swarmscope.internal.node;

/** Whether there is anybody who could store or have records. */
@FunctionalInterface
interface Reach {
    /** Whether the routing table holds a peer now. */
    boolean somebody() throws InterruptedException;
}
