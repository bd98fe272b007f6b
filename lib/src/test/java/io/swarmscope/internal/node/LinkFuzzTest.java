package io.swarmscope.internal.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.swarmscope.Registry;
import io.swarmscope.RegistryConfig;
import io.swarmscope.internal.gossip.Version;
import io.swarmscope.internal.kad.Bytes;
import io.swarmscope.internal.kad.KadConfig;
import io.swarmscope.internal.kad.MessageCodec;
import io.swarmscope.internal.kad.Request;
import io.swarmscope.internal.link.identify.Identify;
import io.swarmscope.internal.link.multistream.Multistream;
import io.swarmscope.internal.link.noise.NoiseChannel;
import io.swarmscope.internal.link.noise.NoiseStatic;
import io.swarmscope.internal.link.noise.Prelude;
import io.swarmscope.internal.link.ping.Ping;
import io.swarmscope.internal.record.Heads;
import io.swarmscope.internal.search.Asking;
import io.swarmscope.internal.sync.SyncHandler;
import io.swarmscope.internal.wire.Frames;
import io.swarmscope.internal.wire.ProtoWriter;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/**
 * A whole node over a socket, and a peer that keeps to the rules up to some stage of the connection and then sends any bytes: the connection or stream ends
 * in time, nothing of it is left, and nothing about it is logged that a peer could fill a disk with. The first byte of an input is the stage.
 */
@Isolated("sees all that is logged, and what threads of the whole process die of")
class LinkFuzzTest {
    private static final int TIMEOUT_MILLIS = 20_000;
    private static final String YAMUX = "/yamux/1.0.0";
    private static final String NETWORK = RegistryConfig.DEFAULT.network();
    private static final String KAD = KadConfig.DEFAULT.withPrefix("/" + NETWORK).protocolId();

    // The stages; behind the last one a stream of each of these protocols.
    private static final int RAW = 0;
    private static final int PROPOSED = 1;
    private static final int HANDSHAKE = 2;
    private static final int SECURED = 3;
    private static final int MULTIPLEXED = 4;
    private static final int STREAM = 5;
    private static final int HANDLER = 6;
    private static final List<String> PROTOCOLS = List.of(
            Identify.PROTOCOL,
            Identify.PUSH,
            Ping.PROTOCOL,
            KAD,
            Asking.protocol(NETWORK),
            SyncHandler.protocol(NETWORK),
            Version.protocols().getFirst());

    private static final int DATA = 0;
    private static final int SYN = 1;
    private static final int FIN = 4;
    private static final int RST = 8;

    private static final Queue<String> WRONG = new ConcurrentLinkedQueue<>();
    private static final Listening LISTENING = new Listening();
    private static Registry node;

    /** Keeps what should not be logged: a warning, or at any level a stack trace. */
    private static final class Listening extends AppenderBase<ILoggingEvent> {
        @Override
        protected void append(ILoggingEvent event) {
            if (event.getLevel().isGreaterOrEqual(Level.WARN) || event.getThrowableProxy() != null) {
                WRONG.add(event + (event.getThrowableProxy() == null ? "" : ": " + event.getThrowableProxy().getClassName() + " "
                        + event.getThrowableProxy().getMessage() + " " + Arrays.toString(event.getThrowableProxy().getStackTraceElementProxyArray())));
            }
        }
    }

    @BeforeAll
    static void open() {
        Logger logger = (Logger) LoggerFactory.getLogger("io.swarmscope");
        logger.setLevel(Level.DEBUG);
        logger.setAdditive(false);
        LISTENING.start();
        logger.addAppender(LISTENING);
        Thread.setDefaultUncaughtExceptionHandler((thread, e) -> WRONG.add(thread + " died of " + e));
        node = Registry.open(RegistryConfig.DEFAULT.withListen("/ip4/127.0.0.1/tcp/0"));
    }

    @AfterAll
    static void close() {
        node.close();
        Thread.setDefaultUncaughtExceptionHandler(null);
        Logger logger = (Logger) LoggerFactory.getLogger("io.swarmscope");
        logger.detachAppender(LISTENING);
        logger.setAdditive(true);
        logger.setLevel(Level.WARN);
        nothingWrong();
    }

    private static void nothingWrong() {
        List<String> wrong = List.copyOf(WRONG);
        WRONG.clear();
        assertThat(wrong).isEmpty();
    }

    private static byte[] input(int stage, byte[] bytes) {
        return ByteBuffer.allocate(1 + bytes.length).put((byte) stage).put(bytes).array();
    }

