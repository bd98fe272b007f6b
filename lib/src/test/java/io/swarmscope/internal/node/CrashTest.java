package io.swarmscope.internal.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.swarmscope.ChildJvm;
import io.swarmscope.PackageId;
import io.swarmscope.PublishedPackage;
import io.swarmscope.Registry;
import io.swarmscope.RegistryException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A node that is killed at any moment, while it starts, works or closes: afterwards it starts again, is who it was, and what it acknowledged is there.
 */
class CrashTest {

    /** How often one directory is used, before a fresh one takes its turn, in which the first start may be killed as well. */
    private static final int ROUNDS_IN_ONE = 10;

    @TempDir
    Path directory;

    private final Map<String, Model> packages = new TreeMap<>();
    private long acknowledged;
    private long undecided;
    private int beforeOpen;
    private int whileClosing;

    @Test
    @Timeout(value = 120, unit = TimeUnit.SECONDS)
    void killedFiveTimesItLosesNothing() throws Exception {
        crash(5, 7);
        assertThat(acknowledged).isPositive();
    }

    @Test
    @Tag("slow")
    @Timeout(value = 15, unit = TimeUnit.MINUTES)
    void killedTwoHundredTimesItLosesNothing() throws Exception {
        long began = System.nanoTime();
        crash(200, 4711);
        System.out.printf(
                "killed 200 times, %d of them before it was open and %d while it closed: %d steps acknowledged, %d cut off, %d s%n",
                beforeOpen, whileClosing, acknowledged, undecided, Duration.ofNanos(System.nanoTime() - began).toSeconds());
        assertThat(beforeOpen).isGreaterThan(10);
        assertThat(whileClosing).isGreaterThan(10);
    }

    /** Of these programs alone: SQLite's library in there is cleaned up by whoever starts next, and two that do so at once complain. */
    private Path temporary() throws IOException {
        return Files.createDirectories(directory.resolve("temporary"));
    }

    private void crash(int times, long seed) throws Exception {
        Random random = new Random(seed);
        Child next = new Child(directory.resolve("said"), temporary());
        try {
            Optional<String> identity = Optional.empty();
            for (int round = 0; round < times; round++) {
                if (round % ROUNDS_IN_ONE == 0) {
                    packages.clear();
                    identity = Optional.empty();
                }
                Path data = directory.resolve("data" + round / ROUNDS_IN_ONE);
                Child child = next;
                next = new Child(directory.resolve("said" + round), temporary());
                child.go(data, random.nextLong(1L << 40), known(random));
                killSometime(child, random);
                Map<String, Step> cutOff = child.tell(packages);
                acknowledged += child.acknowledged;
                undecided += cutOff.size();
                boolean last = (round + 1) % ROUNDS_IN_ONE == 0 || round + 1 == times;
                String what = "seed " + seed + ", round " + round + ", " + child.lines().size() + " lines";
                identity = Optional.of(check(data, what, cutOff, last ? packages.keySet().stream().toList() : child.touched, child, identity));
            }
        } finally {
            next.kill();
        }
    }

    /** Some packages with just the two versions that the program supposes. */
    private List<String> known(Random random) {
        List<String> fit = packages.values().stream().filter(model -> model.live.size() == 2 && model.live.containsKey(2) && model.gone.isEmpty())
                .map(model -> model.id)
                .toList();
        return fit.isEmpty() ? fit : fit.subList(0, Math.min(fit.size(), 4 + random.nextInt(8)));
    }

    /** In every fourth round while it starts, in every fourth while it closes, else while it works. */
    private void killSometime(Child child, Random random) throws InterruptedException {
        int dice = random.nextInt(4);
        boolean closes = dice == 0;
        boolean starts = dice == 1;
        if (!starts) {
            child.await(lines -> lines.size() > (closes ? 20 : 2));
        }
        if (closes) {
            child.say("close");
        }
        long delay = TimeUnit.MICROSECONDS.toNanos(random.nextInt(closes ? 30_000 : 300_000));
        long until = System.nanoTime() + delay;
        while (System.nanoTime() < until) {
            LockSupport.parkNanos(until - System.nanoTime());
        }
        boolean wasAlive = child.kill();
        whileClosing += closes && wasAlive ? 1 : 0;
        beforeOpen += child.lines().stream().noneMatch(line -> line.startsWith("open")) ? 1 : 0;
    }

