package io.swarmscope.examples;

import io.swarmscope.PackageId;
import io.swarmscope.PackageManifest;
import io.swarmscope.RegistryException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The packages that the POM files of a local Maven repository describe.
 *
 * @param directory where they are
 * @param packages the versions of each package, lowest first, so that the last one published is the latest
 * @param files how many POM files there are
 * @param read how many of them were read
 * @param refused the files without a usable manifest, each with its reason
 * @param notes what was left out of manifests
 */
record MavenRepository(
        Path directory,
        Map<PackageId, List<PackageManifest>> packages,
        int files,
        int read,
        List<PomReader.Result.Refused> refused,
        List<String> notes) {

    private static final Comparator<PackageManifest> BY_VERSION = Comparator.<PackageManifest, Boolean>comparing(
                    m -> order(m.version()).isPresent())
            .thenComparing(m -> order(m.version()).orElse(ModuleDescriptor.Version.parse("0")))
            .thenComparing(PackageManifest::version);

    /** Where this machine's Maven keeps what it downloaded: {@code -Dmaven.repo.local}, or {@code ~/.m2/repository}. */
    static Path localDirectory() {
        String given = System.getProperty("maven.repo.local", "");
        return given.isBlank() ? Path.of(System.getProperty("user.home"), ".m2", "repository") : Path.of(given);
    }

    /**
     * Reads the POM files below a directory.
     *
     * @param max how many files at most. If there are more, whole packages are taken from all over the repository, the same
     *     each time
     * @throws RegistryException.InvalidInput if there is no such directory
     */
    static MavenRepository read(Path directory, int max) {
        if (!Files.isDirectory(directory)) {
            throw new RegistryException.InvalidInput(
                    "Maven repository", directory.toString(), "name an existing directory with POM files");
        }
        Map<Path, List<Path>> byPackage = pomFiles(directory);
        int files = byPackage.values().stream().mapToInt(List::size).sum();
        List<Path> chosen = byPackage.entrySet().stream()
                .sorted(Comparator.comparingInt(e -> files <= max ? 0 : scattered(directory.relativize(e.getKey()))))
                .flatMap(e -> e.getValue().stream())
                .limit(max)
                .toList();

        PomReader reader = new PomReader(directory);
        Map<PackageId, Map<String, PackageManifest>> packages = new TreeMap<>();
        List<PomReader.Result.Refused> refused = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        for (Path file : chosen) {
            switch (reader.read(file)) {
                case PomReader.Result.Read found -> {
                    PackageManifest manifest = found.manifest();
                    notes.addAll(found.notes());
                    if (packages.computeIfAbsent(manifest.id(), id -> new TreeMap<>())
                                    .putIfAbsent(manifest.version(), manifest)
                            != null) {
                        notes.add(file + ": version: left out, another POM describes " + manifest.version() + " too");
                    }
                }
                case PomReader.Result.Refused why -> refused.add(why);
            }
        }
        Map<PackageId, List<PackageManifest>> sorted = new LinkedHashMap<>();
        packages.forEach((id, versions) ->
                sorted.put(id, versions.values().stream().sorted(BY_VERSION).toList()));
        return new MavenRepository(directory, sorted, files, chosen.size(), List.copyOf(refused), List.copyOf(notes));
    }

    /** How many versions of all packages. */
    int versions() {
        return packages.values().stream().mapToInt(List::size).sum();
    }

    /** The highest version of each package. */
    List<PackageManifest> latest() {
        return packages.values().stream().map(List::getLast).toList();
    }

    /** POM files by the directory of their package, in order of path. A directory that cannot be read is passed over. */
    private static Map<Path, List<Path>> pomFiles(Path directory) {
        Map<Path, List<Path>> found = new TreeMap<>();
        try {
            Files.walkFileTree(directory, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (attributes.isRegularFile() && file.toString().endsWith(".pom")) {
                        Path version = Objects.requireNonNullElse(file.getParent(), directory);
                        Path artifact = version.equals(directory)
                                ? directory
                                : Objects.requireNonNullElse(version.getParent(), directory);
                        found.computeIfAbsent(artifact, a -> new ArrayList<>()).add(file);
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) {
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + directory, e);
        }
        found.values().forEach(files -> files.sort(null));
        return found;
    }

    /** A number that has nothing to do with the order of paths, but is the same on each run. */
    private static int scattered(Path path) {
        int hash = path.toString().hashCode() * 0x9E3779B9;
        return hash ^ hash >>> 16;
    }

    private static Optional<ModuleDescriptor.Version> order(String version) {
        try {
            return Optional.of(ModuleDescriptor.Version.parse(version));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // does not begin with a number; comes first, by its letters
        }
    }
}
