package io.swarmscope.internal.link.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.swarmscope.host.HostException;
import io.swarmscope.internal.crypto.Aead;
import io.swarmscope.internal.crypto.Aeads;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.wire.Limits;
import io.swarmscope.internal.wire.MalformedException;
import io.swarmscope.internal.wire.Mangler;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What somebody between two peers, or a hostile peer, can do: end the connection, and nothing else. */
class NoiseAttackTest {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final NoiseStatic alice = NoiseStatic.create(Identity.generate(RANDOM), RANDOM);
    private final NoiseStatic bob = NoiseStatic.create(Identity.generate(RANDOM), RANDOM);

    @Test
    void aHandshakeInWhichAnyByteWasChangedFails() throws Exception {
        for (int message = 1; message <= 3; message++) {
            int length = message == 1 ? 32 : message == 2 ? 218 : 186;
            for (int at = 0; at < length; at += message == 1 ? 1 : 3) {
                assertThat(succeedsWithChange(message, at))
                        .as("message %d, byte %d", message, at)
                        .isFalse();
            }
        }
        assertThat(succeedsWithChange(4, 0)).as("unchanged").isTrue();
    }

    @Test
    void aHandshakeThatEndsAnywhereFailsAndNeverHangs() throws Exception {
        byte[] toListener = recordedInitiator();
        for (int length = 0; length < toListener.length; length++) {
            InputStream in = new ByteArrayInputStream(toListener, 0, length);
            assertHandshakeFails(() -> NoiseChannel.respond(in, OutputStream.nullOutputStream(), bob));
        }
        for (int length = 0; length < 250; length++) {
            InputStream in = new ByteArrayInputStream(new byte[length]);
            assertHandshakeFails(
                    () -> NoiseChannel.initiate(in, OutputStream.nullOutputStream(), alice, null, Prelude.NONE));
        }
    }

