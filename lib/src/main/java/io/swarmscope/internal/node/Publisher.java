package io.swarmscope.internal.node;

import io.swarmscope.PackageId;
import io.swarmscope.PackageManifest;
import io.swarmscope.PeerId;
import io.swarmscope.PublishReceipt;
import io.swarmscope.Quorum;
import io.swarmscope.RegistryException.Conflict;
import io.swarmscope.RegistryException.DeadlineExceeded;
import io.swarmscope.RegistryException;
import io.swarmscope.internal.fork.Deadline;
import io.swarmscope.internal.fork.World;
import io.swarmscope.internal.record.Head;
import io.swarmscope.internal.record.RecordKey;
import io.swarmscope.internal.record.Signed;
import io.swarmscope.internal.record.VersionRecord;
import io.swarmscope.internal.record.Versions;
import io.swarmscope.internal.search.FindService;
import io.swarmscope.internal.search.Finding;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Publishes and withdraws packages of this node. Thread-safe; runs on its callers' threads. */
final class Publisher {

    /** Part of a call's time, and the most of it, for finding out what the network knows of a package that is new to this node. */
    private static final int RECALL_PART = 4;

    private static final Duration RECALL_AT_MOST = Duration.ofSeconds(3);

    private final PeerId self;
    private final Packages packages;
    private final Signer signer;
    private final FindService network;
    private final Reach reach;
    private final Offers offers;
    private final Republisher republisher;

    Publisher(
            PeerId self,
            Packages packages,
            Signer signer,
            FindService network,
            Reach reach,
            Offers offers,
            Republisher republisher) {
        this.self = self;
        this.packages = packages;
        this.signer = signer;
        this.network = network;
        this.reach = reach;
        this.offers = offers;
        this.republisher = republisher;
    }

    PublishReceipt publish(PackageManifest manifest, Duration timeout) throws InterruptedException {
        PackageId id = manifest.id();
        return change("publishing " + id, id, timeout, deadline -> {
            Before before = before(id, deadline);
            Optional<Signed<VersionRecord>> same = requireUnchanged(manifest, before, deadline);
            Publication publication = signer.publish(manifest, before.known, same.orElse(null));
            return new Step.Result(publication, manifest.version(), records(publication));
        });
    }

    PublishReceipt unpublish(PackageId id, Duration timeout) throws InterruptedException {
        return change("withdrawing " + id, id, timeout, deadline -> withdraw(ofThisNode(id, deadline)));
    }

    PublishReceipt unpublish(PackageId id, String version, Duration timeout) throws InterruptedException {
        PackageManifest.checkVersion(version);
        return change("withdrawing " + id + " " + version, id, timeout, deadline -> {
            Before before = ofThisNode(id, deadline);
            Signed<Head> head = before.state().as(Head.class)
                    .filter(h -> h.record().versions().contains(version))
                    .orElseThrow(() -> new Conflict(id + " has no version " + version + " that could be withdrawn"));
            List<String> left = new ArrayList<>(head.record().versions());
            left.remove(version);
            if (left.isEmpty()) {
                return withdraw(before);
            }
            String latest = Versions.newestFirst(left).getFirst();
            Publication publication = signer.withdraw(head, version, manifestOf(latest, head, before, deadline));
            return new Step.Result(publication, version, records(publication));
        });
    }

    private Step.Result withdraw(Before before) {
        Signed<?> state = before.state();
        if (!(state.record() instanceof Head head)) {
            throw new Conflict(state.id() + " is withdrawn already");
        }
        List<Signed<?>> versions = before.versions.values().stream().<Signed<?>>map(OwnVersion::record).toList();
        Publication publication = signer.withdraw(state, versions);
        // Whoever looks for one of its versions meets the tombstone under its key.
        Map<RecordKey, Signed<?>> records = records(publication);
        head.versions().forEach(version -> records.put(RecordKey.of(head.id(), version), publication.state()));
        before.versions.keySet().forEach(version -> records.put(RecordKey.of(head.id(), version), publication.state()));
        return new Step.Result(publication, head.version(), records);
    }

    /** What this node, or else the network, knows of a package. */
    private record Before(@Nullable Signed<?> known, Map<String, OwnVersion> versions) {

        /** What stands for the package, where it is known that there is something. */
        Signed<?> state() {
            return Objects.requireNonNull(known);
        }
    }

    /** One change of a package, made with its lock taken. */
    private interface Step {

        /**
         * What is to be done.
         *
         * @param records what is to stand under which key of the DHT
         */
        record Result(Publication publication, String version, Map<RecordKey, Signed<?>> records) {}

        Result run(Deadline deadline) throws InterruptedException;
    }

    private static Map<RecordKey, Signed<?>> records(Publication publication) {
        Map<RecordKey, Signed<?>> records = new LinkedHashMap<>();
        records.put(RecordKey.of(publication.state().record()), publication.state());
        publication.others().forEach(record -> records.put(RecordKey.of(record.record()), record));
        return records;
    }

