package io.swarmscope.internal.node;

import io.swarmscope.PackageId;
import io.swarmscope.internal.record.RecordKey;
import io.swarmscope.internal.record.Signed;
import java.util.ArrayList;
import java.util.List;

/**
 * What this node signed in one step. Immutable.
 *
 * @param state what stands for the package from now on: its head or its tombstone
 * @param others records of versions, or tombstones of them
 * @param buried records of versions that are withdrawn with their package, which must not come back
 * @param renewAt when the package's records are to be signed anew, in milliseconds
 */
record Publication(Signed<?> state, List<Signed<?>> others, List<Signed<?>> buried, long renewAt) {

    Publication {
        others = List.copyOf(others);
        buried = List.copyOf(buried);
    }

    PackageId id() {
        return state.id();
    }

    /** The keys under which the records stand. */
    List<RecordKey> keys() {
        List<RecordKey> keys = new ArrayList<>();
        keys.add(RecordKey.of(state.record()));
        others.forEach(record -> keys.add(RecordKey.of(record.record())));
        return keys;
    }
}
