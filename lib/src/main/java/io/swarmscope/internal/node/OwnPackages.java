package io.swarmscope.internal.node;

import io.swarmscope.PackageId;
import io.swarmscope.internal.record.RecordCodec;
import io.swarmscope.internal.record.RecordRefused;
import io.swarmscope.internal.record.Signed;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What stands for each package that this node published. Thread-safe. The records of their versions, which may be many, are in the store.
 */
final class OwnPackages {

    /** Immutable. */
    @SuppressWarnings("ArrayRecordComponent") // read, never compared
    private record Own(byte[] encoded, long renewAt) {}

    private final Map<PackageId, Own> packages = new ConcurrentHashMap<>();

    /** The head or tombstone of a package of this node, null if it published none with that id. */
    @Nullable Signed<?> find(PackageId id) {
        Own own = packages.get(id);
        return own == null ? null : read(own.encoded);
    }

    /** Whether this node published the package, perhaps to withdraw it later. */
    boolean has(PackageId id) {
        return packages.containsKey(id);
    }

    void put(Signed<?> state, long renewAt) {
        packages.put(state.id(), new Own(state.encoded(), renewAt));
    }

    /** Packages whose records are to be signed anew by now. */
    List<PackageId> due(long nowMillis) {
        return packages.entrySet().stream()
                .filter(entry -> entry.getValue().renewAt <= nowMillis)
                .map(Map.Entry::getKey)
                .toList();
    }

    private static Signed<?> read(byte[] encoded) {
        try {
            return RecordCodec.trusted(encoded);
        } catch (RecordRefused e) {
            throw new IllegalStateException("this node signed it", e);
        }
    }
}
