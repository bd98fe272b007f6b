package io.swarmscope.interop;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Serial;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A js-libp2p node in a process of its own: {@code src/test/interop/peer.mjs}, which says what the operations are. The
 * process ends when this is closed, and by itself when this JVM ends. Safe for use by any thread.
 */
final class JsPeer implements AutoCloseable {

    static final Duration TIMEOUT = Duration.ofSeconds(30);

    private static final JsonMapper JSON = new JsonMapper();
    private static final int LINES_KEPT = 200;

    private final Process process;
    private final Writer requests;
    private final CompletableFuture<JsonNode> ready = new CompletableFuture<>();
    private final Map<Long, CompletableFuture<JsonNode>> pending = new ConcurrentHashMap<>();
    private final AtomicLong lastId = new AtomicLong();
    private final Deque<String> stderr = new ArrayDeque<>();
    private final Thread errorReader;
    private volatile @Nullable AssertionError gone;

    /** js refused an operation: what its error is called and says. */
    static final class Failure extends RuntimeException {
        @Serial
        private static final long serialVersionUID = 1L;

        private final String name;

        Failure(String operation, String name, String message) {
            super(operation + ": " + name + ": " + message);
            this.name = name;
        }

        /** The class of the error in js, for example {@code UnsupportedProtocolError}. */
        String name() {
            return name;
        }
    }

    /** Starts a node that listens on a free port of 127.0.0.1. */
    static JsPeer start() {
        return start(Map.of());
    }

    /** Starts a node with options of {@code peer.mjs}. */
    static JsPeer start(Map<String, ?> options) {
        JsPeer peer = new JsPeer(options);
        try {
            peer.await("start", peer.ready, TIMEOUT);
        } catch (RuntimeException | Error e) {
            peer.close();
            throw e;
        }
        return peer;
    }

