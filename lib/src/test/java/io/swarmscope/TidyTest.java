package io.swarmscope;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Reads our sources and holds them to what the design says of them. Rules only get tighter. */
class TidyTest {

    /**
     * Who may use whom among the internal packages, or only which type of it. A package may always use itself and what is
     * beneath it; where what is beneath has no line of its own, that of the package above holds.
     */
    private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
            Map.entry("search", Set.of("swarm", "kad", "record", "store", "peer", "telemetry", "fork", "wire", "crypto")),
            Map.entry("swarm", Set.of("gossip", "kad", "peer", "telemetry", "fork", "wire")),
            Map.entry("sync", Set.of("fork", "wire")),
            Map.entry("gossip", Set.of("crypto", "fork", "wire")),
            Map.entry("link", Set.of("crypto", "fork", "wire")),
            Map.entry("link.noise", Set.of("link.SecureChannel", "crypto", "wire")),
            Map.entry("link.yamux", Set.of("link.SecureChannel", "fork", "wire")),
            Map.entry("link.multistream", Set.of("wire")),
            Map.entry("link.identify", Set.of("crypto", "wire")),
            Map.entry("kad", Set.of("fork", "wire")),
            // The DHT asks a validator what a record is worth; the one who knows records answers.
            Map.entry("record", Set.of("kad.Validator", "kad.Verdict", "fork", "crypto", "wire")),
            Map.entry("store", Set.of("record", "fork", "wire")),
            Map.entry("peer", Set.of("fork", "wire")),
            Map.entry("crypto", Set.of("wire")),
            Map.entry("telemetry", Set.of("fork", "wire")),
            Map.entry("wire", Set.of()),
            Map.entry("fork", Set.of()));

    /** Sees all. */
    private static final String NODE = "node";

    /** What the public values may use: they know their own bytes. */
    private static final Set<String> PUBLIC_MAY_USE = Set.of("crypto", "wire");

    private static final int LINES_MAX = 450;

    private static final Pattern INTERNAL = Pattern.compile("\\bio\\.swarmscope\\.internal((?:\\.[a-z]+)+(?:\\.[A-Z]\\w*)?)");
    private static final Pattern SLEEP = Pattern.compile("\\bThread\\.sleep\\b|\\b[A-Z]+SECONDS\\.sleep\\b");

    private static final Path LIB = Files.isDirectory(Path.of("lib")) ? Path.of("lib") : Path.of("");
    private static final List<Source> MAIN = sources("src/main");
    private static final List<Source> TESTS = sources("src/test/java");

    /** The simulator, which others get as we do: held to most of what main code is. */
    private static final List<Source> SIMULATION = sources("src/simulation");

    @Test
    void importsGoOneWay() {
        List<String> wrong = new ArrayList<>();
        for (Source source : MAIN) {
            for (String used : source.internalsUsed()) {
                if (!mayUse(source, used)) {
                    wrong.add(source.path + " uses internal." + used);
                }
            }
        }
        none(wrong);
    }

    private static boolean mayUse(Source source, String used) {
        String own = source.internalPackage();
        if (own == null) {
            // The one upward edge: Registry opens a node.
            return source.isIn("io.swarmscope")
                    && (isAmong(used, PUBLIC_MAY_USE) || isAmong(used, Set.of(NODE)) && source.isNamed("Registry"));
        }
        return own.equals(NODE) || isAmong(used, Set.of(own)) || isAmong(used, MAY_USE.get(lineOf(own)));
    }

    /** Whether a type or package is one of these, or is in one of them. */
    private static boolean isAmong(String used, Set<String> allowed) {
        return allowed.stream().anyMatch(name -> (used + ".").startsWith(name + "."));
    }

    /** Where the table speaks of a package: its own line or that of the nearest package above. */
    private static String lineOf(String internalPackage) {
        String name = internalPackage;
        while (!MAY_USE.containsKey(name)) {
            assertThat(name).as("a package that the table above does not know").contains(".");
            name = name.substring(0, name.lastIndexOf('.'));
        }
        return name;
    }

    @Test
    void examplesSeeOnlyWhatIsExported() {
        none(sources("../examples/src").stream()
                .filter(source -> !source.internalsUsed().isEmpty())
                .map(source -> source.path + " uses internal." + source.internalsUsed())
                .toList());
    }

    @Test
    void onlyTheVariantsNameTheStructuredScope() {
        List<Path> naming = MAIN.stream()
                .filter(source -> source.code.contains("StructuredTaskScope"))
                .map(source -> source.path)
                .toList();
        assertThat(naming)
                .extracting(path -> path.getFileName().toString())
                .containsExactlyInAnyOrder("StructuredForks21.java", "StructuredForks25.java");
    }

    @Test
    void onePackageNamesOpenTelemetry() {
        none(MAIN.stream()
                .filter(source -> source.code.contains("io.opentelemetry") && !"telemetry".equals(source.internalPackage()))
                .filter(source -> !source.isNamed("RegistryConfig") && !source.isNamed("module-info"))
                .map(source -> source.path + " names OpenTelemetry")
                .toList());
    }

    @Test
    void noThreadHoldsItsCarrier() {
        none(matching(MAIN, Pattern.compile("\\bsynchronized\\b")));
        none(matching(SIMULATION, Pattern.compile("\\bsynchronized\\b")));
    }

    @Test
    void nobodySleeps() {
        none(matching(MAIN, SLEEP));
        none(matching(TESTS, SLEEP));
        none(matching(SIMULATION, SLEEP));
    }

    @Test
    void aSimulationReadsNoClockAndNoChanceOfTheMachine() {
        none(matching(
                SIMULATION,
                Pattern.compile("\\b(System\\.(nanoTime|currentTimeMillis)|Instant\\.now|ThreadLocalRandom|SecureRandom|Math\\.random|new Random)\\b")));
    }

    /** What calls run by has to be virtual in a simulation: they ask their thread's World. */
    @Test
    void callsReadTheClockOfTheirWorld() {
        none(MAIN.stream()
                .filter(source -> source.internalPackage() != null && List.of("search", "sync", "node").contains(source.internalPackage()))
                .filter(source -> source.code.contains("System.nanoTime()") || source.code.contains("ThreadLocalRandom"))
                .map(source -> source.path + " reads the machine's clock or chance")
                .toList());
    }

    @Test
    void theLibraryDoesNotPrint() {
        none(matching(MAIN, Pattern.compile("\\bSystem\\.(out|err)\\b|\\bprintStackTrace\\(\\)")));
    }

    @Test
    void filesStayShort() {
        none(Stream.concat(MAIN.stream(), SIMULATION.stream())
                // Every limit stands in one file, however many there are.
                .filter(source -> source.lines > LINES_MAX && !source.isNamed("Limits"))
                .map(source -> source.path + " has " + source.lines + " lines, more than " + LINES_MAX)
                .toList());
    }

    @Test
    void everyPackageSaysWhatMayBeNull() {
        Set<Path> packages = new TreeSet<>();
        Set<Path> marked = new TreeSet<>();
        for (Source source : sources("src/main/java")) {
            if (!source.isNamed("module-info")) {
                packages.add(source.path.getParent());
            }
            if (source.isNamed("package-info") && source.code.contains("@NullMarked")) {
                marked.add(source.path.getParent());
            }
        }
        packages.removeAll(marked);
        none(packages.stream().map(path -> path + " has no package-info.java with @NullMarked").toList());
    }

    @Test
    void commentsAndStringsAreNotCode() {
        assertThat(code("a /* synchronized */ b // Thread.sleep\nc \"//x\\\"/*\" d '\"' e \"\"\"\n \"q\" /* \"\"\" f"))
                .isEqualTo("a  b \nc \"\" d '' e \"\" f");
    }

    private static List<String> matching(List<Source> sources, Pattern pattern) {
        List<String> found = new ArrayList<>();
        for (Source source : sources) {
            Matcher matcher = pattern.matcher(source.code);
            while (matcher.find()) {
                found.add(source.path + ": " + matcher.group());
            }
        }
        return found;
    }

    private static void none(List<String> wrong) {
        assertThat(wrong.stream().distinct().sorted().collect(joining("\n"))).isEmpty();
    }

    private static List<Source> sources(String folder) {
        Path root = LIB.resolve(folder);
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(Files::isRegularFile)
                    .map(Source::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The text without comments, and with empty strings and characters; line ends outside of them stay. */
    private static String code(String text) {
        return Pattern.compile("//[^\n]*|/\\*.*?\\*/|\"\"\".*?\"\"\"|\"(?:\\\\.|[^\"\\\\])*\"|'(?:\\\\.|[^'\\\\])*'", Pattern.DOTALL)
                .matcher(text)
                .replaceAll(match -> switch (match.group().charAt(0)) {
                    case '/' -> "";
                    case '"' -> "\"\"";
                    default -> "''";
                });
    }

    /** One Java file: where it lies and its code. */
    private record Source(Path path, String code, long lines) {

        static Source read(Path path) {
            try {
                String text = Files.readString(path);
                return new Source(path, TidyTest.code(text), text.lines().count());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        boolean isNamed(String name) {
            return path.endsWith(name + ".java");
        }

        boolean isIn(String packageName) {
            return code.contains("package " + packageName + ";");
        }

        /** The package it is in, from beneath {@code internal} on, or null. */
        String internalPackage() {
            Matcher matcher = Pattern.compile("^package io\\.swarmscope\\.internal\\.([a-z.]+)", Pattern.MULTILINE)
                    .matcher(code);
            return matcher.find() ? matcher.group(1) : null;
        }

        /** The types beneath {@code internal} that it names, in imports or in full. */
        Set<String> internalsUsed() {
            Set<String> used = new TreeSet<>();
            INTERNAL.matcher(code).results().forEach(result -> used.add(result.group(1).substring(1)));
            return used;
        }
    }
}
