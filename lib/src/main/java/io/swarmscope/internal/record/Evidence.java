package io.swarmscope.internal.record;

import io.swarmscope.PackageId;
import io.swarmscope.PackageManifest;
import io.swarmscope.internal.wire.Limits;
import io.swarmscope.internal.wire.MalformedException;
import io.swarmscope.internal.wire.Multihash;
import io.swarmscope.internal.wire.ProtoReader;
import io.swarmscope.internal.wire.ProtoWriter;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Two records of one key that cannot both be true: two states of a package with one sequence number, or two contents of one version. Immutable;
 * any thread. The pair proves itself, whoever passes it on, and says which of the two nobody shall keep, so that all nodes come to the same.
 *
 * @param kind what is wrong with the two
 * @param standing the one that stays
 * @param refuted the other
 */
public record Evidence(Kind kind, Signed<?> standing, Signed<?> refuted) {

    private static final int STANDING = 1;
    private static final int REFUTED = 2;

    /** What is wrong. */
    public enum Kind {
        /** One sequence number was given twice. The one that is otherwise ahead stands. */
        SEQUENCE,
        /** The content of a version was changed. The one with the lower sequence number stands. */
        VERSION
    }

    /** The evidence that two records are, if they are. */
    public static Optional<Evidence> between(Signed<?> one, Signed<?> other) {
        if (!one.publisher().equals(other.publisher()) || !one.id().equals(other.id())) {
            return Optional.empty();
        }
        boolean sameSequence = one.sequence() == other.sequence();
        if (sameSequence && speaksForPackage(one) && speaksForPackage(other) && !one.record().saysTheSameAs(other.record())) {
            return Optional.of(of(Kind.SEQUENCE, one, other));
        }
        PackageManifest content = content(one);
        PackageManifest otherContent = content(other);
        if (content != null
                && otherContent != null
                && content.version().equals(otherContent.version())
                && !content.equals(otherContent)) {
            return Optional.of(of(Kind.VERSION, one, other));
        }
        return Optional.empty();
    }

    private static boolean speaksForPackage(Signed<?> signed) {
        return RecordKey.of(signed.record()).version().isEmpty();
    }

    private static @Nullable PackageManifest content(Signed<?> signed) {
        return switch ((PackageRecord) signed.record()) {
            case Head head -> head.manifest();
            case VersionRecord version -> version.manifest();
            case Tombstone tombstone -> null;
        };
    }

    private static Evidence of(Kind kind, Signed<?> one, Signed<?> other) {
        boolean oneIsAhead = one.replaces(other);
        // What was said first of a version stays true; of two that claim one number there is no first.
        boolean firstStands = kind == Kind.VERSION && one.sequence() != other.sequence();
        boolean oneStands = firstStands ? !oneIsAhead : oneIsAhead;
        return oneStands ? new Evidence(kind, one, other) : new Evidence(kind, other, one);
    }

    /** The package. */
    public PackageId id() {
        return standing.id();
    }

    /** Both records as they were signed. At most some bytes more than twice {@link Limits#RECORD_BYTES}. */
    public byte[] encode() {
        return new ProtoWriter()
                .bytes(STANDING, standing.encoded())
                .bytes(REFUTED, refuted.encoded())
                .toBytes();
    }

    /**
     * The two records of what {@link #encode} made, for their signatures to be verified.
     *
     * @throws MalformedException if it is nothing of the kind
     */
    static byte[][] split(byte[] encoded) throws MalformedException {
        byte[][] records = {new byte[0], new byte[0]};
        ProtoReader in = ProtoReader.of(encoded);
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field) {
                case STANDING -> records[0] = in.bytes(Limits.RECORD_BYTES);
                case REFUTED -> records[1] = in.bytes(Limits.RECORD_BYTES);
                default -> in.skip();
            }
        }
        return records;
    }

    /**
     * The SHA-256 of who says what, whenever it was signed: what was refuted stays refuted if it is signed anew.
     */
    public static byte[] digest(Signed<?> signed) {
        MessageDigest sha256 = Multihash.sha256Digest();
        sha256.update(signed.publisher().toBytes());
        sha256.update(signed.record().getClass().getSimpleName().getBytes(StandardCharsets.US_ASCII));
        return sha256.digest(RecordJson.write(signed.record().withTimes(Instant.EPOCH, Instant.EPOCH.plusMillis(1))));
    }
}
