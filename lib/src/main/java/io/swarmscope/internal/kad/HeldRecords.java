package io.swarmscope.internal.kad;

import org.jspecify.annotations.Nullable;

/** What this node can answer with: the better of the record that was put here and that of its {@link Holdings}. Run by the thread that owns the DHT. */
final class HeldRecords {

    private final RecordStore records;
    private final Holdings holdings;
    private final Validators validators;

    HeldRecords(RecordStore records, Holdings holdings, Validators validators) {
        this.records = records;
        this.holdings = holdings;
        this.validators = validators;
    }

    /** The record under that key, null when there is none that is valid now. */
    @Nullable KadRecord get(Bytes key, long now) {
        KadRecord put = records.get(key, now);
        KadRecord elsewhere = elsewhere(key);
        if (put == null || elsewhere == null) {
            return put == null ? elsewhere : put;
        }
        boolean same = put.value().equals(elsewhere.value());
        return !same && validators.prefersSecond(put, elsewhere) ? elsewhere : put;
    }

    private @Nullable KadRecord elsewhere(Bytes key) {
        Bytes value = validators.knows(key) ? holdings.find(key) : null;
        if (value == null) {
            return null;
        }
        KadRecord held = new KadRecord(key, value).asChecked();
        return validators.checkAgain(held).accepted() ? held : null;
    }
}
