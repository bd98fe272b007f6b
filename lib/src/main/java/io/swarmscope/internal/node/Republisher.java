package io.swarmscope.internal.node;

import io.swarmscope.PackageId;
import io.swarmscope.internal.fork.Deadline;
import io.swarmscope.internal.fork.World;
import io.swarmscope.internal.record.Head;
import io.swarmscope.internal.record.RecordKey;
import io.swarmscope.internal.record.Signed;
import io.swarmscope.internal.record.VersionRecord;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Puts this node's records into the DHT when their turn in the {@link Outbox} has come, and signs what grows old anew. {@link #tick} is run by the
 * node's maintenance thread about every second; the rest by any thread.
 */
final class Republisher {

    /** The longest a tick works. */
    private static final Duration TICK = Duration.ofSeconds(5);

    /** Records offered before looking at the clock again. */
    private static final int BATCH = 4 * Offers.AT_ONCE;

    /** Packages signed anew in one tick, which takes some milliseconds for each, to be on disk. */
    private static final int RENEWALS = 200;

    /** For whoever puts a record to say what came of it. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    private static final long EXPIRE_EVERY_NANOS = 60_000_000_000L;
    private static final long PAUSE_NANOS = 1_000_000_000L;
    private static final int PAUSE_DOUBLINGS = 8;

    private final Packages packages;
    private final Signer signer;
    private final Offers offers;
    private final Outbox outbox;
    private final Reach reach;

    // Touched by the maintenance thread only.
    private long expireAt = World.nanoTime();
    private long pausedUntil = World.nanoTime();
    private int failures;

    Republisher(Packages packages, Signer signer, Offers offers, Outbox outbox, Reach reach) {
        this.packages = packages;
        this.signer = signer;
        this.offers = offers;
        this.outbox = outbox;
        this.reach = reach;
    }

    /** What stands under these keys now is to be put into the DHT. */
    void remember(Collection<RecordKey> keys) {
        outbox.add(keys, packages.clock().millis());
    }

    /** What stands under these keys is being put into the DHT, at most until then; if nothing is heard of that, it is to be put again. */
    void underWay(Collection<RecordKey> keys, Deadline until) {
        outbox.add(keys, packages.clock().millis() + until.remaining().plus(GRACE).toMillis());
    }

    /** These records were put, each into so many places. */
    void stored(Map<RecordKey, Signed<?>> records, Map<RecordKey, Offers.Stored> stored) throws InterruptedException {
        for (Map.Entry<RecordKey, Offers.Stored> result : stored.entrySet()) {
            RecordKey key = result.getKey();
            // What was published under the key meanwhile has its own turn.
            Optional<Signed<?>> current = current(key);
            if (current.isEmpty() || records.containsValue(current.get())) {
                outbox.stored(key, result.getValue(), packages.clock().millis());
            }
        }
    }

    /** How many records are not stored at as many peers as they should be. */
    int waiting() {
        return outbox.waiting();
    }

    /** Does what is due. Ends within seconds. */
    void tick() throws InterruptedException {
        long now = World.nanoTime();
        if (now - expireAt >= 0) {
            expireAt = now + EXPIRE_EVERY_NANOS;
            packages.index().expire();
            packages.journal().expire(packages.clock().millis());
        }
        renew();
        if (now - pausedUntil >= 0 && !due().isEmpty() && reach.somebody()) {
            offer(Deadline.after(TICK));
        }
    }

    private List<RecordKey> due() {
        return outbox.due(BATCH, packages.clock().millis());
    }

    private void renew() throws InterruptedException {
        List<PackageId> due = packages.own().due(packages.clock().millis());
        for (PackageId id : due.subList(0, Math.min(due.size(), RENEWALS))) {
            // A package that is being changed has its turn in the next tick.
            if (packages.locks().take(id, Deadline.after(Duration.ZERO))) {
                try {
                    renew(id);
                } finally {
                    packages.locks().giveBack(id);
                }
            }
        }
    }

    private void renew(PackageId id) throws InterruptedException {
        Signed<?> state = packages.own().find(id);
        if (state == null || !(state.record() instanceof Head)) {
            return; // a tombstone lives as long as it has to
        }
        Deadline deadline = Deadline.after(TICK);
        List<Signed<VersionRecord>> versions = packages.journal().ownVersions(id, deadline).values().stream()
                .filter(version -> !version.withdrawn())
                .flatMap(version -> version.record().as(VersionRecord.class).stream())
                .toList();
        Publication renewed = signer.renew(state.as(Head.class).orElseThrow(), versions);
        packages.keep(renewed, deadline);
        remember(renewed.keys());
    }

    private void offer(Deadline deadline) throws InterruptedException {
        // Each has one turn in a tick, or else those that nobody stores would be offered for all of it.
        long began = packages.clock().millis();
        while (!deadline.passed()) {
            List<RecordKey> keys = outbox.due(BATCH, began);
            if (keys.isEmpty()) {
                return;
            }
            if (!offer(keys, deadline)) {
                pausedUntil = World.nanoTime() + (PAUSE_NANOS << Math.min(failures++, PAUSE_DOUBLINGS));
                return;
            }
            failures = 0;
        }
    }

    /** Whether any of them was stored. */
    private boolean offer(List<RecordKey> keys, Deadline deadline) throws InterruptedException {
        Map<RecordKey, Signed<?>> records = new LinkedHashMap<>();
        for (RecordKey key : keys) {
            Optional<Signed<?>> record = current(key).filter(found -> !found.record().expired(packages.clock().instant()));
            record.ifPresentOrElse(found -> records.put(key, found), () -> outbox.remove(key));
        }
        Map<RecordKey, Offers.Stored> stored = offers.offer(records, deadline);
        stored(records, stored);
        return records.isEmpty() || stored.values().stream().anyMatch(result -> result.at() > 0);
    }

    /** What of this node should stand under a key: of a withdrawn package its tombstone, whatever the version. */
    private Optional<Signed<?>> current(RecordKey key) throws InterruptedException {
        Signed<?> state = packages.own().find(key.id());
        if (state == null) {
            return Optional.empty();
        }
        if (key.version().isEmpty() || !(state.record() instanceof Head)) {
            return Optional.of(state);
        }
        return packages.journal().ownVersion(key, Deadline.after(TICK)).map(OwnVersion::record);
    }
}
