package io.swarmscope.examples;

import io.swarmscope.ContentId;
import io.swarmscope.PackageId;
import io.swarmscope.PackageManifest;
import io.swarmscope.RegistryException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a POM file into the manifest that describes its artifact. One thread at a time.
 *
 * <p>A POM without usable coordinates is refused. What is not acceptable in a manifest but not needed there is left out
 * and noted. License and property values come from the POM's parents too, where they lie in the same repository.
 */
final class PomReader {
    private static final int TITLE_MAX = 200;
    private static final int DESCRIPTION_MAX = 2_000;
    /** A signed record holds 8 KiB, and beside the description the names of many versions. */
    private static final int DESCRIPTION_BYTES_MAX = 3_000;

    private static final int LICENSE_MAX = 200;
    private static final int LINK_MAX = 512;
    private static final int CATEGORY_MAX = 64;
    private static final int TAG_MAX = 64;
    private static final int TAGS_MAX = 12;
    /** Parts of group ids that say where a project lives, not what it is. */
    private static final Set<String> HOSTS =
            Set.of("com", "org", "net", "io", "dev", "info", "me", "de", "github", "gitlab", "googlecode", "sourceforge");

    private final PomFamily.Finder families;

    /** @param repository where parents are looked up, in the layout of a local Maven repository */
    PomReader(Path repository) {
        this.families = new PomFamily.Finder(repository);
    }

    /** What became of a POM file. */
    sealed interface Result {
        /** A manifest, and what was left out of it; every note names the file and the field. */
        record Read(PackageManifest manifest, List<String> notes) implements Result {}

        /** No manifest; the message names the file and the field. */
        record Refused(Path file, String field, String message) implements Result {}
    }

    /** Reads one file. Throws nothing for what is in it. */
    Result read(Path file) {
        try {
            return new Draft(file, families.of(Pom.read(file))).finish();
        } catch (Pom.NotAPom e) {
            return refused(file, "xml", reason(e));
        } catch (Unusable e) {
            return refused(file, e.field, reason(e));
        } catch (RegistryException.InvalidInput e) {
            return refused(file, e.field(), reason(e));
        } catch (IOException e) {
            return refused(file, "file", "cannot be read: " + e);
        }
    }

    private static String reason(Exception e) {
        return Objects.requireNonNullElse(e.getMessage(), "is invalid");
    }

    private static Result refused(Path file, String field, String why) {
        return new Result.Refused(file, field, file + ": " + field + ": " + why);
    }

    /** A field without which there is no manifest. */
    private static final class Unusable extends Exception {
        private static final long serialVersionUID = 1L;
        private final String field;

        Unusable(String field, String message) {
            super(message);
            this.field = field;
        }
    }

    /** One manifest in the making. */
    private static final class Draft {
        private final Path file;
        private final PomFamily family;
        private final List<String> notes = new ArrayList<>();

        Draft(Path file, PomFamily family) {
            this.file = file;
            this.family = family;
        }

        Result finish() throws Unusable {
            String groupId = needed("groupId", family.groupId());
            String artifactId = needed("artifactId", family.self().artifactId());
            String version = needed("version", family.version());
            PackageManifest manifest = new PackageManifest(
                    id(groupId, artifactId),
                    version,
                    Text.cut(optional("name", family.self().name()).orElse(artifactId), TITLE_MAX),
                    Text.cutWords(
                            optional("description", family.self().description()).orElse(""),
                            DESCRIPTION_MAX,
                            DESCRIPTION_BYTES_MAX),
                    categories(artifactId),
                    tags(groupId, artifactId),
                    license(),
                    links(),
                    content());
            return new Result.Read(manifest, List.copyOf(notes));
        }

        private String needed(String field, String text) throws Unusable {
            if (text.isEmpty()) {
                throw new Unusable(field, "is missing, and no parent gives one");
            }
            return family.resolve(text)
                    .orElseThrow(() -> new Unusable(
                            field, "neither this POM nor its parents define its property: " + Text.cut(Text.line(text), 100)));
        }

        /** Refuses by the POM's words for the parts of an id, which the library calls namespace and name. */
        private static PackageId id(String groupId, String artifactId) throws Unusable {
            try {
                return new PackageId(groupId, artifactId);
            } catch (RegistryException.InvalidInput e) {
                String field = e.field().equals("namespace") ? "groupId" : "artifactId";
                throw new Unusable(field, reason(e));
            }
        }

