package io.swarmscope.internal.sync;

import io.swarmscope.internal.wire.Limits;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * What this node holds, as sync sees it: for each key how new the record is. Thread-safe; a call takes microseconds and keeps others waiting
 * no longer. About 75 bytes for each item beside its key.
 *
 * <p>Keys are opaque text ordered by their bytes in UTF-8: {@code namespace/name} for the current record of a package, be it a head or a
 * tombstone, {@code namespace/name@version} for the tombstone of a version.
 */
public final class ItemSet {

    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by lock. */
    private final ItemTree tree = new ItemTree();

    /** An empty set. */
    public ItemSet() {}

    /**
     * Puts an item in place of the one with its key, if there is one, even of a higher sequence: what is newer is for the caller to decide.
     *
     * @return whether that changed anything
     * @throws IllegalArgumentException if the key is empty or has more than {@link Limits#SYNC_KEY_BYTES} bytes, or the sequence is not positive
     */
    public boolean put(String key, long sequence) {
        if (key.isEmpty() || Keys.bytes(key) > Limits.SYNC_KEY_BYTES) {
            throw new IllegalArgumentException("expected a key of 1 to " + Limits.SYNC_KEY_BYTES + " bytes, found " + Keys.bytes(key));
        }
        if (sequence <= 0) {
            throw new IllegalArgumentException("expected a positive sequence, found " + sequence);
        }
        Item item = new Item(key, sequence);
        return with(items -> items.put(item));
    }

    /** Removes the item with this key; whether there was one. */
    public boolean remove(String key) {
        return with(items -> items.remove(key));
    }

    /** The sequence of the item with this key, 0 if there is none. */
    public long get(String key) {
        return with(items -> items.get(key));
    }

    /** How many items there are. */
    public int size() {
        return with(ItemTree::size);
    }

    /** What stands for the items of a range. */
    Summary summary(KeyRange range) {
        // The hash over the sum needs no lock.
        return with(items -> items.in(range)).summary();
    }

    /** Runs a short task on the items, which nobody changes meanwhile. */
    <T> T with(Function<ItemTree, T> task) {
        lock.lock();
        try {
            return task.apply(tree);
        } finally {
            lock.unlock();
        }
    }
}
