package io.swarmscope.internal.sync;

import io.swarmscope.PeerId;
import java.util.List;
import java.util.Map;

/** The records behind sync, as their holder gives and takes them. Thread-safe; called on virtual threads, so it must not run native code there. */
public interface SyncRecords {

    /** What became of a record. */
    enum Outcome {
        /** It is held now, and {@link #items} shows it before the call returns. */
        NEW,
        /** The same or a newer one is held already. */
        KNOWN,
        /** It breaks a rule, or is not the one that its key names. The holder has counted that. */
        REFUSED
    }

    /** What is held. */
    ItemSet items();

    /** The encoded records of these keys, by key; those that are not held any more are left out. */
    Map<String, byte[]> read(List<String> keys);

    /**
     * Takes a record of a peer, or does not.
     *
     * @param from the peer that sent it, which need not be its author
     * @param key what it must be the record of
     * @param record at most {@link io.swarmscope.internal.wire.Limits#RECORD_BYTES} bytes, of which nothing is verified
     */
    Outcome take(PeerId from, String key, byte[] record);
}
