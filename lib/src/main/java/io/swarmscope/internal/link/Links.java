package io.swarmscope.internal.link;

import io.swarmscope.host.HostStats;
import io.swarmscope.internal.fork.Deadline;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** The connections of a host that are open now. Safe for any thread. */
final class Links {
    private final Set<Link> open = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition removed = lock.newCondition();

    private volatile boolean closed;

    /** Returns {@code false}, and takes nothing, if the host is closing. */
    boolean add(Link link) {
        open.add(link);
        if (closed) {
            remove(link);
            return false;
        }
        return true;
    }

    void remove(Link link) {
        open.remove(link);
        if (closed) {
            lock.lock();
            try {
                removed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    void forEach(Consumer<Link> action) {
        open.forEach(action);
    }

    /** Takes no more links and says goodbye on those that are there. */
    void close() {
        closed = true;
        open.forEach(Link::close);
    }

    /** Waits until no link is left. */
    boolean awaitNone(Deadline deadline) throws InterruptedException {
        lock.lock();
        try {
            long left = deadline.remainingNanos();
            while (!open.isEmpty() && left > 0) {
                left = removed.awaitNanos(left);
            }
            return open.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    HostStats stats(Counters counters) {
        int inbound = 0;
        int outbound = 0;
        int streams = 0;
        for (Link link : open) {
            if (link.outbound()) {
                outbound++;
            } else {
                inbound++;
            }
            streams += link.streams();
        }
        return new HostStats(
                inbound,
                outbound,
                streams,
                counters.handshakes.sum(),
                counters.failedHandshakes.sum(),
                counters.refused.sum(),
                counters.violations.sum(),
                counters.timedOut.sum(),
                counters.failedStreams.sum(),
                counters.bytesIn.sum(),
                counters.bytesOut.sum());
    }
}
