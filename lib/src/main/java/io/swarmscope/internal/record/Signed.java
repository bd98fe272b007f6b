package io.swarmscope.internal.record;

import io.swarmscope.PackageId;
import io.swarmscope.PackageManifest;
import io.swarmscope.PeerId;
import io.swarmscope.PublishedPackage;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A record with who signed it and the bytes as they were signed. Immutable; any thread. Two are equal if their bytes are.
 *
 * <p>One from {@link RecordCodec#open} or {@link RecordCodec#seal} carries a valid signature; one from {@link RecordCodec#trusted} does if its
 * bytes came from there.
 */
public final class Signed<R extends PackageRecord> {

    /**
     * What stands for a package, the worse one first: by sequence, a tombstone above a head, then by the time of signing, then by what it says, so that
     * all nodes agree. Not by the bytes as they travel: anybody can turn an ECDSA signature into a second one.
     */
    public static final Comparator<Signed<?>> PRECEDENCE = Comparator.<Signed<?>>comparingLong(Signed::sequence)
            .thenComparing(s -> s.record instanceof Tombstone)
            .thenComparing(s -> s.record.publishedAt())
            .thenComparing(s -> RecordJson.write(s.record), Arrays::compareUnsigned);

    private final R record;
    private final PeerId publisher;
    private final byte[] encoded;

    Signed(R record, PeerId publisher, byte[] encoded) {
        this.record = record;
        this.publisher = publisher;
        this.encoded = encoded;
    }

    /** What was signed. */
    public R record() {
        return record;
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
        return record.id();
    }

    /** The record's sequence number. */
    public long sequence() {
        return record.sequence();
    }

    /** The same if it is of that kind. */
    @SuppressWarnings("unchecked") // an immutable holder of a record of that kind is a Signed of that kind
    public <T extends PackageRecord> Optional<Signed<T>> as(Class<T> kind) {
        return kind.isInstance(record) ? Optional.of((Signed<T>) this) : Optional.empty();
    }

    /** Whether this one replaces the other as what stands for the package. */
    public boolean replaces(Signed<?> other) {
        // The same record comes from many: to see that costs nothing beside writing down what both say.
        return !equals(other) && PRECEDENCE.compare(this, other) > 0;
    }

    /** What callers of the registry see; empty if it withdraws. Of a version, it lists that version alone. */
    public Optional<PublishedPackage> toPublished() {
        return switch ((PackageRecord) record) {
            case Head head -> Optional.of(published(head.manifest(), head.versions()));
            case VersionRecord version -> Optional.of(published(version.manifest(), List.of(version.version())));
            case Tombstone withdrawn -> Optional.empty();
        };
    }

    private PublishedPackage published(PackageManifest manifest, List<String> versions) {
        return new PublishedPackage(manifest, versions, publisher, sequence(), record.publishedAt(), record.expiresAt());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Signed<?> that && Arrays.equals(encoded, that.encoded);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(encoded);
    }

    @Override
    public String toString() {
        return record + " sequence " + sequence() + " by " + publisher;
    }
}
