package io.swarmscope.internal.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.link.multistream.Multistream;
import io.swarmscope.internal.link.noise.NoiseChannel;
import io.swarmscope.internal.link.noise.NoiseStatic;
import io.swarmscope.internal.link.noise.Prelude;
import io.swarmscope.internal.wire.Limits;
import io.swarmscope.internal.wire.Varint;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A peer that speaks our protocols by our own codecs up to a stage that a test chooses, and from there on does as the test
 * likes: writes any frame, says nothing, reads nothing. A test's thread writes; a thread of its own reads what comes, if it
 * reads at all.
 */
final class Attacker implements AutoCloseable {

    static final int DATA = 0;
    static final int WINDOW = 1;
    static final int PING = 2;
    static final int SYN = 1;
    static final int ACK = 2;
    static final int FIN = 4;
    static final int RST = 8;

    private static final int GO_AWAY = 3;
    private static final int HEADER = 12;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Makes a stranger of each that does not say who it is. */
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Socket socket = new Socket();
    private final ReentrantLock writing = new ReentrantLock();
    private NoiseChannel channel;
    private int nextStream = 1;

    private final Map<Integer, ByteArrayOutputStream> received = new ConcurrentHashMap<>();
    private final Map<Integer, AtomicInteger> credits = new ConcurrentHashMap<>();
    private final Set<Integer> resets = ConcurrentHashMap.newKeySet();
    private final Set<Integer> opened = ConcurrentHashMap.newKeySet();
    private volatile int pongs;
    private volatile long goAway = -1;
    private volatile boolean ended;

