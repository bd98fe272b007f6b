package io.swarmscope.internal.node;

import io.swarmscope.PackageId;
import io.swarmscope.PackageManifest;
import io.swarmscope.RegistryException;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.node.OwnPackages.Own;
import io.swarmscope.internal.record.Head;
import io.swarmscope.internal.record.Head.Kind;
import io.swarmscope.internal.record.HeadCodec;
import io.swarmscope.internal.record.SignedHead;
import io.swarmscope.internal.record.Versions;
import io.swarmscope.internal.wire.Limits;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes this node's records. Stateless but for the key; any thread, though signing takes its time.
 *
 * <p>A sequence number is the wall clock in milliseconds, or one more than the last if that is higher: a node that was restarted without a store
 * goes on above what it published before, even if nobody is there to tell it.
 */
final class Signer {

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
     * The package with a version more, or with the same version signed anew.
     *
     * @param known the package as it is, null if it is new; its versions have other content than the manifest, or the same
     * @throws RegistryException.TooLarge if a record does not fit
     */
    Own publish(PackageManifest manifest, @Nullable Own known) {
        String version = manifest.version();
        SignedHead before = known == null ? null : known.head().read();
        List<String> listed = before == null || before.head().withdrawn() ? List.of() : before.head().versions();
        boolean again = known != null && listed.contains(version) && manifest.equals(known.manifestOf(version));
        long sequence = before != null && again ? before.sequence() : next(before);
        List<String> all = newestFirst(listed, version);
        Instant now = clock.instant();
        PackageManifest latest = known == null || all.getFirst().equals(version) ? manifest : latest(before, known, all);
        SignedHead head = seal(Kind.HEAD, latest, fitting(all, latest.version()), sequence, now, false);
        SignedHead record = latest.version().equals(version)
                ? head
                : seal(Kind.VERSION, manifest, fitting(all, version), sequence, now, false);
        return (known == null ? Own.of(head) : known).with(head, record, renewAt(manifest.id(), now));
    }

    private static PackageManifest latest(@Nullable SignedHead before, Own known, List<String> all) {
        PackageManifest newest = known.manifestOf(all.getFirst());
        if (newest != null) {
            return newest;
        }
        if (before == null) {
            throw new IllegalStateException("a package that is known has a head");
        }
        return before.head().manifest();
    }

    /** A head that takes the package back. Of its manifest only what must be there is kept. */
    SignedHead withdraw(SignedHead head) {
        PackageManifest manifest = head.head().manifest();
        PackageManifest bare = PackageManifest.of(manifest.id(), manifest.version(), manifest.title());
        return seal(Kind.HEAD, bare, List.of(bare.version()), next(head), clock.instant(), true);
    }

    /** The same package, its records signed anew with a new lifetime and the sequence numbers they had. */
    Own renew(PackageId id, Own own) {
        Instant now = clock.instant();
        SignedHead old = own.head().read();
        SignedHead head = again(old, Kind.HEAD, now);
        Own renewed = own;
        for (OwnPackages.Signed version : own.versions().values()) {
            SignedHead record = version.read();
            boolean latest = record.head().version().equals(head.head().version());
            renewed = renewed.with(head, latest ? head : again(record, Kind.VERSION, now), renewAt(id, now));
        }
        return renewed;
    }

    private SignedHead again(SignedHead old, Kind kind, Instant now) {
        Head head = old.head();
        return seal(kind, head.manifest(), head.versions(), head.sequence(), now, head.withdrawn());
    }

    private SignedHead seal(
            Kind kind, PackageManifest manifest, List<String> versions, long sequence, Instant now, boolean withdrawn) {
        return HeadCodec.seal(
                identity, new Head(kind, network, manifest, versions, sequence, now, now.plus(lifetime), withdrawn));
    }

    private long next(@Nullable SignedHead before) {
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
        double spread = 0.8 + 0.4 * (id.hashCode() & 0xffff) / 0xffff;
        return now.plusMillis((long) (lifetime.toMillis() * spread / 2)).toEpochMilli();
    }
}