    @Test
    void noiseInPlaceOfAHandshakeFails() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            byte[] noise = new byte[random.nextInt(600)];
            random.nextBytes(noise);
            if (noise.length > 1) {
                noise[0] = 0;
            }
            assertHandshakeFails(
                    () -> NoiseChannel.respond(new ByteArrayInputStream(noise), OutputStream.nullOutputStream(), bob));
            assertHandshakeFails(() -> NoiseChannel.initiate(
                    new ByteArrayInputStream(noise), OutputStream.nullOutputStream(), alice, null, Prelude.NONE));
        }
    }

    @Test
    void anOversizedHandshakeMessageIsRefusedUnread() {
        byte[] bytes = new byte[10_000];
        bytes[0] = (byte) (Limits.NOISE_HANDSHAKE_BYTES + 1 >>> 8);
        bytes[1] = (byte) (Limits.NOISE_HANDSHAKE_BYTES + 1);
        ByteArrayInputStream in = new ByteArrayInputStream(bytes);
        assertHandshakeFails(() -> NoiseChannel.respond(in, OutputStream.nullOutputStream(), bob));
        assertThat(in.available()).isEqualTo(bytes.length - 2);
    }

    @Test
    void aKeyThatMakesTheSecretZeroIsRefused() {
        byte[] first = new byte[34];
        first[1] = 32;
        assertHandshakeFails(
                () -> NoiseChannel.respond(new ByteArrayInputStream(first), OutputStream.nullOutputStream(), bob));
    }

    @Test
    void ourOwnMessagesReflectedFail() throws Exception {
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        Handshake handshake = new Handshake(alice);
        sent.writeBytes(framed(handshake.first()));
        assertHandshakeFails(() -> NoiseChannel.initiate(
                new ByteArrayInputStream(sent.toByteArray()),
                OutputStream.nullOutputStream(),
                alice,
                null,
                Prelude.NONE));
    }

    @Test
    void theEndBetweenFramesIsCleanAndInsideIsNot() throws Exception {
        byte[] frames = frames(new byte[100]);
        assertThat(reader(frames).read(new byte[200], 0, 200)).isEqualTo(100);
        FrameReader whole = reader(frames);
        whole.read(new byte[200], 0, 200);
        assertThat(whole.read(new byte[200], 0, 200)).isEqualTo(-1);
        assertThat(whole.read(new byte[200], 0, 200)).isEqualTo(-1);
        for (int length = 1; length < frames.length; length++) {
            FrameReader cut = reader(Arrays.copyOf(frames, length));
            assertThatThrownBy(() -> cut.read(new byte[200], 0, 200)).isInstanceOf(EOFException.class);
        }
    }

    @Test
    void aFrameThatIsNotAuthenticEndsTheChannel() throws Exception {
        byte[] frames = frames(new byte[100]);
        for (int at = 2; at < frames.length; at++) {
            byte[] changed = Arrays.copyOf(frames, 2 * frames.length);
            System.arraycopy(frames, 0, changed, frames.length, frames.length);
            changed[at] ^= 1;
            FrameReader reader = reader(changed);
            assertThatThrownBy(() -> reader.read(new byte[200], 0, 200)).isInstanceOf(MalformedException.class);
            assertThatThrownBy(() -> reader.read(new byte[200], 0, 200)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aReplayedFrameIsNotAuthentic() throws Exception {
        byte[] frame = frames(new byte[10]);
        byte[] twice = Arrays.copyOf(frame, 2 * frame.length);
        System.arraycopy(frame, 0, twice, frame.length, frame.length);
        FrameReader reader = reader(twice);
        assertThat(reader.read(new byte[10], 0, 10)).isEqualTo(10);
        assertThatThrownBy(() -> reader.read(new byte[10], 0, 10)).isInstanceOf(MalformedException.class);
    }

    @Test
    void aFrameShorterThanItsTagIsRefused() {
        for (int length = 0; length < Aead.TAG_BYTES; length++) {
            byte[] frame = new byte[2 + length];
            frame[1] = (byte) length;
            assertThatThrownBy(() -> reader(frame).read(new byte[10], 0, 10)).isInstanceOf(MalformedException.class);
        }
    }

    @Test
    void someEmptyFramesAreSkippedAndManyRefused() throws Exception {
        byte[][] some = new byte[Limits.NOISE_EMPTY_FRAMES + 1][0];
        some[Limits.NOISE_EMPTY_FRAMES] = new byte[] {42};
        assertThat(reader(frames(some)).read(new byte[10], 0, 10)).isEqualTo(1);
        byte[][] many = new byte[Limits.NOISE_EMPTY_FRAMES + 2][0];
        assertThatThrownBy(() -> reader(frames(many)).read(new byte[10], 0, 10))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("empty");
    }

    @Test
    void aMangledPayloadNeverFailsOtherwise() {
        Mangler.attack(alice.payload(), NoisePayload::ofBytes);
    }

    /** Runs a handshake through somebody who flips one bit of one message. */
    private boolean succeedsWithChange(int message, int at) throws Exception {
        try {
            Handshake dialer = new Handshake(alice);
            Handshake listener = new Handshake(bob);
            listener.readFirst(changed(dialer.first(), message == 1, at));
            NoisePayload fromListener = dialer.readSecond(changed(listener.second(), message == 2, at));
            alice.knownKeys().verify(fromListener, dialer.remoteStatic());
            NoisePayload fromDialer = listener.readThird(changed(dialer.third(), message == 3, at));
            bob.knownKeys().verify(fromDialer, listener.remoteStatic());
            return Arrays.equals(dialer.transcript(), listener.transcript());
        } catch (MalformedException e) {
            return false;
        }
    }

    private static byte[] changed(byte[] message, boolean change, int at) {
        byte[] result = message.clone();
        if (change) {
            result[at % message.length] ^= 4;
        }
        return result;
    }

    /** What a dialer sends, its last message for another listener's ephemeral key. */
    private byte[] recordedInitiator() throws Exception {
        Handshake dialer = new Handshake(alice);
        Handshake listener = new Handshake(bob);
        byte[] first = dialer.first();
        listener.readFirst(first);
        dialer.readSecond(listener.second());
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        sent.writeBytes(framed(first));
        sent.writeBytes(framed(dialer.third()));
        return sent.toByteArray();
    }

    private interface Attempt {
        void run() throws IOException;
    }

    private static void assertHandshakeFails(Attempt attempt) {
        try {
            attempt.run();
            fail("the handshake succeeded");
        } catch (HostException e) {
            assertThat(e.kind()).isEqualTo(HostException.Kind.HANDSHAKE_FAILED);
        } catch (IOException e) {
            fail("other failure", e);
        }
    }

    private static byte[] frames(byte[]... plains) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Aead cipher = cipher();
        for (int nonce = 0; nonce < plains.length; nonce++) {
            byte[] sealed = new byte[plains[nonce].length + Aead.TAG_BYTES];
            cipher.seal(nonce, new byte[0], plains[nonce], 0, plains[nonce].length, sealed, 0);
            out.writeBytes(framed(sealed));
        }
        return out.toByteArray();
    }

    private static FrameReader reader(byte[] bytes) {
        return new FrameReader(new ByteArrayInputStream(bytes), cipher());
    }

    private static Aead cipher() {
        Aead cipher = Aeads.create();
        cipher.key(new byte[32]);
        return cipher;
    }

    private static byte[] framed(byte[] message) {
        byte[] framed = new byte[message.length + 2];
        framed[0] = (byte) (message.length >>> 8);
        framed[1] = (byte) message.length;
        System.arraycopy(message, 0, framed, 2, message.length);
        return framed;
    }
}
