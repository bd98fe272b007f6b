package io.swarmscope.internal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.swarmscope.RegistryException;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryLockTest {

    @TempDir
    Path directory;

    /** Another process: says whether it got the lock, and holds it until its input ends. */
    static final class Child {
        private Child() {}

        public static void main(String[] args) throws Exception {
            try (DirectoryLock lock = DirectoryLock.take(Path.of(args[0]))) {
                System.out.println("mine");
                System.in.read();
            } catch (RegistryException.CannotOpen e) {
                System.out.println(e.getMessage());
            }
        }
    }

    private Process child() throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Child.class.getName(),
                        directory.toString())
                .redirectErrorStream(true)
                .start();
    }

    private static String firstLine(Process process) throws Exception {
        BufferedReader reader = process.inputReader();
        return reader.readLine();
    }

    @Test
    void anotherProcessIsToldWhoHasTheDirectory() throws Exception {
        try (DirectoryLock lock = DirectoryLock.take(directory)) {
            // A refusal in this process must not let another in, as closing the file would on POSIX.
            assertThatThrownBy(() -> DirectoryLock.take(directory)).isInstanceOf(RegistryException.CannotOpen.class);
            assertThat(firstLine(child()))
                    .isEqualTo("the data directory " + directory + " is in use by process "
                            + ProcessHandle.current().pid() + ": stop it, or choose another directory");
        }
        Process second = child();
        assertThat(firstLine(second)).isEqualTo("mine");
        second.getOutputStream().close();
        assertThat(second.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void whatAKilledProcessHeldIsFree() throws Exception {
        Process holder = child();
        assertThat(firstLine(holder)).isEqualTo("mine");
        assertThatThrownBy(() -> DirectoryLock.take(directory)).hasMessageContaining("process " + holder.pid() + ":");
        holder.destroyForcibly();
        assertThat(holder.waitFor(20, TimeUnit.SECONDS)).isTrue();
        DirectoryLock.take(directory).close();
    }

    @Test
    void anotherNameOfTheSameDirectoryIsTheSame() throws Exception {
        Path link = java.nio.file.Files.createSymbolicLink(directory.resolve("link"), directory);
        try (DirectoryLock lock = DirectoryLock.take(directory)) {
            assertThatThrownBy(() -> DirectoryLock.take(link)).hasMessageContaining("in use by process");
        }
        DirectoryLock.take(link).close();
    }
}
