package io.swarmscope.internal.node;

import static io.swarmscope.internal.node.Network.PATIENCE;
import static io.swarmscope.internal.node.Network.manifest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.swarmscope.PackageId;
import io.swarmscope.PackageManifest;
import io.swarmscope.PublishedPackage;
import io.swarmscope.Query;
import io.swarmscope.Registry;
import io.swarmscope.RegistryConfig;
import io.swarmscope.RegistryException;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.record.Evidence;
import io.swarmscope.internal.record.Head;
import io.swarmscope.internal.record.RecordCodec;
import io.swarmscope.internal.record.Signed;
import io.swarmscope.internal.record.VersionRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who contradicts itself is found out, everywhere, and all come to hold the same. Who has no say in a namespace contradicts nobody. */
class EvidenceTest {

    private static final PackageId LOGGER = PackageId.parse("acme/logger");
    private static final String NETWORK = RegistryConfig.DEFAULT_NETWORK;
    private static final Duration DAY = Duration.ofHours(24);

    private final Identity someone = Identity.generate(new SecureRandom());

    private static long counter(Registry node, String name) throws InterruptedException {
        return node.status().counters().getOrDefault(name, 0L);
    }

    private static Signed<Head> head(Identity by, String version, String title, long sequence, Instant at) {
        PackageManifest manifest = manifest(LOGGER.toString(), version, title);
        return RecordCodec.seal(by, new Head(NETWORK, manifest, List.of(version), sequence, at, at.plus(DAY)));
    }

    private static Signed<VersionRecord> version(Identity by, String title, long sequence, Instant at) {
        return RecordCodec.seal(
                by, new VersionRecord(NETWORK, manifest(LOGGER.toString(), "1.0.0", title), sequence, at, at.plus(DAY)));
    }

