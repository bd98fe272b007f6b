package io.swarmscope.internal.record;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.swarmscope.internal.wire.Limits;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * What became of the signatures that were verified lately, by the hash of the record, so that one that comes by several ways, or twice at once, is
 * verified once. Thread-safe; bounded by bytes.
 *
 * <p>Wrong ones are remembered as well: the thread of a link refuses such a record first, then the swarm thread asks again to note who sent it, and
 * must not spend a signature's time on that.
 */
final class VerifiedRecords {

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private record Hash(long a, long b, long c, long d) {}

    /** A head, or why there is none. */
    private sealed interface Result {
        record Good(SignedHead head) implements Result {}

        record Bad(RecordRefused refusal) implements Result {}
    }

    private final Cache<Hash, Result> results = Caffeine.newBuilder()
            .maximumWeight(Limits.RECORD_VERIFIED_BYTES)
            .weigher((Hash hash, Result result) ->
                    result instanceof Result.Good(SignedHead head) ? head.encoded().length : Limits.RECORD_FORGED_WEIGHT)
            .executor(Runnable::run) // so that no thread of a common pool lives on after a node
            .build();
    private final LongAdder verifications = new LongAdder();

    /**
     * The head with these bytes, verified now or before.
     *
     * @throws RecordRefused with reason SIZE, SYNTAX or SIGNATURE
     */
    SignedHead open(byte[] encoded) throws RecordRefused {
        HeadCodec.requireSize(encoded);
        Result result = results.get(hash(encoded), hash -> verify(encoded));
        return switch (result) {
            case Result.Good(SignedHead head) -> head;
            case Result.Bad(RecordRefused refusal) -> throw refusal;
        };
    }

    private Result verify(byte[] encoded) {
        verifications.increment();
        try {
            return new Result.Good(HeadCodec.open(encoded));
        } catch (RecordRefused e) {
            return new Result.Bad(e);
        }
    }

    /** The head that was verified with exactly these bytes, null if none is remembered. */
    @Nullable SignedHead known(byte[] encoded) {
        return results.getIfPresent(hash(encoded)) instanceof Result.Good(SignedHead head) ? head : null;
    }

    void add(SignedHead head) {
        results.put(hash(head.encoded()), new Result.Good(head));
    }

    /** How many records were verified. */
    long verifications() {
        return verifications.sum();
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
