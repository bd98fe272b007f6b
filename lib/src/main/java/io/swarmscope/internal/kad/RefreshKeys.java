package io.swarmscope.internal.kad;

import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;

/**
 * Raw keys whose points lie in a wanted bucket. A hash cannot be inverted, so a raw key for each prefix of a few bits is found by trial,
 * once, when the class is first used; that takes some milliseconds. Immutable; any thread.
 */
final class RefreshKeys {

    /** Prefixes of this length are known, so buckets up to this one can be hit. */
    static final int BITS = 10;

    private static final int[] RAW_BY_PREFIX = find();

    private RefreshKeys() {}

    /** A raw key that shares exactly {@code bucket} leading bits with {@code self}; below {@link #BITS}. */
    static Bytes in(Key self, int bucket, RandomGenerator random) {
        int free = BITS - bucket - 1; // bits behind the first that differs
        int differing = (self.prefix(bucket + 1) ^ 1) << free;
        return raw(RAW_BY_PREFIX[differing | random.nextInt(1 << free)]);
    }

    private static int[] find() {
        int[] rawByPrefix = new int[1 << BITS];
        int missing = rawByPrefix.length;
        for (int raw = 1; missing > 0; raw++) { // 0 marks a prefix not found yet
            int prefix = Key.of(raw(raw).array()).prefix(BITS);
            if (rawByPrefix[prefix] == 0) {
                rawByPrefix[prefix] = raw;
                missing--;
            }
        }
        return rawByPrefix;
    }

    private static Bytes raw(int number) {
        return Bytes.of(ByteBuffer.allocate(Integer.BYTES).putInt(number).array());
    }
}
