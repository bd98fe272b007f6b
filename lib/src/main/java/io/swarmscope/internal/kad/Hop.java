package io.swarmscope.internal.kad;

import io.swarmscope.PeerId;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One request of a lookup. Immutable.
 *
 * @param peer who was asked
 * @param depth the chain of "this peer was named by that one" that led there; 1 for a peer of the own routing table
 * @param askedAfterNanos how long after the lookup began
 * @param tookNanos how long it took to answer; empty if it did not
 * @param failure what went wrong; empty if it answered, or nothing was heard of it until the end
 */
public record Hop(PeerId peer, int depth, long askedAfterNanos, OptionalLong tookNanos, Optional<String> failure) {}