    private PublishReceipt change(String what, PackageId id, Duration timeout, Step step) throws InterruptedException {
        long began = World.nanoTime();
        Deadline deadline = Deadline.after(timeout);
        if (!packages.locks().take(id, deadline)) {
            throw new DeadlineExceeded(what, timeout, "another call was changing the package all the time");
        }
        Step.Result result;
        try {
            requireNamespace(id);
            result = step.run(deadline);
            packages.keep(result.publication, deadline);
            republisher.underWay(result.records.keySet(), deadline);
        } finally {
            packages.locks().giveBack(id);
        }
        Offers.Stored stored = offer(id, result.records, deadline);
        Signed<?> state = result.publication.state();
        Duration elapsed = Duration.ofNanos(World.nanoTime() - began);
        return new PublishReceipt(
                id, result.version, state.sequence(), state.encoded().length, stored.at(), stored.wanted(), elapsed);
    }

    /** Where the record of the package was stored. What could not be stored stays in the outbox. */
    private Offers.Stored offer(PackageId id, Map<RecordKey, Signed<?>> records, Deadline deadline)
            throws InterruptedException {
        Map<RecordKey, Offers.Stored> stored = Map.of();
        try {
            if (reach.somebody()) {
                stored = offers.offer(records, deadline);
            } else {
                offers.keep(records, deadline);
            }
        } finally {
            // A caller that is interrupted leaves all of them to be put later, as if nobody had been there.
            if (stored.isEmpty()) {
                republisher.remember(records.keySet());
            }
        }
        republisher.stored(records, stored);
        return stored.getOrDefault(RecordKey.of(id), Offers.Stored.NOWHERE);
    }

    private void requireNamespace(PackageId id) {
        if (!packages.owners().maySign(id.namespace(), self)) {
            throw foreign(id);
        }
    }

    private static Conflict foreign(PackageId id) {
        return new Conflict("the namespace " + id.namespace() + " belongs to another key; publish in one of your own");
    }

    private Before ofThisNode(PackageId id, Deadline deadline) throws InterruptedException {
        Before before = before(id, deadline);
        if (before.known == null) {
            throw new Conflict("this node's key is not known to have published " + id
                    + "; only who published a package can withdraw it");
        }
        return before;
    }

    /** The package as this node or, if it lost its store, the network knows it. */
    private Before before(PackageId id, Deadline deadline) throws InterruptedException {
        Signed<?> own = packages.own().find(id);
        if (own != null) {
            return new Before(own, packages.journal().ownVersions(id, deadline));
        }
        Signed<?> state = packages.index().find(id).orElse(null);
        if (state == null && reach.somebody()) {
            state = ask(RecordKey.of(id), deadline) instanceof Finding.Found found ? found.record() : null;
        }
        if (state != null && !state.publisher().equals(self)) {
            throw foreign(id);
        }
        return new Before(state, Map.of());
    }

    /** Asks at least one peer, whatever was found before: what is signed next must come after what there is. */
    private Finding ask(RecordKey key, Deadline deadline) throws InterruptedException {
        Deadline recall =
                Deadline.after(deadline.remaining().dividedBy(RECALL_PART)).orEarlier(Deadline.after(RECALL_AT_MOST));
        return network.find(key, Quorum.of(1), recall);
    }

    /** A version is published once: what was said of it stays true. Its record, if it is the same that is published again. */
    private Optional<Signed<VersionRecord>> requireUnchanged(PackageManifest manifest, Before before, Deadline deadline)
            throws InterruptedException {
        String version = manifest.version();
        OwnVersion own = before.versions.get(version);
        if ((own != null && own.withdrawn()) || packages.index().withdrawn(manifest.id(), version) == Long.MAX_VALUE) {
            throw new Conflict(manifest.id() + " " + version + " was withdrawn; publish under a new version");
        }
        boolean listed = before.known != null
                && before.known.record() instanceof Head head
                && head.versions().contains(version);
        Optional<Signed<VersionRecord>> known = own != null
                ? own.record().as(VersionRecord.class)
                : listed ? recall(RecordKey.of(manifest.id(), version), deadline) : Optional.empty();
        if (known.isPresent() && !known.get().record().manifest().equals(manifest)) {
            throw new Conflict(manifest.id() + " " + version
                    + " was published before with other content; publish it under a new version");
        }
        return known;
    }

    private Optional<Signed<VersionRecord>> recall(RecordKey version, Deadline deadline) throws InterruptedException {
        return ask(version, deadline) instanceof Finding.Found found
                ? found.record().as(VersionRecord.class)
                : Optional.empty();
    }

    private PackageManifest manifestOf(String version, Signed<Head> head, Before before, Deadline deadline)
            throws InterruptedException {
        if (head.record().version().equals(version)) {
            return head.record().manifest();
        }
        OwnVersion own = before.versions.get(version);
        Optional<Signed<VersionRecord>> record =
                own != null ? own.record().as(VersionRecord.class) : recall(RecordKey.of(head.id(), version), deadline);
        return record.map(found -> found.record().manifest())
                .orElseThrow(() -> new RegistryException.CouldNotFindOut(
                        "what was published as " + head.id() + " " + version
                                + ", which would become the latest version, could not be found out; nothing was withdrawn",
                        null));
    }
}
