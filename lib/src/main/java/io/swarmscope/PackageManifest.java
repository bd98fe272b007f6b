package io.swarmscope;

import java.net.URI;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a publisher says of one version of a package. A value; any thread may use it.
 *
 * <p>The encoded record, manifest and signature together, must fit in 8 KiB; {@link Registry#publish} checks that.
 *
 * @param id the package
 * @param version 1 to 64 characters of {@code A-Z a-z 0-9 . _ + -}, beginning with a letter or digit; semantic versions are
 *     ordered as such
 * @param title one line, at most 200 characters, not blank; line breaks become spaces, here and in the other lines
 * @param description plain text, at most 4,000 characters, may be empty
 * @param categories at most 16, each one line of 1 to 64 characters; duplicates are dropped
 * @param tags at most 32, each one line of 1 to 64 characters; duplicates are dropped
 * @param license SPDX expression or a name, one line of at most 200 characters, may be empty
 * @param links named web addresses, for example {@code home} or {@code source}; at most 8, http or https
 * @param content hash of the package's bytes, if the publisher gives one
 */
public record PackageManifest(
        PackageId id,
        String version,
        String title,
        String description,
        List<String> categories,
        List<String> tags,
        String license,
        Map<String, URI> links,
        Optional<ContentId> content) {

    private static final Pattern VERSION = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._+-]{0,63}");
    /** Longer ones are not worth the time it takes to find their line breaks. */
    private static final int MAX_UNFOLDED = 1_000;

    private static final Pattern LINE_BREAKS = Pattern.compile("\\s*[\\r\\n]+\\s*");
    private static final Pattern LINK_NAME = Pattern.compile("[a-z][a-z0-9-]{0,31}");

    /**
     * Checks every field and copies the collections.
     *
     * @throws RegistryException.InvalidInput naming the first field that is not acceptable
     */
    public PackageManifest {
        checkVersion(version);
        title = oneLine(title);
        checkText("title", title, 200);
        if (title.isBlank()) {
            throw new RegistryException.InvalidInput("title", title, "say in one line what the package is");
        }
        checkText("description", description, 4_000);
        license = oneLine(license);
        checkText("license", license, 200);
        categories = words("categories", categories, 16);
        tags = words("tags", tags, 32);
        links = checkedLinks(links);
    }

    /** A manifest with the three fields that must be given; the rest is empty and can be set with the {@code with} methods. */
    public static PackageManifest of(PackageId id, String version, String title) {
        return new PackageManifest(id, version, title, "", List.of(), List.of(), "", Map.of(), Optional.empty());
    }

    /** {@link #of(PackageId, String, String)} with the id as text. */
    public static PackageManifest of(String id, String version, String title) {
        return of(PackageId.parse(id), version, title);
    }

    /** The same with another description. */
    public PackageManifest withDescription(String text) {
        return new PackageManifest(id, version, title, text, categories, tags, license, links, content);
    }

    /** The same with these categories. */
    public PackageManifest withCategories(String... names) {
        return new PackageManifest(id, version, title, description, List.of(names), tags, license, links, content);
    }

    /** The same with these tags. */
    public PackageManifest withTags(String... names) {
        return new PackageManifest(id, version, title, description, categories, List.of(names), license, links, content);
    }

    /** The same with another license. */
    public PackageManifest withLicense(String name) {
        return new PackageManifest(id, version, title, description, categories, tags, name, links, content);
    }

    /** The same with one more link. */
    public PackageManifest withLink(String name, URI address) {
        Map<String, URI> more = new LinkedHashMap<>(links);
        more.put(name, address);
        return new PackageManifest(id, version, title, description, categories, tags, license, more, content);
    }

    /** The same with a content id; {@code null} removes it. */
    public PackageManifest withContent(@Nullable ContentId newContent) {
        return new PackageManifest(
                id, version, title, description, categories, tags, license, links, Optional.ofNullable(newContent));
    }

    /**
     * Checks a version's syntax.
     *
     * @throws RegistryException.InvalidInput if it is malformed
     */
    public static void checkVersion(String version) {
        if (!VERSION.matcher(version).matches()) {
            throw new RegistryException.InvalidInput(
                    "version",
                    version,
                    "use 1 to 64 letters, digits, dots, plus signs, hyphens and underscores, for example 1.4.0");
        }
    }

    private static void checkText(String field, String value, int max) {
        if (value.length() > max) {
            throw new RegistryException.InvalidInput(field, value, "at most " + max + " characters");
        }
        if (value.codePoints().anyMatch(PackageManifest::isUnwritable)) {
            throw new RegistryException.InvalidInput(
                    field, "(text)", "remove its control characters and halves of characters (unpaired surrogates)");
        }
    }

    /** Line breaks become spaces: what comes from XML has them anywhere, and who shows a title counts on one line. */
    private static String oneLine(String value) {
        boolean oneLine = value.indexOf('\n') < 0 && value.indexOf('\r') < 0;
        return oneLine || value.length() > MAX_UNFOLDED // refused for its length in a moment
                ? value
                : LINE_BREAKS.matcher(value.strip()).replaceAll(" ");
    }

    /** What has no place in text: control characters but tab and line breaks, and what UTF-8 cannot carry. */
    private static boolean isUnwritable(int c) {
        boolean control = c < ' ' && c != '\n' && c != '\t' && c != '\r';
        return control || Character.getType(c) == Character.SURROGATE;
    }

    private static List<String> words(String field, List<String> words, int max) {
        List<String> distinct =
                words.stream().map(PackageManifest::oneLine).distinct().toList();
        if (distinct.size() > max) {
            throw new RegistryException.InvalidInput(field, distinct.toString(), "at most " + max + " of them");
        }
        for (String word : distinct) {
            checkText(field, word, 64);
            if (word.isBlank()) {
                throw new RegistryException.InvalidInput(field, word, "leave out empty ones");
            }
        }
        return distinct;
    }

    private static Map<String, URI> checkedLinks(Map<String, URI> links) {
        if (links.size() > 8) {
            throw new RegistryException.InvalidInput("links", links.keySet().toString(), "at most 8 of them");
        }
        Map<String, URI> copy = new LinkedHashMap<>();
        for (Map.Entry<String, URI> link : links.entrySet()) {
            if (!LINK_NAME.matcher(link.getKey()).matches()) {
                throw new RegistryException.InvalidInput(
                        "link name", link.getKey(), "use lower-case letters, digits and hyphens, for example home");
            }
            String scheme = link.getValue().getScheme();
            if (!"http".equals(scheme) && !"https".equals(scheme)) {
                throw new RegistryException.InvalidInput(
                        "link " + link.getKey(), link.getValue().toString(), "use an http or https address");
            }
            checkText("link " + link.getKey(), link.getValue().toString(), 512);
            copy.put(link.getKey(), link.getValue());
        }
        return Collections.unmodifiableMap(copy);
    }
}
