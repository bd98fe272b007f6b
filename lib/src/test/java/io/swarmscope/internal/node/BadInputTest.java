package io.swarmscope.internal.node;

import static io.swarmscope.internal.node.Network.manifest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.swarmscope.Multiaddr;
import io.swarmscope.PeerId;
import io.swarmscope.Registry;
import io.swarmscope.RegistryConfig;
import io.swarmscope.RegistryException;
import io.swarmscope.internal.crypto.Identity;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user got wrong is said at once, with what and how to mend it, and nothing is left half done. */
class BadInputTest {

    private static final RegistryConfig LOOPBACK = RegistryConfig.DEFAULT.withListen("/ip4/127.0.0.1/tcp/0");

    @Test
    void aPortInUse() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "/ip4/127.0.0.1/tcp/" + other.getLocalPort();
            assertThatThrownBy(() -> Registry.open(LOOPBACK.withListen(address)))
                    .isInstanceOf(RegistryException.CannotOpen.class)
                    .hasMessageContaining(address);
        }
    }

    @Test
    void aDataDirectoryThatIsAFile(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "not a directory");
        assertThatThrownBy(() -> Registry.open(LOOPBACK.withDataDirectory(file)))
                .isInstanceOf(RegistryException.CannotOpen.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    void anIdentityFileThatIsNotOne(@TempDir Path directory) throws Exception {
        Registry.open(LOOPBACK.withDataDirectory(directory)).close();
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.write(file, new byte[] {1, 2, 3});
            }
        }
        assertThatThrownBy(() -> Registry.open(LOOPBACK.withDataDirectory(directory)))
                .isInstanceOf(RegistryException.CannotOpen.class)
                .hasMessageContaining(directory.toString());
    }

    @Test
    void theIdentityIsKeptInTheDataDirectory(@TempDir Path directory) {
        PeerId first;
        try (Registry node = Registry.open(LOOPBACK.withDataDirectory(directory.resolve("made/as/needed")))) {
            first = node.id();
        }
        try (Registry again = Registry.open(LOOPBACK.withDataDirectory(directory.resolve("made/as/needed")))) {
            assertThat(again.id()).isEqualTo(first);
        }
    }

    @Test
    void addressesThatDoNotParseOrHaveNoPeerId() {
        assertThatThrownBy(() -> LOOPBACK.withBootstrap("127.0.0.1:4001"))
                .isInstanceOf(RegistryException.InvalidInput.class)
                .hasMessageContaining("127.0.0.1:4001");
        assertThatThrownBy(() -> LOOPBACK.withBootstrap("/ip4/127.0.0.1/tcp/4001"))
                .isInstanceOf(RegistryException.InvalidInput.class)
                .hasMessageContaining("/p2p/");
        assertThatThrownBy(() -> LOOPBACK.withListen("/ip4/300.0.0.1/tcp/4001"))
                .isInstanceOf(RegistryException.InvalidInput.class)
                .hasMessageContaining("300.0.0.1");
    }

    @Test
    void somebodyElseAtABootstrapAddress() throws Exception {
        try (Registry node = Registry.open(LOOPBACK);
                Registry other = Registry.open(LOOPBACK)) {
            PeerId nobody = Identity.generate(new SecureRandom()).peerId();
            Multiaddr wrong = other.addresses().get(0).withoutPeerId().withPeerId(nobody);
            assertThatThrownBy(() -> node.connect(wrong))
                    .isInstanceOf(RegistryException.Unreachable.class)
                    .hasMessageContaining(nobody.toString())
                    .hasMessageContaining(other.id().toString());
        }
    }

    @Test
    void nobodyAtABootstrapAddress() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        PeerId nobody = Identity.generate(new SecureRandom()).peerId();
        String dead = "/ip4/127.0.0.1/tcp/" + free + "/p2p/" + nobody;
        try (Registry node = Registry.open(LOOPBACK.withBootstrap(dead))) {
            assertThatThrownBy(() -> node.bootstrap(Duration.ofSeconds(5)))
                    .isInstanceOf(RegistryException.Unreachable.class)
                    .hasMessageContaining(dead);
            assertThatThrownBy(() -> node.awaitReady(Duration.ofMillis(300)))
                    .isInstanceOf(RegistryException.DeadlineExceeded.class);
        }
    }

    @Test
    void aRecordOverTheLimit() throws Exception {
        try (Registry node = Registry.open(LOOPBACK)) {
            String[] tags = IntStream.range(0, 32).mapToObj(i -> ("tag" + i + "x".repeat(64)).substring(0, 64)).toArray(String[]::new);
            assertThatThrownBy(() -> node.publish(manifest("acme/big", "1", "Big")
                            .withDescription("\u20ac".repeat(4_000))
                            .withTags(tags)))
                    .isInstanceOf(RegistryException.TooLarge.class)
                    .hasMessageContaining("acme/big");
            assertThat(node.status().published()).isZero();
        }
    }

    @Test
    void fieldsOfAManifestThatAreNotAcceptable() {
        assertThatThrownBy(() -> manifest("no-slash", "1", "t")).isInstanceOf(RegistryException.InvalidInput.class);
        assertThatThrownBy(() -> manifest("a b/c", "1", "t")).isInstanceOf(RegistryException.InvalidInput.class);
        assertThatThrownBy(() -> manifest("a/b", "one two", "t"))
                .isInstanceOfSatisfying(RegistryException.InvalidInput.class, e -> assertThat(e.field()).isEqualTo("version"));
        assertThatThrownBy(() -> manifest("a/b", "1", " "))
                .isInstanceOfSatisfying(RegistryException.InvalidInput.class, e -> assertThat(e.field()).isEqualTo("title"));
        assertThatThrownBy(() -> manifest("a/b", "1", "t").withLink("home", URI.create("file:///etc/passwd")))
                .isInstanceOf(RegistryException.InvalidInput.class);
    }

    @Test
    void aVersionPublishedAgainWithOtherContent() throws Exception {
        try (Registry node = Registry.open(LOOPBACK)) {
            node.publish(manifest("acme/logger", "1", "A small logger"));
            node.publish(manifest("acme/logger", "1", "A small logger"));
            assertThatThrownBy(() -> node.publish(manifest("acme/logger", "1", "Something else")))
                    .isInstanceOf(RegistryException.Conflict.class)
                    .hasMessageContaining("acme/logger");
        }
    }
}
