package io.swarmscope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PackageManifestTest {
    private static final PackageManifest BARE = PackageManifest.of("acme/logger", "1.2.0", "A small logger");

    @Test
    void eachPartIsSetWithoutTouchingTheOthers() {
        ContentId content = new ContentId("sha2-256", "AB".repeat(32));
        PackageManifest full = BARE.withDescription("Logs\nlines")
                .withCategories("logging", "io")
                .withTags("log", "slf4j")
                .withLicense("MIT")
                .withLink("home", URI.create("https://example.org"))
                .withLink("source", URI.create("http://example.org/src"))
                .withContent(content);

        assertThat(full.id()).hasToString("acme/logger");
        assertThat(full.version()).isEqualTo("1.2.0");
        assertThat(full.title()).isEqualTo("A small logger");
        assertThat(full.description()).isEqualTo("Logs\nlines");
        assertThat(full.categories()).containsExactly("logging", "io");
        assertThat(full.tags()).containsExactly("log", "slf4j");
        assertThat(full.links()).containsOnlyKeys("home", "source");
        assertThat(full.content()).contains(content);
        assertThat(content).hasToString("sha2-256:" + "ab".repeat(32));
        assertThat(full.withContent(null).content()).isEmpty();
        assertThat(BARE.description()).isEmpty();
    }

    @Test
    void collectionsAreCopied() {
        List<String> tags = new ArrayList<>(List.of("a"));
        Map<String, URI> links = new HashMap<>();
        PackageManifest manifest =
                new PackageManifest(BARE.id(), "1", "T", "", List.of(), tags, "", links, Optional.empty());
        tags.add("b");
        links.put("home", URI.create("https://example.org"));

        assertThat(manifest.tags()).containsExactly("a");
        assertThat(manifest.links()).isEmpty();
        assertThatThrownBy(() -> manifest.links().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void whatMustBeOneLineBecomesOneAndDuplicatesAreDropped() {
        PackageManifest manifest = PackageManifest.of("a/b", "1", "\n  Two\r\n   lines ")
                .withTags("a", "b\nc", "a", "b c")
                .withLicense("Apache\nLicense");

        assertThat(manifest.title()).isEqualTo("Two lines");
        assertThat(manifest.tags()).containsExactly("a", "b c");
        assertThat(manifest.license()).isEqualTo("Apache License");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "1.2.3-rc.1+build", "r09", "2.0.0.RELEASE", "1_2"})
    void versionsOfAllKindsAreAccepted(String version) {
        assertThat(PackageManifest.of("a/b", version, "T").version()).isEqualTo(version);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "-1", ".1", "1 2", "1/2", "v1.0\n", "ä", "${project.version}", "[1,2)"})
    void versionsThatAreNoneAreRefused(String version) {
        refused("version", () -> PackageManifest.of("a/b", version, "T"));
    }

    @Test
    void whatIsTooLongTooManyOrNoTextIsRefusedByItsName() {
        String[] many = IntStream.range(0, 33).mapToObj(Integer::toString).toArray(String[]::new);

        refused("version", () -> PackageManifest.of("a/b", "1".repeat(65), "T"));
        refused("title", () -> PackageManifest.of("a/b", "1", " \t"));
        refused("title", () -> PackageManifest.of("a/b", "1", "x".repeat(201)));
        refused("title", () -> PackageManifest.of("a/b", "1", "bell\u0007"));
        refused("title", () -> PackageManifest.of("a/b", "1", "half \ud800 a character"));
        refused("description", () -> BARE.withDescription("x".repeat(4_001)));
        refused("description", () -> BARE.withDescription("\u0000"));
        refused("license", () -> BARE.withLicense("x".repeat(201)));
        refused("tags", () -> BARE.withTags(many));
        refused("tags", () -> BARE.withTags("x".repeat(65)));
        refused("tags", () -> BARE.withTags(" "));
        refused("categories", () -> BARE.withCategories(Collections.nCopies(17, "").toArray(String[]::new)));
        refused("categories", () -> BARE.withCategories(java.util.Arrays.copyOf(many, 17)));
    }

    @Test
    void linksAreWebAddresses() {
        refused("link home", () -> BARE.withLink("home", URI.create("ftp://example.org")));
        refused("link home", () -> BARE.withLink("home", URI.create("relative")));
        refused("link home", () -> BARE.withLink("home", URI.create("https://example.org/" + "x".repeat(512))));
        refused("link name", () -> BARE.withLink("Home!", URI.create("https://example.org")));
        refused("links", () -> {
            PackageManifest manifest = BARE;
            for (int i = 0; i < 9; i++) {
                manifest = manifest.withLink("l" + i, URI.create("https://example.org"));
            }
        });
    }

    @Test
    void contentIdsAreHashes() {
        refused("content id digest", () -> new ContentId("sha2-256", "xyz"));
        refused("content id digest", () -> new ContentId("sha2-256", "abc"));
        refused("content id algorithm", () -> new ContentId("", "ab".repeat(32)));
    }

    private static void refused(String field, ThrowingCallable made) {
        assertThatThrownBy(made)
                .isInstanceOfSatisfying(RegistryException.InvalidInput.class, e -> assertThat(e.field()).isEqualTo(field));
    }
}
