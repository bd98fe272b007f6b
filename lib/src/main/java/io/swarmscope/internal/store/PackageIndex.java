package io.swarmscope.internal.store;

import io.swarmscope.PackageId;
import io.swarmscope.Query;
import io.swarmscope.internal.record.Evidence;
import io.swarmscope.internal.record.Known;
import io.swarmscope.internal.record.RecordKey;
import io.swarmscope.internal.record.Signed;
import io.swarmscope.internal.record.Tombstone;
import java.util.Optional;

/**
 * What this node holds of all packages, one head or tombstone of each and the tombstones of versions, and the search over the heads. Thread-safe;
 * no call waits for long, and searches never wait for changes. Records come in verified: this does not ask who signed them.
 */
public interface PackageIndex extends Known {

    /**
     * Takes a verified head or tombstone, unless what is there is the same or replaces it, it has expired, or there is no room for it. Of two that contradict each other
     * the one that {@link Evidence} lets stand stays.
     *
     * @param record a version record is not taken
     * @return whether the index holds it now and did not before
     */
    boolean offer(Signed<?> record);

    /**
     * Takes note that one of two records is refuted: it is not held any more, nor taken again.
     *
     * @return whether that was not known before
     */
    boolean refute(Evidence evidence);

    /** What stands for a package, its head or its tombstone; empty if nothing is held or it has expired. */
    Optional<Signed<?>> find(PackageId id);

    /** The record held under a key, a head or a tombstone; that of a package also withdraws its versions. Empty if none is or it has expired. */
    Optional<Signed<?>> find(RecordKey key);

    /**
     * The packages that match, neither withdrawn nor expired.
     *
     * @param query its limit and offset are not looked at
     * @param limit most matches to return, from the first on
     */
    Matches search(Query query, int limit);

    /** How many packages are held that are not withdrawn. Some may have expired since {@link #expire} ran last. */
    int packages();

    /** How many of them this node published. */
    int published();

    /** Whether there is no room for further packages of others. */
    boolean isFull();

    /**
     * Forgets what has expired.
     *
     * @return how many records
     */
    int expire();

    /** Hears of every change, in order for each key, on the thread that makes it and before anybody sees the next one. Must return soon. */
    interface Listener {

        /** Hears nothing. */
        Listener NOBODY = new Listener() {
            @Override
            public void stands(Signed<?> record) {}

            @Override
            public void underlies(Signed<Tombstone> tombstone) {}

            @Override
            public void gone(RecordKey key) {}

            @Override
            public void contradicted(Evidence evidence) {}
        };

        /** The record stands under its key now; a package's tombstone also in place of its head. */
        void stands(Signed<?> record);

        /**
         * The tombstone of a package is held beneath its head, which is newer: it withdraws the versions of before. Of one that stood when the head
         * came this is not said again.
         */
        void underlies(Signed<Tombstone> tombstone);

        /** Nothing stands under the key any more, nor is a tombstone held beneath it. */
        void gone(RecordKey key);

        /** Two records contradict each other. */
        void contradicted(Evidence evidence);
    }
}
