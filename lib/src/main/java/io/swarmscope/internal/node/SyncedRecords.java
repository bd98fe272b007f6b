package io.swarmscope.internal.node;

import io.swarmscope.PackageId;
import io.swarmscope.PeerId;
import io.swarmscope.RegistryException;
import io.swarmscope.internal.peer.PeerObserver;
import io.swarmscope.internal.record.RecordKey;
import io.swarmscope.internal.record.RecordRefused;
import io.swarmscope.internal.record.RecordValidator;
import io.swarmscope.internal.record.Signed;
import io.swarmscope.internal.sync.ItemSet;
import io.swarmscope.internal.sync.SyncRecords;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The heads and tombstones of this node as they are synced with peers. Thread-safe; runs on the threads of streams and sessions. */
final class SyncedRecords implements SyncRecords {

    private final HeldPackages held;
    private final RecordValidator validator;
    private final PeerObserver observer;
    private final Set<PeerId> bringers = ConcurrentHashMap.newKeySet();

    SyncedRecords(HeldPackages held, RecordValidator validator, PeerObserver observer) {
        this.held = held;
        this.validator = validator;
        this.observer = observer;
    }

    @Override
    public ItemSet items() {
        return held.items();
    }

    @Override
    public Map<String, byte[]> read(List<String> keys) {
        Map<String, byte[]> records = new LinkedHashMap<>();
        for (String key : keys) {
            parse(key).flatMap(held.index()::find)
                    // Under the key of a version stands its own tombstone only, not that of its package.
                    .filter(record -> HeldPackages.itemKey(RecordKey.of(record.record())).equals(key))
                    .ifPresent(record -> records.put(key, record.encoded()));
        }
        return records;
    }

    private static Optional<RecordKey> parse(String key) {
        int at = key.indexOf('@');
        try {
            PackageId id = PackageId.parse(at < 0 ? key : key.substring(0, at));
            return Optional.of(at < 0 ? RecordKey.of(id) : RecordKey.of(id, key.substring(at + 1)));
        } catch (RegistryException.InvalidInput e) {
            return Optional.empty();
        }
    }

    @Override
    public Outcome take(PeerId from, String key, byte[] encoded) {
        try {
            Signed<?> record = validator.check(encoded);
            if (!HeldPackages.itemKey(RecordKey.of(record.record())).equals(key)) {
                observer.misbehaved(from, "sync: the " + record.record() + " in place of " + key);
                return Outcome.REFUSED;
            }
            if (held.offer(record)) {
                bringers.add(from);
                return Outcome.NEW;
            }
            return held.holdsAsNew(record) ? Outcome.KNOWN : Outcome.REFUSED;
        } catch (RecordRefused e) {
            String what = "sync: " + e.getMessage();
            if (e.reason().mayBeHonest()) {
                observer.outdated(from, what);
            } else {
                observer.misbehaved(from, what);
            }
            return Outcome.REFUSED;
        }
    }

    /** Which peers brought something new since this was asked last. */
    Set<PeerId> takeBringers() {
        if (bringers.isEmpty()) {
            return Set.of();
        }
        Set<PeerId> taken = new LinkedHashSet<>(bringers);
        bringers.removeAll(taken);
        return taken;
    }
}
