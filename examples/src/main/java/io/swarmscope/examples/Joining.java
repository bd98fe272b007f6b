package io.swarmscope.examples;

import io.swarmscope.DhtMode;
import io.swarmscope.QueryConfig;
import io.swarmscope.Registry;
import io.swarmscope.RegistryConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** How the short-lived commands come into a network: they dial, serve nobody, and leave no trace. */
final class Joining {
    @Option(
            names = "--bootstrap",
            paramLabel = "ADDR",
            required = true,
            description = "A node to join by, as 'swarmscope node' prints it: /ip4/HOST/tcp/PORT/p2p/PEER. May be repeated.")
    private List<String> bootstrap = new ArrayList<>();

    @Option(
            names = "--network",
            paramLabel = "NAME",
            defaultValue = RegistryConfig.DEFAULT_NETWORK,
            description = "The network to join (default: ${DEFAULT-VALUE}). Nodes of other networks do not answer.")
    private String network = RegistryConfig.DEFAULT_NETWORK;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "10s",
            description = "How long joining may take, and then each question: 500ms, 5s, 2m (default: ${DEFAULT-VALUE}).")
    private Duration timeout = Duration.ofSeconds(10);

    /** A node that has joined, for a command. */
    Registry join(BaseCommand command, QueryConfig queries) throws InterruptedException {
        Registry registry = Registry.open(command.observed(RegistryConfig.DEFAULT)
                .withNetwork(network)
                .withListen()
                .withBootstrap(bootstrap.toArray(String[]::new))
                .withDhtMode(DhtMode.CLIENT)
                .withQuery(queries.withTimeout(timeout)));
        try {
            registry.bootstrap(timeout);
            return registry;
        } catch (RuntimeException | InterruptedException e) {
            registry.close();
            throw e;
        }
    }

    /** How long each question may take. */
    Duration timeout() {
        return timeout;
    }
}
