package io.swarmscope.internal.record;

import io.swarmscope.PackageId;
import io.swarmscope.PackageManifest;
import io.swarmscope.RegistryException;
import java.time.Instant;
import java.util.Optional;

/**
 * Withdraws a package or one of its versions. Immutable; any thread.
 *
 * <p>One of a package stands against its heads and versions with the same or a lower sequence number; a head with a higher one brings the package
 * back. One of a version stands against that version for good.
 *
 * @param network name of the network it is meant for
 * @param id the package
 * @param version the version, empty for the package with all versions it has
 * @param sequence positive; higher than that of what it withdraws
 * @param publishedAt when it was signed, in milliseconds
 * @param expiresAt from when on nobody needs it, since all that it withdraws has expired as well
 */
public record Tombstone(
        String network, PackageId id, Optional<String> version, long sequence, Instant publishedAt, Instant expiresAt)
        implements PackageRecord {

    /**
     * Checks; cuts the times to milliseconds, which is what travels.
     *
     * @throws RegistryException.InvalidInput if a field is not acceptable
     */
    public Tombstone {
        version.ifPresent(PackageManifest::checkVersion);
        publishedAt = PackageRecord.millis(publishedAt);
        expiresAt = PackageRecord.millis(expiresAt);
        PackageRecord.check(sequence, publishedAt, expiresAt);
    }

    @Override
    public Tombstone withTimes(Instant published, Instant expires) {
        return new Tombstone(network, id, version, sequence, published, expires);
    }

    @Override
    public String toString() {
        return "withdrawal of " + version.map(v -> "version " + v + " of ").orElse("") + id;
    }
}
