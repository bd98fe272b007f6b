package io.swarmscope.internal.record;

import io.swarmscope.PackageId;
import io.swarmscope.RegistryException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** What a publisher signs about a package of its own. Immutable; any thread. */
public sealed interface PackageRecord permits Head, VersionRecord, Tombstone {

    /** Name of the network it is meant for, so that it cannot be replayed in another. */
    String network();

    /** The package. */
    PackageId id();

    /** Positive; rises with every change of the package. What it says stands against everything of a lower number. */
    long sequence();

    /** When it was signed, by the publisher's clock, in milliseconds. */
    Instant publishedAt();

    /** From when on nobody shall keep it, in milliseconds; after {@link #publishedAt}. */
    Instant expiresAt();

    /** The same, signed at another time and valid for another while. */
    PackageRecord withTimes(Instant published, Instant expires);

    /** Whether it has lost its validity. */
    default boolean expired(Instant now) {
        return !now.isBefore(expiresAt());
    }

    /** Whether the two say the same, whenever each was signed. */
    default boolean saysTheSameAs(PackageRecord other) {
        return equals(other.withTimes(publishedAt(), expiresAt()));
    }

    /** How long it was meant to live. */
    default Duration lifetime() {
        return Duration.between(publishedAt(), expiresAt());
    }

    /** What travels of a time. */
    static Instant millis(Instant time) {
        return time.truncatedTo(ChronoUnit.MILLIS);
    }

    /**
     * Checks what all records have.
     *
     * @throws RegistryException.InvalidInput if it is not acceptable
     */
    static void check(long sequence, Instant publishedAt, Instant expiresAt) {
        if (sequence <= 0) {
            throw new RegistryException.InvalidInput("sequence", Long.toString(sequence), "use a positive number");
        }
        if (!expiresAt.isAfter(publishedAt)) {
            throw new RegistryException.InvalidInput("expiry", expiresAt.toString(), "use a time after " + publishedAt);
        }
    }
}
