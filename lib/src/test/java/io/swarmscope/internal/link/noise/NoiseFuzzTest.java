package io.swarmscope.internal.link.noise;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.swarmscope.host.HostException;
import io.swarmscope.internal.crypto.Aead;
import io.swarmscope.internal.crypto.Keys;
import io.swarmscope.internal.wire.Fuzzed;
import io.swarmscope.internal.wire.Limits;
import io.swarmscope.internal.wire.MalformedException;
import io.swarmscope.internal.wire.ProtoWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** The handshake, what is said in it, and the frames behind it, from a peer that sends what it likes. */
class NoiseFuzzTest {
    private static final NoiseStatic SELF = NoiseStatic.create(Keys.ed25519(), new SecureRandom());
    private static final byte[] STATIC_KEY = new byte[32];

    static Stream<byte[]> payloads() {
        byte[] signature = Keys.ed25519().sign(NoiseStatic.signedBytes(STATIC_KEY));
        byte[] key = Keys.message("ed25519-public");
        ProtoWriter crowd = new ProtoWriter();
        Collections.nCopies(30, "/m").forEach(muxer -> crowd.string(2, muxer));
        return Stream.of(
                new NoisePayload(key, signature, List.of("/yamux/1.0.0")).toBytes(),
                new NoisePayload(key, signature, List.of()).toBytes(),
                new NoisePayload(key, new byte[64], List.of()).toBytes(),
                new ProtoWriter().bytes(1, Keys.message("rsa-public")).message(4, crowd).message(4, new ProtoWriter()).toBytes());
    }

    @MethodSource("payloads")
    @FuzzTest
    void noisePayload(byte[] bytes) {
        Fuzzed.decoded(bytes, NoisePayload::ofBytes).ifPresent(payload -> {
            Fuzzed.roundTripOfBytes(payload, NoisePayload::toBytes, NoisePayload::ofBytes);
            assertThat(payload.muxers().size()).isLessThanOrEqualTo(Limits.NOISE_MUXERS);
            Fuzzed.decoded(bytes, ignored -> new KnownKeys().verify(payload, STATIC_KEY))
                    .ifPresent(key -> assertThat(key).isEqualTo(Keys.ed25519().publicKey()));
        });
    }

    static Stream<byte[]> handshakes() {
        byte[] ephemeral = ByteBuffer.allocate(34).putShort((short) 32).put(new byte[] {9}).array();
        return Stream.of(
                ephemeral,
                ByteBuffer.allocate(300).put(ephemeral).putShort((short) 200).array(),
                ByteBuffer.allocate(34).putShort((short) 32).array(),
                new byte[] {(byte) 0xff, (byte) 0xff},
                new byte[] {0, 0, 0, 0});
    }

    /** Nobody gets through who does not know how, on either side; the failure has its kind. */
    @MethodSource("handshakes")
    @FuzzTest
    void noiseHandshake(byte[] bytes) {
        Optional<NoiseChannel> listener = Fuzzed.decoded(
                bytes, HostException.class, all -> NoiseChannel.respond(new ByteArrayInputStream(all), new ByteArrayOutputStream(), SELF));
        Optional<NoiseChannel> dialer = Fuzzed.decoded(
                bytes,
                HostException.class,
                all -> NoiseChannel.initiate(new ByteArrayInputStream(all), new ByteArrayOutputStream(), SELF, null, Prelude.NONE));
        assertThat(listener).isEmpty();
        assertThat(dialer).isEmpty();
    }

    static Stream<byte[]> frames() {
        byte[] empty = ByteBuffer.allocate(18).putShort((short) 16).array();
        byte[] one = ByteBuffer.allocate(19).putShort((short) 17).array();
        ByteBuffer many = ByteBuffer.allocate(18 * 20);
        Collections.nCopies(20, empty).forEach(many::put);
        byte[] large = ByteBuffer.allocate(3002).putShort((short) 3000).array();
        return Stream.of(one, many.array(), large, new byte[] {0, 15}, new byte[] {(byte) 0xff, (byte) 0xff, 1});
    }

    /** Frames without a cipher come out as they went in, in reads of any size, until one is refused. */
    @MethodSource("frames")
    @FuzzTest
    void noiseFrames(byte[] bytes) {
        byte[] expected = expected(bytes);
        Given given = Fuzzed.decoded(bytes, NoiseFuzzTest::readAll).orElseThrow();
        assertThat(Arrays.copyOf(expected, given.bytes.length)).isEqualTo(given.bytes);
        if (given.endedWell) {
            assertThat(given.bytes.length).as("a channel that ends well has given everything").isEqualTo(expected.length);
        }
    }

    /** What a channel gave, and whether it then ended rather than failed. */
    private record Given(byte[] bytes, boolean endedWell) {}

    private static Given readAll(byte[] bytes) {
        int chunk = bytes.length == 0 ? 1 : 1 + (bytes[bytes.length - 1] & 0xff);
        ByteArrayOutputStream given = new ByteArrayOutputStream();
        FrameReader reader = new FrameReader(new ByteArrayInputStream(bytes), new NoCipher());
        byte[] buffer = new byte[chunk];
        try {
            for (int n = 0; n >= 0; n = reader.read(buffer, 0, chunk)) {
                given.write(buffer, 0, n);
            }
            return new Given(given.toByteArray(), true);
        } catch (IOException e) {
            return new Given(given.toByteArray(), false);
        }
    }

    private static byte[] expected(byte[] bytes) {
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        while (in.remaining() >= 2) {
            int body = in.getShort() & 0xffff;
            if (body < Aead.TAG_BYTES || body > in.remaining()) {
                break;
            }
            plain.write(bytes, in.position(), body - Aead.TAG_BYTES);
            in.position(in.position() + body);
        }
        return plain.toByteArray();
    }

    /** Sealed bytes are plain ones with a tag that is not looked at: so the fuzzer reaches what is behind the cipher. */
    private static final class NoCipher implements Aead {
        @Override
        public void key(byte[] key) {}

        @Override
        public void seal(long nonce, byte[] associated, byte[] source, int offset, int length, byte[] target, int targetOffset) {
            System.arraycopy(source, offset, target, targetOffset, length);
        }

        @Override
        public void open(long nonce, byte[] associated, byte[] source, int offset, int length, byte[] target, int targetOffset)
                throws MalformedException {
            System.arraycopy(source, offset, target, targetOffset, length - TAG_BYTES);
        }
    }
}
