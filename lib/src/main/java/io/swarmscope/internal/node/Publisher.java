package io.swarmscope.internal.node;

import io.swarmscope.PackageId;
import io.swarmscope.PackageManifest;
import io.swarmscope.PeerId;
import io.swarmscope.PublishReceipt;
import io.swarmscope.RegistryException.Conflict;
import io.swarmscope.RegistryException.DeadlineExceeded;
import io.swarmscope.internal.fork.Deadline;
import io.swarmscope.internal.node.OwnPackages.Own;
import io.swarmscope.internal.record.RecordKey;
import io.swarmscope.internal.record.SignedHead;
import io.swarmscope.internal.search.FindService;
import io.swarmscope.internal.search.Finding;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
            Own known = known(id, deadline);
            requireUnchanged(manifest, known, deadline);
            Own published = signer.publish(manifest, known);
            packages.keep(id, published);
            return new Change(
                    published, manifest.version(), List.of(RecordKey.of(id), RecordKey.of(id, manifest.version())));
        });
    }

    PublishReceipt unpublish(PackageId id, Duration timeout) throws InterruptedException {
        return change("withdrawing " + id, id, timeout, deadline -> {
            Own known = known(id, deadline);
            if (known == null) {
                throw new Conflict("this node's key is not known to have published " + id
                        + "; only who published a package can withdraw it");
            }
            Own withdrawn = known.withdrawn(signer.withdraw(known.head().read()));
            packages.keep(id, withdrawn);
            return new Change(withdrawn, withdrawn.head().read().head().version(), withdrawn.keys(id));
        });
    }

    /** What a call made of a package, and under which keys that is to be stored. */
    private record Change(Own own, String version, Collection<RecordKey> keys) {}

    private interface Step {
        Change run(Deadline deadline) throws InterruptedException;
    }

    private PublishReceipt change(String what, PackageId id, Duration timeout, Step step) throws InterruptedException {
        long began = System.nanoTime();
        Deadline deadline = Deadline.after(timeout);
        if (!packages.locks().take(id, deadline)) {
            throw new DeadlineExceeded(what, timeout, "another call was changing the package all the time");
        }
        Change change;
        try {
            requireNamespace(id);
            change = step.run(deadline);
        } finally {
            packages.locks().giveBack(id);
        }
        Offers.Stored stored = offer(id, change, deadline);
        SignedHead head = change.own.head().read();
        Duration elapsed = Duration.ofNanos(System.nanoTime() - began);
        return new PublishReceipt(
                id, change.version, head.sequence(), head.encoded().length, stored.at(), stored.wanted(), elapsed);
    }

    /** Where the record of the package was stored. */
    private Offers.Stored offer(PackageId id, Change change, Deadline deadline) throws InterruptedException {
        Map<RecordKey, SignedHead> records = new LinkedHashMap<>();
        change.keys.forEach(key -> change.own.record(key).ifPresent(record -> records.put(key, record)));
        Map<RecordKey, Offers.Stored> stored = Map.of();
        try {
            if (reach.somebody()) {
                stored = offers.offer(records, deadline);
            } else {
                offers.keep(records, deadline);
            }
        } finally {
            // A caller that is interrupted leaves all of them to be offered later, as if nobody had been there.
            Map<RecordKey, Offers.Stored> known = stored;
            republisher.remember(records.keySet().stream()
                    .filter(key -> known.getOrDefault(key, Offers.Stored.NOWHERE).at() == 0)
                    .toList());
        }
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

    /** The package as this node or, if it was restarted, the network knows it; null if it is new. */
    private @Nullable Own known(PackageId id, Deadline deadline) throws InterruptedException {
        Own own = packages.own().find(id);
        if (own != null) {
            return own;
        }
        SignedHead head = packages.index().find(id).orElse(null);
        if (head == null && reach.somebody()) {
            head = network.find(RecordKey.of(id), recallTime(deadline)) instanceof Finding.Found found ? found.head() : null;
        }
        if (head == null) {
            return null;
        }
        if (!head.publisher().equals(self)) {
            throw foreign(id);
        }
        return Own.of(head);
    }

    private static Deadline recallTime(Deadline deadline) {
        return Deadline.after(deadline.remaining().dividedBy(RECALL_PART)).orEarlier(Deadline.after(RECALL_AT_MOST));
    }

    /** A version is published once: what was said of it stays true. */
    private void requireUnchanged(PackageManifest manifest, @Nullable Own known, Deadline deadline)
            throws InterruptedException {
        if (known == null) {
            return;
        }
        String version = manifest.version();
        PackageManifest before = known.manifestOf(version);
        if (before == null && known.head().read().head().versions().contains(version)) {
            Finding finding = network.find(RecordKey.of(manifest.id(), version), recallTime(deadline));
            before = finding instanceof Finding.Found found && !found.head().head().withdrawn()
                    ? found.head().head().manifest()
                    : null;
        }
        if (before != null && !before.equals(manifest)) {
            throw new Conflict(manifest.id() + " " + version
                    + " was published before with other content; publish it under a new version");
        }
    }
}
