package io.swarmscope.internal.store;

import io.swarmscope.PackageId;
import io.swarmscope.internal.record.RecordKey;
import io.swarmscope.internal.record.Signed;
import io.swarmscope.internal.record.Tombstone;
import io.swarmscope.internal.wire.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The tombstones that are held: of packages, also of those that came back since, and of versions. Readers on any thread; changed with the lock of the
 * index held.
 */
final class Withdrawals {

    /** Immutable. */
    @SuppressWarnings("ArrayRecordComponent") // read, never compared
    private record Grave(byte[] encoded, long sequence, long expiresAt) {

        static Grave of(Signed<Tombstone> tombstone) {
            return new Grave(
                    tombstone.encoded(), tombstone.sequence(), tombstone.record().expiresAt().toEpochMilli());
        }
    }

    private static final class Graves {
        private volatile @Nullable Grave ofPackage;
        private final Map<String, Grave> ofVersions = new ConcurrentHashMap<>(2);
    }

    private final Map<PackageId, Graves> packages = new ConcurrentHashMap<>();

    /** How many tombstones; guarded by the lock of the index. */
    private int size;

    /**
     * Takes a tombstone unless the same or a later one of the same thing is held, or there are too many.
     *
     * @param own whether this node signed it; there is always room for those
     */
    boolean add(Signed<Tombstone> tombstone, boolean own) {
        Graves graves = packages.getOrDefault(tombstone.id(), new Graves());
        Grave grave = Grave.of(tombstone);
        Optional<String> version = tombstone.record().version();
        Grave known = version.isEmpty() ? graves.ofPackage : graves.ofVersions.get(version.get());
        boolean isOld = known != null && !tombstone.replaces(Match.trusted(known.encoded));
        boolean isTooMuch = known == null
                && !own
                && (size >= Limits.RECORD_WITHDRAWALS || graves.ofVersions.size() >= Limits.RECORD_WITHDRAWN_VERSIONS);
        if (isOld || isTooMuch) {
            return false;
        }
        size += known == null ? 1 : 0;
        if (version.isEmpty()) {
            graves.ofPackage = grave;
        } else {
            graves.ofVersions.put(version.get(), grave);
        }
        packages.put(tombstone.id(), graves);
        return true;
    }

    /** See {@link io.swarmscope.internal.record.Known#withdrawn}. */
    long upTo(PackageId id, String version) {
        Graves graves = packages.get(id);
        if (graves == null) {
            return 0;
        }
        Grave ofPackage = graves.ofPackage;
        return graves.ofVersions.containsKey(version) ? Long.MAX_VALUE : ofPackage == null ? 0 : ofPackage.sequence;
    }

    /** The highest sequence number of a tombstone of the package or one of its versions, 0 if there is none. */
    long sequence(PackageId id) {
        Graves graves = packages.get(id);
        if (graves == null) {
            return 0;
        }
        Grave ofPackage = graves.ofPackage;
        long highest = ofPackage == null ? 0 : ofPackage.sequence;
        for (Grave grave : graves.ofVersions.values()) {
            highest = Math.max(highest, grave.sequence);
        }
        return highest;
    }

    /** The tombstone of a version. */
    Optional<byte[]> ofVersion(PackageId id, String version) {
        Graves graves = packages.get(id);
        return graves == null ? Optional.empty() : Optional.ofNullable(graves.ofVersions.get(version)).map(Grave::encoded);
    }

    /** Forgets what has expired; the keys of tombstones of versions that are gone. */
    List<RecordKey> expire(long now) {
        List<RecordKey> gone = new ArrayList<>();
        packages.entrySet().removeIf(entry -> {
            Graves graves = entry.getValue();
            Grave ofPackage = graves.ofPackage;
            if (ofPackage != null && ofPackage.expiresAt <= now) {
                graves.ofPackage = null;
                size--;
            }
            graves.ofVersions.entrySet().removeIf(grave -> grave.getValue().expiresAt <= now
                    && gone.add(RecordKey.of(entry.getKey(), grave.getKey())));
            return graves.ofPackage == null && graves.ofVersions.isEmpty();
        });
        size -= gone.size();
        return gone;
    }
}
