package io.swarmscope.internal.node;

import static io.swarmscope.internal.node.Network.PATIENCE;
import static io.swarmscope.internal.node.Network.manifest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.swarmscope.ChildJvm;
import io.swarmscope.Multiaddr;
import io.swarmscope.PackageId;
import io.swarmscope.PeerId;
import io.swarmscope.PeerStatus;
import io.swarmscope.Query;
import io.swarmscope.Registry;
import io.swarmscope.RegistryConfig;
import io.swarmscope.RegistryException;
import io.swarmscope.internal.crypto.Identity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A node that was closed and comes back: who it was, whom it knew, and what it had. */
class RestartTest {

    private static final RegistryConfig LOOPBACK = RegistryConfig.DEFAULT.withListen("/ip4/127.0.0.1/tcp/0");
    private static final String DATABASE = "swarmscope.db";

    /** Packages of each node whose database is damaged: more than fit on a few pages. */
    private static final int EACH = 100;

    @TempDir
    Path data;

    private static long counter(Registry node, String name) throws InterruptedException {
        return node.status().counters().getOrDefault(name, 0L);
    }

    private Registry open() {
        return Registry.open(LOOPBACK.withDataDirectory(data));
    }

    private static Multiaddr deadAddress() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            PeerId nobody = Identity.generate(new SecureRandom()).peerId();
            return Multiaddr.parse("/ip4/127.0.0.1/tcp/" + socket.getLocalPort()).withPeerId(nobody);
        }
    }

    private static Duration since(long began) {
        return Duration.ofNanos(System.nanoTime() - began);
    }

    @Test
    void withEveryBootstrapAddressDeadItMeetsWhomItKnew() throws Exception {
        try (Network network = new Network()) {
            Registry other = network.open();
            Registry third = network.open();
            PeerId self;
            List<Multiaddr> dead = List.of(deadAddress(), deadAddress());
            // Holds nothing of others, so that it has to ask.
            RegistryConfig config = LOOPBACK.withDataDirectory(data).withMaxPackages(0);
            try (Registry before = Registry.open(config.withBootstrap(List.of(network.seed())))) {
                before.awaitReady(PATIENCE);
                await().atMost(PATIENCE).until(() -> before.status().routingTable() == 2);
                self = before.id();
            }
            third.publish(manifest("acme/while-away", "1.0.0", "Published meanwhile"));
            await().atMost(PATIENCE).until(() -> other.status().packages() == 1);
            Registry node = Registry.open(config.withBootstrap(dead));
            try (node) {
                long began = System.nanoTime();
                node.awaitReady(Duration.ofSeconds(10));
                assertThat(node.find(PackageId.parse("acme/while-away"))).isPresent();
                assertThat(since(began)).isLessThan(Duration.ofSeconds(2));
                assertThat(node.id()).isEqualTo(self);
                assertThat(node.status().peers()).extracting(PeerStatus::id).containsAnyOf(other.id(), third.id());
            }
        }
    }

    @Test
    void whatItHasItAnswersAtOnce() throws Exception {
        try (Registry before = open()) {
            for (int i = 0; i < 1000; i++) {
                before.publish(manifest("acme/package-" + i, "1.0.0", "Package number" + i));
            }
        }
        try (Registry node = Registry.open(LOOPBACK.withDataDirectory(data).withBootstrap(List.of(deadAddress())))) {
            long began = System.nanoTime();
            assertThat(node.find(PackageId.parse("acme/package-999"))).isPresent();
            assertThat(node.findVersion(PackageId.parse("acme/package-0"), "1.0.0")).isPresent();
            assertThat(node.search(Query.text("number500").limit(1)).hits()).hasSize(1);
            assertThat(node.status().packages()).isEqualTo(1000);
            assertThat(since(began)).isLessThan(Duration.ofMillis(500));
        }
    }

    @Test
    void whatItThinksOfPeersAndWhoseNamespacesAreIsKept() throws Exception {
        try (Network network = new Network()) {
            Registry publisher = network.open();
            Multiaddr known = network.seed();
            publisher.publish(manifest("acme/logger", "1.0.0", "By the first"));
            double score;
            try (Registry before = Registry.open(LOOPBACK.withDataDirectory(data).withBootstrap(List.of(known)))) {
                await().atMost(PATIENCE).until(() -> before.status().packages() == 1);
                for (int i = 0; i < 30; i++) {
                    before.exists(PackageId.parse("acme/nothing-" + i));
                }
                PeerStatus peer = before.status().peers().getFirst();
                score = peer.reputation();
                assertThat(score).isGreaterThan(0.6);
            }
            try (Registry node = Registry.open(LOOPBACK.withDataDirectory(data).withMaxPackages(0).withBootstrap(List.of(known)))) {
                node.awaitReady(PATIENCE);
                PeerStatus peer = node.status().peers().getFirst();
                assertThat(peer.id()).isEqualTo(publisher.id());
                assertThat(peer.reputation()).isGreaterThan(score - 0.2);
                assertThat(counter(node, "namespaces")).isEqualTo(1);
            }
            publisher.close();
            try (Registry node = open();
                    Registry squatter = Registry.open(LOOPBACK)) {
                squatter.publish(manifest("acme/logger", "9.0.0", "By the second"));
                node.connect(squatter.addresses().getFirst());
                await().atMost(PATIENCE).until(() -> counter(node, "refused.namespace-key") > 0);
                assertThat(node.find(PackageId.parse("acme/logger")).orElseThrow().publisher()).isEqualTo(publisher(node));
                assertThatThrownBy(() -> node.publish(manifest("acme/mine", "1.0.0", "By this one")))
                        .isInstanceOf(RegistryException.Conflict.class);
            }
        }
    }

    private static PeerId publisher(Registry node) throws InterruptedException {
        return node.search(Query.text("By the first").limit(1)).packages().getFirst().publisher();
    }

    @Test
    void whatItPublishedAloneItTellsAndStoresWhenSomebodyComesAfterARestart() throws Exception {
        PackageId id = PackageId.parse("acme/early");
        try (Registry alone = open()) {
            assertThat(alone.publish(manifest(id.toString(), "1.0.0", "Published alone")).reachedNetwork()).isFalse();
            alone.publish(manifest(id.toString(), "2.0.0", "Published alone"));
            alone.publish(manifest("acme/regretted", "1.0.0", "Published alone"));
            alone.unpublish(PackageId.parse("acme/regretted"));
        }
        try (Registry again = open();
                Registry peer = Registry.open(LOOPBACK)) {
            assertThat(counter(again, "waiting")).isPositive();
            peer.connect(again.addresses().getFirst());
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(peer.status().packages()).isEqualTo(1);
                assertThat(peer.status().records()).as("both versions, the package and what was withdrawn").isGreaterThanOrEqualTo(4);
                assertThat(counter(again, "waiting")).isZero();
                assertThat(counter(peer, "gossip.delivered")).as("told by gossip").isGreaterThanOrEqualTo(2);
            });
            again.close();
            assertThat(peer.findVersion(id, "1.0.0")).isPresent();
            assertThat(peer.find(id).orElseThrow().versions()).containsExactly("2.0.0", "1.0.0");
            assertThat(peer.find(PackageId.parse("acme/regretted"))).isEmpty();
        }
    }

    @Test
    void aWithdrawnVersionStandsAlsoWhereACrashLostItFromAmongThoseHeld() throws Exception {
        PackageId id = PackageId.parse("acme/logger");
        try (Registry before = open()) {
            before.publish(manifest(id.toString(), "1.0.0", "It stays"));
            before.publish(manifest(id.toString(), "2.0.0", "It goes"));
            before.unpublish(id, "2.0.0");
        }
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + data.resolve(DATABASE));
                Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate("DELETE FROM tombstones")).isEqualTo(1);
        }
        try (Registry node = open()) {
            assertThat(Network.packages(node).index().withdrawn(id, "2.0.0")).isEqualTo(Long.MAX_VALUE);
            assertThat(Network.packages(node).heldPackages().items().get(id + "@2.0.0")).as("it is synced").isPositive();
            assertThat(node.findVersion(id, "2.0.0")).isEmpty();
            assertThat(node.find(id).orElseThrow().versions()).containsExactly("1.0.0");
        }
    }

    @Test
    void whatItPublishedInANamespaceThatIsPinnedToAnotherKeySinceIsNotServed() throws Exception {
        PackageId id = PackageId.parse("acme/logger");
        try (Registry before = open()) {
            before.publish(manifest(id.toString(), "1.0.0", "Before the pin"));
        }
        PeerId other = Identity.generate(new SecureRandom()).peerId();
        try (Registry node = Registry.open(LOOPBACK.withDataDirectory(data).withPinnedNamespace("acme", other))) {
            assertThat(node.status().published()).isZero();
            assertThat(node.search(Query.text("pin")).hits()).isEmpty();
            assertThat(isHeld(node, id)).isFalse();
        }
    }

    @Test
    void aSecondOneOnTheSameDirectoryIsRefused() throws Exception {
        String pid = Long.toString(ProcessHandle.current().pid());
        try (Registry first = open()) {
            assertThatThrownBy(this::open)
                    .isInstanceOf(RegistryException.CannotOpen.class)
                    .hasMessageContaining(data.toString())
                    .hasMessageContaining(pid);
            Process child = ChildJvm.of(Opener.class, List.of("-XX:TieredStopAtLevel=1"), data.toString())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(said).contains("CannotOpen").contains(data.toString()).contains(pid);
            first.publish(manifest("acme/still", "1.0.0", "The first goes on"));
            assertThatThrownBy(this::open).as("after the child looked").isInstanceOf(RegistryException.CannotOpen.class);
        }
        open().close();
    }

    /** Another process that opens the directory. */
    static final class Opener {
        public static void main(String[] args) {
            try (Registry registry = Registry.open(LOOPBACK.withDataDirectory(Path.of(args[0])))) {
                System.out.println("opened as " + registry.id());
            } catch (RegistryException e) {
                System.out.println(e.getClass().getSimpleName() + ": " + e.getMessage());
            }
        }
    }

    private interface Damage {
        void doTo(FileChannel file) throws IOException;
    }

    @Test
    void ofADamagedFileItsOwnPublicationsAreSavedAndTheRestComesFromOthers() throws Exception {
        assertSaved(file -> {
            byte[] garbage = new byte[(int) file.size() / 4];
            new Random(5).nextBytes(garbage);
            file.write(ByteBuffer.wrap(garbage), file.size() / 2);
        });
    }

    @Test
    void ofATruncatedFileTheSame() throws Exception {
        assertSaved(file -> file.truncate(file.size() * 2 / 3));
    }

    private void assertSaved(Damage damage) throws Exception {
        try (Network network = new Network()) {
            Registry neighbour = network.open();
            PeerId self;
            for (int i = 0; i < EACH; i++) {
                neighbour.publish(manifest("others/package-" + i, "1.0.0", "Of another node"));
            }
            try (Registry before = open()) {
                // Alone, so that nobody but itself has it.
                for (int i = 0; i < EACH; i++) {
                    before.publish(manifest("own/package-" + i, "1.0.0", "Of its own").withDescription("y".repeat(500)));
                }
                self = before.id();
            }
            try (Registry before = Registry.open(LOOPBACK.withDataDirectory(data).withBootstrap(List.of(network.seed())))) {
                await().atMost(PATIENCE).until(() -> before.status().packages() == 2 * EACH && neighbour.status().packages() == 2 * EACH);
            }
            try (FileChannel file = FileChannel.open(data.resolve(DATABASE), StandardOpenOption.WRITE)) {
                damage.doTo(file);
            }
            List<String> warnings = new ArrayList<>();
            Registry node = warned(warnings, this::open);
            try (node) {
                assertThat(node.id()).isEqualTo(self);
                String aside = aside();
                assertThat(warnings).singleElement().asString().contains(aside);
                List<PackageId> saved = new ArrayList<>();
                for (int i = 0; i < EACH; i++) {
                    PackageId id = PackageId.parse("own/package-" + i);
                    if (isHeld(node, id)) {
                        saved.add(id);
                        assertThat(node.findVersion(id, "1.0.0")).isPresent();
                    }
                }
                assertThat(saved).as("own ones that could be read").hasSizeGreaterThan(EACH / 5);
                node.connect(network.seed());
                await().atMost(PATIENCE).untilAsserted(() -> assertThat(node.status().packages()).isEqualTo(2 * EACH));
                // Counted when a session ends; and some may come because the neighbour stores them here just then.
                await().until(() -> counter(node, "sync.gained") + counter(neighbour, "sync.offered") > EACH / 2);
                try (Registry client = network.openClient()) {
                    assertThat(client.find(saved.getFirst()).orElseThrow().publisher()).isEqualTo(self);
                }
                node.publish(manifest("own/next", "1.0.0", "It goes on"));
            }
            List<String> none = new ArrayList<>();
            warned(none, this::open).close();
            assertThat(none).as("the next time all is well").isEmpty();
        }
    }

    private static boolean isHeld(Registry node, PackageId id) throws InterruptedException {
        try {
            return node.find(id).isPresent();
        } catch (RegistryException.CouldNotFindOut e) {
            return false;
        }
    }

    private String aside() throws IOException {
        try (Stream<Path> files = Files.list(data)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.contains("corrupt") && !name.endsWith("-wal"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private interface Opening {
        Registry open();
    }

    /** Opens a registry; what the store warns of on the way is collected. Other tests may do so as well, with other directories. */
    private Registry warned(List<String> warnings, Opening opening) {
        Logger logger = (Logger) LoggerFactory.getLogger("io.swarmscope.internal.store");
        ListAppender<ILoggingEvent> appender = new ListAppender<>();
        appender.start();
        logger.addAppender(appender);
        try {
            return opening.open();
        } finally {
            logger.detachAppender(appender);
            List.copyOf(appender.list).stream()
                    .filter(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
                    .map(ILoggingEvent::getFormattedMessage)
                    .filter(message -> message.contains(data.toString()))
                    .forEach(warnings::add);
        }
    }
}
