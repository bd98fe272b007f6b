package io.swarmscope.internal.telemetry;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

/**
 * How often values of which size occurred: buckets that are as wide as 1/64 of the power of two they begin at, so that a percentile is within 0.8 % of
 * a value that was added. Thread-safe without a lock; 18 KB, whatever is added. Never reset.
 *
 * <p>The idea is that of HdrHistogram. Values below 64 are exact, values above {@link #MOST} count as that.
 */
final class Histogram {

    private static final int SUB_BITS = 6;
    private static final int SUBS = 1 << SUB_BITS;
    private static final int MOST_BITS = 42;

    /** The largest value that is told apart; in nanoseconds, 73 minutes. No call takes longer than an hour. */
    static final long MOST = (1L << MOST_BITS) - 1;

    private final AtomicLongArray buckets = new AtomicLongArray((MOST_BITS - SUB_BITS + 1) * SUBS);
    private final LongAdder sum = new LongAdder();
    private final LongAccumulator longest = new LongAccumulator(Math::max, 0);

    void add(long value) {
        long clamped = Math.clamp(value, 0, MOST);
        buckets.incrementAndGet(bucket(clamped));
        sum.add(clamped);
        longest.accumulate(clamped);
    }

    /** In the first 64 each value has its own; then each power of two has 64. */
    private static int bucket(long value) {
        if (value < SUBS) {
            return (int) value;
        }
        int shift = Long.SIZE - 1 - Long.numberOfLeadingZeros(value) - SUB_BITS;
        return ((shift + 1) << SUB_BITS) + (int) (value >>> shift) - SUBS;
    }

    /** The value in the middle of a bucket. */
    private static long middle(int bucket) {
        int row = bucket >>> SUB_BITS;
        if (row == 0) {
            return bucket;
        }
        int shift = row - 1;
        long from = (long) (bucket - (row << SUB_BITS) + SUBS) << shift;
        return from + (1L << shift) / 2;
    }

    /** A copy. What is added meanwhile may be in it or not. */
    Snapshot snapshot() {
        long[] counts = new long[buckets.length()];
        long count = 0;
        for (int i = 0; i < counts.length; i++) {
            counts[i] = buckets.get(i);
            count += counts[i];
        }
        return new Snapshot(counts, count, sum.sum(), longest.get());
    }

    /** What was added until then. */
    @SuppressWarnings("ArrayRecordComponent") // seen by its reader alone
    record Snapshot(long[] counts, long count, long sum, long max) {

        double mean() {
            return count == 0 ? 0 : (double) sum / count;
        }

        /**
         * The value that this part of all is not above; 0 if there is none.
         *
         * @param part 0 to 1
         */
        long percentile(double part) {
            long wanted = Math.max(1, (long) Math.ceil(part * count));
            long seen = 0;
            for (int i = 0; i < counts.length; i++) {
                seen += counts[i];
                if (counts[i] > 0 && seen >= wanted) {
                    return Math.min(middle(i), max);
                }
            }
            return max;
        }
    }
}
