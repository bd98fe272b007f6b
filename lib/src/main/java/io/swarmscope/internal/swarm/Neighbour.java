package io.swarmscope.internal.swarm;

import io.swarmscope.PeerId;
import io.swarmscope.host.Connection;
import io.swarmscope.host.Identified;

/**
 * A connected peer at one moment. Immutable.
 *
 * @param connection the one to open streams on
 * @param identified what it told of itself
 * @param connectedNanos for how long it has been connected
 */
public record Neighbour(Connection connection, Identified identified, long connectedNanos) {
    /** Who it is. */
    public PeerId id() {
        return connection.remote();
    }
}
