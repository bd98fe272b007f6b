package io.swarmscope.internal.node;

import static io.swarmscope.internal.node.Network.PATIENCE;
import static io.swarmscope.internal.node.Network.manifest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.swarmscope.MessageIdScheme;
import io.swarmscope.PackageId;
import io.swarmscope.PackageManifest;
import io.swarmscope.PublishReceipt;
import io.swarmscope.PublishedPackage;
import io.swarmscope.Query;
import io.swarmscope.Registry;
import io.swarmscope.RegistryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What publishers do over time, on real nodes. */
class PublishingTest {
    private static final PackageId LOGGER = PackageId.parse("acme/logger");

    @Test
    void anOlderVersionPublishedLaterDoesNotBecomeTheLatest() throws Exception {
        try (Network network = new Network()) {
            network.open();
            Registry publisher = network.open();
            Registry reader = network.openClient();
            publisher.publish(manifest("acme/logger", "2.0.0", "Two"));
            publisher.publish(manifest("acme/logger", "1.9.5", "Maintained"));

            PublishedPackage found = reader.find(LOGGER).orElseThrow();
            assertThat(found.version()).isEqualTo("2.0.0");
            assertThat(found.versions()).containsExactly("2.0.0", "1.9.5");
            assertThat(reader.findVersion(LOGGER, "1.9.5").orElseThrow().manifest().title()).isEqualTo("Maintained");
        }
    }

    @Test
    void aRestartedNodeRemembersWhatItPublishedWithTheHelpOfOthers(@TempDir Path directory) throws Exception {
        try (Network network = new Network()) {
            network.open();
            network.open();
            Registry first = network.open(config -> config.withDataDirectory(directory));
            PublishReceipt before = first.publish(manifest("acme/logger", "1.0.0", "One"));
            first.publish(manifest("acme/logger", "1.1.0", "One point one"));
            first.close();

            Registry again = network.open(config -> config.withDataDirectory(directory));
            assertThatThrownBy(() -> again.publish(manifest("acme/logger", "1.0.0", "Changed")))
                    .isInstanceOf(RegistryException.Conflict.class)
                    .hasMessageContaining("1.0.0");
            PublishReceipt after = again.publish(manifest("acme/logger", "2.0.0", "Two"));

            assertThat(after.sequence()).isGreaterThan(before.sequence());
            Registry reader = network.openClient();
            assertThat(reader.versions(LOGGER)).containsExactly("2.0.0", "1.1.0", "1.0.0");
            assertThat(reader.findVersion(LOGGER, "1.0.0").orElseThrow().manifest().title()).isEqualTo("One");
        }
    }

    @Test
    void aNamespaceBelongsToWhoPublishedInItFirst() throws Exception {
        try (Network network = new Network()) {
            Registry owner = network.open();
            Registry thief = network.open();
            owner.publish(manifest("acme/logger", "1.0.0", "Mine"));

            assertThatThrownBy(() -> thief.publish(manifest("acme/logger", "2.0.0", "Stolen")))
                    .isInstanceOf(RegistryException.Conflict.class)
                    .hasMessageContaining("acme");
            assertThatThrownBy(() -> thief.publish(manifest("acme/other", "1.0.0", "Squatted")))
                    .isInstanceOf(RegistryException.Conflict.class);
            assertThatThrownBy(() -> thief.unpublish(LOGGER)).isInstanceOf(RegistryException.Conflict.class);
            assertThat(thief.status().published()).isZero();
        }
    }

    @Test
    void aWithdrawnPackageTakesItsVersionsWithItAndMayComeBackWithNewOnes() throws Exception {
        try (Network network = new Network()) {
            network.open();
            Registry publisher = network.open();
            publisher.publish(manifest("acme/logger", "1.0.0", "One"));
            publisher.publish(manifest("acme/logger", "1.1.0", "More"));
            publisher.unpublish(LOGGER);

            Registry reader = network.openClient();
            assertThat(reader.find(LOGGER)).isEmpty();
            assertThat(reader.exists(LOGGER)).isFalse();
            assertThat(reader.versions(LOGGER)).isEmpty();
            assertThat(reader.findVersion(LOGGER, "1.0.0")).isEmpty();
            assertThat(publisher.findVersion(LOGGER, "1.0.0")).isEmpty();
            assertThat(publisher.status().published()).isZero();

            assertThatThrownBy(() -> publisher.publish(manifest("acme/logger", "1.0.0", "Rewritten")))
                    .isInstanceOf(RegistryException.Conflict.class);
            publisher.publish(manifest("acme/logger", "2.0.0", "Two"));
            Registry another = network.openClient();
            assertThat(another.versions(LOGGER)).containsExactly("2.0.0");
            assertThat(another.findVersion(LOGGER, "1.1.0")).isEmpty();
        }
    }

