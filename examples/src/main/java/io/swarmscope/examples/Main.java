package io.swarmscope.examples;

import io.swarmscope.RegistryException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** The command line: picks the command and turns what it throws into a message and an exit code. */
@Command(
        name = "swarmscope",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "A package registry without a server: nodes publish, find and search package metadata over libp2p.",
            "",
            "Start with '@|bold swarmscope demo|@'. For a network of your own, start '@|bold swarmscope node|@' and give the"
                    + " address it prints to the other commands with --bootstrap."
        },
        commandListHeading = "%nCommands:%n",
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes of all commands:%n",
        exitCodeList = {
            " 0:done",
            " 1:asked and answered: nothing found",
            " 2:the command line or a value on it is not acceptable",
            " 3:could not find out: nobody reached, or too few answered",
            " 4:the node cannot start, for example because its port is in use",
            "70:a mistake in this program",
            "130:interrupted (a node stopped by Ctrl-C: 130, by SIGTERM: 143)"
        },
        subcommands = {
            DemoCommand.class, NodeCommand.class, SearchCommand.class, FindCommand.class, PeersCommand.class
        })
public final class Main implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] args) {
        PrintWriter out = writer(FileDescriptor.out, System.getProperty("stdout.encoding"));
        PrintWriter err = writer(FileDescriptor.err, System.getProperty("stderr.encoding"));
        int code = Exit.BROKEN;
        try {
            code = run(out, err, args);
        } catch (Error e) {
            e.printStackTrace(err); // such as a class that is missing; must not look like "nothing found"
        }
        out.flush();
        err.flush();
        System.exit(code);
    }

    /** Runs one command; for {@code main} and for tests. */
    static int run(PrintWriter out, PrintWriter err, String... args) {
        return new CommandLine(new Main())
                .registerConverter(Duration.class, new Durations())
                .setUsageHelpWidth(100)
                .setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(Main::refuse)
                .setExecutionExceptionHandler(Main::explain)
                .execute(args);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "name a command: demo, node, search, find or peers");
    }

    /** UTF-8 where the system says nothing better: titles and JSON are not ASCII, and minimal containers name no charset. */
    private static PrintWriter writer(FileDescriptor to, @Nullable String encoding) {
        Charset charset = StandardCharsets.UTF_8;
        if (encoding != null && System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("windows")) {
            charset = Charset.forName(encoding, StandardCharsets.UTF_8);
        }
        return new PrintWriter(new OutputStreamWriter(new FileOutputStream(to), charset), true);
    }

    private static int refuse(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        command.getErr().println("swarmscope: " + decapitalized(Text.line(Objects.requireNonNullElse(e.getMessage(), "bad command line"))));
        command.getErr().println("try: " + command.getCommandSpec().qualifiedName() + " --help");
        return Exit.BAD_INPUT;
    }

    private static String decapitalized(String message) {
        return message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1);
    }

    private static int explain(Exception e, CommandLine command, ParseResult parsed) {
        PrintWriter err = command.getErr();
        boolean verbose = command.getCommand() instanceof BaseCommand base && base.verbose();
        if (verbose) {
            e.printStackTrace(err);
        }
        return switch (e) {
            case RegistryException failure -> {
                err.println("swarmscope: " + Text.line(Objects.requireNonNullElse(failure.getMessage(), "failed")));
                yield Exit.of(failure);
            }
            case InterruptedException interrupted -> {
                err.println("swarmscope: interrupted");
                yield Exit.INTERRUPTED;
            }
            case IOException failure -> {
                err.println("swarmscope: " + Text.line(failure.toString()));
                yield Exit.CANNOT_OPEN;
            }
            case UncheckedIOException failure -> {
                err.println("swarmscope: " + Text.line(failure.toString()));
                yield Exit.CANNOT_OPEN;
            }
            default -> {
                err.println("swarmscope: a mistake in this program: " + Text.line(e.toString())
                        + (verbose ? "" : " (--verbose shows where)"));
                yield Exit.BROKEN;
            }
        };
    }

    /** As Maven wrote it into the jar. */
    static final class Version implements IVersionProvider {
        private static final String WRITTEN = "/META-INF/maven/io.swarmscope/swarmscope-examples/pom.properties";

        @Override
        public String[] getVersion() throws IOException {
            Properties written = new Properties();
            try (InputStream in = Main.class.getResourceAsStream(WRITTEN)) {
                if (in != null) {
                    written.load(in);
                }
            }
            return new String[] {
                "swarmscope " + written.getProperty("version", "(not from a jar)"), "Java " + Runtime.version()
            };
        }
    }
}
