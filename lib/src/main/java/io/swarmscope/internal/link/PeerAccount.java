package io.swarmscope.internal.link;

import io.swarmscope.PeerId;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;

/** What one peer has open with us, over all of its connections. Safe for any thread. */
final class PeerAccount {
    final PeerId peer;

    /** Guarded by the lock of {@link Admission}. */
    int connections;

    private final LinkLimits limits;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Semaphore> streams = new HashMap<>(4);

    PeerAccount(PeerId peer, LinkLimits limits) {
        this.peer = peer;
        this.limits = limits;
    }

    /** The places for inbound streams of a protocol; the protocol must be one we answer, so that the map stays small. */
    Semaphore streams(String protocol) {
        lock.lock();
        try {
            Semaphore places = streams.get(protocol);
            if (places == null) {
                places = new Semaphore(limits.streamsFor(protocol), true);
                streams.put(protocol, places);
            }
            return places;
        } finally {
            lock.unlock();
        }
    }
}
