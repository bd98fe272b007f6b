package io.swarmscope.internal.kad;

import java.time.Duration;

/**
 * A record of the own store, as it outlives the process. Immutable.
 *
 * @param record it passed its validator when it came
 * @param left how long it is kept from now on
 */
public record RecordEntry(KadRecord record, Duration left) {}