    private Attacker(Victim victim, int receiveBuffer) throws IOException {
        if (receiveBuffer > 0) {
            socket.setReceiveBufferSize(receiveBuffer);
        }
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), victim.address.tcpPort().orElseThrow()));
        socket.setTcpNoDelay(true);
    }

    /** Has a TCP connection and has said nothing. */
    static Attacker connected(Victim victim) throws IOException {
        return new Attacker(victim, 0);
    }

    /** Has gone through Noise as a stranger. */
    static Attacker secured(Victim victim) throws IOException {
        return secured(victim, Identity.generate(RANDOM));
    }

    /** Has gone through Noise as somebody, and agreed on the muxer with that: can write frames, and reads. */
    static Attacker secured(Victim victim, Identity as) throws IOException {
        return connected(victim).secure(NoiseStatic.create(as, RANDOM)).reading();
    }

    /** The same, but it never reads a byte after the handshake. */
    static Attacker deaf(Victim victim) throws IOException {
        return new Attacker(victim, 4096).secure(NoiseStatic.create(Identity.generate(RANDOM), RANDOM));
    }

    /** Has gone through Noise and offered no muxer with it, as rust does: the next would be to propose one. */
    static Attacker withoutMuxer(Victim victim) throws IOException {
        return connected(victim).secure(NoiseStatic.create(Identity.generate(RANDOM), List.of(), RANDOM));
    }

    private Attacker secure(NoiseStatic key) throws IOException {
        agreeOnNoise();
        channel = NoiseChannel.initiate(socket.getInputStream(), socket.getOutputStream(), key, null, Prelude.NONE);
        return this;
    }

    Attacker agreeOnNoise() throws IOException {
        Multistream.select(socket.getInputStream(), socket.getOutputStream(), List.of("/noise"));
        return this;
    }

    // ---- What it writes

    /** The socket, beneath all protocols. */
    OutputStream raw() throws IOException {
        return socket.getOutputStream();
    }

    /** Encrypted bytes. */
    void encrypted(byte... bytes) throws IOException {
        writing.lock(); // its reader answers pings
        try {
            channel.write(bytes, 0, bytes.length);
        } finally {
            writing.unlock();
        }
    }

    /** A Yamux frame with any header. */
    void frame(int type, int flags, int stream, int length, byte... body) throws IOException {
        encrypted(ByteBuffer.allocate(HEADER + body.length)
                .put((byte) 0)
                .put((byte) type)
                .putShort((short) flags)
                .putInt(stream)
                .putInt(length)
                .put(body)
                .array());
    }

    void data(int stream, byte... body) throws IOException {
        frame(DATA, 0, stream, body.length, body);
    }

    /** Data in frames as large as the victim allows, waiting for that. */
    void dataInTurn(int stream, byte[] bytes) throws IOException {
        for (int at = 0; at < bytes.length; ) {
            int count = Math.min(bytes.length - at, credit(stream).get());
            if (count == 0) {
                if (ended || resets.contains(stream)) {
                    throw new IOException("the victim takes no more");
                }
                LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
                continue;
            }
            credit(stream).addAndGet(-count);
            data(stream, Arrays.copyOfRange(bytes, at, at + count));
            at += count;
        }
    }

    private AtomicInteger credit(int stream) {
        return credits.computeIfAbsent(stream, s -> new AtomicInteger(Limits.YAMUX_WINDOW - 1024)); // the proposal took some
    }

    /** Opens a stream, proposes a protocol, and sends bytes without waiting for consent. */
    int open(String protocol, byte... first) throws IOException {
        int stream = open();
        byte[] proposal = Multistream.lazyProposal(protocol);
        data(stream, ByteBuffer.allocate(proposal.length + first.length).put(proposal).put(first).array());
        return stream;
    }

    /** Opens a stream and says nothing on it. */
    int open() throws IOException {
        int stream = nextStream;
        nextStream += 2;
        frame(WINDOW, SYN, stream, 0);
        return stream;
    }

    /** Gives up the first stream that it opened. Whether it is still heard does not matter. */
    void resetFirst() {
        try {
            frame(DATA, RST, 1, 0);
        } catch (IOException e) {
            // It was sent away.
        }
    }

    /** Sends one byte now and then, until nobody takes them any more. */
    static void drip(byte[] bytes, Drop drop) {
        Thread.startVirtualThread(() -> {
            try {
                for (int at = 0; ; at = (at + 1) % bytes.length) {
                    drop.fall(bytes[at]);
                    LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
                }
            } catch (IOException e) {
                // It was given up, as it should be.
            }
        });
    }

    /** How one byte is sent. */
    interface Drop {
        void fall(byte b) throws IOException;
    }

    /** The prefix of a frame of that length, without the frame. */
    static byte[] claimOf(long length) {
        ByteBuffer prefix = ByteBuffer.allocate(10);
        Varint.write(prefix, length);
        byte[] bytes = new byte[prefix.position()];
        prefix.flip().get(bytes);
        return bytes;
    }

    // ---- What it hears

    private Attacker reading() {
        Thread.startVirtualThread(() -> {
            try {
                DataInputStream in = new DataInputStream(channel.input());
                while (true) {
                    hear(in);
                }
            } catch (IOException e) {
                ended = true;
            }
        });
        return this;
    }

    private void hear(DataInputStream in) throws IOException {
        in.readByte();
        int type = in.readByte();
        int flags = in.readUnsignedShort();
        int stream = in.readInt();
        int length = in.readInt();
        if (type == DATA) {
            received.computeIfAbsent(stream, s -> new ByteArrayOutputStream()).write(in.readNBytes(length));
        } else if (type == WINDOW) {
            credit(stream).addAndGet(length);
        } else if (type == GO_AWAY) {
            goAway = length;
        } else if (type == PING && (flags & SYN) != 0) {
            frame(PING, ACK, 0, length);
        } else if (type == PING) {
            pongs++;
        }
        if ((flags & SYN) != 0) {
            opened.add(stream);
        }
        if ((flags & RST) != 0) {
            resets.add(stream);
        }
    }

    /** How many of its streams were reset. */
    int resets() {
        return resets.size();
    }

    int pongs() {
        return pongs;
    }

    int bytesOn(int stream) {
        ByteArrayOutputStream bytes = received.get(stream);
        return bytes == null ? 0 : bytes.size();
    }

    void awaitReset(int stream) {
        await().atMost(PATIENCE).until(() -> resets.contains(stream));
        assertThat(ended).as("the connection goes on").isFalse();
    }

    /** The victim says that the protocol was broken, and closes. */
    void awaitGoAway() {
        await().atMost(PATIENCE).until(() -> ended);
        assertThat(goAway).as("GoAway with the code of a protocol error").isEqualTo(1);
    }

    boolean ended() {
        return ended;
    }

    /** Before there is a reader: reads until the victim closes. */
    void awaitClosed() throws IOException {
        socket.setSoTimeout((int) PATIENCE.toMillis());
        try {
            while (socket.getInputStream().read() >= 0) {
                continue;
            }
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (IOException e) {
            // A reset is as good as an end.
        }
    }

    /** The stream that the victim opened to ask something. */
    int awaitAsked(String protocol) {
        return await().atMost(PATIENCE).until(
                        () -> opened.stream()
                                .filter(stream -> stream % 2 == 0 && received.containsKey(stream)
                                        && received.get(stream).toString(StandardCharsets.ISO_8859_1).contains(protocol))
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone either way.
        }
    }
}
