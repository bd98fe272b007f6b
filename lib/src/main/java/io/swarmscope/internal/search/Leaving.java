package io.swarmscope.internal.search;

import io.swarmscope.PeerId;
import io.swarmscope.internal.wire.Limits;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Answers that wait in memory until their askers have taken them: so many bytes of all peers, and of each a part of that. Thread-safe.
 *
 * <p>A peer that asks much and takes nothing, since it grants no window, would else keep an answer of each of its streams here.
 */
final class Leaving {

    private final long most;
    private final long mostOfOne;
    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by lock.
    private final Map<PeerId, Long> byPeer = new HashMap<>();
    private long all;

    /** @param most bytes of all; an answer that is alone is let through whatever its size */
    Leaving(long most) {
        this.most = most;
        this.mostOfOne = most / Limits.SEARCH_LEAVING_PARTS;
    }

    /** Whether an answer of that size may be sent now; if so, {@link #left} is to be called at its end. */
    boolean enters(PeerId peer, int bytes) {
        lock.lock();
        try {
            long its = byPeer.getOrDefault(peer, 0L);
            if ((its > 0 && its + bytes > mostOfOne) || (all > 0 && all + bytes > most)) {
                return false;
            }
            byPeer.put(peer, its + bytes);
            all += bytes;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** An answer was taken, or given up. */
    void left(PeerId peer, int bytes) {
        lock.lock();
        try {
            all -= bytes;
            byPeer.computeIfPresent(peer, (p, its) -> its == bytes ? null : its - bytes);
        } finally {
            lock.unlock();
        }
    }
}
