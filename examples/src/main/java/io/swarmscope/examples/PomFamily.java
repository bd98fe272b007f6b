package io.swarmscope.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A POM with its parents, nearest first: what it inherits, and what the properties in its texts stand for.
 *
 * @param members the POM itself, then its parents as far as they were found; never empty
 */
record PomFamily(List<Pom> members) {
    private static final int PARENTS_MAX = 12;
    /** Deeper, and adding more, than any honest property; what goes beyond is a loop or a bomb. */
    private static final int DEPTH_MAX = 8;

    private static final int GROWTH_MAX = 20_000;
    private static final Pattern PROPERTY = Pattern.compile("\\$\\{([^${}]{1,200})\\}");

    /** Parents read before, because most POMs of a repository share a few. One thread at a time. */
    static final class Finder {
        private static final int REMEMBERED = 500;
        private final Path repository;
        private final Map<Path, Optional<Pom>> known = new LinkedHashMap<>(64, 0.75f, true);

        /** @param repository in the layout of a local Maven repository */
        Finder(Path repository) {
            this.repository = repository;
        }

        /** The POM with those of its parents that lie in the repository. */
        PomFamily of(Pom pom) {
            List<Pom> members = new ArrayList<>(List.of(pom));
            for (Pom.@Nullable Coordinates next = pom.parent(); next != null && members.size() <= PARENTS_MAX; ) {
                Optional<Pom> parent = find(next);
                parent.ifPresent(members::add);
                next = parent.map(Pom::parent).orElse(null);
            }
            return new PomFamily(List.copyOf(members));
        }

        private Optional<Pom> find(Pom.Coordinates at) {
            Path file;
            try {
                file = repository
                        .resolve(at.groupId().replace('.', '/'))
                        .resolve(at.artifactId())
                        .resolve(at.version())
                        .resolve(at.artifactId() + "-" + at.version() + ".pom")
                        .normalize();
            } catch (InvalidPathException e) {
                return Optional.empty();
            }
            if (!file.startsWith(repository.normalize())) {
                return Optional.empty();
            }
            Optional<Pom> pom = known.computeIfAbsent(file, PomFamily.Finder::readIfThere);
            if (known.size() > REMEMBERED) {
                known.remove(known.keySet().iterator().next());
            }
            return pom;
        }

        private static Optional<Pom> readIfThere(Path file) {
            try {
                return Files.isRegularFile(file) ? Optional.of(Pom.read(file)) : Optional.empty();
            } catch (IOException | Pom.NotAPom e) {
                return Optional.empty(); // refused under its own name
            }
        }
    }

    /** The POM itself. */
    Pom self() {
        return members.getFirst();
    }

    /** Its group id, or the one it inherits; properties not replaced. */
    String groupId() {
        Pom.Coordinates parent = self().parent();
        return !self().groupId().isEmpty() || parent == null ? self().groupId() : parent.groupId();
    }

    /** Its version, or the one it inherits; properties not replaced. */
    String version() {
        Pom.Coordinates parent = self().parent();
        return !self().version().isEmpty() || parent == null ? self().version() : parent.version();
    }

    /** Its licenses, or those of the nearest parent that has some. */
    List<String> licenses() {
        return members.stream().map(Pom::licenses).filter(l -> !l.isEmpty()).findFirst().orElse(List.of());
    }

    /** The text with its properties replaced; empty if one of them is not known. */
    Optional<String> resolve(String text) {
        int longest = text.length() + GROWTH_MAX;
        String now = text;
        for (int depth = 0; depth < DEPTH_MAX && now.length() <= longest; depth++) {
            Matcher properties = PROPERTY.matcher(now);
            if (!properties.find()) {
                return now.contains("${") ? Optional.empty() : Optional.of(now);
            }
            StringBuilder next = new StringBuilder();
            do {
                Optional<String> value = value(properties.group(1).strip());
                if (value.isEmpty()) {
                    return Optional.empty();
                }
                properties.appendReplacement(next, Matcher.quoteReplacement(value.get()));
            } while (properties.find() && next.length() <= longest);
            properties.appendTail(next);
            now = next.toString();
        }
        return Optional.empty();
    }

    private Optional<String> value(String name) {
        for (Pom member : members) {
            String value = member.properties().get(name);
            if (value != null) {
                return Optional.of(value.strip());
            }
        }
        String field = name.startsWith("project.") ? name.substring(8) : name.startsWith("pom.") ? name.substring(4) : name;
        return switch (field) {
            case "groupId" -> known(groupId());
            case "artifactId" -> known(self().artifactId());
            case "version" -> known(version());
            case "packaging" -> known(self().packaging());
            case "name" -> known(self().name());
            case "url" -> known(self().url());
            case "scm.url" -> known(self().scmUrl());
            case "scm.tag" -> known(self().scmTag());
            case "parent.groupId" -> parent(Pom.Coordinates::groupId);
            case "parent.artifactId" -> parent(Pom.Coordinates::artifactId);
            case "parent.version" -> parent(Pom.Coordinates::version);
            default -> Optional.empty();
        };
    }

    private Optional<String> parent(Function<Pom.Coordinates, String> part) {
        Pom.Coordinates parent = self().parent();
        return parent == null ? Optional.empty() : known(part.apply(parent));
    }

    private static Optional<String> known(String value) {
        return value.isEmpty() ? Optional.empty() : Optional.of(value);
    }
}