    /** Opens what the program left. Returns whose it is. */
    private String check(
            Path data, String what, Map<String, Step> cutOff, List<String> ids, Child child, Optional<String> identity) throws Exception {
        String self;
        try (Registry registry = Registry.open(Crasher.config(data))) {
            self = registry.id().toString();
            assertThat(identity.orElse(self)).as(what).isEqualTo(self);
            child.identity().ifPresent(id -> assertThat(id).as(what).isEqualTo(self));
            for (String id : ids) {
                Model model = packages.get(id);
                Step step = cutOff.get(id);
                Optional<String> wrong = model.check(registry);
                if (wrong.isPresent() && step != null) {
                    Model after = model.after(step, model.sequence);
                    packages.put(id, after);
                    assertThat(after.check(registry)).as(what + ": " + step + " is neither done nor undone: " + wrong).isEmpty();
                } else {
                    assertThat(wrong).as(what + ", after " + model.history).isEmpty();
                }
            }
            assertWithdrawnForGood(registry, what, ids);
        }
        try (Stream<Path> files = Files.list(data)) {
            assertThat(files.map(file -> file.getFileName().toString())).as(what).noneMatch(name -> name.contains("corrupt"));
        }
        assertSound(data, what);
        return self;
    }

    private void assertWithdrawnForGood(Registry registry, String what, List<String> ids) {
        ids.stream().map(packages::get).filter(model -> !model.gone.isEmpty()).limit(5).forEach(model -> {
            int version = model.gone.keySet().iterator().next();
            assertThatThrownBy(() -> registry.publish(Crasher.manifest(model.id, version)))
                    .as(what + ", after " + model.history)
                    .isInstanceOf(RegistryException.Conflict.class);
        });
    }

