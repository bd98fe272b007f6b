package io.swarmscope.internal.link.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.swarmscope.host.HostException;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.crypto.Keys;
import io.swarmscope.internal.wire.ProtoWriter;
import java.io.DataInputStream;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Our Noise against noise-java, in both roles. */
class NoiseOracleTest {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final long seed = System.nanoTime();
    private final Pair pair = new Pair(seed);
    private final Identity us = Identity.generate(RANDOM);
    private final Identity them = Identity.generate(RANDOM);
    private final NoiseStatic self = NoiseStatic.create(us, RANDOM);

    /** What the oracle says of itself. */
    private interface Payload {
        byte[] of(Oracle oracle) throws Exception;
    }

    @Test
    void weDialIt() throws Exception {
        CompletableFuture<NoiseChannel> dialer = pair.dial(self, them.peerId());
        Oracle oracle = listener();
        oracle.handshake(oracle.payload(them));
        assertExchange(Pair.get(dialer), oracle);
    }

    @Test
    void itDialsUs() throws Exception {
        CompletableFuture<NoiseChannel> listener = pair.listen(self);
        Oracle oracle = new Oracle(true, pair.toDialer.in(), pair.toListener.out());
        oracle.handshake(oracle.payload(them));
        assertExchange(Pair.get(listener), oracle);
    }

    @Test
    void theTranscriptHashIsTheSame() throws Exception {
        Handshake ours = new Handshake(self);
        Oracle oracle = listener();
        CompletableFuture<Void> running = Pair.async(() -> {
            oracle.handshake(oracle.payload(them));
            return null;
        });
        pair.toListener.out().write(framed(ours.first()));
        DataInputStream in = new DataInputStream(pair.toDialer.in());
        ours.readSecond(in.readNBytes(in.readUnsignedShort()));
        pair.toListener.out().write(framed(ours.third()));
        Pair.get(running);
        assertThat(ours.transcript()).isEqualTo(oracle.transcript());
    }

    @Test
    void anEmptyExtensionMessageListsNothing() throws Exception {
        NoiseChannel channel = accept(oracle -> new ProtoWriter()
                .bytes(1, them.publicKey().toProtobuf())
                .bytes(2, them.sign(NoiseStatic.signedBytes(oracle.staticKey())))
                .bytes(3, new byte[0]) // as jvm
                .bytes(4, new byte[0])
                .varint(2000, 7) // experimental
                .toBytes());
        assertThat(channel.remoteMuxers()).isEmpty();
        assertThat(channel.earlyMuxer("/yamux/1.0.0")).isFalse();
    }

    @Test
    void aPeerMayHaveAnEcdsaIdentity() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        KeyPair keys = generator.generateKeyPair();
        NoiseChannel channel = accept(oracle -> {
            Signature signer = Signature.getInstance("SHA256withECDSA");
            signer.initSign(keys.getPrivate());
            signer.update(NoiseStatic.signedBytes(oracle.staticKey()));
            byte[] key = new ProtoWriter()
                    .varint(1, 3)
                    .bytes(2, keys.getPublic().getEncoded())
                    .toBytes();
            return new ProtoWriter().bytes(1, key).bytes(2, signer.sign()).toBytes();
        });
        assertThat(channel.remote().toString()).startsWith("Qm");
    }

    @Test
    void aPeerThatDoesNotProveItsIdentityIsRefused() {
        assertRefused(oracle -> new byte[0]);
        assertRefused(oracle ->
                new ProtoWriter().bytes(1, them.publicKey().toProtobuf()).toBytes());
        assertRefused(oracle -> new ProtoWriter().bytes(2, new byte[64]).toBytes());
        assertRefused(oracle ->
                payload(Keys.message("ed25519-public"), them.sign(NoiseStatic.signedBytes(oracle.staticKey()))));
        assertRefused(
                oracle -> payload(them.publicKey().toProtobuf(), them.sign(NoiseStatic.signedBytes(new byte[32]))));
        assertRefused(oracle -> payload(them.publicKey().toProtobuf(), them.sign(oracle.staticKey())));
        assertRefused(oracle -> new byte[] {0x0a, 0x50});
        assertRefused(oracle -> new byte[5000]);
    }

    @Test
    void aPayloadInTheFirstMessageIsRefused() throws Exception {
        CompletableFuture<NoiseChannel> listener = pair.listen(self);
        Oracle oracle = new Oracle(true, pair.toDialer.in(), pair.toListener.out());
        oracle.write(new byte[10]);
        assertFails(listener);
    }

    private void assertExchange(NoiseChannel channel, Oracle oracle) throws Exception {
        assertThat(channel.remote()).isEqualTo(them.peerId());
        assertThat(NoisePayload.ofBytes(oracle.remotePayload()).muxers()).containsExactly("/yamux/1.0.0");
        byte[] data = new byte[200_000];
        new Random(seed).nextBytes(data);
        channel.write(data, 0, data.length);
        assertThat(oracle.receiveBytes(data.length)).as("seed %d", seed).isEqualTo(data);
        oracle.sendFrame(new byte[0]);
        oracle.sendFrame(Arrays.copyOf(data, 65519));
        oracle.sendFrame(Arrays.copyOfRange(data, 65519, 70000));
        assertThat(channel.input().readNBytes(70000)).as("seed %d", seed).isEqualTo(Arrays.copyOf(data, 70000));
    }

    private Oracle listener() throws Exception {
        return new Oracle(false, pair.toListener.in(), pair.toDialer.out());
    }

    private NoiseChannel accept(Payload payload) throws Exception {
        Pair fresh = new Pair(seed);
        CompletableFuture<NoiseChannel> dialer = fresh.dial(self, null);
        Oracle oracle = new Oracle(false, fresh.toListener.in(), fresh.toDialer.out());
        oracle.handshake(payload.of(oracle));
        return Pair.get(dialer);
    }

    private void assertRefused(Payload payload) {
        Pair fresh = new Pair(seed);
        CompletableFuture<NoiseChannel> listener = fresh.listen(self);
        Pair.async(() -> {
            Oracle oracle = new Oracle(true, fresh.toDialer.in(), fresh.toListener.out());
            oracle.handshake(payload.of(oracle));
            return null;
        });
        assertFails(listener);
    }

    private static void assertFails(CompletableFuture<NoiseChannel> end) {
        assertThatThrownBy(() -> Pair.get(end))
                .isInstanceOfSatisfying(
                        HostException.class, e -> assertThat(e.kind()).isEqualTo(HostException.Kind.HANDSHAKE_FAILED));
    }

    private static byte[] payload(byte[] key, byte[] signature) {
        return new ProtoWriter().bytes(1, key).bytes(2, signature).toBytes();
    }

    private static byte[] framed(byte[] message) {
        byte[] framed = new byte[message.length + 2];
        framed[1] = (byte) message.length;
        System.arraycopy(message, 0, framed, 2, message.length);
        return framed;
    }
}
