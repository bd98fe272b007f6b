package io.swarmscope.internal.record;

import io.swarmscope.PackageId;

/**
 * What this node holds already, as far as the rules for records ask. Thread-safe; never blocks: the swarm thread asks too.
 */
public interface Known {

    /** The sequence number of the head or tombstone that stands for a package, 0 if none is held. */
    long sequence(PackageId id);

    /**
     * Up to which sequence number records of a version are withdrawn: {@link Long#MAX_VALUE} if the version is, the number of the package's
     * tombstone if that is held, else 0.
     */
    long withdrawn(PackageId id, String version);

    /** Whether there is evidence against a record. */
    boolean refuted(Signed<?> record);
}
