package io.swarmscope.internal.link;

import io.swarmscope.Multiaddr;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A network between two hosts of one process: every byte arrives that much later, and what passed is written down. It can be made worse and better again
 * while connections live. What is held back is not lost but comes when it is let through again, as with TCP.
 */
public final class Proxy implements AutoCloseable {
    /** What arrived in one read: which direction and which bytes. */
    record Chunk(boolean fromDialer, byte[] bytes) {}

    private record Late(byte[] bytes, long due) implements Delayed {
        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(due - System.nanoTime(), TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(due, ((Late) other).due);
        }
    }

    final List<Chunk> chunks = new CopyOnWriteArrayList<>();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final ServerSocket server;
    private final InetSocketAddress target;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // Guarded by lock.
    private boolean holdsForth;
    private boolean holdsBack;

    private volatile long delayNanos;
    private volatile int bytesPerSecond = Integer.MAX_VALUE;
    private volatile boolean records;

    Proxy(TestHost target, Duration delay) throws IOException {
        this(target.port(), delay);
        records = true;
    }

    /** In front of a port of this machine, where somebody may listen only later. */
    public Proxy(int port, Duration delay) throws IOException {
        this.target = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        this.delayNanos = delay.toNanos();
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    /** Where to dial. */
    public Multiaddr address() {
        return Multiaddr.tcp((InetSocketAddress) server.getLocalSocketAddress());
    }

    /** Everything arrives that much later from now on. */
    public void delay(Duration delay) {
        delayNanos = delay.toNanos();
    }

    /** No more than that passes from now on, in each direction of each connection. */
    public void throttle(int bytes) {
        bytesPerSecond = bytes;
    }

    /** Nothing arrives from now on, in either direction. */
    public void blackHole() {
        hold(true, true);
    }

    /** What the dialer sends arrives, but nothing comes back. */
    public void halfOpen() {
        hold(false, true);
    }

    /** Everything passes at once, also what was held back. */
    public void heal() {
        delayNanos = 0;
        bytesPerSecond = Integer.MAX_VALUE;
        hold(false, false);
    }

    private void hold(boolean forth, boolean back) {
        lock.lock();
        try {
            holdsForth = forth;
            holdsBack = back;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Both ends of each connection are reset, as if a router had lost its mind. */
    public void reset() throws IOException {
        for (Socket socket : sockets) {
            try (socket) {
                socket.setSoLinger(true, 0);
            } catch (SocketException e) {
                // one end went first, and took it along
            }
        }
        sockets.clear();
    }

    /** {@link #reset}, and nobody gets through from now on. */
    public void refuse() throws IOException {
        server.close();
        reset();
    }

    private void accept() {
        try {
            while (true) {
                Socket dialer = server.accept();
                Socket listener = new Socket();
                listener.connect(target);
                pass(dialer, listener, true);
                pass(listener, dialer, false);
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void pass(Socket from, Socket to, boolean fromDialer) throws IOException {
        sockets.add(from);
        to.setTcpNoDelay(true);
        BlockingQueue<Late> late = new DelayQueue<>();
        Thread.ofVirtual().start(() -> read(from, late, fromDialer));
        Thread.ofVirtual().start(() -> write(to, late, fromDialer));
    }

    private void read(Socket from, BlockingQueue<Late> late, boolean fromDialer) {
        byte[] buffer = new byte[1 << 16];
        long due = System.nanoTime();
        try {
            InputStream in = from.getInputStream();
            int n;
            while ((n = in.read(buffer)) > 0) {
                byte[] bytes = Arrays.copyOf(buffer, n);
                if (records) {
                    chunks.add(new Chunk(fromDialer, bytes));
                }
                due = Math.max(due + 1, System.nanoTime() + delayNanos); // in order, though the delay may shrink
                late.add(new Late(bytes, due));
            }
        } catch (IOException e) {
            // ends like an end of the stream
        }
        late.add(new Late(new byte[0], Math.max(due + 1, System.nanoTime() + delayNanos)));
    }

    private void write(Socket to, BlockingQueue<Late> late, boolean fromDialer) {
        try (to) {
            for (byte[] bytes = late.take().bytes; bytes.length > 0; bytes = late.take().bytes) {
                awaitPassage(fromDialer);
                for (int at = 0; at < bytes.length; ) {
                    int rate = bytesPerSecond;
                    int count = Math.min(bytes.length - at, Math.max(1, rate / 20));
                    to.getOutputStream().write(bytes, at, count);
                    at += count;
                    if (rate != Integer.MAX_VALUE) {
                        LockSupport.parkNanos(count * 1_000_000_000L / rate);
                    }
                }
            }
        } catch (IOException | InterruptedException e) {
            // the other side is gone
        } finally {
            sockets.remove(to);
        }
    }

    private void awaitPassage(boolean fromDialer) throws InterruptedException {
        lock.lock();
        try {
            while (fromDialer ? holdsForth : holdsBack) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        hold(false, false);
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
