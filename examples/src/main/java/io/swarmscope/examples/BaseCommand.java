package io.swarmscope.examples;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.swarmscope.RegistryConfig;
import java.io.PrintWriter;
import java.net.URI;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What all commands share: how they print, and whom they tell of what they do. */
@Command(
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        sortOptions = false,
        descriptionHeading = "%n",
        parameterListHeading = "%nParameters:%n",
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        footerHeading = "%n")
abstract class BaseCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(names = "--json", description = "Print JSON for programs to standard output, and nothing else there.")
    private boolean json;

    @Option(
            names = {"-v", "--verbose"},
            description = "Log what the node does to standard error; show where a failure comes from.")
    private boolean verbose;

    @Option(
            names = "--otlp",
            paramLabel = "URL",
            description = "Send spans and metrics to an OpenTelemetry collector, by OTLP over HTTP, such as http://localhost:4318.")
    private @Nullable URI otlp;

    private @Nullable Collector collector;

    /** What the command does. */
    abstract int run() throws Exception;

    @Override
    public final Integer call() throws Exception {
        if (verbose && LoggerFactory.getLogger("io.swarmscope") instanceof Logger logger) {
            logger.setLevel(Level.DEBUG);
        }
        if (otlp != null) {
            collector = collector(otlp);
        }
        try {
            return run();
        } finally {
            tellTheRest();
        }
    }

    private Collector collector(URI url) {
        try {
            return new Collector(url);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--otlp " + url + ": " + e.getMessage(), e);
        }
    }

    /** Sends what the collector has not been told yet. For who must not end before; at the end of a command it is done in any case. */
    final void tellTheRest() {
        Collector open = collector;
        if (open != null) {
            collector = null;
            open.close();
        }
    }

    /** The same, telling the collector what happens if there is one. */
    final RegistryConfig observed(RegistryConfig config) {
        return collector == null ? config : config.withOpenTelemetry(collector.sdk());
    }

    final CommandSpec spec() {
        return spec;
    }

    final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    final PrintWriter err() {
        return spec.commandLine().getErr();
    }

    final boolean json() {
        return json;
    }

    final boolean verbose() {
        return verbose;
    }

    /** A line for people: not printed where the output is for programs. */
    final void say(String line) {
        if (!json) {
            out().println(line);
            out().flush();
        }
    }

    /** A warning, for people and in logs of programs. */
    final void warn(String line) {
        err().println("swarmscope: " + line);
        err().flush();
    }
}
