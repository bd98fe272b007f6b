package io.swarmscope.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.swarmscope.ChildJvm;
import io.swarmscope.Registry;
import io.swarmscope.RegistryConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Where SQLite's native library is, in processes that are killed. */
@Timeout(120)
class NativeLibraryTest {

    @TempDir
    private Path directory;

    /** A node that runs until it is killed. */
    static final class Program {
        private Program() {}

        public static void main(String[] arguments) throws IOException {
            RegistryConfig config =
                    RegistryConfig.DEFAULT.withListen("/ip4/127.0.0.1/tcp/0").withDataDirectory(Path.of(arguments[0]));
            try (Registry registry = Registry.open(config)) {
                System.out.println("open " + System.getProperty("org.sqlite.tmpdir"));
                System.out.println(System.in.read()); // nothing comes
            }
        }
    }

    @Test
    void aNodeThatIsKilledTimeAndAgainLeavesOneLibraryInItsDataDirectoryAndNoneElsewhere() throws Exception {
        Path temporary = Files.createDirectory(directory.resolve("temporary"));
        Path data = directory.resolve("data");
        for (int i = 0; i < 3; i++) {
            Process process = ChildJvm.of(Program.class, List.of("-XX:TieredStopAtLevel=1", "-Xmx128m", "-Djava.io.tmpdir=" + temporary), data.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            try (var said = process.inputReader(StandardCharsets.UTF_8)) {
                assertThat(said.readLine()).as("the property is as it was").isEqualTo("open null");
            } finally {
                process.destroyForcibly();
                assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            }
            assertThat(temporary).isEmptyDirectory();
            assertThat(data.resolve("native")).isDirectoryContaining(file -> file.toString().contains("sqlitejdbc"));
            assertThat(data.resolve("native").toFile().list()).as("the library and its lock").hasSize(2);
        }
    }
}
