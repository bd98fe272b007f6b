package io.swarmscope.internal.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.swarmscope.PeerId;
import io.swarmscope.internal.wire.MalformedException;
import io.swarmscope.internal.wire.Mangler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class IdentityTest {

    @TempDir
    Path directory;

    @Test
    void theSpecificationsPrivateKeyBelongsToItsPublicKey() throws MalformedException {
        Identity identity = Identity.ofProtobuf(Keys.message("ed25519-private"));
        assertThat(identity.publicKey().toProtobuf()).isEqualTo(Keys.message("ed25519-public"));
        assertThat(identity.toProtobuf()).isEqualTo(Keys.message("ed25519-private"));
    }

    @Test
    void theOldFormWithThePublicKeyTwiceIsRead() throws MalformedException {
        String pair = HexFormat.of().formatHex(Keys.message("ed25519-private")).substring(8);
        byte[] legacy = HexFormat.of().parseHex("08011260" + pair + pair.substring(64));
        assertThat(Identity.ofProtobuf(legacy).peerId())
                .isEqualTo(Keys.ed25519().peerId());
        legacy[legacy.length - 1] ^= 1;
        assertThatThrownBy(() -> Identity.ofProtobuf(legacy)).isInstanceOf(MalformedException.class);
    }

    @Test
    void aPublicPartThatDoesNotBelongToThePrivateOneIsRefused() {
        byte[] message = Keys.message("ed25519-private");
        message[message.length - 1] ^= 1;
        assertThatThrownBy(() -> Identity.ofProtobuf(message)).isInstanceOf(MalformedException.class);
    }

    @Test
    void otherKeyTypesAreRefused() {
        for (String name : new String[] {"rsa", "ecdsa", "secp256k1"}) {
            assertThatThrownBy(() -> Identity.ofProtobuf(Keys.message(name + "-private")))
                    .isInstanceOf(MalformedException.class);
        }
    }

    @Test
    void signaturesAreThoseOfTheStandard() {
        // The payload signature of the Noise vector: the static key is the bytes 00 to 1f.
        byte[] message =
                Arrays.copyOf("noise-libp2p-static-key:".getBytes(java.nio.charset.StandardCharsets.US_ASCII), 56);
        for (int i = 0; i < 32; i++) {
            message[24 + i] = (byte) i;
        }
        assertThat(HexFormat.of().formatHex(Keys.ed25519().sign(message)))
                .isEqualTo("6748f6f4c32e36aa2ef8df283a99a76275a9358b224844c53ced6ae4789262d0"
                        + "0a86a6fe47a578ae243faa2a3ed9f4fd22d1bc38527f4797548e568ca43f500c");
    }

    @Test
    void theTextDoesNotShowTheSecret() {
        assertThat(Keys.ed25519()).hasToString("identity of " + Keys.ed25519().peerId());
    }

    @Test
    void anIdentityIsMadeOnceAndFoundAgain() throws IOException {
        Path file = directory.resolve("deep/er/identity.key");
        PeerId first = Identity.loadOrCreate(file).peerId();
        assertThat(Identity.loadOrCreate(file).peerId()).isEqualTo(first);
        try (var files = Files.list(file.getParent())) {
            assertThat(files).as("no drafts are left behind").containsExactly(file);
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void onlyTheOwnerMayReadTheFile() throws IOException {
        Path file = directory.resolve("identity.key");
        Identity.loadOrCreate(file);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        for (String open : new String[] {"rw-r-----", "rw----r--", "rw--w----", "rw-rw-rw-"}) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(open));
            assertThatThrownBy(() -> Identity.loadOrCreate(file))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(file.toString())
                    .hasMessageContaining("chmod 600");
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));
        Identity.loadOrCreate(file);
    }

    @Test
    void aCorruptFileIsNamedAndNotReplaced() throws IOException {
        for (byte[] content : List.of(new byte[0], new byte[] {1, 2, 3}, new byte[5000])) {
            Path file = directory.resolve("identity-" + content.length);
            Identity.loadOrCreate(file);
            Files.write(file, content);
            assertThatThrownBy(() -> Identity.loadOrCreate(file))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(file.toString())
                    .hasMessageContaining("restore");
            assertThat(Files.readAllBytes(file)).isEqualTo(content);
        }
    }

    @Test
    void aDirectoryInPlaceOfTheFileIsAnError() {
        assertThatThrownBy(() -> Identity.loadOrCreate(directory)).isInstanceOf(IOException.class);
    }

    @Test
    void manyWhoStartAtOnceGetTheSameIdentity() throws Exception {
        Path file = directory.resolve("contested.key");
        List<Callable<PeerId>> starts = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            starts.add(() -> Identity.loadOrCreate(file).peerId());
        }
        Set<PeerId> found = new HashSet<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<PeerId> start : threads.invokeAll(starts)) {
                found.add(start.get());
            }
        }
        assertThat(found).hasSize(1);
    }

    @Test
    void generatedIdentitiesDiffer() {
        SecureRandom random = new SecureRandom();
        assertThat(Identity.generate(random).peerId())
                .isNotEqualTo(Identity.generate(random).peerId());
    }

    @Test
    void noiseNeverFailsOtherwise() {
        Mangler.attack(
                Keys.message("ed25519-private"),
                bytes -> Identity.ofProtobuf(bytes).peerId());
    }
}
