package io.swarmscope.internal.sync;

import io.swarmscope.Multiaddr;
import io.swarmscope.PeerId;
import io.swarmscope.host.Connection;
import io.swarmscope.host.HostException;
import io.swarmscope.host.Identified;
import io.swarmscope.host.Stream;
import io.swarmscope.host.StreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A connection in memory to a peer that runs a handler for each stream; it can be cut after a number of bytes. */
final class Wire implements Connection {

    private final PeerId self;
    private final PeerId remote;
    private final StreamHandler handler;

    /** Bytes to us after which a stream is reset. */
    volatile long cutAfter = Long.MAX_VALUE;

    final AtomicInteger opened = new AtomicInteger();

    Wire(PeerId self, PeerId remote, StreamHandler handler) {
        this.self = self;
        this.remote = remote;
        this.handler = handler;
    }

    @Override
    public Stream open(List<String> protocols, Duration timeout) {
        opened.incrementAndGet();
        Pipe there = new Pipe(Long.MAX_VALUE);
        Pipe back = new Pipe(cutAfter);
        End ours = new End(protocols.getFirst(), this, back, there);
        End theirs = new End(protocols.getFirst(), new Wire(remote, self, handler), there, back);
        ours.timeout(timeout);
        Thread.startVirtualThread(() -> {
            try {
                handler.handle(theirs);
                theirs.close();
            } catch (IOException | InterruptedException | RuntimeException e) {
                theirs.reset();
            }
        });
        return ours;
    }

    /** Bytes one way. */
    private static final class Pipe {
        private static final byte[] END = {};
        private static final byte[] RESET = {};

        private final BlockingQueue<byte[]> chunks = new LinkedBlockingQueue<>();
        private final long max;
        private long passed;
        private byte[] rest = END;
        private int at;
        private boolean ended;

        Pipe(long max) {
            this.max = max;
        }

        void write(byte[] bytes, int from, int length) throws HostException {
            passed += length;
            if (passed > max) {
                chunks.add(RESET);
                throw new HostException(HostException.Kind.STREAM_RESET, "cut");
            }
            if (length > 0) {
                byte[] copy = new byte[length];
                System.arraycopy(bytes, from, copy, 0, length);
                chunks.add(copy);
            }
        }

        int read(byte[] into, int from, int length, long until) throws IOException {
            if (ended || length == 0) {
                return ended ? -1 : 0;
            }
            if (at == rest.length) {
                rest = next(until);
                at = 0;
            }
            if (rest == RESET) {
                throw new HostException(HostException.Kind.STREAM_RESET, "reset");
            }
            if (rest == END) {
                ended = true;
                return -1;
            }
            int count = Math.min(length, rest.length - at);
            System.arraycopy(rest, at, into, from, count);
            at += count;
            return count;
        }

        private byte[] next(long until) throws HostException {
            try {
                byte[] next = chunks.poll(until - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (next == null) {
                    throw new HostException(HostException.Kind.TIMED_OUT, "nothing came in time");
                }
                return next;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new HostException(HostException.Kind.INTERRUPTED, "interrupted", e);
            }
        }
    }

    private static final class End implements Stream {
        private final String protocol;
        private final Connection connection;
        private final Pipe in;
        private final Pipe out;
        private volatile long until = System.nanoTime() + Duration.ofMinutes(1).toNanos();

        End(String protocol, Connection connection, Pipe in, Pipe out) {
            this.protocol = protocol;
            this.connection = connection;
            this.in = in;
            this.out = out;
        }

        @Override
        public String protocol() {
            return protocol;
        }

        @Override
        public Connection connection() {
            return connection;
        }

        @Override
        public InputStream input() {
            return new InputStream() {
                @Override
                public int read() throws IOException {
                    byte[] one = new byte[1];
                    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
                }

                @Override
                public int read(byte[] into, int from, int length) throws IOException {
                    return in.read(into, from, length, until);
                }
            };
        }

        @Override
        public OutputStream output() {
            return new OutputStream() {
                @Override
                public void write(int b) throws IOException {
                    out.write(new byte[] {(byte) b}, 0, 1);
                }

                @Override
                public void write(byte[] bytes, int from, int length) throws IOException {
                    out.write(bytes, from, length);
                }
            };
        }

        @Override
        public void finish(byte[] last) throws HostException {
            out.write(last, 0, last.length);
            closeWrite();
        }

        @Override
        public void closeWrite() {
            out.chunks.add(Pipe.END);
        }

        @Override
        public void reset() {
            in.chunks.add(Pipe.RESET);
            out.chunks.add(Pipe.RESET);
        }

        @Override
        public void timeout(Duration timeout) {
            until = System.nanoTime() + timeout.toNanos();
        }

        @Override
        public void close() {
            closeWrite();
        }
    }

    @Override
    public long id() {
        return 1;
    }

    @Override
    public PeerId remote() {
        return remote;
    }

    @Override
    public Multiaddr remoteAddress() {
        return Multiaddr.parse("/ip4/127.0.0.1/tcp/1");
    }

    @Override
    public boolean outbound() {
        return true;
    }

    @Override
    public Identified identified() {
        throw new UnsupportedOperationException("nobody is identified here");
    }

    @Override
    public int streams() {
        return 0;
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public void close() {}
}
