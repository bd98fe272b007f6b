package io.swarmscope.internal.attack;

import io.swarmscope.PackageId;
import io.swarmscope.PackageManifest;
import io.swarmscope.Registry;
import io.swarmscope.RegistryConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * A whole node in a process and a heap of its own, as anybody would open one. It has published some packages and answers
 * questions of {@link Victim} about itself, a line each.
 */
final class VictimProgram {

    /** What all packages of the victim are about. */
    static final String WORD = "logger";

    /** All of them in one answer are more than a window. */
    static final int PACKAGES = 75;

    private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    private VictimProgram() {}

    public static void main(String[] args) throws Exception {
        try (Registry node = Registry.open(RegistryConfig.DEFAULT.withListen("/ip4/127.0.0.1/tcp/0"))) {
            for (int i = 0; i < PACKAGES; i++) {
                node.publish(PackageManifest.of("acme/" + WORD + i, "1.0.0", "A " + WORD).withDescription("x".repeat(4_000)));
            }
            OUT.println("open " + node.addresses().getFirst());
            answer(node);
        }
    }

    private static void answer(Registry node) throws IOException, InterruptedException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line; (line = in.readLine()) != null; ) {
            String[] words = line.split(" ");
            OUT.println(switch (words[0]) {
                case "heap" -> heap();
                case "counters" -> counters(node);
                case "find" -> find(node, words[1]);
                default -> "what?";
            });
        }
    }

    /** What is used after everything that can go is gone. */
    private static String heap() {
        System.gc();
        return String.valueOf(ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }

    private static String counters(Registry node) throws InterruptedException {
        Map<String, Long> all = new TreeMap<>(node.status().counters());
        all.put("table", (long) node.status().routingTable());
        StringBuilder line = new StringBuilder();
        all.forEach((name, count) -> line.append(name).append('=').append(count).append(' '));
        return line.toString();
    }

    private static String find(Registry node, String id) {
        try {
            return "found " + node.find(PackageId.parse(id), Duration.ofSeconds(10)).isPresent();
        } catch (RuntimeException | InterruptedException e) {
            return "failed " + e.getClass().getSimpleName();
        }
    }
}