    private static void awaitMesh(List<Registry> nodes) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            for (Registry node : nodes) {
                assertThat(counter(node, "gossip.mesh")).isGreaterThanOrEqualTo(nodes.size() - 1);
            }
        });
    }

    private static void awaitAllHold(List<Registry> nodes, String title, long evidence) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            for (Registry node : nodes) {
                assertThat(node.find(LOGGER)).map(found -> found.manifest().title()).contains(title);
                assertThat(counter(node, "evidence")).isEqualTo(evidence);
            }
        });
    }

    private void gossipTo(Registry node, Signed<?> record) throws Exception {
        try (Stranger stranger = new Stranger(someone)) {
            stranger.connect(node);
            stranger.gossip(record);
            await().atMost(PATIENCE).until(() -> counter(node, "gossip.delivered") > 0);
        }
    }

    @Test
    void ofTwoHeadsWithOneNumberAllNodesKeepTheSame(@TempDir Path data) throws Exception {
        try (Network left = new Network();
                Network right = new Network()) {
            List<Registry> nodes = new ArrayList<>(List.of(left.open(), left.open(), right.open()));
            nodes.add(right.open(config -> config.withDataDirectory(data)));
            Instant now = Instant.now();
            gossipTo(nodes.get(0), head(someone, "1.0.0", "What it says here", 7, now));
            gossipTo(nodes.get(2), head(someone, "1.1.0", "What it says there", 7, now.plusMillis(5)));
            awaitAllHold(nodes.subList(0, 2), "What it says here", 0);
            awaitAllHold(nodes.subList(2, 4), "What it says there", 0);

            nodes.get(0).connect(right.seed());
            try (Stranger stranger = new Stranger(someone)) {
                stranger.connect(nodes.get(1));
                // Whoever signs one of them anew, as is done every day, lets all know.
                stranger.gossip(head(someone, "1.0.0", "What it says here", 7, now.plusMillis(10)));
                awaitAllHold(nodes, "What it says here", 1);
                stranger.gossip(head(someone, "1.1.0", "What it says there", 7, now.plusMillis(15)));
                stranger.gossip(head(someone, "1.2.0", "What it says next", 8, now));
                awaitAllHold(nodes, "What it says next", 1);
            }
            nodes.removeLast().close();
            try (Registry again = Registry.open(RegistryConfig.DEFAULT
                    .withListen("/ip4/127.0.0.1/tcp/0")
                    .withDataDirectory(data))) {
                assertThat(counter(again, "evidence")).isEqualTo(1);
                assertThat(again.find(LOGGER).orElseThrow().manifest().title()).isEqualTo("What it says next");
            }
        }
    }

    @Test
    void theFirstContentOfAVersionStays() throws Exception {
        try (Network network = new Network();
                Stranger stranger = new Stranger(someone)) {
            List<Registry> nodes = List.of(network.open(), network.open(), network.open());
            awaitMesh(nodes);
            Instant now = Instant.now();
            stranger.connect(nodes.get(0));
            stranger.gossip(head(someone, "1.0.0", "What was promised", 7, now));
            assertThat(stranger.put(version(someone, "What was promised", 7, now))).isEqualTo(3);
            awaitAllHold(nodes, "What was promised", 0);
            stranger.gossip(head(someone, "1.0.0", "What was changed", 8, now.plusMillis(5)));
            awaitAllHold(nodes, "What was promised", 1);
            stranger.put(version(someone, "What was changed", 8, now.plusMillis(5)));
            stranger.gossip(head(someone, "2.0.0", "The next one", 9, now.plusMillis(7)));
            awaitAllHold(nodes, "The next one", 1);
            for (Registry node : nodes) {
                assertThat(node.findVersion(LOGGER, "1.0.0")).map(found -> found.manifest().title()).contains("What was promised");
            }
        }
    }

    @Test
    void aCopiedKeyIsFoundOutWhenTwoHalvesMeet(@TempDir Path data) throws Exception {
        try (Network left = new Network();
                Network right = new Network()) {
            List<Registry> nodes = List.of(left.open(), left.open(), right.open(), right.open());
            Registry owner = left.open(config -> config.withDataDirectory(data.resolve("owner")));
            Files.createDirectories(data.resolve("thief"));
            Files.copy(data.resolve("owner/identity.key"), data.resolve("thief/identity.key"), StandardCopyOption.COPY_ATTRIBUTES);
            Registry thief = right.open(config -> config.withDataDirectory(data.resolve("thief")));
            assertThat(thief.id()).isEqualTo(owner.id());
            owner.publish(manifest(LOGGER.toString(), "1.0.0", "By the owner"));
            thief.publish(manifest(LOGGER.toString(), "1.0.0", "By the thief"));
            awaitAllHold(nodes.subList(0, 2), "By the owner", 0);
            awaitAllHold(nodes.subList(2, 4), "By the thief", 0);
            owner.close();
            thief.close();
            nodes.get(0).connect(right.seed());
            awaitAllHold(nodes, "By the owner", 1);
        }
    }

    @Test
    void evidenceOfWhoHasNoSayIsNone() throws Exception {
        try (Network network = new Network();
                Stranger stranger = new Stranger(someone)) {
            List<Registry> nodes = List.of(network.open(), network.open(), network.open());
            awaitMesh(nodes);
            Registry owner = nodes.get(2);
            owner.publish(manifest(LOGGER.toString(), "1.0.0", "By the owner"));
            awaitAllHold(nodes, "By the owner", 0);
            PublishedPackage found = owner.find(LOGGER).orElseThrow();
            // What the owner says, in the stranger's name, and something else that is ahead of it.
            Signed<Head> copy = RecordCodec.seal(
                    someone,
                    new Head(NETWORK, found.manifest(), found.versions(), found.sequence(), found.publishedAt(), found.expiresAt()));
            Signed<Head> own = head(someone, "1.1.0", "By the stranger", found.sequence(), found.publishedAt().plusMillis(1));
            Evidence evidence = Evidence.between(copy, own).orElseThrow();
            assertThat(evidence.refuted()).isEqualTo(copy);
            stranger.connect(nodes.get(0));
            stranger.gossip(evidence);
            await().atMost(PATIENCE).until(() -> counter(nodes.get(0), "refused.namespace-key") > 0);
            owner.publish(manifest("acme/next", "1.0.0", "Told after it"));
            await().atMost(PATIENCE).until(() -> nodes.get(1).status().packages() == 2);
            awaitAllHold(nodes, "By the owner", 0);
        }
    }

    @Test
    void aPinnedNamespaceIsItsKeysWhateverWasSeenFirst(@TempDir Path data) throws Exception {
        try (Network network = new Network()) {
            Registry publisher = network.open();
            Registry holder = network.open(config -> config.withDataDirectory(data));
            publisher.publish(manifest(LOGGER.toString(), "1.0.0", "By somebody else"));
            publisher.publish(manifest("other/thing", "1.0.0", "By somebody else"));
            await().atMost(PATIENCE).until(() -> holder.status().packages() == 2);
            assertThat(holder.findVersion(LOGGER, "1.0.0")).isPresent();
            holder.close();

            Registry pinning = network.open(config -> config.withDataDirectory(data).withPinnedNamespace("acme", someone.peerId()));
            assertThat(pinning.status().packages()).as("what was held before is not held any more").isEqualTo(1);
            publisher.publish(manifest(LOGGER.toString(), "1.1.0", "By somebody else"));
            await().atMost(PATIENCE).until(() -> counter(pinning, "refused.namespace-key") > 0);
            assertThat(counter(pinning, "sync.gained")).isZero();
            assertThat(pinning.status().packages()).isEqualTo(1);
            assertNotServed(pinning);
            assertThatThrownBy(() -> pinning.publish(manifest("acme/mine", "1.0.0", "Not with this key")))
                    .isInstanceOf(RegistryException.Conflict.class)
                    .hasMessageContaining("acme");

            // Nor do others get it from there.
            publisher.close();
            try (Registry client = Registry.open(RegistryConfig.DEFAULT
                    .withListen("/ip4/127.0.0.1/tcp/0")
                    .withBootstrap(List.of(pinning.addresses().getFirst())))) {
                client.awaitReady(PATIENCE);
                await().atMost(PATIENCE).until(() -> client.status().packages() == 1 && counter(client, "sync.sessions") > 0);
                assertNotServed(client);
            }
        }
    }

    private static void assertNotServed(Registry node) throws InterruptedException {
        assertThat(found(node, Optional.empty())).isEmpty();
        assertThat(found(node, Optional.of("1.0.0"))).isEmpty();
        assertThat(node.search(Query.text("somebody")).packages()).extracting(PublishedPackage::id).containsExactly(PackageId.parse("other/thing"));
    }

    /** A peer that just left may be asked in vain; that is not to have found it. */
    private static Optional<PublishedPackage> found(Registry node, Optional<String> version) throws InterruptedException {
        try {
            return version.isPresent() ? node.findVersion(LOGGER, version.get()) : node.find(LOGGER);
        } catch (RegistryException.CouldNotFindOut e) {
            return Optional.empty();
        }
    }
}
