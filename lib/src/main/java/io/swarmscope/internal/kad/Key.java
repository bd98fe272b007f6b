package io.swarmscope.internal.kad;

import io.swarmscope.PeerId;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/**
 * A point of the 256-bit key space: SHA-256 of a raw key or of the bytes of a peer id. The distance of two points is their XOR as an
 * unsigned number. Immutable; any thread. Four longs, because comparing distances is what lookups spend their time on.
 */
public final class Key {

    /** Bits of a point, and the common prefix length of a point with itself. */
    public static final int BITS = 256;

    /** Remembered points of peers. Hashing costs ten times a look-up here, and a lookup meets the same peers in every answer. */
    private static final int MEMO_SLOTS = 1 << 14;

    /** Only ever cloned. */
    private static final MessageDigest SHA256 = newSha256();

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    /**
     * A memo of a pure function, direct-mapped, so it never grows. Threads may race for a slot: entries are immutable, so a loser
     * hashes again and nothing else happens.
     */
    private static final @Nullable Memo[] MEMO = new @Nullable Memo[MEMO_SLOTS];

    private final long a;
    private final long b;
    private final long c;
    private final long d;

    private record Memo(PeerId peer, Key key) {}

    private Key(long a, long b, long c, long d) {
        this.a = a;
        this.b = b;
        this.c = c;
        this.d = d;
    }

    /** The point of a raw key: its SHA-256. */
    public static Key of(byte[] raw) {
        return ofDigest(sha256().digest(raw));
    }

    /** The point of a peer: the SHA-256 of the bytes of its id. Remembered for a while. */
    public static Key of(PeerId peer) {
        int hash = peer.hashCode();
        int slot = (hash ^ hash >>> 16) & MEMO_SLOTS - 1;
        Memo memo = MEMO[slot];
        if (memo != null && memo.peer.equals(peer)) {
            return memo.key;
        }
        Key key = of(peer.toBytes());
        MEMO[slot] = new Memo(peer, key);
        return key;
    }

    /** The point whose bytes are given, most significant first. */
    static Key ofDigest(byte[] digest) {
        return new Key(
                (long) LONGS.get(digest, 0), (long) LONGS.get(digest, 8), (long) LONGS.get(digest, 16), (long) LONGS.get(digest, 24));
    }

    /** Below 0 when {@code x} is nearer to this point than {@code y}, 0 when both are the same point, above 0 otherwise. */
    public int compareDistance(Key x, Key y) {
        int order = Long.compareUnsigned(a ^ x.a, a ^ y.a);
        if (order == 0) {
            order = Long.compareUnsigned(b ^ x.b, b ^ y.b);
        }
        if (order == 0) {
            order = Long.compareUnsigned(c ^ x.c, c ^ y.c);
        }
        return order == 0 ? Long.compareUnsigned(d ^ x.d, d ^ y.d) : order;
    }

    /** How many leading bits both points share, 0 to 256. The bucket of a peer is this with the own point. */
    public int commonPrefixLength(Key other) {
        if (a != other.a) {
            return Long.numberOfLeadingZeros(a ^ other.a);
        }
        if (b != other.b) {
            return 64 + Long.numberOfLeadingZeros(b ^ other.b);
        }
        if (c != other.c) {
            return 128 + Long.numberOfLeadingZeros(c ^ other.c);
        }
        return 192 + Long.numberOfLeadingZeros(d ^ other.d);
    }

    /** The leading 64 bits. Two distances whose leading bits differ, as nearly all do, are compared by these alone. */
    long head() {
        return a;
    }

    /** The leading bits as a number; 1 to 31 of them. */
    int prefix(int bits) {
        return (int) (a >>> (64 - bits));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Key key && a == key.a && b == key.b && c == key.c && d == key.d;
    }

    @Override
    public int hashCode() {
        return (int) (a ^ a >>> 32); // uniform already
    }

    /** 64 hexadecimal digits. */
    @Override
    public String toString() {
        return "%016x%016x%016x%016x".formatted(a, b, c, d);
    }

    /** Cloning takes a tenth of the time that looking the algorithm up does, which takes longer than hashing a peer id. */
    private static MessageDigest sha256() {
        try {
            return (MessageDigest) SHA256.clone();
        } catch (CloneNotSupportedException e) {
            return newSha256();
        }
    }

    private static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256, this one says it has not", e);
        }
    }
}
