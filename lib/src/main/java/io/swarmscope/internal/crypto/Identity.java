package io.swarmscope.internal.crypto;

import io.swarmscope.PeerId;
import io.swarmscope.internal.wire.MalformedException;
import io.swarmscope.internal.wire.ProtoReader;
import io.swarmscope.internal.wire.ProtoWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/**
 * The Ed25519 key pair that makes a node who it is. Immutable, for any thread. Its text never shows the private key.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/peer-ids/peer-ids.md#keys">keys in the specification</a>
 */
public final class Identity {
    private static final int TYPE = 1;
    private static final int DATA = 2;
    private static final int SEED_BYTES = Ed25519.SECRET_KEY_SIZE;
    private static final int PAIR_BYTES = SEED_BYTES + Ed25519.PUBLIC_KEY_SIZE;

    /** Old files repeat the public key. */
    private static final int LEGACY_BYTES = PAIR_BYTES + Ed25519.PUBLIC_KEY_SIZE;

    /** Seed, then public key: the form on the wire and the one signing wants. */
    private final byte[] pair;

    private final PublicKey publicKey;

    private Identity(byte[] seed) {
        pair = Arrays.copyOf(seed, PAIR_BYTES);
        Ed25519.generatePublicKey(seed, 0, pair, SEED_BYTES);
        try {
            publicKey = Ed25519PublicKey.of(Arrays.copyOfRange(pair, SEED_BYTES, PAIR_BYTES));
        } catch (MalformedException e) {
            throw new AssertionError("a generated key is a valid key", e);
        }
    }

    /** A new key pair. */
    public static Identity generate(SecureRandom random) {
        byte[] seed = new byte[SEED_BYTES];
        random.nextBytes(seed);
        return new Identity(seed);
    }

    /**
     * The key pair that belongs to a secret.
     *
     * @param seed 32 bytes, which nobody must be able to guess
     */
    public static Identity ofSeed(byte[] seed) {
        if (seed.length != SEED_BYTES) {
            throw new IllegalArgumentException("a seed has " + SEED_BYTES + " bytes, not " + seed.length);
        }
        return new Identity(seed.clone());
    }

    /**
     * The key pair in a {@code PrivateKey} message, as other implementations also write it.
     *
     * @throws MalformedException if it is no Ed25519 private key, or its public part does not belong to it
     */
    public static Identity ofProtobuf(byte[] message) throws MalformedException {
        ProtoReader in = ProtoReader.of(message);
        long type = -1;
        byte[] data = new byte[0];
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field) {
                case TYPE -> type = in.varint();
                case DATA -> data = in.bytes(LEGACY_BYTES);
                default -> in.skip();
            }
        }
        if (type != KeyType.ED25519.code() || (data.length != PAIR_BYTES && data.length != LEGACY_BYTES)) {
            throw new MalformedException(
                    "expected an Ed25519 private key, found type " + type + " with " + data.length + " bytes");
        }
        Identity identity = new Identity(Arrays.copyOf(data, SEED_BYTES));
        for (int at = SEED_BYTES; at < data.length; at += Ed25519.PUBLIC_KEY_SIZE) {
            if (!Arrays.equals(data, at, at + Ed25519.PUBLIC_KEY_SIZE, identity.pair, SEED_BYTES, PAIR_BYTES)) {
                throw new MalformedException("public part of the private key does not belong to it");
            }
        }
        return identity;
    }

    /**
     * The identity kept in a file, made and written first if there is no such file. Of several processes that create
     * it at once, all return the same.
     *
     * @param file a {@code PrivateKey} message, as other implementations also write it; missing directories are created
     * @throws IOException if the file cannot be read or written, is not an identity, or others than its owner may read
     *     it; the message names the file and says what to do
     */
    public static Identity loadOrCreate(Path file) throws IOException {
        return IdentityFile.loadOrCreate(file);
    }

    /** The public half. */
    public PublicKey publicKey() {
        return publicKey;
    }

    /** The id of the peer with this key. */
    public PeerId peerId() {
        return publicKey.peerId();
    }

    /** The signature over the message, 64 bytes. */
    public byte[] sign(byte[] message) {
        byte[] signature = new byte[Ed25519.SIGNATURE_SIZE];
        Ed25519.sign(pair, 0, pair, SEED_BYTES, message, 0, message.length, signature, 0);
        return signature;
    }

    /** The {@code PrivateKey} message: the secret itself. */
    public byte[] toProtobuf() {
        return new ProtoWriter()
                .varint(TYPE, KeyType.ED25519.code())
                .bytes(DATA, pair)
                .toBytes();
    }

    @Override
    public String toString() {
        return "identity of " + peerId();
    }
}
