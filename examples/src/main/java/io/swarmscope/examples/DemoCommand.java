package io.swarmscope.examples;

import io.swarmscope.DhtMode;
import io.swarmscope.PackageId;
import io.swarmscope.PackageManifest;
import io.swarmscope.PeerId;
import io.swarmscope.PublishedPackage;
import io.swarmscope.Query;
import io.swarmscope.Registry;
import io.swarmscope.RegistryConfig;
import io.swarmscope.RegistryStatus;
import io.swarmscope.SearchResult;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Shows the whole on one machine and its real data. */
@Command(
        name = "demo",
        header = "Three nodes on this machine: publish its Maven repository, then search it.",
        description = {
            "Starts three nodes with their own identities and ports on 127.0.0.1. Two of them publish the packages that the POM"
                    + " files of the local Maven repository describe; the third published nothing and finds them by"
                    + " asking the others. All that passes between them is libp2p over TCP. Nothing leaves this machine."
        },
        exitCodeList = {
            "0:all went well",
            "1:there are no POM files to publish",
            "2:bad command line, no such directory",
            "3:something that was published was not found",
            "4:a node cannot start"
        },
        footer = {
            "Examples:",
            "  swarmscope demo",
            "  swarmscope demo --maven-repository /srv/m2 --max 200",
            "  swarmscope demo --json | jq '.searches[].report'"
        })
final class DemoCommand extends BaseCommand {
    private static final String NETWORK = "demo";
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Duration SPREADING = Duration.ofSeconds(15);

    @Option(
            names = "--maven-repository",
            paramLabel = "DIR",
            description = "Where the POM files are (default: -Dmaven.repo.local, else ~/.m2/repository).")
    private @Nullable Path directory;

