package io.swarmscope.examples;

import io.swarmscope.DhtMode;
import io.swarmscope.Multiaddr;
import io.swarmscope.PeerId;
import io.swarmscope.PeerStatus;
import io.swarmscope.Registry;
import io.swarmscope.RegistryConfig;
import io.swarmscope.RegistryException;
import io.swarmscope.RegistryStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/** Runs a node until somebody stops it. */
@Command(
        name = "node",
        header = "Run a node until Ctrl-C.",
        description = {
            "Listens, joins a network if --bootstrap says by whom, publishes if asked to, and serves others: stores records of the"
                    + " network and answers searches.",
            "The first lines of its output are its addresses with its peer id, one on each line, for the --bootstrap of others;"
                    + " after them come publication and the peers that join and leave. With --json each line is an object with a"
                    + " field 'event': listening, ready, publishing, published, refused, peer-joined, peer-left, stopped."
        },
        exitCodeList = {
            "  2:bad command line or value",
            "  4:cannot start: a port is in use, the data directory cannot be written",
            "130:stopped by Ctrl-C, after it closed and printed 'stopped'",
            "143:stopped by SIGTERM, likewise"
        },
        footer = {
            "Examples:",
            "  swarmscope node --listen /ip4/127.0.0.1/tcp/4001 --publish-maven ~/.m2/repository",
            "  swarmscope node --data ~/.swarmscope --bootstrap /ip4/127.0.0.1/tcp/4001/p2p/12D3KooW..."
        })
final class NodeCommand extends BaseCommand {
    private static final Duration LOOK_EVERY = Duration.ofMillis(500);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(10);

    @Option(
            names = "--listen",
            paramLabel = "ADDR",
            description = "Listen here, for example /ip4/127.0.0.1/tcp/4001; port 0 takes a free one. May be repeated."
                    + " Default: a free port of all IPv4 interfaces; with --client, nowhere.")
    private List<String> listen = new ArrayList<>();

    @Option(
            names = "--announce",
            paramLabel = "ADDR",
            description = "Tell others to dial here instead, for example behind a port forward. May be repeated.")
    private List<String> announce = new ArrayList<>();

    @Option(
            names = "--bootstrap",
            paramLabel = "ADDR",
            description = "A node to join by: /ip4/HOST/tcp/PORT/p2p/PEER. May be repeated. Without one it waits for others.")
    private List<String> bootstrap = new ArrayList<>();

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Keep the node's identity here, so that it is the same node next time. Without it, a new one each time.")
    private @Nullable Path data;

    @Option(
            names = "--network",
            paramLabel = "NAME",
            defaultValue = RegistryConfig.DEFAULT_NETWORK,
            description = "The network to join (default: ${DEFAULT-VALUE}).")
    private String network = RegistryConfig.DEFAULT_NETWORK;

    @Option(
            names = "--publish-maven",
            paramLabel = "DIR",
            description = "Publish what the POM files below this directory describe.")
    private @Nullable Path publishMaven;

    @Option(names = "--client", description = "Use the distributed hash table without serving it.")
    private boolean client;

    @Option(names = "--perf", description = "Answer the bandwidth test /perf/1.0.0. Lets any peer use this node's bandwidth.")
    private boolean perf;

