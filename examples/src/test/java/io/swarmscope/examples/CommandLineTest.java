package io.swarmscope.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.swarmscope.PackageId;
import io.swarmscope.RegistryException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What needs no network: help, and what bad command lines get. */
class CommandLineTest {
    private static final String PEER = "/ip4/127.0.0.1/tcp/1/p2p/12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN";

    @TempDir
    private Path temporary;

    @ParameterizedTest
    @ValueSource(strings = {"demo", "node", "search", "find", "peers"})
    void everyCommandTeachesWithinAHundredColumns(String command) {
        Ran ran = run(command, "--help");

        assertThat(ran.code()).isZero();
        assertThat(ran.out()).contains("Usage: swarmscope " + command, "Exit codes:", "--json", "Example");
        assertThat(ran.out().lines()).allMatch(line -> line.length() <= 100);
        assertThat(ran.err()).isEmpty();
    }

    @Test
    void theHelpOfAllNamesEveryCommandAndExitCode() {
        Ran ran = run("--help");

        assertThat(ran.code()).isZero();
        assertThat(ran.out()).contains("demo", "node", "search", "find", "peers", "Exit codes of all commands:", "70", "130");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "|name a command",
                "dance|unmatched argument",
                "search json|missing required option: '--bootstrap=ADDR'",
                "search --bootstrap PEER|say what to look for",
                "search json --bootstrap PEER --limit many|'many' is not an int",
                "search json --bootstrap PEER --limit 0|--limit 0: 1 to 1000",
                "search json --bootstrap PEER --limit 1001|invalid query limit '1001'",
                "search json --bootstrap PEER --fan-out 0|invalid fan-out '0'",
                "search json --bootstrap PEER --timeout soon|write 500ms, 5s or 2m",
                "search json --bootstrap PEER --timeout 0s|invalid query timeout",
                "search json --bootstrap localhost:4001|invalid bootstrap address 'localhost:4001'",
                "search json --bootstrap /ip4/127.0.0.1/tcp/1|end it with /p2p/",
                "search json --bootstrap PEER --network Bad_Name|invalid network",
                "find slf4j --bootstrap PEER|write it as namespace/name",
                "find a/b not/aversion --bootstrap PEER|invalid version",
                "find --bootstrap PEER|missing required parameter: 'ID'",
                "peers|missing required option",
                "node --listen 4001|invalid listen address '4001'",
                "node --publish-maven /no/such/directory|/no/such/directory",
                "demo --max 0|--max 0",
                "demo --maven-repository /no/such/directory|/no/such/directory",
            })
    void aBadCommandLineSaysWhatIsWrongAndEndsWithTwo(String line, String message) {
        String[] args = line == null ? new String[0] : line.replace("PEER", PEER).split(" ");

        Ran ran = run(args);

        assertThat(ran.err()).startsWith("swarmscope: ").contains(message).doesNotContain("\tat ");
        assertThat(ran.code()).isEqualTo(Exit.BAD_INPUT);
    }

    @Test
    void aDemoWithoutPomFilesFindsNothing() throws Exception {
        Files.writeString(temporary.resolve("a.pom"), "<project/>");

        Ran ran = run("demo", "--maven-repository", temporary.toString());

        assertThat(ran.code()).isEqualTo(Exit.NOTHING_FOUND);
        assertThat(ran.out()).contains("a.pom: groupId: is missing");
        assertThat(ran.err()).startsWith("swarmscope: no POM file below " + temporary);
    }

    @Test
    void everyFailureHasItsExitCode() {
        assertThat(List.of(
                        new RegistryException.InvalidInput("a", "b", "c"),
                        new RegistryException.TooLarge(PackageId.parse("a/b"), 2, 1),
                        new RegistryException.Conflict("a"),
                        new RegistryException.Unreachable("a", null),
                        new RegistryException.DeadlineExceeded("a", Duration.ZERO, "b"),
                        new RegistryException.CouldNotFindOut("a", null),
                        new RegistryException.CannotOpen("a", null),
                        new RegistryException.Closed(null)))
                .extracting(Exit::of)
                .containsExactly(2, 2, 2, 3, 3, 3, 4, 130);
    }

    private static Ran run(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.run(new PrintWriter(out), new PrintWriter(err), args);
        return new Ran(code, out.toString(), err.toString());
    }

    private record Ran(int code, String out, String err) {}
}
