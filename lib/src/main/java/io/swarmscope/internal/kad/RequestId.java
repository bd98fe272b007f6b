package io.swarmscope.internal.kad;

/**
 * Names one request to one peer; its answer or failure comes back under the same name. Immutable.
 *
 * @param number unique within one {@link Kademlia}
 */
public record RequestId(long number) {}
