/**
 * All network state of a node and the one thread that owns it. {@link io.swarmscope.internal.swarm.Swarm} decides, as a value without
 * thread, socket, clock or lock; {@link io.swarmscope.internal.swarm.SwarmThread} runs it and acts;
 * {@link io.swarmscope.internal.swarm.SwarmHandle} is the door for all other threads.
 */
@NullMarked
package io.swarmscope.internal.swarm;

import org.jspecify.annotations.NullMarked;