        /** The text on one line; empty, with a note, if it has a property nobody defines. */
        private Optional<String> optional(String field, String text) {
            Optional<String> resolved = family.resolve(text).map(Text::line);
            if (resolved.isEmpty()) {
                note(field, "left out, neither this POM nor its parents define its property: " + Text.cut(Text.line(text), 100));
            }
            return resolved.filter(t -> !t.isEmpty());
        }

        private void note(String field, String what) {
            notes.add(file + ": " + field + ": " + what);
        }

        /** How it is packaged. Bills of materials and OSGi bundles get a second word that people look for. */
        private List<String> categories(String artifactId) {
            Set<String> categories = new LinkedHashSet<>();
            String packaging = optional("packaging", family.self().packaging()).orElse("jar").toLowerCase(Locale.ROOT);
            if (packaging.equals("pom") && (artifactId.equals("bom") || artifactId.endsWith("-bom"))) {
                categories.add("bom");
            }
            categories.add(Text.cut(packaging, CATEGORY_MAX));
            if (packaging.equals("bundle")) {
                categories.add("jar");
            }
            return List.copyOf(categories);
        }

        /** The words in its coordinates. */
        private static List<String> tags(String groupId, String artifactId) {
            Set<String> tags = new LinkedHashSet<>();
            for (String coordinate : List.of(artifactId, groupId)) {
                for (String word : coordinate.toLowerCase(Locale.ROOT).split("[._-]+", -1)) {
                    boolean host = coordinate.equals(groupId) && HOSTS.contains(word);
                    boolean number = !word.isEmpty() && Character.isDigit(word.charAt(0));
                    if (word.length() >= 2 && word.length() <= TAG_MAX && !host && !number && tags.size() < TAGS_MAX) {
                        tags.add(word);
                    }
                }
            }
            return List.copyOf(tags);
        }

        private String license() {
            List<String> names = new ArrayList<>();
            for (String name : family.licenses()) {
                optional("license", name).ifPresent(names::add);
            }
            return Text.cut(String.join(" or ", names), LICENSE_MAX);
        }

        private Map<String, URI> links() {
            Map<String, URI> links = new LinkedHashMap<>();
            link("home", "url", family.self().url(), links);
            link("source", "scm.url", family.self().scmUrl(), links);
            link("issues", "issueManagement.url", family.self().issuesUrl(), links);
            return links;
        }

        private void link(String name, String field, String text, Map<String, URI> links) {
            Optional<String> address = optional(field, text);
            if (address.isEmpty()) {
                return;
            }
            try {
                URI uri = new URI(address.get());
                String scheme = Objects.requireNonNullElse(uri.getScheme(), "").toLowerCase(Locale.ROOT);
                if ((scheme.equals("http") || scheme.equals("https")) && uri.getHost() != null) {
                    if (address.get().length() <= LINK_MAX) {
                        links.put(name, uri.getScheme().equals(scheme) ? uri : new URI(scheme + address.get().substring(scheme.length())));
                    } else {
                        note(field, "left out, it is longer than " + LINK_MAX + " characters");
                    }
                } else {
                    note(field, "left out, it is no http or https address: " + Text.cut(address.get(), 100));
                }
            } catch (URISyntaxException e) {
                note(field, "left out, it is no web address: " + Text.cut(address.get(), 100));
            }
        }

        /** The hash of the jar beside the POM, if there is one. */
        private Optional<ContentId> content() {
            String name = Objects.toString(file.getFileName(), "");
            if (!name.endsWith(".pom")) {
                return Optional.empty();
            }
            Path jar = file.resolveSibling(name.substring(0, name.length() - ".pom".length()) + ".jar");
            if (!Files.isRegularFile(jar)) {
                return Optional.empty();
            }
            try (InputStream in = Files.newInputStream(jar)) {
                MessageDigest sha = MessageDigest.getInstance("SHA-256");
                byte[] buffer = new byte[1 << 16];
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    sha.update(buffer, 0, n);
                }
                return Optional.of(new ContentId("sha2-256", HexFormat.of().formatHex(sha.digest())));
            } catch (IOException e) {
                note("content", "left out, " + jar.getFileName() + " cannot be read: " + e.getMessage());
                return Optional.empty();
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java has SHA-256", e);
            }
        }
    }
}
