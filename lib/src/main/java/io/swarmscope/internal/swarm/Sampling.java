package io.swarmscope.internal.swarm;

import io.swarmscope.internal.telemetry.Telemetry;
import org.jspecify.annotations.Nullable;

/**
 * Chooses inputs whose handling is told as a span: of each kind the first, then one of 64. Not thread-safe: only the swarm thread runs it.
 */
final class Sampling {

    private static final int ONE_IN = 64;

    private final Telemetry telemetry;
    private int kad;
    private int gossip;
    private int identify;

    Sampling(Telemetry telemetry) {
        this.telemetry = telemetry;
    }

    /** How the handling of an input is called if it is told; null if it is not. */
    @Nullable String name(Input input) {
        if (!telemetry.isTracing()) {
            return null;
        }
        return switch (input) {
            case Command.Serve c -> kad++ % ONE_IN == 0 ? "handle kad" : null;
            case Event.Answered e -> kad++ % ONE_IN == 0 ? "handle kad" : null;
            case Command.GossipReceived c -> gossip++ % ONE_IN == 0 ? "handle gossip" : null;
            case Event.Gossip e -> gossip++ % ONE_IN == 0 ? "handle gossip" : null;
            case Event.Identity e -> identify++ % ONE_IN == 0 ? "handle identify" : null;
            default -> null;
        };
    }
}
