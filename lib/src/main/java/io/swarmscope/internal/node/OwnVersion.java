package io.swarmscope.internal.node;

import io.swarmscope.internal.record.Signed;

/**
 * A version that this node published. Immutable.
 *
 * @param record its record or its tombstone
 * @param withdrawn whether it, or the package with it, was withdrawn: then it does not come back
 */
record OwnVersion(Signed<?> record, boolean withdrawn) {}
