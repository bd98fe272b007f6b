package io.swarmscope.internal.search;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.swarmscope.PackageId;
import io.swarmscope.internal.fork.World;
import io.swarmscope.internal.record.RecordKey;
import io.swarmscope.internal.record.Signed;
import io.swarmscope.internal.wire.Limits;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What was found in the network by its key a short while ago. Thread-safe; bounded.
 *
 * <p>That something was not found is not remembered: a publisher that has just published must be found at once, and calls that ask at the same time share
 * one lookup anyway.
 */
final class FindCache {

    /** What was found of one package, so that all of it can be dropped when there is news of it. Immutable. */
    private record Entry(Map<RecordKey, Signed<?>> records) {
        private Entry with(RecordKey key, Signed<?> record) {
            Map<RecordKey, Signed<?>> more = records.size() < Limits.FOUND_OF_A_PACKAGE ? new HashMap<>(records) : new HashMap<>();
            more.put(key, record);
            return new Entry(Map.copyOf(more));
        }
    }

    private final Cache<PackageId, Entry> entries;

    FindCache(Duration keepFor) {
        this.entries = Caffeine.newBuilder()
                .maximumWeight(Limits.FOUND_RECORDS)
                .<PackageId, Entry>weigher((id, entry) -> entry.records.size())
                .expireAfterWrite(keepFor)
                .ticker(World::nanoTime)
                .executor(Runnable::run)
                .build();
    }

    Optional<Signed<?>> get(RecordKey key) {
        Entry entry = entries.getIfPresent(key.id());
        return entry == null ? Optional.empty() : Optional.ofNullable(entry.records.get(key));
    }

    void put(RecordKey key, Signed<?> record) {
        entries.asMap().compute(key.id(), (id, known) -> (known == null ? new Entry(Map.of()) : known).with(key, record));
    }

    /** There is news of that package. */
    void drop(PackageId id) {
        entries.invalidate(id);
    }
}
