package io.swarmscope.internal.sync;

import io.swarmscope.internal.wire.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Records that fill one message. Immutable; any thread.
 *
 * @param records what there is of the first keys asked for, in their order
 * @param done how many keys those are
 */
record Page(List<SyncRecord> records, int done) {

    /** Reads as many of these as fit, a few at a time, so that a long question costs no more memory than its answer. */
    static Page read(SyncRecords source, List<String> keys) {
        List<SyncRecord> records = new ArrayList<>();
        int weight = 0;
        int done = 0;
        while (done < keys.size() && weight < Limits.SYNC_FRAME_FULL) {
            List<String> some = keys.subList(done, Math.min(done + Limits.SYNC_READ_AT_ONCE, keys.size()));
            Map<String, byte[]> found = source.read(some);
            for (String key : some) {
                byte[] encoded = found.get(key);
                if (encoded != null) {
                    SyncRecord record = new SyncRecord(key, encoded);
                    records.add(record);
                    weight += record.weight();
                }
            }
            done += some.size();
        }
        return new Page(records, done);
    }
}
