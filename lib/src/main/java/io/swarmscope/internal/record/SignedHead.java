package io.swarmscope.internal.record;

import io.swarmscope.PackageId;
import io.swarmscope.PeerId;
import io.swarmscope.PublishedPackage;
import java.util.Arrays;
import java.util.Comparator;

/**
 * A head with who signed it and the bytes as they were signed. Immutable; any thread. Two are equal if their bytes are.
 *
 * <p>One from {@link HeadCodec#open} or {@link HeadCodec#seal} carries a valid signature; one from {@link HeadCodec#trusted} does if its
 * bytes came from there.
 */
public final class SignedHead {

    /** The worse one first: by sequence, then by the time of signing, then by bytes, so that all nodes agree. */
    public static final Comparator<SignedHead> PRECEDENCE = Comparator.comparingLong(SignedHead::sequence)
            .thenComparing(s -> s.head.publishedAt())
            .thenComparing(s -> s.encoded, Arrays::compareUnsigned);

    private final Head head;
    private final PeerId publisher;
    private final byte[] encoded;

    SignedHead(Head head, PeerId publisher, byte[] encoded) {
        this.head = head;
        this.publisher = publisher;
        this.encoded = encoded;
    }

    /** What was signed. */
    public Head head() {
        return head;
    }

    /** Who signed. */
    public PeerId publisher() {
        return publisher;
    }

    /** The envelope as it travels. Shared, not copied: nobody changes it. */
    public byte[] encoded() {
        return encoded;
    }

    /** The package. */
    public PackageId id() {
        return head.id();
    }

    /** The head's sequence number. */
    public long sequence() {
        return head.sequence();
    }

    /** Whether this one replaces the other. */
    public boolean replaces(SignedHead other) {
        return PRECEDENCE.compare(this, other) > 0;
    }

    /** What callers of the registry see. */
    public PublishedPackage toPublished() {
        return new PublishedPackage(
                head.manifest(), head.versions(), publisher, head.sequence(), head.publishedAt(), head.expiresAt());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SignedHead that && Arrays.equals(encoded, that.encoded);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(encoded);
    }

    @Override
    public String toString() {
        return head.id() + "@" + head.version() + " sequence " + head.sequence() + " by " + publisher;
    }
}
