package io.swarmscope.internal.record;

import io.swarmscope.PackageId;
import io.swarmscope.PackageManifest;
import io.swarmscope.RegistryException;
import io.swarmscope.internal.wire.Limits;
import java.time.Instant;
import java.util.List;

/**
 * The current state of a package. Immutable; any thread. Every field is checked when it is made, wherever it comes from.
 *
 * @param network name of the network it is meant for
 * @param manifest of the latest version
 * @param versions newest first, the manifest's among them; at most {@link Limits#RECORD_VERSIONS}
 * @param sequence positive; rises with every change of the package
 * @param publishedAt when it was signed, in milliseconds
 * @param expiresAt from when on nobody shall keep it, in milliseconds; after {@code publishedAt}
 */
public record Head(
        String network,
        PackageManifest manifest,
        List<String> versions,
        long sequence,
        Instant publishedAt,
        Instant expiresAt)
        implements PackageRecord {

    /**
     * Checks and copies; cuts the times to milliseconds, which is what travels.
     *
     * @throws RegistryException.InvalidInput if a field is not acceptable
     */
    public Head {
        versions = List.copyOf(versions);
        versions.forEach(PackageManifest::checkVersion);
        if (versions.size() > Limits.RECORD_VERSIONS || !versions.contains(manifest.version())) {
            throw new RegistryException.InvalidInput(
                    "versions",
                    versions.size() + " of them",
                    "list at most " + Limits.RECORD_VERSIONS + ", among them " + manifest.version());
        }
        publishedAt = PackageRecord.millis(publishedAt);
        expiresAt = PackageRecord.millis(expiresAt);
        PackageRecord.check(sequence, publishedAt, expiresAt);
    }

    @Override
    public PackageId id() {
        return manifest.id();
    }

    /** The latest version. */
    public String version() {
        return manifest.version();
    }

    /** The same with fewer versions: the first ones, and the manifest's wherever it stands. */
    Head withVersions(List<String> fewer) {
        return new Head(network, manifest, fewer, sequence, publishedAt, expiresAt);
    }

    @Override
    public Head withTimes(Instant published, Instant expires) {
        return new Head(network, manifest, versions, sequence, published, expires);
    }

    @Override
    public String toString() {
        return id() + " " + version();
    }
}
