package io.swarmscope.internal.node;

import io.swarmscope.PackageId;
import io.swarmscope.PeerId;
import io.swarmscope.internal.record.Evidence;
import io.swarmscope.internal.record.RecordKey;
import io.swarmscope.internal.record.Signed;
import io.swarmscope.internal.record.Tombstone;
import io.swarmscope.internal.store.MemoryIndex;
import io.swarmscope.internal.store.PackageIndex;
import io.swarmscope.internal.sync.ItemSet;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * The records of all packages that this node holds, in memory, and who has to hear when they change: the store, and what is compared with peers.
 * Thread-safe; runs on whatever thread brings a record, which must have checked it.
 */
final class HeldPackages {

    private final MemoryIndex index;
    private final ItemSet items = new ItemSet();
    private final Journal journal;

    /** Set once, before records come from the network. */
    private volatile Consumer<Evidence> evidenceTeller = evidence -> {};

    /** Set once, likewise. */
    private volatile Consumer<PackageId> newsTeller = id -> {};

    private final AtomicLong newest = new AtomicLong();

    /** While what is on disk is read, it need not be written there again. */
    private volatile boolean restoring;

    HeldPackages(PeerId self, int maxForeign, InstantSource clock, Journal journal) {
        this.journal = journal;
        this.index = new MemoryIndex(self, maxForeign, clock, new Changes());
    }

    /** For reading and searching. */
    PackageIndex index() {
        return index;
    }

    /** What is compared with peers: each package's record and each version's tombstone, by key and sequence number. */
    ItemSet items() {
        return items;
    }

    /** Takes a head or tombstone; whether it is held now and was not before. */
    boolean offer(Signed<?> record) {
        return index.offer(record);
    }

    /** Whether the record of that key that is held is as new as this one, or newer. */
    boolean holdsAsNew(Signed<?> record) {
        return items.get(itemKey(RecordKey.of(record.record()))) >= record.sequence();
    }

    /** Takes a proven contradiction: the refuted record is not held any more. Whether it was not known before. */
    boolean take(Evidence evidence) {
        boolean isNew = index.refute(evidence);
        if (isNew) {
            journal.keep(evidence);
        }
        return isNew;
    }

    /** From now on tells that one of every contradiction that comes out here; it returns at once. */
    void tellEvidenceTo(Consumer<Evidence> teller) {
        evidenceTeller = teller;
    }

    /** From now on tells that one which package has another record; it returns at once. */
    void tellNewsTo(Consumer<PackageId> teller) {
        newsTeller = teller;
    }

    /** When the newest record that was ever held was signed, in milliseconds since 1970; 0 if there was none. */
    long newest() {
        return newest.get();
    }

    /** How many contradictions are known. */
    int evidence() {
        return index.evidence();
    }

    /** Runs what takes over the records of before a restart. */
    void restore(Runnable taking) {
        restoring = true;
        taking.run();
        restoring = false;
    }

    /** Takes over what was refuted before a restart. */
    void restoreRefuted(PackageId id, byte[] digest) {
        index.restoreRefuted(id, digest);
    }

    /** The key of a record as peers compare them: {@code namespace/name}, with {@code @version} behind it for a version's. */
    static String itemKey(RecordKey key) {
        return key.version().map(version -> key.id() + "@" + version).orElseGet(() -> key.id().toString());
    }

    private final class Changes implements PackageIndex.Listener {

        @Override
        public void stands(Signed<?> record) {
            items.put(itemKey(RecordKey.of(record.record())), record.sequence());
            long signed = record.record().publishedAt().toEpochMilli();
            newest.accumulateAndGet(signed, Math::max);
            newsTeller.accept(record.id());
            if (!restoring) {
                journal.keep(record);
            }
        }

        @Override
        public void underlies(Signed<Tombstone> tombstone) {
            if (!restoring) {
                journal.keepBeneath(tombstone);
            }
        }

        @Override
        public void gone(RecordKey key) {
            items.remove(itemKey(key));
            journal.forget(key);
        }

        @Override
        public void contradicted(Evidence evidence) {
            journal.keep(evidence);
            evidenceTeller.accept(evidence);
        }
    }
}
