package io.swarmscope.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The commands against real nodes over real sockets of this machine. */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class WholeTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration SOON = Duration.ofSeconds(20);

    private final List<RunningNode> nodes = new ArrayList<>();

    @TempDir
    private Path temporary;

    @AfterEach
    void stopNodes() throws InterruptedException {
        for (RunningNode node : nodes) {
            node.stop();
        }
    }

    // alice <- search
    @Test
    void whatANodePublishesIsSearchedFoundAndListedByOtherProcesses() throws Exception {
        RunningNode alice = node("--publish-maven", poms("org"));
        alice.awaitOut("publishing 5 versions of 3 packages", "published 5 versions in", "no other node stores them yet");

        Ran search = run("search", "logger", "--bootstrap", alice.address());
        assertThat(search.err()).isEmpty();
        assertThat(search.out()).contains("org.acme/logger", "1.10.0", "asked 1 peer, 1 answered", "complete");
        assertThat(search.code()).isZero();

        Ran json = run("search", "--tag", "ACME", "--category", "bom", "--json", "--bootstrap", alice.address());
        assertThat(JSON.readTree(json.out()).at("/hits/0/id").asString()).isEqualTo("org.acme/acme-bom");
        assertThat(JSON.readTree(json.out()).at("/report/complete").asBoolean()).isTrue();

        Ran nothing = run("search", "unheard-of", "--bootstrap", alice.address());
        assertThat(nothing.out()).contains("Nothing found.");
        assertThat(nothing.code()).isEqualTo(Exit.NOTHING_FOUND);

        Ran find = run("find", "org.acme/logger", "--bootstrap", alice.address());
        assertThat(find.err()).isEmpty();
        assertThat(find.out()).contains("org.acme/logger 1.10.0", "1.10.0, 1.10.0-rc.1, 1.2.0", alice.peer());
        assertThat(find.code()).isZero();

        Ran absent = run("find", "org.acme/absent", "--json", "--bootstrap", alice.address());
        assertThat(JSON.readTree(absent.out()).get("found").asBoolean()).isFalse();
        assertThat(absent.code()).isEqualTo(Exit.NOTHING_FOUND);

        Ran peers = run("peers", "--json", "--bootstrap", alice.address());
        assertThat(JSON.readTree(peers.out()).at("/peers/0/id").asString()).isEqualTo(alice.peer());
        assertThat(peers.code()).isZero();

        assertThat(alice.stop()).isZero();
        assertThat(alice.out()).endsWith("stopped\n");
    }

    @Test
    void nodesMeetAndTellProgramsOfIt() throws Exception {
        RunningNode alice = node("--json");
        alice.awaitOut("\"listening\"");
        String address = JSON.readTree(alice.out().lines().findFirst().orElseThrow()).get("address").asString();
        RunningNode bob = node("--json", "--bootstrap", address);

        alice.awaitOut("peer-joined");
        bob.awaitOut("peer-joined");
        bob.stop();
        alice.awaitOut("peer-left");
        alice.stop();

        assertThat(alice.out().lines()).allSatisfy(line -> assertThat(JSON.readTree(line).get("event").isString()).isTrue());
    }

    @Test
    void aNodeKeepsItsNameInItsDataDirectory() throws Exception {
        String data = temporary.resolve("data").toString();
        RunningNode first = node("--data", data);
        String peer = first.peer();
        first.stop();

        assertThat(node("--data", data).peer()).isEqualTo(peer);
    }

    @Test
    void whatCannotBeOpenedOrReachedHasItsOwnExitCode() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Ran port = run("node", "--listen", "/ip4/127.0.0.1/tcp/" + taken.getLocalPort());
            assertThat(port.err()).startsWith("swarmscope: ").contains(Integer.toString(taken.getLocalPort()));
            assertThat(port.code()).isEqualTo(Exit.CANNOT_OPEN);
        }
        Path file = Files.writeString(temporary.resolve("file"), "");
        Ran directory = run("node", "--listen", "/ip4/127.0.0.1/tcp/0", "--data", file.toString());
        assertThat(directory.err()).startsWith("swarmscope: ").contains(file.toString());
        assertThat(directory.code()).isEqualTo(Exit.CANNOT_OPEN);

        RunningNode alice = node();
        RunningNode bob = node();
        Ran wrongPeer = run("search", "x", "--bootstrap", alice.address().replace(alice.peer(), bob.peer()));
        assertThat(wrongPeer.err()).startsWith("swarmscope: ");
        assertThat(wrongPeer.code()).isEqualTo(Exit.COULD_NOT_FIND_OUT);
        alice.stop();
        Ran gone = run("peers", "--bootstrap", alice.address());
        assertThat(gone.err()).startsWith("swarmscope: ");
        assertThat(gone.code()).isEqualTo(Exit.COULD_NOT_FIND_OUT);
    }

    @Test
    void aCollectorIsToldOfASearch() throws Exception {
        Map<String, List<byte[]>> told = new ConcurrentHashMap<>();
        HttpServer collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/", exchange -> {
            try (exchange) {
                byte[] body = exchange.getRequestBody().readAllBytes();
                boolean zipped = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
                told.computeIfAbsent(exchange.getRequestURI().getPath(), path -> new CopyOnWriteArrayList<>())
                        .add(zipped ? new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes() : body);
                exchange.sendResponseHeaders(200, -1);
            }
        });
        collector.start();
        try {
            RunningNode node = node("--publish-maven", poms("org"));
            node.awaitOut("published 5 versions in");
            String url = "http://127.0.0.1:" + collector.getAddress().getPort() + "/";
            Ran search = run("search", "logger", "--bootstrap", node.address(), "--otlp", url);

            assertThat(search.code()).as("%s", search).isZero();
            assertThat(text(told, "/v1/traces")).contains("swarmscope", "open", "bootstrap", "search", "ask", node.peer());
            assertThat(text(told, "/v1/metrics")).contains("swarmscope.search.duration");
        } finally {
            collector.stop(0);
        }
        Ran wrong = run("search", "logger", "--bootstrap", "/ip4/127.0.0.1/tcp/1", "--otlp", "localhost");
        assertThat(wrong.err()).startsWith("swarmscope: --otlp localhost: http://HOST:PORT");
        assertThat(wrong.code()).isEqualTo(Exit.BAD_INPUT);
    }

    /** What is text in protocol buffers stands there as it is. */
    private static String text(Map<String, List<byte[]>> told, String path) {
        StringBuilder all = new StringBuilder();
        told.getOrDefault(path, List.of()).forEach(body -> all.append(new String(body, StandardCharsets.ISO_8859_1)));
        return all.toString();
    }

    @Test
    void theDemoPublishesSearchesAndEnds() {
        Ran demo = run("demo", "--maven-repository", poms(""));

        assertThat(demo.err()).isEmpty();
        assertThat(demo.out())
                .contains("node 1", "node 3", "9 refused:", "org.acme/logger", "Stopped cleanly")
                .doesNotContain("although it was published");
        assertThat(demo.out().lines().filter(l -> !l.contains(".pom: "))).allMatch(line -> line.length() <= 100);
        assertThat(demo.code()).isZero();
    }

    @Test
    void theDemoTellsProgramsInOneDocument() {
        Ran demo = run("demo", "--json", "--maven-repository", poms("org"));

        JsonNode told = JSON.readTree(demo.out());
        assertThat(told.at("/publication/published").asInt()).isEqualTo(5);
        assertThat(told.get("searches")).hasSize(3);
        assertThat(told.at("/searches/0/hits")).isNotEmpty();
        assertThat(told.at("/find/package/id").asString()).isEqualTo("org.acme/logger");
    }

    @Test
    void aProcessStopsCleanlyWhenTold() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "node",
                        "--listen",
                        "/ip4/127.0.0.1/tcp/0")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            assertThat(out.readLine()).startsWith("/ip4/127.0.0.1/tcp/").contains("/p2p/");
            process.toHandle().destroy(); // unlike process.destroy(), leaves its output open
            assertThat(out.lines().toList()).last().isEqualTo("stopped");
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(143);
        } finally {
            process.destroyForcibly();
        }
    }

    private RunningNode node(String... args) {
        List<String> all = new ArrayList<>(List.of("node", "--listen", "/ip4/127.0.0.1/tcp/0"));
        all.addAll(List.of(args));
        RunningNode node = new RunningNode(all.toArray(String[]::new));
        nodes.add(node);
        return node;
    }

    private static Ran run(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.run(new PrintWriter(out), new PrintWriter(err), args);
        return new Ran(code, out.toString(), err.toString());
    }

    private static String poms(String below) {
        try {
            return Path.of(WholeTest.class.getResource("/poms").toURI()).resolve(below).toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private record Ran(int code, String out, String err) {}

    /** A node command on a thread of its own; what interrupts that thread is to it what Ctrl-C is to a process. */
    private static final class RunningNode {
        private final StringWriter out = new StringWriter();
        private final StringWriter err = new StringWriter();
        private final AtomicInteger code = new AtomicInteger(-1);
        private final Thread thread;

        RunningNode(String... args) {
            thread = Thread.ofPlatform()
                    .name("node under test")
                    .start(() -> code.set(Main.run(new PrintWriter(out), new PrintWriter(err), args)));
        }

        /** Its first line. */
        String address() {
            awaitOut("\n");
            return out().lines().findFirst().orElseThrow();
        }

        String peer() {
            return address().substring(address().lastIndexOf('/') + 1);
        }

        String out() {
            return out.toString();
        }

        /** Until it printed all of these. */
        void awaitOut(String... texts) {
            await().atMost(SOON).untilAsserted(() -> assertThat(out() + err).contains(texts));
        }

        int stop() throws InterruptedException {
            thread.interrupt();
            thread.join(SOON.toMillis());
            assertThat(thread.isAlive()).isFalse();
            return code.get();
        }
    }
}
