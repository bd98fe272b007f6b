package io.swarmscope.internal.link.yamux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;

/** The other side of a session, speaking frames by hand. */
final class RawPeer implements AutoCloseable {
    static final int DATA = 0;
    static final int WINDOW = 1;
    static final int PING = 2;
    static final int GOAWAY = 3;
    static final int SYN = 1;
    static final int ACK = 2;
    static final int FIN = 4;
    static final int RST = 8;

    /** Our end, and the session's. */
    final MemoryChannel channel;

    final MemoryChannel sessionChannel;
    final Listening listening = new Listening();
    final YamuxSession session;
    private final DataInputStream in;

    record Frame(int type, int flags, int id, int length, byte[] body) {}

    /** A session of ours that dialed (client) or accepted; the raw peer is the other. The first ping of the session is answered. */
    RawPeer(boolean client, YamuxConfig config) {
        var pair = MemoryChannel.pair(1 << 20);
        channel = pair.get(1);
        sessionChannel = pair.get(0);
        session = new YamuxSession(pair.get(0), client, config, listening, "test");
        in = new DataInputStream(channel.input());
        session.start();
    }

    static RawPeer ofServer() {
        return new RawPeer(false, YamuxConfig.DEFAULT);
    }

    static RawPeer ofClient() {
        return new RawPeer(true, YamuxConfig.DEFAULT);
    }

    void send(int type, int flags, int id, int length, byte... body) {
        ByteBuffer frame = ByteBuffer.allocate(12 + body.length);
        frame.put((byte) 0).put((byte) type).putShort((short) flags).putInt(id).putInt(length).put(body);
        sendBytes(frame.array());
    }

    void data(int flags, int id, byte... body) {
        send(DATA, flags, id, body.length, body);
    }

    void sendBytes(byte[] bytes) {
        try {
            channel.write(bytes, 0, bytes.length);
        } catch (IOException e) {
            // The session closed already, which is what most tests of garbage are about.
        }
    }

    /** The next frame other than a ping of the session's, which is answered. */
    Frame next() throws IOException {
        while (true) {
            Frame frame = nextOfAll();
            if (frame.type != PING || (frame.flags & SYN) == 0) {
                return frame;
            }
            send(PING, ACK, 0, frame.length);
        }
    }

    Frame nextOfAll() throws IOException {
        assertThat(in.read()).as("version").isZero();
        int type = in.read();
        int flags = in.readUnsignedShort();
        int id = in.readInt();
        int length = in.readInt();
        byte[] body = type == DATA ? in.readNBytes(length) : new byte[0];
        return new Frame(type, flags, id, length, body);
    }

    /** Expects a frame without body. */
    void expect(int type, int flags, int id, int length) throws IOException {
        assertThat(next()).usingRecursiveComparison().isEqualTo(new Frame(type, flags, id, length, new byte[0]));
    }

    void expectData(int id, byte... body) throws IOException {
        assertThat(next()).usingRecursiveComparison().isEqualTo(new Frame(DATA, 0, id, body.length, body));
    }

    /** Opens a stream and expects the acknowledgement. */
    YamuxStream open(int id) throws Exception {
        send(WINDOW, SYN, id, 0);
        YamuxStream stream = listening.nextInbound();
        stream.timeout(Duration.ofSeconds(10));
        stream.output().flush();
        expect(WINDOW, ACK, id, 0);
        return stream;
    }

    /** What the session does about a violation: GoAway 1, then the end. */
    String expectViolation() throws Exception {
        Frame frame = next();
        while (frame.type != GOAWAY) {
            frame = next();
        }
        assertThat(frame.length).isEqualTo(1);
        listening.awaitClosed();
        assertThat(listening.ends).hasSize(1);
        assertThat(listening.violations).hasSize(1);
        return listening.violations.get(0);
    }

    /** Whether the session still answers. */
    void expectAlive() throws IOException {
        send(PING, SYN, 0, 0x5eed);
        Frame frame = next();
        while (frame.type != PING) {
            frame = next();
        }
        assertThat(frame.length).isEqualTo(0x5eed);
        assertThat(listening.violations).isEmpty();
        assertThat(session.isOpen()).isTrue();
    }

    void expectNotOpen() {
        await().until(() -> !session.isOpen());
    }

    @Override
    public void close() {
        channel.close();
    }
}
