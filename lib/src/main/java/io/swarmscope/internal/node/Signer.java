package io.swarmscope.internal.node;

import io.swarmscope.PackageId;
import io.swarmscope.PackageManifest;
import io.swarmscope.RegistryException;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.record.Head;
import io.swarmscope.internal.record.PackageRecord;
import io.swarmscope.internal.record.RecordCodec;
import io.swarmscope.internal.record.Signed;
import io.swarmscope.internal.record.Tombstone;
import io.swarmscope.internal.record.VersionRecord;
import io.swarmscope.internal.record.Versions;
import io.swarmscope.internal.wire.Limits;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes this node's records. Stateless but for the key; any thread, though signing takes its time.
 *
 * <p>A sequence number is the wall clock in milliseconds, or one more than the last if that is higher: a node that lost its store
 * goes on above what it published before, even if nobody is there to tell it.
 */
final class Signer {

    /** A tombstone outlives every record that was signed before it. */
    private static final Duration TOMBSTONE_LIFETIME = Duration.ofMillis(Limits.RECORD_LIFETIME_MILLIS);

    private final Identity identity;
    private final String network;
    private final Duration lifetime;
    private final InstantSource clock;

    Signer(Identity identity, String network, Duration lifetime, InstantSource clock) {
        this.identity = identity;
        this.network = network;
        this.lifetime = lifetime;
        this.clock = clock;
    }

    /**
     * A package with a version more, or with the same version signed anew.
     *
     * @param state what stands for the package, null if it is new
     * @param known the record of that version if there is one; it has the same content
     * @throws RegistryException.TooLarge if a record does not fit
     */
    Publication publish(PackageManifest manifest, @Nullable Signed<?> state, @Nullable Signed<VersionRecord> known) {
        String version = manifest.version();
        Head before = state != null && state.record() instanceof Head head ? head : null;
        List<String> listed = before == null ? List.of() : before.versions();
        boolean again = known != null && listed.contains(version);
        long sequence = again && before != null ? before.sequence() : next(state);
        List<String> all = newestFirst(listed, version);
        PackageManifest latest = before == null || all.getFirst().equals(version) ? manifest : before.manifest();
        Instant now = clock.instant();
        return new Publication(
                head(latest, fitting(all, latest.version()), sequence, now),
                List.of(version(manifest, known == null ? sequence : known.sequence(), now)),
                List.of(),
                renewAt(manifest.id(), now));
    }

    /** Takes a package back with all its versions, of which these are known. */
    Publication withdraw(Signed<?> state, List<Signed<?>> versions) {
        return new Publication(tombstone(state.id(), Optional.empty(), next(state)), List.of(), versions, Long.MAX_VALUE);
    }

    /**
     * Takes one of several versions of a package back.
     *
     * @param latest the manifest of the latest of the others
     */
    Publication withdraw(Signed<Head> state, String version, PackageManifest latest) {
        List<String> left = new ArrayList<>(state.record().versions());
        left.remove(version);
        long sequence = next(state);
        Instant now = clock.instant();
        return new Publication(
                head(latest, left, sequence, now),
                List.of(tombstone(state.id(), Optional.of(version), sequence)),
                List.of(),
                renewAt(state.id(), now));
    }

    /** The same package, its records signed anew with a new lifetime and the sequence numbers they had. */
    Publication renew(Signed<Head> state, Collection<Signed<VersionRecord>> versions) {
        Instant now = clock.instant();
        List<Signed<?>> renewed = new ArrayList<>(versions.size());
        versions.forEach(version -> renewed.add(version(version.record().manifest(), version.sequence(), now)));
        Head head = state.record();
        return new Publication(
                head(head.manifest(), head.versions(), head.sequence(), now), renewed, List.of(), renewAt(state.id(), now));
    }

    private Signed<Head> head(PackageManifest manifest, List<String> versions, long sequence, Instant now) {
        return seal(new Head(network, manifest, versions, sequence, now, now.plus(lifetime)));
    }

    private Signed<VersionRecord> version(PackageManifest manifest, long sequence, Instant now) {
        return seal(new VersionRecord(network, manifest, sequence, now, now.plus(lifetime)));
    }

    private Signed<Tombstone> tombstone(PackageId id, Optional<String> version, long sequence) {
        Instant now = clock.instant();
        return seal(new Tombstone(network, id, version, sequence, now, now.plus(TOMBSTONE_LIFETIME)));
    }

    private <R extends PackageRecord> Signed<R> seal(R record) {
        return RecordCodec.seal(identity, record);
    }

    private long next(@Nullable Signed<?> before) {
        return Math.max(clock.millis(), before == null ? 1 : before.sequence() + 1);
    }

    private static List<String> newestFirst(List<String> known, String version) {
        List<String> all = new ArrayList<>(known);
        all.add(version);
        return Versions.newestFirst(all);
    }

    /** As many of the newest as a record lists, the given one among them. */
    private static List<String> fitting(List<String> newestFirst, String version) {
        List<String> some = new ArrayList<>(newestFirst.subList(0, Math.min(newestFirst.size(), Limits.RECORD_VERSIONS)));
        if (!some.contains(version)) {
            some.set(some.size() - 1, version);
        }
        return some;
    }

    /** Around half of the lifetime, spread by a fifth so that what was published together is not renewed together. */
    private long renewAt(PackageId id, Instant now) {
        int hash = id.hashCode() * 0x9e3779b9; // names that differ in their last letter only have hashes that hardly differ
        double spread = 0.8 + 0.4 * (hash >>> 16) / 0xffff;
        return now.plusMillis((long) (lifetime.toMillis() * spread / 2)).toEpochMilli();
    }
}
