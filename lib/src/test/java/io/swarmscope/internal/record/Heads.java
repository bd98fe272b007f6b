package io.swarmscope.internal.record;

import io.swarmscope.PackageManifest;
import io.swarmscope.internal.crypto.Identity;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Heads for tests. */
public final class Heads {

    public static final String NETWORK = "test-net";

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
        return head(Head.Kind.HEAD, manifest, sequence, published, false);
    }

    public static Head head(
            Head.Kind kind, PackageManifest manifest, long sequence, Instant published, boolean withdrawn) {
        Instant at = published.truncatedTo(ChronoUnit.MILLIS);
        return new Head(
                kind, NETWORK, manifest, List.of(manifest.version()), sequence, at, at.plus(Duration.ofHours(1)), withdrawn);
    }

    public static SignedHead signed(Identity by, PackageManifest manifest) {
        return HeadCodec.seal(by, head(manifest));
    }

    public static SignedHead signed(Identity by, String id) {
        return signed(by, manifest(id, "1.0.0"));
    }
}
