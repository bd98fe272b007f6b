package io.swarmscope.internal.store;

import io.swarmscope.PackageId;
import io.swarmscope.Query;
import io.swarmscope.internal.record.SignedHead;
import java.util.Optional;

/**
 * The heads this node holds, one per package, and the search over them. Thread-safe; no call waits for long, and searches never wait for
 * changes. Heads come in verified: this does not ask who signed them.
 */
public interface PackageIndex {

    /**
     * Takes a verified head, unless the one that is there is the same or replaces it, or there is no room for it.
     *
     * @return whether the index holds it now and did not before
     */
    boolean offer(SignedHead head);

    /** The head of a package, also one that withdraws it; empty if none is held or it has expired. */
    Optional<SignedHead> find(PackageId id);

    /** The sequence number of the head that is held, 0 if none is. */
    long sequence(PackageId id);

    /**
     * The packages that match, neither withdrawn nor expired.
     *
     * @param query its limit is not looked at
     * @param limit most matches to return
     */
    Matches search(Query query, int limit);

    /** How many packages are held that are not withdrawn. Some may have expired since {@link #expire} ran last. */
    int packages();

    /** How many of them this node published. */
    int published();

    /**
     * Forgets what has expired.
     *
     * @return how many heads
     */
    int expire();
}
