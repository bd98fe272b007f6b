package io.swarmscope.internal.node;

import io.swarmscope.PackageId;
import io.swarmscope.internal.fork.Deadline;
import io.swarmscope.internal.node.OwnPackages.Own;
import io.swarmscope.internal.record.RecordKey;
import io.swarmscope.internal.record.SignedHead;
import io.swarmscope.internal.wire.Limits;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Offers again what could not be stored anywhere, and signs what grows old anew. {@link #tick} is run by the node's maintenance thread about every
 * second; the rest by any thread.
 */
final class Republisher {

    /** The longest a tick works. */
    private static final Duration TICK = Duration.ofSeconds(5);

    /** Records offered before looking at the clock again. */
    private static final int BATCH = 4 * Offers.AT_ONCE;

    /** Packages signed anew in one tick, which takes 0.1 ms for each record. */
    private static final int RENEWALS = 64;

    /** A package that is being changed has its turn in the next tick. */
    private static final Deadline AT_ONCE = Deadline.after(Duration.ZERO);

    private static final long EXPIRE_EVERY_NANOS = 60_000_000_000L;
    private static final long PAUSE_NANOS = 1_000_000_000L;
    private static final int PAUSE_DOUBLINGS = 8;

    private final Packages packages;
    private final Signer signer;
    private final Offers offers;
    private final Reach reach;

    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by lock.
    private final Set<RecordKey> pending = new LinkedHashSet<>();

    // Touched by the maintenance thread only.
    private long expireAt = System.nanoTime();
    private long pausedUntil = System.nanoTime();
    private int failures;

    Republisher(Packages packages, Signer signer, Offers offers, Reach reach) {
        this.packages = packages;
        this.signer = signer;
        this.offers = offers;
        this.reach = reach;
    }

    /** Offers what stands under these keys again until it is stored somewhere; beyond a bound it waits for its renewal. */
    void remember(Collection<RecordKey> keys) {
        lock.lock();
        try {
            for (RecordKey key : keys) {
                if (pending.size() < Limits.REPUBLISH_PENDING) {
                    pending.add(key);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private void forget(RecordKey key) {
        lock.lock();
        try {
            pending.remove(key);
        } finally {
            lock.unlock();
        }
    }

    /** How many records wait to be offered. */
    int waiting() {
        lock.lock();
        try {
            return pending.size();
        } finally {
            lock.unlock();
        }
    }

    /** Does what is due. Ends within seconds. */
    void tick() throws InterruptedException {
        long now = System.nanoTime();
        if (now - expireAt >= 0) {
            expireAt = now + EXPIRE_EVERY_NANOS;
            packages.index().expire();
        }
        renew();
        if (waiting() > 0 && now - pausedUntil >= 0 && reach.somebody()) {
            offer(Deadline.after(TICK));
        }
    }

    private void renew() throws InterruptedException {
        List<PackageId> due = packages.own().due(packages.clock().millis());
        for (PackageId id : due.subList(0, Math.min(due.size(), RENEWALS))) {
            if (packages.locks().take(id, AT_ONCE)) {
                try {
                    renew(id);
                } finally {
                    packages.locks().giveBack(id);
                }
            }
        }
    }

    private void renew(PackageId id) {
        Own own = packages.own().find(id);
        if (own != null) {
            Own renewed = signer.renew(id, own);
            packages.keep(id, renewed);
            remember(renewed.keys(id));
        }
    }

    private void offer(Deadline deadline) throws InterruptedException {
        List<RecordKey> keys = snapshot();
        for (int from = 0; from < keys.size() && !deadline.passed(); from += BATCH) {
            if (!offer(keys.subList(from, Math.min(keys.size(), from + BATCH)), deadline)) {
                pausedUntil = System.nanoTime() + (PAUSE_NANOS << Math.min(failures++, PAUSE_DOUBLINGS));
                return;
            }
            failures = 0;
        }
    }

    /** Whether any of them was stored. */
    private boolean offer(List<RecordKey> keys, Deadline deadline) throws InterruptedException {
        Map<RecordKey, SignedHead> records = new LinkedHashMap<>();
        for (RecordKey key : keys) {
            packages.own().record(key).ifPresentOrElse(record -> records.put(key, record), () -> forget(key));
        }
        boolean any = records.isEmpty();
        for (Map.Entry<RecordKey, Offers.Stored> result : offers.offer(records, deadline).entrySet()) {
            if (result.getValue().at() > 0) {
                any = true;
                forgetUnlessChanged(result.getKey(), records);
            }
        }
        return any;
    }

    /** What was published under the key meanwhile may be what waits. */
    private void forgetUnlessChanged(RecordKey key, Map<RecordKey, SignedHead> stored) {
        if (packages.own().record(key).map(stored::containsValue).orElse(true)) {
            forget(key);
        }
    }

    private List<RecordKey> snapshot() {
        lock.lock();
        try {
            return List.copyOf(pending);
        } finally {
            lock.unlock();
        }
    }
}
