package io.swarmscope.internal.record;

import io.swarmscope.PackageId;
import io.swarmscope.PackageManifest;
import io.swarmscope.RegistryException;
import java.time.Instant;

/**
 * One version of a package, whose content never changes: a second one with other content is refused, and the two are evidence against who
 * signed them. Immutable; any thread.
 *
 * @param network name of the network it is meant for
 * @param manifest of the version
 * @param sequence the package's when the version was published
 * @param publishedAt when it was signed, in milliseconds
 * @param expiresAt from when on nobody shall keep it, in milliseconds; after {@code publishedAt}
 */
public record VersionRecord(
        String network, PackageManifest manifest, long sequence, Instant publishedAt, Instant expiresAt)
        implements PackageRecord {

    /**
     * Checks; cuts the times to milliseconds, which is what travels.
     *
     * @throws RegistryException.InvalidInput if a field is not acceptable
     */
    public VersionRecord {
        publishedAt = PackageRecord.millis(publishedAt);
        expiresAt = PackageRecord.millis(expiresAt);
        PackageRecord.check(sequence, publishedAt, expiresAt);
    }

    @Override
    public PackageId id() {
        return manifest.id();
    }

    /** The version. */
    public String version() {
        return manifest.version();
    }

    @Override
    public VersionRecord withTimes(Instant published, Instant expires) {
        return new VersionRecord(network, manifest, sequence, published, expires);
    }

    @Override
    public String toString() {
        return "version " + version() + " of " + id();
    }
}