    private static void assertSound(Path data, String what) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("swarmscope.db"));
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("PRAGMA integrity_check")) {
            assertThat(result.getString(1)).as(what).isEqualTo("ok");
        }
    }

    private record Step(Crasher.Op op, String id, int version) {}

    /** What is known of a package by what was acknowledged. */
    private static final class Model {
        private final String id;
        private final TreeMap<Integer, Boolean> live = new TreeMap<>();
        private final TreeMap<Integer, Boolean> gone = new TreeMap<>();
        private final List<String> history = new ArrayList<>();
        private long sequence;

        Model(String id) {
            this.id = id;
        }

        Model after(Step step, long newSequence) {
            Model next = new Model(id);
            next.live.putAll(live);
            next.gone.putAll(gone);
            next.history.addAll(history);
            next.history.add(step.op + " " + step.version + " " + newSequence);
            next.sequence = newSequence;
            switch (step.op) {
                case PUBLISH, RENEW -> next.live.put(step.version, true);
                case WITHDRAW_VERSION -> {
                    next.live.remove(step.version);
                    next.gone.put(step.version, true);
                }
                case WITHDRAW_PACKAGE -> {
                    next.gone.putAll(next.live);
                    next.live.clear();
                }
            }
            return next;
        }

        /** What is not as it should be. */
        Optional<String> check(Registry registry) throws InterruptedException {
            Optional<PublishedPackage> head = find(registry, 0);
            if (head.isPresent() == live.isEmpty()) {
                return Optional.of(id + (head.isPresent() ? " is there" : " is lost"));
            }
            if (head.isPresent()) {
                List<String> versions = live.descendingKeySet().stream().map(version -> version + ".0.0").toList();
                boolean newest = head.get().manifest().equals(Crasher.manifest(id, live.lastKey()));
                if (!newest || !head.get().versions().equals(versions) || head.get().sequence() < sequence) {
                    return Optional.of(id + ": " + head.get() + " in place of " + versions + " " + sequence);
                }
            }
            for (int version : live.keySet()) {
                Optional<PublishedPackage> found = find(registry, version);
                if (found.isEmpty() || !found.get().manifest().equals(Crasher.manifest(id, version))) {
                    return Optional.of(id + " " + version + " is " + found);
                }
            }
            for (int version : gone.keySet()) {
                if (find(registry, version).isPresent()) {
                    return Optional.of(id + " " + version + " is back");
                }
            }
            return Optional.empty();
        }

        /** Of version 0, the package. There is nobody to ask who could know more. */
        private Optional<PublishedPackage> find(Registry registry, int version) throws InterruptedException {
            try {
                PackageId parsed = PackageId.parse(id);
                return version == 0 ? registry.find(parsed) : registry.findVersion(parsed, version + ".0.0");
            } catch (RegistryException.CouldNotFindOut e) {
                return Optional.empty();
            }
        }
    }

    /** A process that is made beforehand, because that takes its time. */
    private static final class Child {
        private final Process process;
        private final Path said;
        private final List<String> touched = new ArrayList<>();
        private long acknowledged;

        /** What it says goes into a file: of a pipe, the end may be lost when it is killed. */
        Child(Path said, Path temporary) throws IOException {
            this.said = said;
            process = ChildJvm.of(Crasher.class, List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx128m", "-Djava.io.tmpdir=" + temporary))
                    .redirectErrorStream(true)
                    .redirectOutput(said.toFile())
                    .start();
        }

        List<String> lines() {
            try {
                return Files.readAllLines(said);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        void go(Path data, long seed, List<String> known) {
            await(lines -> lines.contains("ready"));
            say(data + " " + seed + (known.isEmpty() ? "" : " " + String.join(" ", known)));
        }

        /** Waits until it has said enough, or has ended. */
        void await(Predicate<List<String>> enough) {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> enough.test(lines()) || !process.isAlive());
        }

        void say(String line) {
            try {
                process.outputWriter().append(line).append('\n').flush();
            } catch (IOException e) {
                throw new UncheckedIOException("after " + lines(), e);
            }
        }

        /** Whether it had not ended by itself. */
        boolean kill() throws InterruptedException {
            boolean alive = process.isAlive();
            process.destroyForcibly();
            process.waitFor();
            return alive;
        }

        Optional<String> identity() {
            return lines().stream().filter(line -> line.startsWith("open ")).map(line -> line.substring(5)).findAny();
        }

        /** Applies what was acknowledged. What was begun and was not is returned by package. */
        Map<String, Step> tell(Map<String, Model> packages) {
            Map<String, Step> begun = new LinkedHashMap<>();
            for (String line : lines()) {
                String[] words = line.split(" ");
                if (words[0].equals("try") && words.length == 5) {
                    begun.put(words[1], new Step(Crasher.Op.valueOf(words[2]), words[3], Integer.parseInt(words[4])));
                } else if (words[0].equals("ok")) {
                    acknowledge(begun.remove(words[1]), Long.parseLong(words[2]), packages);
                } else {
                    assertThat(line).as("what the program says").matches("(ready|open|end|try).*");
                    assertThat(line).doesNotContain("Conflict", "NotStored", "CouldNotFindOut");
                }
            }
            Map<String, Step> cutOff = new HashMap<>();
            for (Step step : begun.values()) {
                cutOff.put(step.id, step);
                packages.putIfAbsent(step.id, new Model(step.id));
                touched.add(step.id);
            }
            return cutOff;
        }

        private void acknowledge(Step step, long sequence, Map<String, Model> packages) {
            Model before = packages.computeIfAbsent(step.id, Model::new);
            assertThat(sequence).as(step + " after " + before.history).isGreaterThanOrEqualTo(before.sequence + (step.op == Crasher.Op.RENEW ? 0 : 1));
            packages.put(step.id, before.after(step, sequence));
            touched.add(step.id);
            acknowledged++;
        }
    }
}
