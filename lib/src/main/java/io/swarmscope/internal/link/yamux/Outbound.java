package io.swarmscope.internal.link.yamux;

import io.swarmscope.host.HostException;
import io.swarmscope.host.HostException.Kind;
import io.swarmscope.internal.wire.MalformedException;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What a session has to send. Any thread queues frames, by copying them into the packet that leaves next; the writer thread takes
 * the whole packet at once.
 *
 * <p>Application threads wait here for room and for credit. Nothing else does: control frames are only counted, so that the reader
 * thread can answer at any time.
 */
final class Outbound {

    private static final byte[] NOTHING = {};

    private final ReentrantLock lock = new ReentrantLock();
    private final StreamTable table;
    private final Heartbeat heartbeat;

    // Guarded by lock.
    private Packet filling = new Packet();
    private Packet other = new Packet();
    private final ControlFrames control = new ControlFrames();
    private final Turns turns = new Turns();
    private boolean goodbye;

    @Nullable
    private Failure failure;

    @Nullable
    private Thread parkedWriter;

    Outbound(StreamTable table, Heartbeat heartbeat) {
        this.table = table;
        this.heartbeat = heartbeat;
    }

    // ---- Application threads

    /**
     * Queues bytes, behind the stream's opening if that is not queued yet, and waits for credit and room as needed.
     *
     * @param finish whether the end of the stream follows the last byte
     * @throws HostException if the stream's time is up, the thread is interrupted, or the stream or session failed. The caller
     *     resets the stream then, because nobody knows how many of the bytes were queued
     */
    void write(Sender s, byte[] bytes, int offset, int length, boolean finish) throws HostException {
        int at = offset;
        int end = offset + length;
        do {
            lock.lock();
            try {
                int n = Math.min(awaitRoom(s, at < end), end - at);
                open(s);
                sendPrefix(s);
                data(s, bytes, at, n);
                at += n;
                if (finish && at == end) {
                    finish(s);
                }
            } finally {
                unlock();
            }
        } while (at < end);
    }

    /** Queues the end of a stream, opening it first if need be. Does nothing if that happened before. */
    void closeWrite(Sender s) throws HostException {
        if (!isFinished(s)) {
            write(s, NOTHING, 0, 0, true);
        }
    }

