package io.swarmscope;

import java.time.Instant;
import java.util.List;

/**
 * The current state of a package as its publisher signed it, after the signature was checked.
 *
 * @param manifest the latest version's manifest
 * @param versions all versions the publisher listed, newest first, the manifest's among them; older ones may be cut off
 *     where they do not fit into the record
 * @param publisher who signed
 * @param sequence rises with every change of the package
 * @param publishedAt when it was signed, by the publisher's clock
 * @param expiresAt when holders forget it unless it is published again
 */
public record PublishedPackage(
        PackageManifest manifest,
        List<String> versions,
        PeerId publisher,
        long sequence,
        Instant publishedAt,
        Instant expiresAt) {

    /** Copies the list. */
    public PublishedPackage {
        versions = List.copyOf(versions);
    }

    /** The package's id. */
    public PackageId id() {
        return manifest.id();
    }

    /** The manifest's version. */
    public String version() {
        return manifest.version();
    }
}
