package io.swarmscope.internal.node;

import static io.swarmscope.internal.node.Network.PATIENCE;
import static io.swarmscope.internal.node.Network.manifest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.swarmscope.PackageId;
import io.swarmscope.PackageManifest;
import io.swarmscope.PeerStatus;
import io.swarmscope.Query;
import io.swarmscope.Registry;
import io.swarmscope.RegistryConfig;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.record.Head;
import io.swarmscope.internal.record.Quota;
import io.swarmscope.internal.record.RecordCodec;
import io.swarmscope.internal.record.RecordValidator;
import io.swarmscope.internal.record.Signed;
import io.swarmscope.internal.wire.Limits;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Who floods the network with records that are all right is held to a quota, and nobody else is. */
class QuotaTest {

    private static final int REFUSED = 100;
    private static final int MOST = 10_000;

    private final Identity flooder = Identity.generate(new SecureRandom());

    private static long counter(Registry node, String name) throws InterruptedException {
        return node.status().counters().getOrDefault(name, 0L);
    }

    private Signed<Head> head(int number) {
        PackageManifest manifest = manifest("flood/package-" + number, "1.0.0", "One of many");
        Instant now = Instant.now();
        return RecordCodec.seal(
                flooder,
                new Head(RegistryConfig.DEFAULT_NETWORK, manifest, List.of("1.0.0"), 1, now, now.plus(Duration.ofHours(1))));
    }

    /** As if so many had come: to sign and verify tens of thousands would take the test half a minute. */
    private void useUpQuota(Registry node) throws ReflectiveOperationException {
        Field quota = RecordValidator.class.getDeclaredField("quota");
        quota.setAccessible(true);
        Method take = Quota.class.getDeclaredMethod("take", Signed.class);
        take.setAccessible(true);
        Signed<Head> head = head(0);
        Object used = quota.get(Network.packages(node).validator());
        while ((boolean) take.invoke(used, head)) {
            // the next one
        }
    }

    @Test
    void aFloodOfOneKeyIsCutAndOthersAreNotHindered() throws Exception {
        try (Network network = new Network();
                Stranger stranger = new Stranger(flooder)) {
            Registry node = network.open();
            Registry honest = network.open();
            await().atMost(PATIENCE).until(() -> counter(node, "gossip.mesh") > 0 && counter(honest, "gossip.mesh") > 0);
            long began = System.nanoTime();
            stranger.connect(node);
            // What the quota grows by meanwhile, is used up as well: how fast records come is this machine's affair.
            for (int i = 1; counter(node, "refused.quota") < REFUSED && i < MOST; i += 20) {
                useUpQuota(node);
                useUpQuota(honest);
                for (int j = 0; j < 20; j++) {
                    stranger.gossip(head(i + j));
                }
            }
            assertThat(counter(node, "refused.quota")).isGreaterThanOrEqualTo(REFUSED);
            honest.publish(manifest("acme/logger", "1.0.0", "In the midst of it"));
            await().atMost(PATIENCE).until(() -> node.find(PackageId.parse("acme/logger")).isPresent());
            double seconds = (System.nanoTime() - began) / (double) TimeUnit.SECONDS.toNanos(1);
            assertThat(node.search(Query.text("many").limit(1000)).hits().size())
                    .isLessThanOrEqualTo((int) (Limits.RECORD_NEWS_PER_SECOND * (seconds + 1)));
            assertThat(honest.status().peers()).extracting(PeerStatus::id).contains(node.id());
            assertThat(node.status().peers()).extracting(PeerStatus::id).contains(honest.id());
        }
    }
}