    @Option(
            names = "--max",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Publish at most this many POM files (default: ${DEFAULT-VALUE}); if there are more, from all over it.")
    private int max = 1000;

    private final Map<PeerId, String> names = new HashMap<>();
    private final ObjectNode told = Json.object();
    private final ArrayNode searches = Json.array();
    private boolean missed;

    @Override
    int run() throws InterruptedException {
        if (max < 1) {
            throw new ParameterException(spec().commandLine(), "--max " + max + ": at least 1");
        }
        long start = System.nanoTime();
        Path where = directory == null ? MavenRepository.localDirectory() : directory;
        say("Reading the POM files in " + where);
        MavenRepository repository = MavenRepository.read(where, max);
        if (repository.packages().isEmpty()) {
            failures("refused", repository.refused().stream().map(PomReader.Result.Refused::message).toList());
            warn("no POM file below " + repository.directory() + " describes a package; --maven-repository names another directory");
            return Exit.NOTHING_FOUND;
        }
        Duration reading = since(start);
        Stopped stopped = show(repository);
        finish(stopped, reading, since(start));
        return missed ? Exit.COULD_NOT_FIND_OUT : Exit.OK;
    }

    /** What is known once the nodes are closed. */
    private record Stopped(Publication.Outcome publication, Duration joining, Duration asking, Duration closing) {}

    private Stopped show(MavenRepository repository) throws InterruptedException {
        say("");
        say("Three nodes on this machine, joined over libp2p (TCP, Noise, Yamux)");
        say("");
        List<Registry> nodes = new ArrayList<>();
        try {
            long start = System.nanoTime();
            Registry one = open(nodes, RegistryConfig.DEFAULT);
            Registry two = open(nodes, RegistryConfig.DEFAULT.withBootstrap(one.addresses()));
            Registry three =
                    open(nodes, RegistryConfig.DEFAULT.withBootstrap(one.addresses()).withDhtMode(DhtMode.CLIENT));
            Duration joining = join(nodes, start);
            Publication.Outcome publication = publish(repository, one, two);
            long asked = System.nanoTime();
            ask(three, repository);
            Duration asking = since(asked);
            say("");
            states(nodes);
            return new Stopped(publication, joining, asking, close(nodes));
        } finally {
            close(nodes);
        }
    }

    private Registry open(List<Registry> nodes, RegistryConfig config) {
        Registry node = Registry.open(observed(config).withNetwork(NETWORK).withListen("/ip4/127.0.0.1/tcp/0"));
        nodes.add(node);
        String name = "node " + nodes.size();
        names.put(node.id(), name);
        String address = node.addresses().getFirst().toString();
        say("  " + name + "  " + address);
        array("nodes").add(Json.object()
                .put("name", name)
                .put("id", node.id().toString())
                .put("address", address)
                .put("dht", Json.word(node.config().dhtMode())));
        return node;
    }

    private Duration join(List<Registry> nodes, long start) throws InterruptedException {
        for (Registry node : nodes) {
            node.awaitReady(PATIENCE);
        }
        Registry three = nodes.getLast();
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (three.status().peers().size() < nodes.size() - 1 && System.nanoTime() < until) {
            Thread.sleep(20);
        }
        Duration joining = since(start);
        say("");
        say("Joined in " + Text.time(joining) + ". Node 3 only asks. It was told of node 1, and is connected to "
                + three.status().peers().stream().map(p -> name(p.id())).sorted().collect(Collectors.joining(" and ")) + ".");
        return joining;
    }

    // ---- publication

    private Publication.Outcome publish(MavenRepository repository, Registry one, Registry two) throws InterruptedException {
        say("");
        say("Publishing what the POM files in " + repository.directory() + " describe");
        say("  " + Text.count(repository.read(), "POM file") + (repository.read() < repository.files()
                        ? " of " + repository.files() + " (--max)"
                        : "")
                + ": " + Text.count(repository.versions(), "version") + " of "
                + Text.count(repository.packages().size(), "package"));
        failures("refused", repository.refused().stream().map(PomReader.Result.Refused::message).toList());
        if (!repository.notes().isEmpty()) {
            if (verbose()) {
                repository.notes().forEach(this::warn);
            } else {
                say("  " + Text.count(repository.notes().size(), "optional field") + " left out (--verbose says which and why)");
            }
        }
        Map<String, Registry> publishers = share(repository, one, two);
        Publication.Outcome outcome = Publication.of(
                repository.packages(), id -> publishers.getOrDefault(id.namespace(), one), progress(repository.versions()));
        failures("failed", outcome.failures());
        say(String.format(
                "  published %s from nodes 1 and 2 in %s (%.0f a second)",
                Text.count(outcome.published(), "version"), Text.time(outcome.elapsed()), outcome.rate()));
        spread(outcome, List.of(one, two));
        told.set("publication", Json.object()
                .put("directory", repository.directory().toString())
                .put("files", repository.files())
                .put("filesRead", repository.read())
                .put("packages", repository.packages().size())
                .put("refused", repository.refused().size())
                .put("published", outcome.published())
                .put("reached", outcome.reached())
                .put("failed", outcome.failures().size())
                .put("elapsedMs", Json.ms(outcome.elapsed())));
        return outcome;
    }

    /** Waits until the nodes store each other's records: they take so many a second, and what was too much is offered again. */
    private void spread(Publication.Outcome outcome, List<Registry> nodes) throws InterruptedException {
        long start = System.nanoTime();
        long waiting = waiting(nodes);
        while (waiting > 0 && since(start).compareTo(SPREADING) < 0) {
            Thread.sleep(100);
            waiting = waiting(nodes);
        }
        Duration elapsed = since(start);
        boolean atOnce = outcome.reached() == outcome.published();
        say("  " + (waiting > 0
                ? waiting + " records wait until the other node takes more; going on"
                : "the other node stores each of them too" + (atOnce ? "" : ", the last after another " + Text.time(elapsed))));
        told.put("spreadingMs", Json.ms(elapsed)).put("notSpread", waiting);
    }

    private static long waiting(List<Registry> nodes) throws InterruptedException {
        long waiting = 0;
        for (Registry node : nodes) {
            waiting += node.status().counters().getOrDefault("waiting", 0L);
        }
        return waiting;
    }

    /** A namespace belongs to one key, so each goes to one node; the largest first, always to the node with less to do. */
    private static Map<String, Registry> share(MavenRepository repository, Registry one, Registry two) {
        Map<String, Integer> sizes = new HashMap<>();
        repository.packages().forEach((id, versions) -> sizes.merge(id.namespace(), versions.size(), Integer::sum));
        Map<String, Registry> shares = new HashMap<>();
        int[] load = new int[2];
        sizes.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .forEach(e -> {
                    int less = load[0] <= load[1] ? 0 : 1;
                    load[less] += e.getValue();
                    shares.put(e.getKey(), less == 0 ? one : two);
                });
        return shares;
    }

    private Progress progress(int total) {
        return json() ? Progress.none() : Progress.of(err(), this::say, "published", total);
    }

    private void failures(String what, List<String> messages) {
        if (messages.isEmpty()) {
            return;
        }
        say("  " + messages.size() + " " + what + ":");
        for (String message : verbose() ? messages : NodeCommand.firstOf(messages)) {
            if (json()) {
                warn(message);
            } else {
                say("    " + message);
            }
        }
    }

    // ---- questions

    private void ask(Registry three, MavenRepository repository) throws InterruptedException {
        Map<PackageId, Integer> versions = new HashMap<>();
        repository.packages().forEach((id, all) -> versions.put(id, all.size()));
        DemoQueries queries = DemoQueries.of(repository.latest(), versions);
        say("");
        say("Node 3 asks. Its own index holds " + Text.count(three.status().packages(), "package") + ".");
        search(three, "the word \"" + queries.byText().text() + "\"", queries.byText());
        search(three, "anything in the category " + queries.byCategory().categories().getFirst()
                + ", " + queries.byCategory().limit() + " are enough", queries.byCategory());
        search(three, "\"" + queries.firstAnswer().text() + "\", the first answer is enough", queries.firstAnswer());
        find(three, queries.exact());
        nothing(three);
    }

    private void search(Registry node, String title, Query query) throws InterruptedException {
        say("");
        say("Search " + (searches.size() + 1) + ": " + title);
        say("");
        SearchResult result = node.search(query);
        missed |= result.hits().isEmpty();
        if (result.hits().isEmpty()) {
            say("  nothing found, although it was published");
        } else {
            Print.hits(result.hits(), "from node", this::numbers).forEach(this::say);
        }
        say("");
        Print.report(result.report(), this::name).forEach(this::say);
        ObjectNode asked = Json.object().put("text", query.text());
        asked.set("categories", Json.texts(query.categories()));
        asked.put("limit", query.limit());
        ObjectNode search = Json.object();
        search.set("query", asked);
        search.setAll(Json.search(result));
        searches.add(search);
    }

    private void find(Registry node, PackageId id) throws InterruptedException {
        say("");
        say("Find " + id + " by its exact name, in the distributed hash table");
        say("");
        long start = System.nanoTime();
        Optional<PublishedPackage> found = node.find(id);
        Duration elapsed = since(start);
        missed |= found.isEmpty();
        found.map(f -> Print.found(f, this::name)).orElse(List.of("  not found, although it was published")).forEach(this::say);
        say("");
        say("found and verified in " + Text.time(elapsed));
        told.set("find", Json.object()
                .put("id", id.toString())
                .put("elapsedMs", Json.ms(elapsed))
                .set("package", found.map(Json::found).orElse(null)));
    }

    private void nothing(Registry node) throws InterruptedException {
        PackageId id = PackageId.parse("org.example/no-such-package");
        long start = System.nanoTime();
        boolean exists = node.exists(id);
        say("");
        say("Find " + id + ": " + (exists ? "found" : "the nodes that would know say there is none")
                + " (" + Text.time(since(start)) + ")");
    }

    // ---- the end

    private void states(List<Registry> nodes) throws InterruptedException {
        for (Registry node : nodes) {
            RegistryStatus status = node.status();
            say(String.format(
                    "  %s  published %s, index %s, DHT %s, %s",
                    name(node.id()),
                    Text.count(status.published(), "package"),
                    Text.count(status.packages(), "package"),
                    Text.count(status.records(), "record"),
                    Text.count(status.peers().size(), "peer")));
        }
    }

    /** Closes those that are open, last opened first. */
    private static Duration close(List<Registry> nodes) {
        long start = System.nanoTime();
        while (!nodes.isEmpty()) {
            nodes.removeLast().close();
        }
        return since(start);
    }

    private void finish(Stopped stopped, Duration reading, Duration total) {
        say("");
        say("Stopped cleanly in " + Text.time(stopped.closing()) + ".");
        say(String.format(
                "All took %s: reading %s, joining %s, publishing %s, questions %s.",
                Text.time(total),
                Text.time(reading),
                Text.time(stopped.joining()),
                Text.time(stopped.publication().elapsed()),
                Text.time(stopped.asking())));
        if (json()) {
            told.set("searches", searches);
            told.put("readingMs", Json.ms(reading))
                    .put("joiningMs", Json.ms(stopped.joining()))
                    .put("stoppingMs", Json.ms(stopped.closing()))
                    .put("totalMs", Json.ms(total));
            out().println(Json.document(told));
        }
    }

    /** {@code 1, 2} for node 1 and node 2. */
    private String numbers(List<PeerId> peers) {
        return peers.stream().map(p -> name(p).replace("node ", "")).sorted().collect(Collectors.joining(", "));
    }

    private String name(PeerId peer) {
        return names.getOrDefault(peer, peer.shortText());
    }

    private ArrayNode array(String field) {
        return told.get(field) instanceof ArrayNode array ? array : told.putArray(field);
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
