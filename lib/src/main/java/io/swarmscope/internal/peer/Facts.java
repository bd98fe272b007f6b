package io.swarmscope.internal.peer;

import io.swarmscope.PeerId;
import java.util.Optional;

/** What {@link Reputation#choose} has to know of a candidate beside what was observed. Stateless. */
@FunctionalInterface
public interface Facts<T> {

    /** Who it is. */
    PeerId id(T candidate);

    /** The network it is connected from, which newcomers share; empty if it stands for itself. Asked of newcomers only. */
    default Optional<String> network(T candidate) {
        return Optional.empty();
    }

    /** How near it says it is, 0 to 1. */
    default double nearness(T candidate) {
        return 0;
    }
}
