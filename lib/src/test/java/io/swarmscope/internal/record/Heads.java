package io.swarmscope.internal.record;

import io.swarmscope.PackageId;
import io.swarmscope.PackageManifest;
import io.swarmscope.internal.crypto.Identity;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Heads for tests. */
public final class Heads {

    public static final String NETWORK = "test-net";

    private static final Duration LIFETIME = Duration.ofHours(1);

    private Heads() {}

    /** A key pair that no other test has. */
    public static Identity someone() {
        return Identity.generate(new SecureRandom());
    }

    /** A manifest with something in most fields. */
    public static PackageManifest manifest(String id, String version) {
        return PackageManifest.of(id, version, "The title of " + id)
                .withDescription("Describes what " + id + " is good for")
                .withCategories("library")
                .withTags("alpha", "beta")
                .withLicense("Apache-2.0")
                .withLink("home", URI.create("https://example.org/" + id));
    }

    /** A head published now that lives for an hour, with sequence 1. */
    public static Head head(PackageManifest manifest) {
        return head(manifest, 1, Instant.now());
    }

    public static Head head(PackageManifest manifest, long sequence, Instant published) {
        return new Head(NETWORK, manifest, List.of(manifest.version()), sequence, published, published.plus(LIFETIME));
    }

    public static VersionRecord version(PackageManifest manifest, long sequence, Instant published) {
        return new VersionRecord(NETWORK, manifest, sequence, published, published.plus(LIFETIME));
    }

    /** Of a package. */
    public static Tombstone tombstone(String id, long sequence, Instant published) {
        return new Tombstone(
                NETWORK, PackageId.parse(id), Optional.empty(), sequence, published, published.plus(LIFETIME));
    }

    /** Of a version. */
    public static Tombstone tombstone(String id, String version, long sequence, Instant published) {
        return new Tombstone(
                NETWORK, PackageId.parse(id), Optional.of(version), sequence, published, published.plus(LIFETIME));
    }

    public static Signed<Head> signed(Identity by, PackageManifest manifest) {
        return RecordCodec.seal(by, head(manifest));
    }

    public static Signed<Head> signed(Identity by, String id) {
        return signed(by, manifest(id, "1.0.0"));
    }
}
