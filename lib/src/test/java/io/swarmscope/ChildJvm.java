package io.swarmscope;

import java.util.ArrayList;
import java.util.List;

/** A program of the tests in a process of its own. */
public final class ChildJvm {

    private ChildJvm() {}

    /** To be started: the Java and the class path of this process, with these flags. */
    public static ProcessBuilder of(Class<?> program, List<String> flags, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElseThrow(), "--enable-preview", "--enable-native-access=ALL-UNNAMED"));
        command.addAll(flags);
        command.addAll(List.of(
                "-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")), program.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command);
    }
}
