package io.swarmscope.bench;

import io.swarmscope.Registry;
import io.swarmscope.RegistryConfig;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A full node in a process of its own, so that its CPU time is known. Prints its address, then for each line it reads how many packages it
 * holds and how many nanoseconds its process has computed; ends with its input.
 */
final class NewsNode {

    private NewsNode() {}

    /** Runs it. */
    public static void main(String[] args) throws Exception {
        RegistryConfig config = RegistryConfig.DEFAULT
                .withListen("/ip4/127.0.0.1/tcp/0")
                .withDataDirectory(Path.of(args[0]))
                .withMaxPackages(10_000_000);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        try (Registry node = Registry.open(config)) {
            out.println(node.addresses().getFirst());
            while (in.readLine() != null) {
                out.println(node.status().packages() + " " + Benchmarks.cpuNanos());
            }
        }
        System.exit(0);
    }
}
