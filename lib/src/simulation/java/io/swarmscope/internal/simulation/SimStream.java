package io.swarmscope.internal.simulation;

import io.swarmscope.host.Connection;
import io.swarmscope.host.HostException;
import io.swarmscope.host.Stream;
import io.swarmscope.internal.fork.World;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One end of a stream of a simulation: what is written arrives in order, after the time that the network takes. */
final class SimStream implements Stream {

    private final SimConnection connection;
    private final String protocol;
    private final ArrayDeque<byte[]> arrived = new ArrayDeque<>();
    private final Signal news;
    private @Nullable SimStream other;
    private int read;
    private long lastArrival;
    private long deadline;
    private boolean ended;
    private boolean reset;
    private boolean lost;
    private boolean writeClosed;
    private boolean closed;

    SimStream(SimConnection connection, String protocol, Duration timeout) {
        this.connection = connection;
        this.protocol = protocol;
        this.news = new Signal(connection.local().net().engine());
        timeout(timeout);
        connection.add(this);
    }

    private Engine engine() {
        return connection.local().net().engine();
    }

    @Override
    public String protocol() {
        return protocol;
    }

    @Override
    public Connection connection() {
        return connection;
    }

    // Sending

    private void send(byte[] bytes, boolean last) throws HostException {
        requireOpen();
        if (writeClosed) {
            throw new HostException(HostException.Kind.STREAM_RESET, "this side is closed");
        }
        writeClosed = last;
        byte[] copy = bytes.clone();
        lastArrival = connection.local().net().send(connection, Traffic.STREAM, copy, lastArrival, () -> atOther().take(copy, last));
    }

    /** The other end, made when the first bytes arrive there. */
    private SimStream atOther() {
        SimStream there = other;
        if (there == null) {
            there = new SimStream(connection.other(), protocol, Duration.ofMinutes(1));
            there.other = this;
            other = there;
            connection.other().local().serve(there);
        }
        return there;
    }

    private void take(byte[] bytes, boolean last) {
        if (bytes.length > 0) {
            arrived.add(bytes);
        }
        ended |= last;
        news.fire();
        leaveIfOver();
    }

    private void leaveIfOver() {
        if ((closed && ended) || reset) {
            connection.remove(this);
        }
    }

    private void requireOpen() throws HostException {
        if (lost) {
            throw new HostException(HostException.Kind.CONNECTION_CLOSED, "the connection ended");
        }
        if (reset || closed) {
            throw new HostException(HostException.Kind.STREAM_RESET, "the stream was reset");
        }
    }

    @Override
    public OutputStream output() {
        return new OutputStream() {
            @Override
            public void write(int b) throws HostException {
                send(new byte[] {(byte) b}, false);
            }

            @Override
            public void write(byte[] bytes, int from, int length) throws HostException {
                send(Arrays.copyOfRange(bytes, from, from + length), false);
            }

            @Override
            public void close() throws HostException {
                closeWrite();
            }
        };
    }

    @Override
    public void finish(byte[] last) throws HostException {
        send(last, true);
    }

    @Override
    public void closeWrite() throws HostException {
        if (!writeClosed) {
            send(new byte[0], true);
        }
    }

    // Reading

    @Override
    public InputStream input() {
        return new InputStream() {
            @Override
            public int read() throws HostException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] into, int from, int length) throws HostException {
                return length == 0 ? 0 : take(into, from, length);
            }
        };
    }

    private int take(byte[] into, int from, int length) throws HostException {
        while (arrived.isEmpty() && !ended && !reset && !lost) {
            if (engine().now() >= deadline) {
                reset();
                throw new HostException(HostException.Kind.TIMED_OUT, "the peer was silent");
            }
            try {
                news.await(deadline);
            } catch (InterruptedException e) {
                reset();
                Thread.currentThread().interrupt();
                throw new HostException(HostException.Kind.INTERRUPTED, "interrupted", e);
            }
        }
        byte[] first = arrived.peek();
        if (first == null) {
            if (ended && !reset) {
                return -1;
            }
            requireOpen();
            throw new HostException(HostException.Kind.STREAM_RESET, "the peer reset the stream");
        }
        int count = Math.min(length, first.length - read);
        System.arraycopy(first, read, into, from, count);
        read += count;
        if (read == first.length) {
            arrived.remove();
            read = 0;
        }
        return count;
    }

    // Ends

    @Override
    public void reset() {
        if (!reset) {
            reset = true;
            news.fire();
            connection.remove(this);
            SimStream there = other;
            if (there != null && connection.isOpen()) {
                connection.local().net().send(connection, Traffic.STREAM, new byte[0], lastArrival, there::resetByPeer);
            }
        }
    }

    private void resetByPeer() {
        reset = true;
        news.fire();
        connection.remove(this);
    }

    void connectionEnded() {
        lost = true;
        news.fire();
    }

    @Override
    public void timeout(Duration timeout) {
        deadline = World.here().now() + timeout.toNanos();
    }

    @Override
    public void close() {
        if (closed || reset || lost) {
            return;
        }
        try {
            closeWrite();
        } catch (HostException e) {
            reset();
        }
        closed = true;
        arrived.clear();
        leaveIfOver();
    }
}
