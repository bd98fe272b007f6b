package io.swarmscope.internal.crypto;

import io.swarmscope.internal.wire.MalformedException;
import java.security.SecureRandom;

/** Diffie–Hellman over Curve25519, computed by Bouncy Castle in constant time. Stateless, for any thread. */
public final class X25519 {
    /** Bytes of a private key, a public key and a shared secret. */
    public static final int KEY_BYTES = 32;

    private X25519() {}

    /** A new private key. */
    public static byte[] generatePrivateKey(SecureRandom random) {
        byte[] key = new byte[KEY_BYTES];
        org.bouncycastle.math.ec.rfc7748.X25519.generatePrivateKey(random, key);
        return key;
    }

    /** The public key of a private key. */
    public static byte[] publicKey(byte[] privateKey) {
        byte[] key = new byte[KEY_BYTES];
        org.bouncycastle.math.ec.rfc7748.X25519.generatePublicKey(privateKey, 0, key, 0);
        return key;
    }

    /**
     * The secret shared with the owner of a public key.
     *
     * @param publicKey 32 bytes, from anybody
     * @throws MalformedException if the secret would be zero, which only a key chosen to that end leads to
     */
    public static byte[] agree(byte[] privateKey, byte[] publicKey) throws MalformedException {
        byte[] secret = new byte[KEY_BYTES];
        if (!org.bouncycastle.math.ec.rfc7748.X25519.calculateAgreement(privateKey, 0, publicKey, 0, secret, 0)) {
            throw new MalformedException("X25519 public key is a point of small order");
        }
        return secret;
    }
}
