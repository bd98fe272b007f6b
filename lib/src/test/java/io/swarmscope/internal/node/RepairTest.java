package io.swarmscope.internal.node;

import static io.swarmscope.internal.node.Network.PATIENCE;
import static io.swarmscope.internal.node.Network.manifest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.swarmscope.PackageId;
import io.swarmscope.PeerId;
import io.swarmscope.PublishedPackage;
import io.swarmscope.Query;
import io.swarmscope.Registry;
import io.swarmscope.RegistryConfig;
import io.swarmscope.internal.fork.Forks;
import io.swarmscope.internal.fork.Outcome;
import io.swarmscope.internal.fork.Deadline;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a node missed, it gets back by itself: by one sync, and nothing comes back that was withdrawn. Who published is gone by then, so that nothing
 * but a sync can bring it.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class RepairTest {

    private static final RegistryConfig LOOPBACK = RegistryConfig.DEFAULT.withListen("/ip4/127.0.0.1/tcp/0");
    private static final int BEFORE = 60;
    private static final int MISSED = 500;
    private static final int WITHDRAWN = 25;

    private static long counter(Registry node, String name) throws InterruptedException {
        return node.status().counters().getOrDefault(name, 0L);
    }

    private static PackageId id(String kind, int number) {
        return PackageId.parse("acme/" + kind + "-" + number);
    }

    private interface Step {
        Object of(int number) throws InterruptedException;
    }

    /** Does it for all numbers below, several at a time. */
    private static void forEach(int count, Step step) throws InterruptedException {
        List<Callable<Object>> tasks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int number = i;
            tasks.add(() -> step.of(number));
        }
        for (int from = 0; from < count; from += 16) {
            List<Callable<Object>> some = tasks.subList(from, Math.min(count, from + 16));
            List<Outcome<Object>> outcomes = Forks.best().run("test", some, Forks.all(), Deadline.after(Duration.ofSeconds(60)));
            assertThat(outcomes).allSatisfy(outcome -> assertThat(outcome).isInstanceOf(Outcome.Value.class));
        }
    }

    private static void publish(Registry by, String kind, int count, String version) throws InterruptedException {
        forEach(count, i -> by.publish(manifest(id(kind, i).toString(), version, "Package " + kind + " number" + i)));
    }

    /** A session has ended well, whichever of the two began it. */
    private static void awaitSync(Registry one, Registry other, long sessionsOfOther) {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(10))
                // Counted when they have ended.
                .until(() -> counter(one, "sync.begun") + counter(other, "sync.begun") > sessionsOfOther);
        assertNoneFailed(one);
        assertNoneFailed(other);
    }

    private static void assertNoneFailed(Registry node) {
        await().untilAsserted(() -> assertThat(counter(node, "sync.failed")).as(node.status().counters().toString()).isZero());
    }

    @Test
    void aNodeThatWasAwayGetsAllByOneSyncAndResurrectsNothing(@TempDir Path data) throws Exception {
        try (Network network = new Network()) {
            Registry holder = network.open();
            Registry publisher = network.open();
            Registry away = network.open(config -> config.withDataDirectory(data));
            publish(publisher, "gone", WITHDRAWN, "1.0.0");
            publish(publisher, "kept", BEFORE, "1.0.0");
            publish(publisher, "kept", WITHDRAWN, "1.1.0");
            await().atMost(PATIENCE).until(() -> away.status().packages() == WITHDRAWN + BEFORE);
            assertThat(away.find(id("kept", 0)).orElseThrow().versions()).containsExactly("1.1.0", "1.0.0");
            PeerId self = away.id();
            away.close();

            publish(publisher, "new", MISSED, "1.0.0");
            forEach(WITHDRAWN, i -> publisher.unpublish(id("gone", i)));
            forEach(WITHDRAWN, i -> publisher.unpublish(id("kept", i), "1.1.0"));
            await().atMost(PATIENCE).until(() -> holder.status().packages() == MISSED + BEFORE);
            publisher.close();
            await().atMost(PATIENCE).until(() -> holder.status().peers().isEmpty());
            long sessions = counter(holder, "sync.begun");

            try (Registry back = Registry.open(LOOPBACK.withDataDirectory(data).withBootstrap(List.of(network.seed())))) {
                assertThat(back.id()).isEqualTo(self);
                assertThat(back.status().packages()).as("what it still has").isEqualTo(WITHDRAWN + BEFORE);
                awaitSync(back, holder, sessions);
                assertConverged(back);
                assertConverged(holder);
                long moved = counter(back, "sync.gained") + counter(holder, "sync.offered");
                // The tombstones of packages and of versions, and the heads of what lost a version.
                assertThat(moved).isGreaterThanOrEqualTo(MISSED + 3 * WITHDRAWN);
                assertThat(moved).as("in proportion to what differs").isLessThan(2 * (MISSED + 3 * WITHDRAWN));

                try (Registry late = Registry.open(LOOPBACK.withBootstrap(List.of(back.addresses().getFirst())))) {
                    late.awaitReady(PATIENCE);
                    await().atMost(PATIENCE).until(() -> counter(late, "sync.begun") > 0 && late.status().packages() == MISSED + BEFORE);
                    assertConverged(late);
                }
            }
        }
    }

    private static void assertConverged(Registry node) throws InterruptedException {
        assertThat(node.status().packages()).isEqualTo(MISSED + BEFORE);
        for (int i = 0; i < MISSED; i++) {
            PublishedPackage found = node.find(id("new", i)).orElseThrow();
            assertThat(found.manifest().title()).isEqualTo("Package new number" + i);
        }
        for (int i = 0; i < BEFORE; i++) {
            assertThat(node.find(id("kept", i)).orElseThrow().versions()).containsExactly("1.0.0");
        }
        for (int i = 0; i < WITHDRAWN; i++) {
            assertThat(node.find(id("gone", i))).isEmpty();
            assertThat(node.findVersion(id("gone", i), "1.0.0")).isEmpty();
            assertThat(node.findVersion(id("kept", i), "1.1.0")).isEmpty();
        }
        assertThat(node.search(Query.text("gone").limit(1000)).hits()).isEmpty();
        assertThat(node.search(Query.text("kept").limit(1000)).hits()).hasSize(BEFORE);
        assertThat(node.search(Query.text("new number499").limit(1000)).packages())
                .extracting(PublishedPackage::id)
                .containsExactly(id("new", 499));
    }

    @Test
    @Timeout(value = 4, unit = TimeUnit.MINUTES)
    void twoHalvesThatPublishedApartHealByOneConnection() throws Exception {
        try (Network left = new Network();
                Network right = new Network()) {
            List<Registry> all = new ArrayList<>();
            for (Network half : List.of(left, right)) {
                String kind = half == left ? "left" : "right";
                List<Registry> nodes = List.of(half.open(), half.open(), half.open());
                all.addAll(nodes);
                for (int i = 0; i < 30; i++) {
                    nodes.get(i % 3).publish(manifest(kind + i % 3 + "/package-" + i, "1.0.0", "On the " + kind));
                    nodes.get(i % 3).publish(manifest(kind + i % 3 + "/package-" + i, "2.0.0", "On the " + kind));
                }
                for (int i = 0; i < 6; i++) {
                    nodes.get(i % 3).unpublish(PackageId.parse(kind + i % 3 + "/package-" + i));
                }
                await().atMost(PATIENCE).untilAsserted(() -> assertThat(nodes).allSatisfy(node -> assertThat(node.status().packages()).isEqualTo(24)));
            }
            all.get(0).connect(right.seed());
            // Whoever moved much before passes on what came at most a minute later.
            await().atMost(Duration.ofMinutes(2)).untilAsserted(() -> {
                for (Registry node : all) {
                    assertThat(node.status().packages()).as("all of both halves: %s", figures(all)).isEqualTo(48);
                }
            });
            for (Registry node : all) {
                for (String kind : List.of("left", "right")) {
                    for (int i = 0; i < 30; i++) {
                        Optional<PublishedPackage> found = node.find(PackageId.parse(kind + i % 3 + "/package-" + i));
                        assertThat(found.isPresent()).isEqualTo(i >= 6);
                        found.ifPresent(there -> assertThat(there.versions()).containsExactly("2.0.0", "1.0.0"));
                    }
                    assertThat(node.search(Query.text(kind).limit(100)).hits()).hasSize(24);
                }
                assertNoneFailed(node);
            }
        }
    }

    /** What each node holds, whom it knows and how its syncs went, for whoever has to find out why a test failed. */
    private static String figures(List<Registry> nodes) throws InterruptedException {
        StringBuilder text = new StringBuilder();
        for (Registry node : nodes) {
            text.append("\n").append(node.status().packages()).append(" packages, ").append(node.status().peers().size()).append(" peers");
            node.status().counters().forEach((name, count) -> text.append(name.startsWith("sync.") ? ", " + name + " " + count : ""));
        }
        return text.toString();
    }

    @Test
    void aLateJoinerWithOneNeighbourGetsEverything() throws Exception {
        try (Network network = new Network()) {
            Registry neighbour = network.open();
            Registry publisher = network.open();
            publish(publisher, "early", 100, "1.0.0");
            forEach(10, i -> publisher.unpublish(id("early", i)));
            await().atMost(PATIENCE).until(() -> neighbour.status().packages() == 90);
            publisher.close();
            await().atMost(PATIENCE).until(() -> neighbour.status().peers().isEmpty());
            long sessions = counter(neighbour, "sync.begun");

            Registry late = network.open();
            awaitSync(late, neighbour, sessions);
            assertThat(late.status().packages()).isEqualTo(90);
            assertThat(late.status().peers()).hasSize(1);
            for (int i = 0; i < 100; i++) {
                assertThat(late.find(id("early", i)).isPresent()).isEqualTo(i >= 10);
            }
            assertThat(late.search(Query.text("early").limit(1000)).hits()).hasSize(90);
        }
    }

    @Test
    void aNodeInMemoryThatWasRestartedGetsAllByOneSync() throws Exception {
        try (Network network = new Network()) {
            Registry holder = network.open();
            Registry publisher = network.open();
            Registry forgetful = network.open();
            publish(publisher, "lasting", 200, "1.0.0");
            await().atMost(PATIENCE).until(() -> holder.status().packages() == 200 && forgetful.status().packages() == 200);
            forgetful.close();
            publisher.close();
            await().atMost(PATIENCE).until(() -> holder.status().peers().isEmpty());
            long sessions = counter(holder, "sync.begun");

            Registry again = network.open();
            awaitSync(again, holder, sessions);
            assertThat(again.status().packages()).isEqualTo(200);
            assertThat(counter(again, "sync.gained") + counter(holder, "sync.offered")).isGreaterThanOrEqualTo(200);
            assertThat(again.search(Query.text("lasting").limit(1000)).hits()).hasSize(200);
        }
    }
}