    static Stream<byte[]> stages() {
        List<byte[]> inputs = new ArrayList<>();
        for (int stage = RAW; stage < HANDLER + PROTOCOLS.size(); stage++) {
            inputs.add(input(stage, new byte[0]));
            inputs.add(input(stage, new byte[] {5, 0x0a, (byte) 0xff, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
        }
        inputs.add(input(RAW, Multistream.lazyProposal("/tls/1.0.0")));
        inputs.add(input(PROPOSED, ByteBuffer.allocate(34).putShort((short) 32).put((byte) 9).array()));
        inputs.add(input(HANDSHAKE, ByteBuffer.allocate(102).putShort((short) 100).array()));
        inputs.add(input(SECURED, Multistream.lazyProposal("/mplex/6.7.0")));
        inputs.add(input(MULTIPLEXED, frame(DATA, SYN, 1, 3, 3, 'l', 's')));
        inputs.add(input(MULTIPLEXED, frame(2, SYN, 0, 7)));
        inputs.add(input(STREAM, Multistream.lazyProposal("/nobody/1.0.0")));
        inputs.add(handler(Ping.PROTOCOL, new byte[32]));
        inputs.add(handler(Identify.PUSH, Frames.prefixed(new ProtoWriter().string(3, "/p").string(6, "agent\n").toBytes())));
        inputs.add(handler(KAD, Frames.prefixed(MessageCodec.encode(new Request.FindNode(Bytes.of(new byte[] {1}))))));
        inputs.add(handler(KAD, Frames.prefixed(new ProtoWriter().message(3, new ProtoWriter().string(1, "/pkg/a/b")).toBytes())));
        inputs.add(handler(Asking.protocol(NETWORK), Frames.prefixed(new ProtoWriter().string(1, "words").varint(4, 3).toBytes())));
        ProtoWriter range = new ProtoWriter().message(1, new ProtoWriter().bytes(3, new byte[16]));
        inputs.add(handler(SyncHandler.protocol(NETWORK), Frames.prefixed(new ProtoWriter().message(2, range).toBytes())));
        ProtoWriter subscription = new ProtoWriter().varint(1, 1).string(2, "/" + NETWORK + "/heads/1");
        inputs.add(handler(PROTOCOLS.getLast(), Frames.prefixed(new ProtoWriter().message(1, subscription).toBytes())));
        return inputs.stream();
    }

    private static byte[] handler(String protocol, byte[] bytes) {
        return input(HANDLER + PROTOCOLS.indexOf(protocol), bytes);
    }

    @MethodSource("stages")
    @FuzzTest
    void link(byte[] bytes) throws Exception {
        int stage = bytes.length == 0 ? RAW : (bytes[0] & 0xff) % (HANDLER + PROTOCOLS.size());
        Map<String, Long> before = node.status().counters();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), node.addresses().getFirst().tcpPort().orElseThrow())) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.setTcpNoDelay(true);
            attack(socket, stage, bytes.length == 0 ? bytes : Arrays.copyOfRange(bytes, 1, bytes.length));
        } catch (SocketTimeoutException e) {
            throw new AssertionError("it did not end at stage " + stage, e);
        } catch (IOException e) {
            // Cut off, which is as good as an end.
        }
        await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1)).untilAsserted(() -> {
            Map<String, Long> now = node.status().counters();
            assertThat(now.get("host.inbound") + now.get("host.streams")).as("connections and streams left").isZero();
            assertThat(ended(now) - ended(before)).as("connections that came to something or failed").isEqualTo(1);
        });
        nothingWrong();
    }

    private static long ended(Map<String, Long> counters) {
        return counters.get("host.handshakes") + counters.get("host.failed-handshakes");
    }

    private static void attack(Socket socket, int stage, byte[] bytes) throws IOException {
        InputStream in = socket.getInputStream();
        OutputStream out = socket.getOutputStream();
        if (stage == RAW) {
            out.write(bytes);
        } else if (stage <= HANDSHAKE) {
            Multistream.select(in, out, List.of("/noise"));
            if (stage == HANDSHAKE) {
                out.write(ByteBuffer.allocate(34).putShort((short) 32).put((byte) 9).array());
                in.skipNBytes(in.read() << 8 | in.read());
            }
            out.write(bytes);
        } else {
            Multistream.select(in, out, List.of("/noise"));
            NoiseStatic key = NoiseStatic.create(Heads.someone(), List.of(), new SecureRandom());
            behindNoise(NoiseChannel.initiate(in, out, key, null, Prelude.NONE), stage, bytes);
        }
        if (stage < STREAM) {
            socket.shutdownOutput();
            in.transferTo(OutputStream.nullOutputStream());
        }
    }

    private static void behindNoise(NoiseChannel channel, int stage, byte[] bytes) throws IOException {
        if (stage > SECURED) {
            Multistream.select(channel.input(), channel.output(), List.of(YAMUX));
        }
        if (stage >= STREAM) {
            byte[] before = stage == STREAM ? new byte[0] : Multistream.lazyProposal(PROTOCOLS.get(stage - HANDLER));
            byte[] body = ByteBuffer.allocate(before.length + bytes.length).put(before).put(bytes).array();
            write(channel, frame(DATA, SYN, 1, body.length, body));
            write(channel, frame(DATA, FIN, 1, 0));
            awaitEndOfStream(new DataInputStream(channel.input()));
        } else {
            write(channel, bytes);
        }
    }

    private static void write(NoiseChannel channel, byte[] bytes) throws IOException {
        channel.write(bytes, 0, bytes.length);
    }

    private static byte[] frame(int type, int flags, int id, int length, int... body) {
        byte[] bytes = new byte[body.length];
        for (int i = 0; i < body.length; i++) {
            bytes[i] = (byte) body[i];
        }
        return frame(type, flags, id, length, bytes);
    }

    private static byte[] frame(int type, int flags, int id, int length, byte[] body) {
        return ByteBuffer.allocate(12 + body.length).putShort((short) type).putShort((short) flags).putInt(id).putInt(length).put(body).array();
    }

    /** Reads what the node sends on any stream until it has ended ours. */
    private static void awaitEndOfStream(DataInputStream in) throws IOException {
        int flags = 0;
        int id = 0;
        while (id != 1 || (flags & (FIN | RST)) == 0) {
            int type = in.readUnsignedShort();
            flags = in.readUnsignedShort();
            id = in.readInt();
            int length = in.readInt();
            in.skipNBytes(type == DATA ? length : 0);
        }
    }
}
