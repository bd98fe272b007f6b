package io.swarmscope.internal.node;

import io.swarmscope.PackageId;
import io.swarmscope.internal.fork.Deadline;
import io.swarmscope.internal.fork.World;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One who changes a package of this node at a time, so that no sequence number is given twice. Thread-safe. By hash, so that packages sometimes wait
 * for each other in vain.
 */
final class PackageLocks {

    private static final int LOCKS = 256;

    private final ReentrantLock[] locks = new ReentrantLock[LOCKS];

    PackageLocks() {
        for (int i = 0; i < LOCKS; i++) {
            locks[i] = new ReentrantLock();
        }
    }

    /** Whether the package could be taken in time; then it must be given back. */
    boolean take(PackageId id, Deadline deadline) throws InterruptedException {
        return World.here().take(of(id), deadline.remainingNanos());
    }

    /** Gives a package back, on the thread that took it. */
    void giveBack(PackageId id) {
        of(id).unlock();
    }

    private ReentrantLock of(PackageId id) {
        int hash = id.hashCode() * 0x9e3779b9;
        return locks[hash >>> 24];
    }
}
