package io.swarmscope.internal.link.noise;

import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.crypto.X25519;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;

/**
 * A node's side of all its handshakes: the X25519 static key, made and signed once, and what was learned of peers'
 * static keys. For any thread.
 *
 * <p>One static key for all connections is what rust and jvm do: it saves a key and a signature per handshake, and
 * forward secrecy comes from the ephemeral keys.
 */
public final class NoiseStatic {
    /** The one muxer of this node; js fails if it meets a list it shares nothing with, so there is never a second entry. */
    private static final List<String> YAMUX = List.of("/yamux/1.0.0");

    private static final byte[] SIGNED_PREFIX = "noise-libp2p-static-key:".getBytes(StandardCharsets.US_ASCII);

    private final byte[] privateKey;
    private final byte[] publicKey;
    private final byte[] payload;
    private final List<String> muxers;
    private final KnownKeys knownKeys = new KnownKeys();
    private final SecureRandom random;

    private NoiseStatic(Identity identity, byte[] privateKey, List<String> muxers, SecureRandom random) {
        this.privateKey = privateKey;
        this.publicKey = X25519.publicKey(privateKey);
        this.muxers = List.copyOf(muxers);
        this.random = random;
        this.payload = new NoisePayload(
                        identity.publicKey().toProtobuf(), identity.sign(signedBytes(publicKey)), this.muxers)
                .toBytes();
    }

    /** For a node that speaks yamux and says so in the handshake, which saves a round trip with peers that do likewise. */
    public static NoiseStatic create(Identity identity, SecureRandom random) {
        return create(identity, YAMUX, random);
    }

    /**
     * For a node that lists these muxers in the handshake.
     *
     * @param muxers empty to negotiate the muxer afterwards with everybody, as rust and jvm do
     */
    public static NoiseStatic create(Identity identity, List<String> muxers, SecureRandom random) {
        return new NoiseStatic(identity, X25519.generatePrivateKey(random), muxers, random);
    }

    /** With a given static key, for tests that compare bytes. */
    static NoiseStatic of(Identity identity, byte[] privateKey, List<String> muxers, SecureRandom random) {
        return new NoiseStatic(identity, privateKey.clone(), muxers, random);
    }

    /** What an identity signs to say that a static key is its own. */
    static byte[] signedBytes(byte[] staticKey) {
        byte[] signed = new byte[SIGNED_PREFIX.length + staticKey.length];
        System.arraycopy(SIGNED_PREFIX, 0, signed, 0, SIGNED_PREFIX.length);
        System.arraycopy(staticKey, 0, signed, SIGNED_PREFIX.length, staticKey.length);
        return signed;
    }

    /** The static private key; not a copy, because the package only reads it. */
    byte[] privateKey() {
        return privateKey;
    }

    /** The static public key; not a copy. */
    byte[] publicKey() {
        return publicKey;
    }

    /** The handshake payload: identity key, signature, muxers; not a copy. */
    byte[] payload() {
        return payload;
    }

    /** The muxers listed in the payload. */
    List<String> muxers() {
        return muxers;
    }

    /** Peers met before. */
    KnownKeys knownKeys() {
        return knownKeys;
    }

    /** Where ephemeral keys come from. */
    SecureRandom random() {
        return random;
    }
}
