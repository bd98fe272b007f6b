package io.swarmscope.internal.record;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.swarmscope.internal.wire.Limits;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/**
 * Records whose signature was found good or bad lately, by the hash of their bytes, so that one that comes by several ways is verified
 * once. Thread-safe; bounded by the bytes of the good ones, and by the number of the bad ones.
 *
 * <p>Bad ones only need to be remembered from the thread of the link, which refuses them first, to the thread of the swarm, which asks again
 * to note who sent them and must not spend a signature's time on that.
 */
final class VerifiedRecords {

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private record Hash(long a, long b, long c, long d) {}

    private final Cache<Hash, SignedHead> verified = Caffeine.newBuilder()
            .maximumWeight(Limits.RECORD_VERIFIED_BYTES)
            .weigher((Hash hash, SignedHead head) -> head.encoded().length)
            .executor(Runnable::run) // so that no thread of a common pool lives on after a node
            .build();

    private final Cache<Hash, RecordRefused> forged = Caffeine.newBuilder()
            .maximumSize(Limits.RECORD_FORGED)
            .executor(Runnable::run)
            .build();

    /**
     * The head that was verified with exactly these bytes, null if none is remembered.
     *
     * @throws RecordRefused if their signature was found bad
     */
    @Nullable SignedHead find(byte[] encoded) throws RecordRefused {
        Hash hash = hash(encoded);
        SignedHead head = verified.getIfPresent(hash);
        RecordRefused refusal = head == null ? forged.getIfPresent(hash) : null;
        if (refusal != null) {
            throw refusal;
        }
        return head;
    }

    void addForged(byte[] encoded, RecordRefused refusal) {
        if (refusal.reason() == RecordRefused.Reason.SIGNATURE) {
            forged.put(hash(encoded), refusal);
        }
    }

    void add(SignedHead head) {
        verified.put(hash(head.encoded()), head);
    }

    private static Hash hash(byte[] encoded) {
        byte[] digest = sha256().digest(encoded);
        return new Hash(
                (long) LONGS.get(digest, 0), (long) LONGS.get(digest, 8), (long) LONGS.get(digest, 16), (long) LONGS.get(digest, 24));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256, this one says it has not", e);
        }
    }
}
