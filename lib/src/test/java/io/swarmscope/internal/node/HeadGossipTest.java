package io.swarmscope.internal.node;

import static io.swarmscope.internal.node.Network.PATIENCE;
import static io.swarmscope.internal.node.Network.manifest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.swarmscope.PackageId;
import io.swarmscope.PackageManifest;
import io.swarmscope.Registry;
import io.swarmscope.RegistryConfig;
import io.swarmscope.RegistryException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Heads reach every full node by gossip. */
class HeadGossipTest {

    private static long counter(Registry node, String name) throws InterruptedException {
        return node.status().counters().getOrDefault(name, 0L);
    }

    @Test
    void threeNodesHearAnAnnouncementAndAWithdrawal() throws Exception {
        try (Network network = new Network()) {
            List<Registry> nodes = List.of(network.open(), network.open(), network.open());
            await().atMost(PATIENCE).until(() -> counter(nodes.get(1), "gossip.mesh") > 0);
            nodes.get(1).publish(manifest("acme/logger", "1.0.0", "A logger"));
            await().atMost(PATIENCE).untilAsserted(() -> {
                for (Registry node : nodes) {
                    assertThat(node.status().packages()).isEqualTo(1);
                }
                assertThat(counter(nodes.get(0), "gossip.delivered")).isEqualTo(1);
                assertThat(counter(nodes.get(2), "gossip.delivered")).isEqualTo(1);
            });
            nodes.get(1).unpublish(PackageId.parse("acme/logger"));
            await().atMost(PATIENCE).untilAsserted(() -> {
                for (Registry node : nodes) {
                    assertThat(node.status().packages()).isZero();
                }
                assertThat(counter(nodes.get(0), "gossip.delivered")).isEqualTo(2);
            });
        }
    }

    @Test
    void aClientTellsWhatItPublishesButHearsNothing() throws Exception {
        try (Network network = new Network()) {
            Registry full = network.open();
            Registry client = network.openClient();
            await().atMost(PATIENCE).until(() -> counter(client, "gossip.peers") == 1);
            client.publish(manifest("acme/client", "1", "From a client"));
            await().atMost(PATIENCE).until(() -> counter(full, "gossip.delivered") == 1);
            full.publish(manifest("full/thing", "1", "From a full node"));
            assertThat(client.status().packages()).isEqualTo(1);
            assertThat(counter(client, "gossip.mesh")).isZero();
            assertThat(counter(client, "gossip.delivered")).isZero();
        }
    }

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES) // for a busy machine
    void twentyNodesHoldAHundredHeads() throws Exception {
        try (Network network = new Network()) {
            List<Registry> nodes = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                nodes.add(network.open());
            }
            await().atMost(PATIENCE).untilAsserted(() -> {
                for (Registry node : nodes) {
                    assertThat(counter(node, "gossip.mesh")).isGreaterThanOrEqualTo(4);
                }
            });
            for (int i = 0; i < 100; i++) {
                Registry publisher = nodes.get(i % 20);
                PackageManifest manifest = manifest("space-" + i % 20 + "/package-" + i, "1.0.0", "Package " + i);
                try {
                    // The DHT is not waited for: what comes in this time comes by gossip.
                    publisher.publish(manifest, Duration.ofMillis(200));
                } catch (RegistryException.DeadlineExceeded e) {
                    publisher.publish(manifest);
                }
            }
            await().atMost(PATIENCE).untilAsserted(() -> {
                for (Registry node : nodes) {
                    assertThat(node.status().packages()).isEqualTo(100);
                    assertThat(counter(node, "gossip.delivered")).isGreaterThanOrEqualTo(95);
                }
            });
            for (Registry node : nodes) {
                assertThat(counter(node, "gossip.forged") + counter(node, "gossip.rejected")).isZero();
            }
        }
    }

    @Test
    void whatWasPublishedBeforeAnybodyCameIsTold() throws Exception {
        try (Network network = new Network()) {
            Registry alone = network.open();
            alone.publish(manifest("acme/early", "1", "Early"));
            assertThat(counter(alone, "gossip.outbox")).isEqualTo(1);
            Registry late = network.open();
            await().atMost(PATIENCE).until(() -> counter(late, "gossip.delivered") == 1);
            assertThat(late.status().packages()).isEqualTo(1);
            assertThat(counter(alone, "gossip.outbox")).isZero();
        }
    }

    @Test
    void networksDoNotHearEachOther() {
        assertThat(HeadGossip.topic(RegistryConfig.DEFAULT)).isEqualTo("/swarmscope/heads/1");
        assertThat(HeadGossip.topic(RegistryConfig.DEFAULT.withNetwork("staging"))).isEqualTo("/staging/heads/1");
        assertThat(HeadGossip.topics(RegistryConfig.DEFAULT.withTopic("/acme"))).containsExactlyInAnyOrder("/acme", "/acme/evidence");
    }
}
