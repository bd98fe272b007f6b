package io.swarmscope.internal.node;

import static io.swarmscope.internal.node.Network.PATIENCE;
import static io.swarmscope.internal.node.Network.manifest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.swarmscope.PackageId;
import io.swarmscope.Query;
import io.swarmscope.Registry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** No virtual thread of the library holds its carrier while it waits: on few cores, a few that do would stop all others. */
@Isolated("listens to all threads of the process")
class PinnedCarrierTest {
    private static final int PACKAGES = 10;
    private static final long WAIT = Duration.ofMillis(20).toNanos();

    /** Synchronized pins up to this release. */
    private static final int LAST_WITH_PINNING_MONITORS = 23;

    @TempDir
    private Path directory;

    @Test
    void nodesThatConnectPublishFindSearchSyncAndClose() throws Exception {
        live(0); // so that most classes are there
        try (Pinned pinned = new Pinned()) {
            live(1);
            assertThat(pinned.stacks()).isEmpty();
        }
    }

    private void live(int round) throws Exception {
        try (Network network = new Network()) {
            Registry one = network.open(config -> config.withDataDirectory(directory.resolve("one")));
            Registry two = network.open(config -> config.withDataDirectory(directory.resolve("two")));
            Registry client = network.openClient();
            for (int i = 0; i < PACKAGES; i++) {
                one.publish(manifest("acme/p" + i, "1." + round, "Number " + i));
                assertThat(client.find(PackageId.parse("acme/p" + i))).isPresent();
            }
            two.unpublish(two.publish(manifest("other/gone", "1." + round, "Gone")).id());
            assertThat(client.search(Query.text("number")).hits()).hasSize(PACKAGES);
            try (var hits = client.searchStream(Query.text("number").limit(1))) {
                assertThat(hits.hasNext()).isTrue();
            }
            // It was not there when they were told, so that it has them by a sync.
            Registry late = network.open();
            await().atMost(PATIENCE).until(() -> late.status().packages() >= PACKAGES);
            assertThat(late.versions(PackageId.parse("acme/p0"))).contains("1." + round);
        }
    }

    @Test
    void aThreadThatWaitsWhileAClassIsMadeIsSeen() throws Exception {
        seen(() -> assertThat(Slow.MADE).isTrue());
    }

    /** Waits while it is initialized, which is beneath a native frame on every release. */
    private static final class Slow {
        static final boolean MADE;

        static {
            LockSupport.parkNanos(WAIT);
            MADE = true;
        }
    }

    @Test
    void aThreadThatWaitsInAMonitorIsSeenWhereThatPins() throws Exception {
        assumeTrue(Runtime.version().feature() <= LAST_WITH_PINNING_MONITORS);
        Object monitor = new Object();
        seen(() -> {
            synchronized (monitor) {
                LockSupport.parkNanos(WAIT);
            }
        });
    }

    private static void seen(Runnable pins) throws Exception {
        try (Pinned pinned = new Pinned()) {
            Thread.startVirtualThread(pins).join();
            assertThat(pinned.stacks()).singleElement().asString().contains(PinnedCarrierTest.class.getName());
        }
    }
}
