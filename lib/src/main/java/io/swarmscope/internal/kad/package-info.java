/**
 * Kademlia as pure state: routing table, lookups, records, providers, messages and their codec. Nothing here has a thread, a
 * socket, a lock or a clock; time and randomness are arguments, so the same code runs a node and a simulated network.
 *
 * <p>Times named {@code now}, {@code deadline} or {@code until} are nanoseconds from an arbitrary origin, as of
 * {@link System#nanoTime()}, and are compared by their difference. {@link io.swarmscope.internal.kad.Kademlia} is the one object a
 * node drives.
 */
@NullMarked
package io.swarmscope.internal.kad;

import org.jspecify.annotations.NullMarked;
