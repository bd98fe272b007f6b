/**
 * Gossipsub v1.1 and v1.2. {@link io.swarmscope.internal.gossip.Router} is pure state: it has no thread, socket, lock or clock; time and
 * randomness are arguments, so the same code runs a node and a simulated network. What may take time, decoding, signatures and the
 * rules for content, happens before in {@link io.swarmscope.internal.gossip.Intake}, on the thread of the stream.
 *
 * <p>Times named {@code now} or {@code until} are nanoseconds from an arbitrary origin, as of {@link System#nanoTime()}, and are
 * compared by their difference.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/pubsub/gossipsub/gossipsub-v1.1.md">gossipsub v1.1</a>
 */
@NullMarked
package io.swarmscope.internal.gossip;

import org.jspecify.annotations.NullMarked;
