package io.swarmscope.internal.link.noise;

import io.swarmscope.internal.crypto.Aead;
import io.swarmscope.internal.crypto.Aeads;
import io.swarmscope.internal.wire.MalformedException;
import io.swarmscope.internal.wire.Multihash;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The chaining key, transcript hash and cipher of one running handshake. Used by the thread that runs it.
 *
 * @see <a href="https://noiseprotocol.org/noise.html#the-symmetricstate-object">Noise, section 5.2</a>
 */
final class SymmetricState {
    private static final String HMAC = "HmacSHA256";
    private static final byte[] FIRST = {1};
    private static final byte[] SECOND = {2};

    private final MessageDigest sha = Multihash.sha256Digest();
    private final Mac hmac;
    private final Aead cipher = Aeads.create();
    private byte[] chainingKey;
    private byte[] hash;
    private boolean keyed;
    private long nonce;

    /** Starts with the name of the handshake, which has the length of a hash, and an empty prologue. */
    SymmetricState(String protocolName) {
        hash = protocolName.getBytes(StandardCharsets.US_ASCII);
        chainingKey = hash;
        try {
            hmac = Mac.getInstance(HMAC);
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every Java platform has " + HMAC, e);
        }
        mixHash(new byte[0]);
    }

    void mixHash(byte[] data) {
        sha.update(hash);
        hash = sha.digest(data);
    }

    void mixKey(byte[] secret) {
        byte[][] keys = hkdf(secret);
        chainingKey = keys[0];
        cipher.key(keys[1]);
        keyed = true;
        nonce = 0;
    }

    /** The bytes to send for these: encrypted as soon as there is a key. */
    byte[] seal(byte[] plain) {
        byte[] sent = plain;
        if (keyed) {
            sent = new byte[plain.length + Aead.TAG_BYTES];
            cipher.seal(nonce++, hash, plain, 0, plain.length, sent, 0);
        }
        mixHash(sent);
        return sent;
    }

    /** What the peer sealed, with the transcript so far authenticated too. */
    byte[] open(byte[] received) throws MalformedException {
        byte[] plain = received;
        if (keyed) {
            if (received.length < Aead.TAG_BYTES) {
                throw new MalformedException("noise handshake message is too short");
            }
            plain = new byte[received.length - Aead.TAG_BYTES];
            cipher.open(nonce++, hash, received, 0, received.length, plain, 0);
        }
        mixHash(received);
        return plain;
    }

    /** The two keys that the handshake leads to: the initiator sends with the first, the responder with the second. */
    byte[][] split() {
        return hkdf(new byte[0]);
    }

    /** The hash of all that was sent and received, equal on both sides. */
    byte[] transcript() {
        return hash.clone();
    }

    private byte[][] hkdf(byte[] input) {
        byte[] temporary = hmac(chainingKey, input);
        byte[] first = hmac(temporary, FIRST);
        byte[] both = Arrays.copyOf(first, first.length + SECOND.length);
        both[first.length] = SECOND[0];
        return new byte[][] {first, hmac(temporary, both)};
    }

    private byte[] hmac(byte[] key, byte[] data) {
        try {
            hmac.init(new SecretKeySpec(key, HMAC));
            return hmac.doFinal(data);
        } catch (GeneralSecurityException e) {
            throw new AssertionError("HMAC takes any key", e);
        }
    }
}