    @Test
    void versionsPublishedAtOnceAllCount() throws Exception {
        try (Network network = new Network()) {
            network.open();
            Registry publisher = network.open();
            List<CompletableFuture<PublishReceipt>> receipts = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                PackageManifest manifest = manifest("acme/logger", "1." + i, "Number " + i);
                CompletableFuture<PublishReceipt> receipt = new CompletableFuture<>();
                receipts.add(receipt);
                Thread.startVirtualThread(() -> {
                    try {
                        receipt.complete(publisher.publish(manifest));
                    } catch (InterruptedException | RuntimeException e) {
                        receipt.completeExceptionally(e);
                    }
                });
            }

            assertThat(receipts.stream().map(r -> r.join().sequence()).distinct()).hasSize(20);
            Registry reader = network.openClient();
            assertThat(reader.versions(LOGGER))
                    .containsExactlyElementsOf(IntStream.range(0, 20).mapToObj(i -> "1." + (19 - i)).toList());
        }
    }

    @Test
    void aPublicationThatIsInterruptedIsMadeUpForLater() throws Exception {
        try (Network network = new Network()) {
            Registry holder = network.open();
            Registry publisher = network.open();
            CompletableFuture<Throwable> ended = new CompletableFuture<>();
            Thread caller = Thread.ofVirtual().unstarted(() -> {
                Thread.currentThread().interrupt();
                try {
                    publisher.publish(manifest("acme/logger", "1.0.0", "Interrupted"));
                    ended.complete(null);
                } catch (InterruptedException | RuntimeException e) {
                    ended.complete(e);
                }
            });
            caller.start();

            assertThat(ended.get()).isInstanceOf(InterruptedException.class);
            if (publisher.status().published() > 0) {
                await().atMost(PATIENCE).untilAsserted(() -> assertThat(holder.find(LOGGER)).isPresent());
            }
        }
    }

    @Test
    void eachRecordIsVerifiedOnceWhereItIsStored() throws Exception {
        try (Network network = new Network()) {
            Registry holder = network.open();
            Registry publisher = network.open();
            for (int i = 0; i < 10; i++) {
                publisher.publish(manifest("acme/p" + i, "1.0.0", "Number " + i));
            }
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(holder.status().packages()).isEqualTo(10));

            assertThat(holder.search(Query.text("number")).hits()).hasSize(10);
            assertThat(holder.status().counters())
                    .as("a head and a version each: gossiped, stored, indexed, and sent again as a hit")
                    .containsEntry("verifications", 20L);
            assertThat(publisher.status().counters()).containsEntry("verifications", 0L);
        }
    }

    @Test
    void anyTextThatAManifestMayHoldArrivesAsItWas() throws Exception {
        try (Network network = new Network()) {
            network.open();
            Registry publisher = network.open();
            Registry reader = network.openClient();
            PackageManifest manifest = manifest("A.b_c-d/E.f_1", "1.0.0+build.5", "\"Ä\" \\ \u2028 漢字 🐝")
                    .withDescription("line\nline\ttab")
                    .withCategories("Größe", "x/y")
                    .withTags("a b", "\"")
                    .withLicense("MIT OR Apache-2.0");
            publisher.publish(manifest);

            Optional<PublishedPackage> found = reader.find(manifest.id());
            assertThat(found.orElseThrow().manifest()).isEqualTo(manifest);
            assertThat(reader.search(Query.text("漢字 🐝").inCategories("GRÖSSE", "größe")).packages())
                    .extracting(PublishedPackage::manifest)
                    .containsExactly(manifest);
        }
    }

    @Test
    void aVersionIsWithdrawnForGoodAndTheNextOneBecomesTheLatest() throws Exception {
        try (Network network = new Network()) {
            Registry holder = network.open();
            Registry publisher = network.open();
            publisher.publish(manifest("acme/logger", "1.0.0", "One"));
            publisher.publish(manifest("acme/logger", "1.1.0", "Broken"));
            publisher.publish(manifest("acme/logger", "1.0.1", "Mended"));

            assertThat(publisher.unpublish(LOGGER, "1.1.0").version()).isEqualTo("1.1.0");

            assertThat(publisher.versions(LOGGER)).containsExactly("1.0.1", "1.0.0");
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(holder.find(LOGGER).orElseThrow().manifest().title()).isEqualTo("Mended");
                assertThat(holder.findVersion(LOGGER, "1.1.0")).isEmpty();
            });
            Registry reader = network.openClient();
            assertThat(reader.versions(LOGGER)).containsExactly("1.0.1", "1.0.0");
            assertThat(reader.findVersion(LOGGER, "1.1.0")).isEmpty();
            assertThat(reader.findVersion(LOGGER, "1.0.0")).isPresent();

            assertThatThrownBy(() -> publisher.publish(manifest("acme/logger", "1.1.0", "Broken")))
                    .isInstanceOf(RegistryException.Conflict.class)
                    .hasMessageContaining("new version");
            assertThatThrownBy(() -> publisher.unpublish(LOGGER, "1.1.0")).isInstanceOf(RegistryException.Conflict.class);
            assertThatThrownBy(() -> holder.unpublish(LOGGER, "1.0.0")).isInstanceOf(RegistryException.Conflict.class);
        }
    }

    @Test
    void withdrawingTheOnlyVersionWithdrawsThePackage() throws Exception {
        try (Network network = new Network()) {
            network.open();
            Registry publisher = network.open();
            publisher.publish(manifest("acme/logger", "1.0.0", "One"));
            publisher.unpublish(LOGGER, "1.0.0");

            assertThat(publisher.find(LOGGER)).isEmpty();
            assertThat(network.openClient().find(LOGGER)).isEmpty();
            assertThatThrownBy(() -> publisher.unpublish(LOGGER)).isInstanceOf(RegistryException.Conflict.class);
        }
    }

    @Test
    void versionsAreFoundByRange() throws Exception {
        try (Network network = new Network()) {
            network.open();
            Registry publisher = network.open();
            for (String version : List.of("1.0.0", "1.4.2", "2.0.0", "2.1.0-beta")) {
                publisher.publish(manifest("acme/logger", version, "Version " + version));
            }
            Registry reader = network.openClient();

            assertThat(reader.versionsIn(LOGGER, "^1.0.0")).containsExactly("1.4.2", "1.0.0");
            assertThat(reader.versionsIn(LOGGER, ">=3")).isEmpty();
            assertThat(reader.versionsIn(PackageId.parse("acme/nothing"), "*")).isEmpty();
            assertThatThrownBy(() -> reader.versionsIn(LOGGER, "latest")).isInstanceOf(RegistryException.InvalidInput.class);
        }
    }

    @Test
    void aReceiptSaysWhetherAsManyStoreItAsShould() throws Exception {
        try (Network network = new Network()) {
            Registry first = network.open();
            PublishReceipt alone = first.publish(manifest("acme/alone", "1", "Alone"));
            assertThat(alone.complete()).isFalse();
            assertThat(first.status().counters()).containsEntry("waiting", 2L);

            Registry second = network.open();
            assertThat(second.publish(manifest("two/p", "1", "In company")).complete()).isTrue();
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(first.status().counters()).containsEntry("waiting", 0L));
        }
    }

    @Test
    void aNetworkMayHaveATopicAndMessageIdsOfItsOwn() throws Exception {
        try (Network network = new Network()) {
            Registry one = network.open(config -> config.withTopic("/acme/news").withMessageIds(MessageIdScheme.JS));
            Registry two = network.open(config -> config.withTopic("/acme/news").withMessageIds(MessageIdScheme.JS));
            await().atMost(PATIENCE).until(() -> one.status().counters().getOrDefault("gossip.mesh", 0L) > 0);
            two.publish(manifest("acme/logger", "1", "Told elsewhere"));

            await().atMost(PATIENCE).untilAsserted(() -> assertThat(one.status().counters()).containsEntry("gossip.delivered", 1L));
        }
    }
}