    private JsPeer(Map<String, ?> options) {
        Path directory = directory();
        try {
            process = new ProcessBuilder(node(directory), "peer.mjs", JSON.writeValueAsString(options))
                    .directory(directory.toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        requests = process.outputWriter(StandardCharsets.UTF_8);
        errorReader = Thread.ofPlatform().daemon().name("js-peer-stderr").start(this::keepErrors);
        Thread.ofPlatform().daemon().name("js-peer-stdout").start(this::readAnswers);
    }

    /** Its peer id in base58. */
    String id() {
        return ready.join().get("peerId").asString();
    }

    /** An address it listens on, with its peer id. */
    String address() {
        return ready.join().get("addrs").get(0).asString();
    }

    /** Runs an operation. The arguments alternate names and values. */
    JsonNode call(String operation, Object... arguments) {
        return call(TIMEOUT, operation, arguments);
    }

    /** Runs an operation that takes longer, or shall end earlier, than others. */
    JsonNode call(Duration timeout, String operation, Object... arguments) {
        return await(operation, begin(timeout, operation, arguments), timeout.plusSeconds(5));
    }

    /** Starts an operation; the future fails with {@link Failure} if js refuses it. */
    CompletableFuture<JsonNode> begin(Duration timeout, String operation, Object... arguments) {
        long id = lastId.incrementAndGet();
        Map<String, Object> request = new HashMap<>();
        for (int i = 0; i < arguments.length; i += 2) {
            request.put((String) arguments[i], arguments[i + 1]);
        }
        request.put("id", id);
        request.put("op", operation);
        request.put("timeout", timeout.toMillis());
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        pending.put(id, answer);
        AssertionError ended = gone;
        if (ended != null) {
            answer.completeExceptionally(ended);
        }
        try {
            synchronized (requests) {
                requests.write(JSON.writeValueAsString(request) + "\n");
                requests.flush();
            }
        } catch (IOException e) {
            answer.completeExceptionally(new AssertionError(trouble(operation + ": the js process is gone"), e));
        }
        return answer.thenApply(line -> {
            if (!line.get("ok").asBoolean()) {
                JsonNode error = line.get("error");
                throw new Failure(
                        operation, error.get("name").asString(), error.get("message").asString());
            }
            return line.get("result");
        });
    }

    /** Bytes in an answer. */
    static byte[] bytes(JsonNode base64) {
        return Base64.getDecoder().decode(base64.asString());
    }

    /** Bytes in a request. */
    static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** A list of texts in an answer. */
    static List<String> strings(JsonNode array) {
        return array.valueStream().map(JsonNode::asString).toList();
    }

    /** What the process complained of, newest last. */
    List<String> errors() {
        synchronized (stderr) {
            return List.copyOf(stderr);
        }
    }

    /** Ends the process at once, as a crash would. */
    void kill() {
        process.destroyForcibly();
    }

    @Override
    public void close() {
        try {
            requests.close(); // end of input: it stops by itself
            if (!process.waitFor(3, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
            }
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private JsonNode await(String operation, CompletableFuture<JsonNode> answer, Duration timeout) {
        try {
            return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Failure failure) {
                failure.addSuppressed(new AssertionError(trouble("called from here")));
                throw failure;
            }
            throw new AssertionError(e.getCause().getMessage(), e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError(trouble(operation + " was not answered in " + timeout), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(operation + " was interrupted", e);
        }
    }

    private void readAnswers() {
        try (BufferedReader answers = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = answers.readLine(); line != null; line = answers.readLine()) {
                JsonNode answer = JSON.readTree(line);
                if (answer.has("ready")) {
                    ready.complete(answer);
                } else {
                    CompletableFuture<JsonNode> waiting = pending.remove(answer.get("id").asLong());
                    if (waiting != null) {
                        waiting.complete(answer);
                    }
                }
            }
            endAll(null);
        } catch (IOException | RuntimeException e) {
            endAll(e);
        }
    }

    private void endAll(@Nullable Exception cause) {
        try {
            errorReader.join(Duration.ofSeconds(2)); // what it said last tells why
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        AssertionError ended = new AssertionError(trouble("the js process ended"), cause);
        gone = ended;
        ready.completeExceptionally(ended);
        List.copyOf(pending.values()).forEach(waiting -> waiting.completeExceptionally(ended));
    }

    private void keepErrors() {
        try (BufferedReader errors = process.errorReader(StandardCharsets.UTF_8)) {
            for (String line = errors.readLine(); line != null; line = errors.readLine()) {
                synchronized (stderr) {
                    if (stderr.size() == LINES_KEPT) {
                        stderr.removeFirst();
                    }
                    stderr.addLast(line);
                }
            }
        } catch (IOException e) {
            // the process is gone; readAnswers says so
        }
    }

    private String trouble(String what) {
        List<String> lines = new ArrayList<>();
        lines.add(what + (process.isAlive() ? "" : " (exit code " + process.exitValue() + ")"));
        List<String> errors = errors();
        lines.add(errors.isEmpty() ? "its stderr is empty" : "its stderr:");
        lines.addAll(errors);
        return String.join("\n", lines);
    }

    /** Where {@code peer.mjs} is: Maven runs tests in the module's directory, IDEs often in the repository's. */
    private static Path directory() {
        Path start = Path.of("").toAbsolutePath();
        return Stream.of(start.resolve("src/test/interop"), start.resolve("lib/src/test/interop"))
                .filter(directory -> Files.exists(directory.resolve("peer.mjs")))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no src/test/interop/peer.mjs from " + start));
    }

    /** The Node binary that came with the packages; elsewhere one from the PATH, which must be of version 22 or later. */
    private static String node(Path directory) {
        Path modules = directory.resolve("node_modules");
        if (!Files.isDirectory(modules.resolve("libp2p"))) {
            throw new AssertionError("js-libp2p is not installed: run 'npm ci' in " + directory);
        }
        try (Stream<Path> packages = Files.list(modules)) {
            return packages.map(found -> found.resolve("bin/node"))
                    .filter(Files::isExecutable)
                    .map(Path::toString)
                    .findFirst()
                    .orElse("node");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
