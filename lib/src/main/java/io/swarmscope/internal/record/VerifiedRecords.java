package io.swarmscope.internal.record;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.swarmscope.internal.wire.Limits;
import io.swarmscope.internal.wire.Multihash;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
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

    /** A record, or why there is none. */
    private sealed interface Result {
        record Good(Signed<?> record) implements Result {}

        record Bad(RecordRefused refusal) implements Result {}
    }

    private final Cache<Hash, Result> results = Caffeine.newBuilder()
            .maximumWeight(Limits.RECORD_VERIFIED_BYTES)
            .weigher((Hash hash, Result result) ->
                    result instanceof Result.Good(Signed<?> record) ? record.encoded().length : Limits.RECORD_FORGED_WEIGHT)
            .executor(Runnable::run) // so that no thread of a common pool lives on after a node
            .build();
    private final LongAdder verifications = new LongAdder();
    private final RecordOpener opener;

    VerifiedRecords(RecordOpener opener) {
        this.opener = opener;
    }

    /**
     * The record with these bytes, verified now or before.
     *
     * @throws RecordRefused with reason SIZE, SYNTAX or SIGNATURE
     */
    Signed<?> open(byte[] encoded) throws RecordRefused {
        RecordCodec.requireSize(encoded);
        Result result = results.get(hash(encoded), hash -> verify(encoded));
        return switch (result) {
            case Result.Good(Signed<?> record) -> record;
            case Result.Bad(RecordRefused refusal) -> throw refusal;
        };
    }

    private Result verify(byte[] encoded) {
        verifications.increment();
        try {
            return new Result.Good(opener.open(encoded));
        } catch (RecordRefused e) {
            return new Result.Bad(e);
        }
    }

    /** The record that was verified with exactly these bytes, null if none is remembered. */
    @Nullable Signed<?> known(byte[] encoded) {
        return results.getIfPresent(hash(encoded)) instanceof Result.Good(Signed<?> record) ? record : null;
    }

    void add(Signed<?> record) {
        results.put(hash(record.encoded()), new Result.Good(record));
    }

    void forget(Signed<?> record) {
        results.invalidate(hash(record.encoded()));
    }

    /** How many records were verified. */
    long verifications() {
        return verifications.sum();
    }

    private static Hash hash(byte[] encoded) {
        byte[] digest = Multihash.sha256Digest().digest(encoded);
        return new Hash(
                (long) LONGS.get(digest, 0), (long) LONGS.get(digest, 8), (long) LONGS.get(digest, 16), (long) LONGS.get(digest, 24));
    }
}
