package io.swarmscope.interop;

import io.swarmscope.Multiaddr;
import io.swarmscope.PeerId;
import io.swarmscope.host.Connection;
import io.swarmscope.host.ConnectionListener;
import io.swarmscope.host.Host;
import io.swarmscope.host.HostException;
import io.swarmscope.host.Identified;
import io.swarmscope.host.Stream;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.link.TcpHost;
import io.swarmscope.internal.link.TcpHostConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** A host of ours that answers the same test protocols as {@code peer.mjs}, and remembers what its listener heard. */
final class OurHost implements AutoCloseable, ConnectionListener {

    static final String ECHO = "/interop/echo/1.0.0";
    static final String DIGEST = "/interop/digest/1.0.0";
    static final String RESET = "/interop/reset/1.0.0";
    static final String STALL = "/interop/stall/1.0.0";

    static final Duration TIMEOUT = Duration.ofSeconds(30);

    final Host host;
    final List<Connection> opened = new CopyOnWriteArrayList<>();
    final Map<Connection, String> closed = new ConcurrentHashMap<>();
    final List<String> misbehaved = new CopyOnWriteArrayList<>();
    private final CountDownLatch closing = new CountDownLatch(1);

    private OurHost(Host host) {
        this.host = host;
    }

    /** A host that listens on a free port of 127.0.0.1. */
    static OurHost start() throws IOException {
        return start(Identity.generate(new SecureRandom()));
    }

    /** A host with this identity that listens on a free port of 127.0.0.1. */
    static OurHost start(Identity identity) throws IOException {
        OurHost ours = new OurHost(newHost(identity));
        ours.host.handle(ECHO, OurHost::echo);
        ours.host.handle(DIGEST, OurHost::digest);
        ours.host.handle(RESET, OurHost::reset);
        ours.host.handle(STALL, ours::stall);
        ours.host.start(ours);
        return ours;
    }

    /** A host of ours that is not started. */
    static Host newHost() {
        return newHost(Identity.generate(new SecureRandom()));
    }

    /** A host with this identity that is not started. */
    static Host newHost(Identity identity) {
        return TcpHost.create(
                identity,
                TcpHostConfig.DEFAULT
                        .withListen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0"))
                        .withAgentVersion("swarmscope-test")
                        .withPerf(true));
    }

    /** An address it listens on, with its peer id. */
    String address() {
        return host.addresses().get(0) + "/p2p/" + host.id();
    }

    /** Dials a js node, which must prove to be who it says. */
    Connection dial(JsPeer js) throws HostException, InterruptedException {
        return dial(js.address());
    }

    /** Dials an address that says who must be there. */
    Connection dial(String address) throws HostException, InterruptedException {
        return host.dial(Multiaddr.parse(address), null, TIMEOUT);
    }

    /** The connection that a js node dialed, if it is open. */
    Optional<Connection> from(JsPeer js) {
        PeerId id = PeerId.parse(js.id());
        return opened.stream()
                .filter(c -> c.remote().equals(id) && !c.outbound() && !closed.containsKey(c))
                .findFirst();
    }

    @Override
    public void opened(Connection connection) {
        opened.add(connection);
    }

    @Override
    public void identified(Connection connection, Identified identified) {
        // read from the connection
    }

    @Override
    public void closed(Connection connection, String reason) {
        closed.put(connection, reason);
    }

    @Override
    public void misbehaved(PeerId peer, String what) {
        misbehaved.add(peer + ": " + what);
    }

    @Override
    public void close() {
        closing.countDown();
        host.close();
    }

    private static void echo(Stream stream) throws IOException {
        stream.timeout(TIMEOUT);
        stream.input().transferTo(stream.output());
    }

    private static void digest(Stream stream) throws IOException {
        stream.timeout(TIMEOUT);
        MessageDigest sha256 = sha256();
        long total = 0;
        byte[] buffer = new byte[16 * 1024];
        InputStream in = stream.input();
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            sha256.update(buffer, 0, n);
            total += n;
        }
        stream.finish(digestAnswer(total, sha256.digest()));
    }

    private static void reset(Stream stream) throws IOException {
        stream.timeout(TIMEOUT);
        stream.input().read();
        stream.reset();
    }

    private void stall(Stream stream) throws InterruptedException {
        stream.timeout(TIMEOUT);
        closing.await();
    }

    /** What a digest handler answers: the length in 8 bytes, then the digest. */
    static byte[] digestAnswer(long length, byte[] digest) {
        return ByteBuffer.allocate(Long.BYTES + digest.length)
                .putLong(length)
                .put(digest)
                .array();
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
