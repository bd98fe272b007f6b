package io.swarmscope.internal.peer;

import io.swarmscope.Multiaddr;

/**
 * An address in the {@link AddressBook} and what came of it. Immutable.
 *
 * @param address without {@code /p2p} suffix
 * @param claimed whether the peer named it itself
 * @param worked whether the peer answered there once
 * @param failures attempts in vain since it last worked
 */
public record KnownAddress(Multiaddr address, boolean claimed, boolean worked, int failures) {

    /** Of which nothing is known but that somebody named it. */
    KnownAddress(Multiaddr address) {
        this(address, false, false, 0);
    }

    /** Whether it may be told to others. */
    boolean tellable() {
        return claimed || worked;
    }

    KnownAddress asClaimed() {
        return new KnownAddress(address, true, worked, failures);
    }

    KnownAddress asWorked() {
        return new KnownAddress(address, claimed, true, 0);
    }

    KnownAddress asFailed() {
        return new KnownAddress(address, claimed, worked, failures + 1);
    }
}
