package io.swarmscope.internal.kad;

import io.swarmscope.PeerId;

/**
 * One peer that was asked and was of no use. Immutable.
 *
 * @param peer whom
 * @param cause what happened, for people to read
 */
public record PeerFailure(PeerId peer, String cause) {}
