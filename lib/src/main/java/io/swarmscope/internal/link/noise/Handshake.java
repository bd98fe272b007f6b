package io.swarmscope.internal.link.noise;

import io.swarmscope.internal.crypto.Aead;
import io.swarmscope.internal.crypto.X25519;
import io.swarmscope.internal.wire.MalformedException;
import java.util.Arrays;

/**
 * The three messages of Noise XX: each method makes or reads one, in the order the pattern has. Makes no decision about
 * who the peer is. Used by the thread that runs the handshake, once.
 *
 * @see <a href="https://noiseprotocol.org/noise.html#handshake-patterns">Noise, section 7</a>
 */
final class Handshake {
    private static final String PROTOCOL = "Noise_XX_25519_ChaChaPoly_SHA256";
    private static final int KEY_BYTES = X25519.KEY_BYTES;
    private static final int SEALED_KEY_BYTES = KEY_BYTES + Aead.TAG_BYTES;

    private final NoiseStatic self;
    private final SymmetricState state = new SymmetricState(PROTOCOL);
    private final byte[] ephemeral;
    private byte[] remoteEphemeral = new byte[0];
    private byte[] remoteStatic = new byte[0];

    Handshake(NoiseStatic self) {
        this.self = self;
        this.ephemeral = X25519.generatePrivateKey(self.random());
    }

    /** Initiator: {@code e}. */
    byte[] first() {
        byte[] key = sendEphemeral();
        return join(key, state.seal(new byte[0]));
    }

    /** Responder: {@code e}. A payload here would be readable by everybody; nobody sends one. */
    void readFirst(byte[] message) throws MalformedException {
        if (message.length != KEY_BYTES) {
            throw new MalformedException("first noise message has " + message.length + " bytes instead of 32");
        }
        receiveEphemeral(message);
        state.open(new byte[0]);
    }

    /** Responder: {@code e, ee, s, es} and who it is. */
    byte[] second() throws MalformedException {
        byte[] key = sendEphemeral();
        state.mixKey(X25519.agree(ephemeral, remoteEphemeral));
        byte[] sealedStatic = state.seal(self.publicKey());
        state.mixKey(X25519.agree(self.privateKey(), remoteEphemeral));
        return join(key, sealedStatic, state.seal(self.payload()));
    }

    /** Initiator: {@code e, ee, s, es} and who the responder says it is. */
    NoisePayload readSecond(byte[] message) throws MalformedException {
        requireAtLeast(message, KEY_BYTES + SEALED_KEY_BYTES);
        receiveEphemeral(Arrays.copyOf(message, KEY_BYTES));
        state.mixKey(X25519.agree(ephemeral, remoteEphemeral));
        int payloadAt = KEY_BYTES + SEALED_KEY_BYTES;
        remoteStatic = state.open(Arrays.copyOfRange(message, KEY_BYTES, payloadAt));
        state.mixKey(X25519.agree(ephemeral, remoteStatic));
        return NoisePayload.ofBytes(state.open(Arrays.copyOfRange(message, payloadAt, message.length)));
    }

    /** Initiator: {@code s, se} and who it is. */
    byte[] third() throws MalformedException {
        byte[] sealedStatic = state.seal(self.publicKey());
        state.mixKey(X25519.agree(self.privateKey(), remoteEphemeral));
        return join(sealedStatic, state.seal(self.payload()));
    }

    /** Responder: {@code s, se} and who the initiator says it is. */
    NoisePayload readThird(byte[] message) throws MalformedException {
        requireAtLeast(message, SEALED_KEY_BYTES);
        remoteStatic = state.open(Arrays.copyOf(message, SEALED_KEY_BYTES));
        state.mixKey(X25519.agree(ephemeral, remoteStatic));
        return NoisePayload.ofBytes(state.open(Arrays.copyOfRange(message, SEALED_KEY_BYTES, message.length)));
    }

    /** The static key the peer proved to own, after its payload was read. */
    byte[] remoteStatic() {
        return remoteStatic;
    }

    /** The keys of the channel, initiator's first. */
    byte[][] split() {
        return state.split();
    }

    /** The hash of all messages, equal on both sides. */
    byte[] transcript() {
        return state.transcript();
    }

    private byte[] sendEphemeral() {
        byte[] key = X25519.publicKey(ephemeral);
        state.mixHash(key);
        return key;
    }

    private void receiveEphemeral(byte[] key) {
        remoteEphemeral = key;
        state.mixHash(key);
    }

    private static void requireAtLeast(byte[] message, int length) throws MalformedException {
        if (message.length < length) {
            throw new MalformedException("noise handshake message of " + message.length + " bytes is too short");
        }
    }

    private static byte[] join(byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        byte[] joined = new byte[length];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, joined, at, part.length);
            at += part.length;
        }
        return joined;
    }
}
