package io.swarmscope.internal.store;

import io.swarmscope.PackageId;
import io.swarmscope.PeerId;
import io.swarmscope.internal.record.RecordKey;
import io.swarmscope.internal.record.Signed;
import io.swarmscope.internal.record.Tombstone;
import io.swarmscope.internal.wire.Limits;
import java.util.ArrayList;
import java.util.HashMap;
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

    private final PeerId self;
    private final int maxOfOthers;
    private final int maxOfOneKey;

    // How many tombstones of others there are; guarded by the lock of the index.
    private final Map<PeerId, Integer> ofKeys = new HashMap<>();
    private int ofOthers;

    /**
     * None yet.
     *
     * @param self for whose tombstones there is always room
     * @param maxOfOthers most tombstones of others to hold, of which one key may have a part
     */
    Withdrawals(PeerId self, int maxOfOthers) {
        this.self = self;
        this.maxOfOthers = maxOfOthers;
        this.maxOfOneKey = maxOfOthers / Limits.RECORDS_PART_OF_A_KEY;
    }

    /** Takes a tombstone unless the same or a later one of the same thing is held, or there are too many. */
    boolean add(Signed<Tombstone> tombstone) {
        Graves graves = packages.getOrDefault(tombstone.id(), new Graves());
        Optional<String> version = tombstone.record().version();
        Grave known = version.isEmpty() ? graves.ofPackage : graves.ofVersions.get(version.get());
        boolean refused = known == null
                ? isFull(tombstone.publisher(), graves)
                : !tombstone.replaces(Match.trusted(known.encoded));
        if (refused) {
            return false;
        }
        if (known != null) {
            count(known, -1);
        }
        Grave grave = Grave.of(tombstone);
        count(grave, 1);
        if (version.isEmpty()) {
            graves.ofPackage = grave;
        } else {
            graves.ofVersions.put(version.get(), grave);
        }
        packages.put(tombstone.id(), graves);
        return true;
    }

    private boolean isFull(PeerId publisher, Graves graves) {
        return !publisher.equals(self)
                && (ofOthers >= maxOfOthers
                        || ofKeys.getOrDefault(publisher, 0) >= maxOfOneKey
                        || graves.ofVersions.size() >= Limits.RECORD_WITHDRAWN_VERSIONS);
    }

    private void count(Grave grave, int by) {
        PeerId publisher = Match.trusted(grave.encoded).publisher();
        if (!publisher.equals(self)) {
            ofOthers += by;
            ofKeys.merge(publisher, by, (before, change) -> before + change == 0 ? null : before + change);
        }
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

    /** The tombstone of a package. */
    Optional<byte[]> ofPackage(PackageId id) {
        Graves graves = packages.get(id);
        return graves == null ? Optional.empty() : Optional.ofNullable(graves.ofPackage).map(Grave::encoded);
    }

    /** The tombstone of a version. */
    Optional<byte[]> ofVersion(PackageId id, String version) {
        Graves graves = packages.get(id);
        return graves == null ? Optional.empty() : Optional.ofNullable(graves.ofVersions.get(version)).map(Grave::encoded);
    }

    /** Forgets what has expired; the keys of the tombstones that are gone. */
    List<RecordKey> expire(long now) {
        List<RecordKey> gone = new ArrayList<>();
        packages.entrySet().removeIf(entry -> {
            Graves graves = entry.getValue();
            Grave ofPackage = graves.ofPackage;
            if (ofPackage != null && expires(ofPackage, now)) {
                graves.ofPackage = null;
                gone.add(RecordKey.of(entry.getKey()));
            }
            graves.ofVersions.entrySet().removeIf(
                    grave -> expires(grave.getValue(), now) && gone.add(RecordKey.of(entry.getKey(), grave.getKey())));
            return graves.ofPackage == null && graves.ofVersions.isEmpty();
        });
        return gone;
    }

    private boolean expires(Grave grave, long now) {
        boolean expired = grave.expiresAt <= now;
        if (expired) {
            count(grave, -1);
        }
        return expired;
    }
}
