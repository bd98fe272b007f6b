package io.swarmscope.internal.record;

import io.swarmscope.PackageId;
import io.swarmscope.PackageManifest;
import io.swarmscope.RegistryException;
import io.swarmscope.internal.wire.Limits;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * The state of a package as its publisher puts it: what {@link SignedHead} signs. Immutable; any thread. Every field is checked
 * when it is made, wherever it comes from.
 *
 * @param kind whether it speaks for the package or only for one version
 * @param network name of the network it is meant for, so that it cannot be replayed in another
 * @param manifest of the latest version, or of the version it speaks for
 * @param versions newest first, the manifest's among them; at most {@link Limits#RECORD_VERSIONS}
 * @param sequence positive; rises with every change of the package
 * @param publishedAt when it was signed, in milliseconds
 * @param expiresAt from when on nobody shall keep it, in milliseconds; after {@code publishedAt}
 * @param withdrawn whether the publisher took the package back
 */
public record Head(
        Kind kind,
        String network,
        PackageManifest manifest,
        List<String> versions,
        long sequence,
        Instant publishedAt,
        Instant expiresAt,
        boolean withdrawn) {

    /** What a head speaks for. */
    public enum Kind {
        /** The package: its manifest is the latest version's. May also stand for that version. */
        HEAD,
        /** One version that was not the latest when it was published. Never stands for the package. */
        VERSION
    }

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
        if (sequence <= 0) {
            throw new RegistryException.InvalidInput("sequence", Long.toString(sequence), "use a positive number");
        }
        publishedAt = publishedAt.truncatedTo(ChronoUnit.MILLIS);
        expiresAt = expiresAt.truncatedTo(ChronoUnit.MILLIS);
        if (!expiresAt.isAfter(publishedAt)) {
            throw new RegistryException.InvalidInput("expiry", expiresAt.toString(), "use a time after " + publishedAt);
        }
    }

    /** The package. */
    public PackageId id() {
        return manifest.id();
    }

    /** The manifest's version. */
    public String version() {
        return manifest.version();
    }

    /** Whether it has lost its validity. */
    public boolean expired(Instant now) {
        return !now.isBefore(expiresAt);
    }

    /** The same with fewer versions: the first ones, and the manifest's wherever it stands. */
    Head withVersions(List<String> fewer) {
        return new Head(kind, network, manifest, fewer, sequence, publishedAt, expiresAt, withdrawn);
    }

    /** The same, signed at another time and valid for another while. */
    public Head withTimes(Instant published, Instant expires) {
        return new Head(kind, network, manifest, versions, sequence, published, expires, withdrawn);
    }
}
