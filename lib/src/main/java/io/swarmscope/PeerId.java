package io.swarmscope;

import io.swarmscope.internal.wire.Bases;
import io.swarmscope.internal.wire.MalformedException;
import io.swarmscope.internal.wire.Multihash;
import io.swarmscope.internal.wire.Varint;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The name of a peer: the multihash of its public key, or the key itself where that is short. Immutable, for any thread.
 *
 * <p>Ids are ordered by their bytes, unsigned.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/peer-ids/peer-ids.md">peer id specification</a>
 */
public final class PeerId implements Comparable<PeerId> {
    /** Keys up to this length are their own id; longer ones are hashed. */
    private static final int MAX_INLINE_BYTES = 42;

    /** Multicodec of a libp2p public key, the only content a peer id's CID form may have. */
    private static final int LIBP2P_KEY = 0x72;

    private static final int CID_VERSION = 1;

    /** The longest text of a valid id, base 16 of a CID, has 93 characters. */
    private static final int MAX_CHARS = 100;

    private static final int SHORT_CHARS = 8;

    private final byte[] multihash;
    private final int hash;

    /** Made on first use: most ids of a routing table are never printed. Threads may make it twice, alike. */
    private @Nullable String text;

    private PeerId(byte[] multihash) {
        this.multihash = multihash;
        this.hash = Arrays.hashCode(multihash);
    }

    /**
     * The id that the text stands for.
     *
     * @param text base58 ({@code 12D3KooW…}, {@code 16Uiu2HA…}, {@code Qm…}) or a CID in any base ({@code bafz…}, {@code k51…})
     * @throws IllegalArgumentException if it is neither; the message says what is wrong
     */
    public static PeerId parse(String text) {
        if (text.isEmpty() || text.length() > MAX_CHARS) {
            throw new IllegalArgumentException("expected a peer id of 1 to " + MAX_CHARS
                    + " characters such as 12D3KooW…, found " + text.length() + " characters");
        }
        try {
            return ofBytes(text.startsWith("1") || text.startsWith("Qm") ? Bases.ofBase58(text) : ofCid(text));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'" + text + "' is not a peer id: " + e.getMessage(), e);
        }
    }

    /**
     * The id with these bytes.
     *
     * @param multihash SHA2-256, or identity of 1 to 42 bytes
     * @throws IllegalArgumentException if it is no such multihash; the message says what is wrong
     */
    public static PeerId ofBytes(byte[] multihash) {
        Multihash parsed = Multihash.ofBytes(multihash);
        int length = parsed.digest().length;
        if (parsed.code() == Multihash.IDENTITY && (length == 0 || length > MAX_INLINE_BYTES)) {
            throw new IllegalArgumentException(
                    "an inlined key has 1 to " + MAX_INLINE_BYTES + " bytes, found " + length);
        }
        return new PeerId(multihash.clone());
    }

    /**
     * The id of the peer that has this public key.
     *
     * @param publicKey the deterministic protobuf form of the key
     */
    public static PeerId ofPublicKey(byte[] publicKey) {
        boolean inline = publicKey.length <= MAX_INLINE_BYTES;
        return new PeerId((inline ? Multihash.identity(publicKey) : Multihash.sha256(publicKey)).toBytes());
    }

    private static byte[] ofCid(String text) {
        ByteBuffer cid = ByteBuffer.wrap(Bases.ofMultibase(text));
        try {
            if (Varint.read(cid) != CID_VERSION || Varint.read(cid) != LIBP2P_KEY) {
                throw new IllegalArgumentException("expected a CID of version 1 and of content libp2p-key (0x72)");
            }
        } catch (MalformedException e) {
            throw new IllegalArgumentException("expected a CID: " + e.getMessage(), e);
        }
        byte[] multihash = new byte[cid.remaining()];
        cid.get(multihash);
        return multihash;
    }

    /** The multihash, as on the wire; a copy. */
    public byte[] toBytes() {
        return multihash.clone();
    }

    /** The last 8 characters of the text, enough to tell peers apart in a log or a table. */
    public String shortText() {
        String full = toString();
        return full.substring(Math.max(0, full.length() - SHORT_CHARS));
    }

    /** The base58 text, which {@link #parse} reads. */
    @Override
    public String toString() {
        String made = text;
        if (made == null) {
            made = Bases.base58(multihash);
            text = made;
        }
        return made;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PeerId that && hash == that.hash && Arrays.equals(multihash, that.multihash);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public int compareTo(PeerId other) {
        return Arrays.compareUnsigned(multihash, other.multihash);
    }
}