    private boolean isFinished(Sender s) {
        lock.lock();
        try {
            return s.finished && s.failure == null;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Queues the end of a stream or, where that cannot be, resets it. Never waits.
     *
     * @param otherwise why nothing can be written after a reset
     * @return false if there is nothing that the end can be queued behind: the peer does not know of the stream, another thread is in the
     *     middle of a write, where an end would make half a message look complete, or there is no credit for the prefix
     */
    boolean finishOrReset(Sender s, Failure otherwise) {
        lock.lock();
        try {
            if (!s.opened || s.waiter != null || s.prefix.length > s.credit) {
                // In one go: what another thread writes in between would be reset although it was whole.
                fail(s, otherwise, true);
                return false;
            }
            if (s.failure == null && failure == null && !goodbye && !s.finished) {
                finish(s);
            }
            return true;
        } finally {
            unlock();
        }
    }

    /** Lets a stream's writes fail, and tells the peer if it knows the stream. Any thread. */
    void reset(Sender s, Failure why, boolean tellPeer) {
        lock.lock();
        try {
            fail(s, why, tellPeer);
        } finally {
            unlock();
        }
    }

    private void fail(Sender s, Failure why, boolean tellPeer) {
        if (s.failure == null) {
            s.failure = why;
            if (tellPeer && s.opened && isOpen()) {
                filling.frame(Frame.DATA, Frame.RST, s.id, 0);
            }
        }
        LockSupport.unpark(s.waiter);
    }

    /** Keeps bytes that go in front of the next that are written. */
    void prefix(Sender s, byte[] bytes) {
        lock.lock();
        try {
            int before = s.prefix.length;
            if (before + bytes.length > Turns.FRAME_BODY) {
                throw new IllegalArgumentException("prefix of " + (before + bytes.length) + " bytes");
            }
            s.prefix = Arrays.copyOf(s.prefix, before + bytes.length);
            System.arraycopy(bytes, 0, s.prefix, before, bytes.length);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Queues the opening of a stream and its prefix for a thread that is about to wait for the peer's answer. Never waits: another
     * thread may be writing, and then it is that one's to send them.
     */
    void flush(Sender s) throws HostException {
        lock.lock();
        try {
            if (!s.opened && s.waiter == null) {
                check(s); // nobody would ever answer
            }
            if (s.waiter == null && s.failure == null && isOpen() && !s.finished && s.prefix.length <= s.credit) {
                open(s);
                sendPrefix(s);
            }
        } finally {
            unlock();
        }
    }

    /** Lets a thread that waits in a write look at its deadline again. */
    void nudge(Sender s) {
        lock.lock();
        try {
            LockSupport.unpark(s.waiter);
        } finally {
            lock.unlock();
        }
    }

    private int awaitRoom(Sender s, boolean body) throws HostException {
        try {
            while (true) {
                check(s);
                if (s.opened && !body && s.prefix.length == 0) {
                    return 0;
                }
                int room = turns.room(s, filling.length());
                long credit = s.credit - s.prefix.length;
                if (room > 0 && (body ? credit > 0 : credit >= 0)) {
                    return (int) Math.min(room, credit);
                }
                await(s, room > 0);
            }
        } finally {
            s.waiter = null;
            turns.leave(s);
        }
    }

    private void check(Sender s) throws HostException {
        if (s.failure != null) {
            throw s.failure.toException();
        }
        if (failure != null) {
            throw failure.toException();
        }
        if (goodbye) {
            throw new HostException(Kind.CONNECTION_CLOSED, "the connection is closing");
        }
        if (s.finished) {
            throw new HostException(Kind.STREAM_RESET, "the stream is closed for writing");
        }
    }

    private void await(Sender s, boolean hasRoom) throws HostException {
        if (hasRoom) {
            turns.leave(s);
        } else {
            turns.enqueue(s);
        }
        boolean listed = s.opened;
        s.stream.beforePark(listed);
        s.waiter = Thread.currentThread();
        unlock();
        try {
            s.stream.park(listed);
        } finally {
            lock.lock();
        }
    }

    private void open(Sender s) throws HostException {
        if (!s.opened) {
            s.stream.opening(System.nanoTime());
            s.id = table.register(s.stream);
            s.opened = true;
            filling.frame(Frame.WINDOW_UPDATE, Frame.SYN, s.id, 0);
        }
    }

    private void sendPrefix(Sender s) {
        if (s.prefix.length > 0) {
            data(s, s.prefix, 0, s.prefix.length);
            s.prefix = NOTHING;
        }
    }

    private void data(Sender s, byte[] bytes, int offset, int length) {
        if (length > 0) {
            filling.data(s.id, bytes, offset, length, Turns.FRAME_BODY);
            s.credit -= length;
            s.turnBytes += length;
        }
    }

    private void finish(Sender s) {
        sendPrefix(s);
        s.finished = true;
        filling.frame(Frame.DATA, Frame.FIN, s.id, 0);
        // Before the peer can know: it may open its next stream in the place of this one.
        s.stream.weEnded();
    }

    // ---- The reader thread, and readers that free their window

    /**
     * Queues a frame without body, in front of all data. Never waits.
     *
     * @return false if there are too many already
     */
    boolean control(int type, int flags, int id, int length) {
        lock.lock();
        try {
            return !isOpen() || control.add(type, flags, id, length);
        } finally {
            unlock();
        }
    }

    /**
     * Like {@link #control}, but does not wake the writer: the frame leaves with the next one, or with {@link #flush}. For
     * acknowledgements, which nobody waits for; with a packet of its own each would make a request dearer by a third.
     */
    boolean controlLater(int type, int flags, int id, int length) {
        lock.lock();
        try {
            return !isOpen() || control.add(type, flags, id, length);
        } finally {
            lock.unlock();
        }
    }

    /** Wakes the writer if something is queued. */
    void flush() {
        lock.lock();
        unlock();
    }

    /** Queues the answer to a ping. False if there are too many already. */
    boolean pong(int value) {
        lock.lock();
        try {
            return !isOpen() || control.addPong(value);
        } finally {
            unlock();
        }
    }

    /** Queues a ping of ours. */
    void ping() {
        lock.lock();
        try {
            addPing();
        } finally {
            unlock();
        }
    }

    private void addPing() {
        if (isOpen()) {
            control.add(Frame.PING, Frame.SYN, 0, heartbeat.begin());
        }
    }

    /** The peer allows the stream that many bytes more. */
    void credit(Sender s, long bytes) throws MalformedException {
        Thread waiter;
        lock.lock();
        try {
            s.credit += bytes;
            if (s.credit > 0xffff_ffffL) {
                throw new MalformedException("yamux: window of more than 2^32 - 1 bytes");
            }
            waiter = s.queued ? null : s.waiter;
        } finally {
            lock.unlock();
        }
        LockSupport.unpark(waiter);
    }

    // ---- The end

    /** Queues the last frame of the session; nothing is queued behind it. */
    void goodbye(int code) {
        lock.lock();
        try {
            if (isOpen()) {
                filling.frame(Frame.GO_AWAY, 0, 0, code);
                goodbye = true;
                turns.wakeAll();
            }
        } finally {
            unlock();
        }
    }

    /** Drops what is queued and ends the writer. */
    void fail(Failure why) {
        lock.lock();
        try {
            if (failure == null) {
                failure = why;
                turns.wakeAll();
            }
            LockSupport.unpark(parkedWriter);
        } finally {
            lock.unlock();
        }
    }

    private boolean isOpen() {
        return failure == null && !goodbye;
    }

    // ---- The writer thread

    /** Takes all that is queued, waiting for something if need be. The packet is to be cleared before the next call. Null at the end. */
    @Nullable
    Packet take() {
        lock.lock();
        try {
            while (failure == null && !hasWork()) {
                if (goodbye) {
                    return null;
                }
                awaitWork();
            }
            return failure == null ? swap() : null;
        } finally {
            unlock();
        }
    }

    @SuppressWarnings("ThreadPriorityCheck") // only a hint: what is right does not depend on it, only how much one packet carries
    private void awaitWork() {
        filling.shrink();
        other.shrink();
        control.shrink();
        parkedWriter = Thread.currentThread();
        lock.unlock();
        LockSupport.park(this);
        if (table.size() > 1) {
            // Others are about to queue something too. Letting them go first halves the cost of a request when there are many.
            Thread.yield();
        }
        lock.lock();
        parkedWriter = null;
    }

    private Packet swap() {
        Packet packet = filling;
        filling = other;
        other = packet;
        turns.next();
        if (!heartbeat.begun()) {
            // The first ping travels with the first frames: a packet of its own would cost more than it tells.
            addPing();
        }
        control.moveTo(packet);
        return packet;
    }

    private boolean hasWork() {
        return filling.length() > 0 || !control.isEmpty();
    }

    /** Unlocks, and wakes those who now have something to do: outside the lock, or they would run into it. */
    private void unlock() {
        Thread writer = null;
        if (parkedWriter != null && hasWork()) {
            writer = parkedWriter;
            parkedWriter = null;
        }
        Thread next = turns.toWake(filling.length());
        lock.unlock();
        LockSupport.unpark(writer);
        LockSupport.unpark(next);
    }
}
