package io.swarmscope.internal.sync;

/**
 * A record on its way, with the key it is said to be for. Immutable by agreement; any thread.
 *
 * @param encoded at most {@link io.swarmscope.internal.wire.Limits#RECORD_BYTES}; not verified
 */
@SuppressWarnings("ArrayRecordComponent") // bytes on their way; nobody compares them
record SyncRecord(String key, byte[] encoded) {

    /** About how many bytes it takes in a message, never less. */
    int weight() {
        return Keys.bytes(key) + encoded.length + 16;
    }
}