    @Override
    int run() throws InterruptedException {
        RegistryConfig config = config();
        MavenRepository repository =
                publishMaven == null ? null : MavenRepository.read(publishMaven, Integer.MAX_VALUE);
        Thread main = Thread.currentThread();
        CountDownLatch ended = new CountDownLatch(1);
        Thread hook = new Thread(() -> stop(main, ended), "stop");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            serve(config, repository);
        } finally {
            tellTheRest();
            ended.countDown();
            removeQuietly(hook);
        }
        return Exit.OK;
    }

    private RegistryConfig config() {
        RegistryConfig config = observed(RegistryConfig.DEFAULT)
                .withNetwork(network)
                .withAnnounce(announce.toArray(String[]::new))
                .withBootstrap(bootstrap.toArray(String[]::new))
                .withDataDirectory(data)
                .withDhtMode(client ? DhtMode.CLIENT : DhtMode.SERVER)
                .withPerf(perf);
        return listen.isEmpty() && !client ? config : config.withListen(listen.toArray(String[]::new));
    }

    /** On the shutdown hook's thread: the process may end once the node is closed. */
    private static void stop(Thread main, CountDownLatch ended) {
        main.interrupt();
        try {
            ended.await(STOP_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void removeQuietly(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // the process is ending already, and the hook with it
        }
    }

    private void serve(RegistryConfig config, @Nullable MavenRepository repository) {
        try (Registry registry = Registry.open(config)) {
            introduce(registry);
            Thread publisher = repository == null
                    ? null
                    : Thread.ofVirtual().name("publish").start(() -> publish(registry, repository));
            try {
                watch(registry);
            } finally {
                if (publisher != null) {
                    publisher.interrupt();
                }
            }
        } catch (InterruptedException e) {
            // how a node is told to stop
        }
        tell("stopped", Json.object(), "stopped");
    }

    private void introduce(Registry registry) {
        for (Multiaddr address : registry.addresses()) {
            tell(address.toString(), Json.object().put("address", address.toString()), "listening");
        }
        if (registry.addresses().isEmpty()) {
            tell("listening nowhere", Json.object(), "listening");
        }
        say("node " + registry.id() + " of network " + network + (client ? ", uses the DHT" : ", serves the DHT")
                + "; Ctrl-C stops it");
    }

    private void watch(Registry registry) throws InterruptedException {
        Map<PeerId, PeerStatus> known = new LinkedHashMap<>();
        while (true) {
            RegistryStatus status = registry.status();
            Map<PeerId, PeerStatus> now = new LinkedHashMap<>();
            status.peers().forEach(p -> now.put(p.id(), p));
            for (PeerStatus peer : now.values()) {
                // a peer is worth a line once it said who it is, or kept silent about it for a while
                boolean introduced = !peer.agent().isEmpty() || peer.connectedFor().compareTo(Duration.ofSeconds(2)) > 0;
                if (introduced && known.putIfAbsent(peer.id(), peer) == null) {
                    tell("peer joined " + nameOf(peer), Json.peer(peer), "peer-joined");
                }
            }
            for (PeerStatus peer : List.copyOf(known.values())) {
                if (!now.containsKey(peer.id())) {
                    known.remove(peer.id());
                    tell("peer left   " + nameOf(peer), Json.object().put("id", peer.id().toString()), "peer-left");
                }
            }
            Thread.sleep(LOOK_EVERY);
        }
    }

    private static String nameOf(PeerStatus peer) {
        return peer.id() + " " + Text.line(peer.address().withoutPeerId().toString()) + " "
                + Text.cut(Text.line(peer.agent()), 40);
    }

    private void publish(Registry registry, MavenRepository repository) {
        try {
            joinFirst(registry);
            repository.refused().forEach(refused -> {
                warn(refused.message());
                event("refused", Json.object()
                        .put("file", refused.file().toString())
                        .put("field", refused.field())
                        .put("message", refused.message()));
            });
            if (verbose()) {
                repository.notes().forEach(this::warn);
            }
            tell(
                    "publishing " + Text.count(repository.versions(), "version") + " of "
                            + Text.count(repository.packages().size(), "package") + " from " + repository.directory(),
                    Json.object()
                            .put("versions", repository.versions())
                            .put("packages", repository.packages().size())
                            .put("directory", repository.directory().toString()),
                    "publishing");
            Publication.Outcome outcome =
                    Publication.of(repository.packages(), id -> registry, progress(repository.versions()));
            for (String failure : verbose() ? outcome.failures() : firstOf(outcome.failures())) {
                warn(failure);
            }
            tell(
                    String.format(
                            "published %s in %s; %s; %d failed",
                            Text.count(outcome.published(), "version"),
                            Text.time(outcome.elapsed()),
                            reach(outcome),
                            outcome.failures().size()),
                    Json.object()
                            .put("versions", outcome.published())
                            .put("reached", outcome.reached())
                            .put("failed", outcome.failures().size())
                            .put("elapsedMs", Json.ms(outcome.elapsed())),
                    "published");
        } catch (InterruptedException | RegistryException.Closed e) {
            say("publication was stopped");
        }
    }

    private static String reach(Publication.Outcome outcome) {
        if (outcome.reached() == 0) {
            return "no other node stores them yet";
        }
        return outcome.reached() == outcome.published()
                ? "other nodes store all of them"
                : "other nodes store " + outcome.reached() + " of them, and are offered the others again";
    }

    private void joinFirst(Registry registry) throws InterruptedException {
        if (bootstrap.isEmpty()) {
            return;
        }
        try {
            registry.awaitReady(registry.config().query().timeout());
            event("ready", Json.object());
        } catch (RegistryException.DeadlineExceeded e) {
            warn(e.getMessage() + "; publishing all the same, others get it when they come");
        }
    }

    private Progress progress(int total) {
        return json()
                ? Progress.lines(ignored -> {}, "", total)
                : Progress.lines(this::say, "published", total);
    }

    /** As many failures as one wants to read. */
    static List<String> firstOf(List<String> failures) {
        int shown = 5;
        if (failures.size() <= shown) {
            return failures;
        }
        List<String> some = new ArrayList<>(failures.subList(0, shown));
        some.add("and " + (failures.size() - shown) + " more; --verbose shows all");
        return some;
    }

    private void tell(String line, ObjectNode fields, String event) {
        say(line);
        event(event, fields);
    }

    /** A line for programs. */
    private void event(String name, ObjectNode fields) {
        if (json()) {
            ObjectNode line = Json.object().put("event", name);
            line.setAll(fields);
            out().println(Json.line(line));
            out().flush();
        }
    }
}
