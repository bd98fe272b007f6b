package io.swarmscope.internal.link;

import io.swarmscope.Multiaddr;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;

/** A network between two hosts of one process: every byte arrives that much later, and what passed is written down. */
final class Proxy implements AutoCloseable {
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
    private final Duration delay;

    Proxy(TestHost target, Duration delay) throws IOException {
        this.target = new InetSocketAddress(InetAddress.getLoopbackAddress(), target.port());
        this.delay = delay;
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    Multiaddr address() {
        return Multiaddr.tcp((InetSocketAddress) server.getLocalSocketAddress());
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
        Thread.ofVirtual().start(() -> write(to, late));
    }

    private void read(Socket from, BlockingQueue<Late> late, boolean fromDialer) {
        byte[] buffer = new byte[1 << 16];
        try {
            InputStream in = from.getInputStream();
            int n;
            while ((n = in.read(buffer)) > 0) {
                byte[] bytes = Arrays.copyOf(buffer, n);
                chunks.add(new Chunk(fromDialer, bytes));
                late.add(new Late(bytes, System.nanoTime() + delay.toNanos()));
            }
        } catch (IOException e) {
            // ends like an end of the stream
        }
        late.add(new Late(new byte[0], System.nanoTime() + delay.toNanos()));
    }

    private static void write(Socket to, BlockingQueue<Late> late) {
        try (to) {
            for (byte[] bytes = late.take().bytes; bytes.length > 0; bytes = late.take().bytes) {
                to.getOutputStream().write(bytes);
            }
        } catch (IOException | InterruptedException e) {
            // the other side is gone
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
