package io.swarmscope.internal.sync;

import io.swarmscope.internal.wire.Multihash;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * How many items there are, and the sum of their hashes modulo 2^256. Sums form a group, so what is in a range is what is before its end less
 * what is before its start. Used by one thread.
 *
 * <p>The hash of an item is SHA-256 of its key, a zero and its sequence in eight bytes. A sum can be forged by whoever chooses some 2^32
 * items for it (Wagner's generalised birthday), an exclusive or by whoever chooses 256; what such a forger hides from a sync are its own items.
 *
 * @see <a href="https://arxiv.org/abs/2212.13567">A. Meyer, Range-Based Set Reconciliation, 2022</a>
 * @see <a href="https://github.com/hoytech/negentropy">negentropy, whose fingerprints these are in kind</a>
 */
class Aggregate {

    private static final int SUM_BYTES = 32;

    private int count;

    // The sum, most significant first.
    private long s3;
    private long s2;
    private long s1;
    private long s0;

    /** Of nothing. */
    Aggregate() {}

    /** Of the same as the other. */
    Aggregate(Aggregate other) {
        add(other);
    }

    /** Of one item. */
    static Aggregate of(String key, long sequence) {
        byte[] text = key.getBytes(StandardCharsets.UTF_8);
        byte[] bytes = ByteBuffer.allocate(text.length + 1 + Long.BYTES)
                .put(text)
                .put((byte) 0)
                .putLong(sequence)
                .array();
        ByteBuffer hash = ByteBuffer.wrap(Multihash.sha256Digest().digest(bytes));
        Aggregate one = new Aggregate();
        one.count = 1;
        one.s3 = hash.getLong();
        one.s2 = hash.getLong();
        one.s1 = hash.getLong();
        one.s0 = hash.getLong();
        return one;
    }

    final int count() {
        return count;
    }

    final void add(Aggregate other) {
        count += other.count;
        s0 += other.s0;
        long carry = below(s0, other.s0);
        s1 += carry;
        carry = below(s1, carry);
        s1 += other.s1;
        carry += below(s1, other.s1);
        s2 += carry;
        carry = below(s2, carry);
        s2 += other.s2;
        carry += below(s2, other.s2);
        s3 += other.s3 + carry;
    }

    final void subtract(Aggregate other) {
        count -= other.count;
        long borrow = below(s0, other.s0);
        s0 -= other.s0;
        long lent = below(s1, borrow);
        s1 -= borrow;
        borrow = lent + below(s1, other.s1);
        s1 -= other.s1;
        lent = below(s2, borrow);
        s2 -= borrow;
        borrow = lent + below(s2, other.s2);
        s2 -= other.s2;
        s3 -= other.s3 + borrow;
    }

    private static long below(long x, long y) {
        return Long.compareUnsigned(x, y) < 0 ? 1 : 0;
    }

    final Summary summary() {
        byte[] bytes = ByteBuffer.allocate(SUM_BYTES + Long.BYTES)
                .putLong(s3)
                .putLong(s2)
                .putLong(s1)
                .putLong(s0)
                .putLong(count)
                .array();
        return new Summary(count, Fingerprint.of(Multihash.sha256Digest().digest(bytes)));
    }
}
