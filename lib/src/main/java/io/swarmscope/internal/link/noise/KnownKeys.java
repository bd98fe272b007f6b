package io.swarmscope.internal.link.noise;

import io.swarmscope.internal.crypto.PublicKey;
import io.swarmscope.internal.wire.Limits;
import io.swarmscope.internal.wire.MalformedException;
import io.swarmscope.internal.wire.Multihash;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Remembers which identity was seen to have signed which static key, the ones met longest ago being forgotten. Peers
 * keep their static key, so meeting one again costs no signature check. For any thread.
 *
 * <p>What is remembered is a fact about three byte strings, found by their hash: nothing a peer does can make it wrong.
 */
final class KnownKeys {
    private static final float LOAD = 0.75f;

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<ByteBuffer, PublicKey> keys = new LinkedHashMap<>(16, LOAD, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteBuffer, PublicKey> eldest) {
            return size() > Limits.NOISE_REMEMBERED_PEERS;
        }
    };

    /**
     * The identity key in the payload, after making sure that it signed the static key.
     *
     * @throws MalformedException if it did not, or is not a valid key
     */
    PublicKey verify(NoisePayload payload, byte[] staticKey) throws MalformedException {
        ByteBuffer fact = fact(payload, staticKey);
        PublicKey known = find(fact);
        if (known != null) {
            return known;
        }
        PublicKey key = PublicKey.ofProtobuf(payload.identityKey());
        if (!key.verify(NoiseStatic.signedBytes(staticKey), payload.signature())) {
            throw new MalformedException("noise static key is not signed by " + key.peerId());
        }
        remember(fact, key);
        return key;
    }

    private @Nullable PublicKey find(ByteBuffer fact) {
        lock.lock();
        try {
            return keys.get(fact);
        } finally {
            lock.unlock();
        }
    }

    private void remember(ByteBuffer fact, PublicKey key) {
        lock.lock();
        try {
            keys.put(fact, key);
        } finally {
            lock.unlock();
        }
    }

    private static ByteBuffer fact(NoisePayload payload, byte[] staticKey) {
        MessageDigest sha = Multihash.sha256Digest();
        sha.update(staticKey); // fixed length, and so is the length of the key, so that no two facts share bytes
        sha.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, payload.identityKey().length));
        sha.update(payload.identityKey());
        return ByteBuffer.wrap(sha.digest(payload.signature()));
    }
}
