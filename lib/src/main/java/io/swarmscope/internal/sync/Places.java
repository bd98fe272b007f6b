package io.swarmscope.internal.sync;

import io.swarmscope.PeerId;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Room for some sessions at a time, one for each peer. Thread-safe. */
final class Places {

    private final int max;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition left = lock.newCondition();

    /** Guarded by lock. */
    private final Set<PeerId> taken = new HashSet<>();

    Places(int max) {
        this.max = max;
    }

    /** Takes the place of this peer, waiting a moment for one: its last session may be about to end. Whether there was one. */
    boolean enter(PeerId peer, Duration patience) throws InterruptedException {
        long nanos = patience.toNanos();
        lock.lockInterruptibly();
        try {
            while (taken.size() >= max || taken.contains(peer)) {
                if (nanos <= 0) {
                    return false;
                }
                nanos = left.awaitNanos(nanos);
            }
            return taken.add(peer);
        } finally {
            lock.unlock();
        }
    }

    /** Gives the place back. */
    void leave(PeerId peer) {
        lock.lock();
        try {
            taken.remove(peer);
            left.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
