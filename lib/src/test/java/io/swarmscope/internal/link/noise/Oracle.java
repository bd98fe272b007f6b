package io.swarmscope.internal.link.noise;

import com.southernstorm.noise.protocol.CipherState;
import com.southernstorm.noise.protocol.CipherStatePair;
import com.southernstorm.noise.protocol.HandshakeState;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.wire.ProtoWriter;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.GeneralSecurityException;
import java.util.Arrays;

/** A peer whose Noise comes from noise-java, an implementation that shares no code with ours. */
final class Oracle {
    private final DataInputStream in;
    private final DataOutputStream out;
    private final HandshakeState state;
    private byte[] remotePayload = new byte[0];
    private CipherStatePair ciphers;

    Oracle(boolean initiator, InputStream in, OutputStream out) throws GeneralSecurityException {
        this.in = new DataInputStream(in);
        this.out = new DataOutputStream(out);
        state = new HandshakeState(
                "Noise_XX_25519_ChaChaPoly_SHA256", initiator ? HandshakeState.INITIATOR : HandshakeState.RESPONDER);
        state.getLocalKeyPair().generateKeyPair();
        state.start();
    }

    /** Its static public key, for payloads that sign it. */
    byte[] staticKey() {
        byte[] key = new byte[32];
        state.getLocalKeyPair().getPublicKey(key, 0);
        return key;
    }

    /** The payload of an honest peer. */
    byte[] payload(Identity identity) {
        return new ProtoWriter()
                .bytes(1, identity.publicKey().toProtobuf())
                .bytes(2, identity.sign(NoiseStatic.signedBytes(staticKey())))
                .toBytes();
    }

    /** Runs the handshake; the payload goes into the message that names this side. */
    void handshake(byte[] payload) throws Exception {
        while (state.getAction() != HandshakeState.SPLIT) {
            if (state.getAction() == HandshakeState.WRITE_MESSAGE) {
                boolean first = !state.hasRemotePublicKey() && state.getRole() == HandshakeState.INITIATOR;
                write(first ? new byte[0] : payload);
            } else {
                read();
            }
        }
        ciphers = state.split();
    }

    void write(byte[] payload) throws Exception {
        byte[] message = new byte[payload.length + 200];
        int length = state.writeMessage(message, 0, payload, 0, payload.length);
        send(Arrays.copyOf(message, length));
    }

    private void read() throws Exception {
        byte[] message = receive();
        byte[] payload = new byte[message.length];
        int length = state.readMessage(message, 0, message.length, payload, 0);
        remotePayload = Arrays.copyOf(payload, length);
    }

    /** What the peer said in its last message. */
    byte[] remotePayload() {
        return remotePayload;
    }

    byte[] transcript() {
        return state.getHandshakeHash();
    }

    void sendFrame(byte[] plain) throws Exception {
        CipherState cipher = ciphers.getSender();
        byte[] sealed = new byte[plain.length + 16];
        cipher.encryptWithAd(null, plain, 0, sealed, 0, plain.length);
        send(sealed);
    }

    byte[] receiveBytes(int count) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        while (bytes.size() < count) {
            byte[] sealed = receive();
            byte[] plain = new byte[sealed.length];
            int length = ciphers.getReceiver().decryptWithAd(null, sealed, 0, plain, 0, sealed.length);
            bytes.write(plain, 0, length);
        }
        return bytes.toByteArray();
    }

    private void send(byte[] message) throws IOException {
        out.writeShort(message.length);
        out.write(message);
    }

    private byte[] receive() throws IOException {
        byte[] message = new byte[in.readUnsignedShort()];
        in.readFully(message);
        return message;
    }
}
