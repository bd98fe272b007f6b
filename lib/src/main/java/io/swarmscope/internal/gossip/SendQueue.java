package io.swarmscope.internal.gossip;

import io.swarmscope.internal.wire.Frames;
import io.swarmscope.internal.wire.Limits;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Frames that wait to be written to one peer. Thread-safe: anybody puts, never waiting; one thread takes. When it is full the oldest gossip
 * goes first, then the oldest messages; what both sides must agree on is never dropped, and if that alone fills it, the queue ends.
 */
public final class SendQueue {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition filled = lock.newCondition();

    // Guarded by lock.
    private final ArrayDeque<Entry> entries = new ArrayDeque<>();
    private int gossipFrames;
    private long bytes;
    private long dropped;
    private boolean closed;

    private record Entry(Rpc rpc, Rpc.Weight weight, int bytes) {}

    /** An empty queue. */
    public SendQueue() {}

    /** Puts a frame; whether the queue still works. */
    public boolean put(Rpc rpc) {
        Entry entry = new Entry(rpc, rpc.weight(), size(rpc));
        lock.lock();
        try {
            if (closed) {
                return false;
            }
            add(entry);
            while (entries.size() > Limits.GOSSIP_QUEUE || bytes > Limits.GOSSIP_QUEUE_BYTES) {
                if (!dropOne()) {
                    closed = true;
                    break;
                }
            }
            filled.signal();
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    private void add(Entry entry) {
        entries.add(entry);
        gossipFrames += entry.weight == Rpc.Weight.GOSSIP ? 1 : 0;
        bytes += entry.bytes;
    }

    private void removed(Entry entry) {
        gossipFrames -= entry.weight == Rpc.Weight.GOSSIP ? 1 : 0;
        bytes -= entry.bytes;
    }

    private boolean dropOne() {
        Rpc.Weight lightest = gossipFrames > 0 ? Rpc.Weight.GOSSIP : Rpc.Weight.MESSAGES;
        Iterator<Entry> oldest = entries.iterator();
        while (oldest.hasNext()) {
            Entry entry = oldest.next();
            if (entry.weight == lightest) {
                oldest.remove();
                removed(entry);
                dropped++;
                return true;
            }
        }
        return false;
    }

    /** About how many bytes it has on the wire. */
    private static int size(Rpc rpc) {
        int size = 16;
        for (Message message : rpc.messages()) {
            size += message.encoded().length + 4;
        }
        for (Rpc.Ihave ihave : rpc.control().ihave()) {
            size += ids(ihave.ids());
        }
        return size + ids(rpc.control().iwant()) + ids(rpc.control().idontwant());
    }

    private static int ids(List<MessageId> ids) {
        return ids.isEmpty() ? 0 : ids.size() * (ids.getFirst().array().length + 2);
    }

    /** The next frame with its length in front, waiting for one; null when the queue has ended. */
    public byte @Nullable [] take() throws InterruptedException {
        Entry entry;
        lock.lockInterruptibly();
        try {
            while (entries.isEmpty() && !closed) {
                filled.await();
            }
            if (closed) {
                return null;
            }
            entry = entries.remove();
            removed(entry);
        } finally {
            lock.unlock();
        }
        return Frames.prefixed(RpcCodec.encode(entry.rpc));
    }

    /** Whether {@link #take} would wait. */
    public boolean isEmpty() {
        lock.lock();
        try {
            return entries.isEmpty() && !closed;
        } finally {
            lock.unlock();
        }
    }

    /** How many frames were dropped. */
    public long dropped() {
        lock.lock();
        try {
            return dropped;
        } finally {
            lock.unlock();
        }
    }

    /** Ends it; what waits is dropped. Idempotent. */
    public void close() {
        lock.lock();
        try {
            closed = true;
            filled.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
