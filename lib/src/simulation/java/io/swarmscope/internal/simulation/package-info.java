/**
 * The engine of simulations: virtual time, one queue of events, threads that take turns, and hosts whose connections are entries in that queue. All of
 * it runs in one thread at a time, whichever has its turn.
 */
@org.jspecify.annotations.NullMarked
package io.swarmscope.internal.simulation;
