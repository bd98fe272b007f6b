package io.swarmscope.internal.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.swarmscope.Multiaddr;
import io.swarmscope.host.HostException.Kind;
import io.swarmscope.internal.link.multistream.Multistream;
import io.swarmscope.internal.link.noise.NoiseChannel;
import io.swarmscope.internal.link.noise.NoiseStatic;
import io.swarmscope.internal.link.noise.Prelude;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What happens before streams: peers that stall, send garbage, or come in crowds. */
class HandshakeTest {
    private static final UnaryOperator<TcpHostConfig> HASTY = config -> config.withTimeouts(
            LinkTimeouts.DEFAULT.withHandshake(Duration.ofMillis(300), Duration.ofMillis(600)));

    private static Socket connect(TestHost host) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), host.port());
        socket.setSoTimeout((int) TestHost.TIMEOUT.toMillis());
        return socket;
    }

    /** Reads until the other side closes; a reset is as good as an end. */
    private static int readToEnd(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        int count = 0;
        try {
            while (in.read() >= 0) {
                count++;
            }
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (IOException e) {
            return count;
        }
        return count;
    }

    private static void awaitNobody(TestHost host) {
        await().atMost(TestHost.TIMEOUT)
                .untilAsserted(() -> assertThat(host.host.stats().inbound()).isZero());
        assertThat(host.heard.of("opened")).isEmpty();
    }

    @Test
    void aPeerThatConnectsAndSaysNothingIsCutOff() throws Exception {
        try (TestHost alice = TestHost.start(HASTY);
                Socket silent = connect(alice)) {
            long start = System.nanoTime();
            assertThat(readToEnd(silent)).isZero();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
            await().until(() -> alice.host.stats().failedHandshakes() == 1);
            awaitNobody(alice);
        }
    }

    @Test
    void aPeerThatSendsAByteNowAndThenIsCutOffAtTheSameTime() throws Exception {
        try (TestHost alice = TestHost.start(HASTY);
                Socket slow = connect(alice)) {
            byte[] proposal = Multistream.lazyProposal("/noise");
            long start = System.nanoTime();
            Thread.ofVirtual().start(() -> {
                try {
                    for (byte b : proposal) {
                        slow.getOutputStream().write(b);
                        LockSupport.parkNanos(Duration.ofMillis(500).toNanos());
                    }
                } catch (IOException e) {
                    // cut off, as it should be
                }
            });
            readToEnd(slow);
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .as("all its bytes would take 14 s")
                    .isBetween(Duration.ofMillis(250), Duration.ofSeconds(10));
            await().until(() -> alice.host.stats().failedHandshakes() == 1);
        }
    }

    @Test
    void aPeerThatStallsAfterNoiseIsCutOffToo() throws Exception {
        // Time enough for the part of the handshake that this test goes through itself.
        try (TestHost alice = TestHost.start(config -> config.withTimeouts(
                        LinkTimeouts.DEFAULT.withHandshake(Duration.ofSeconds(10), Duration.ofSeconds(3))));
                TestHost bob = TestHost.start();
                Socket socket = connect(alice)) {
            noise(socket, bob, Prelude.NONE);
            readToEnd(socket);
            await().until(() -> alice.host.stats().failedHandshakes() == 1);
            awaitNobody(alice);
        }
    }

    /** Agrees on Noise and goes through its handshake, listing no muxer, as rust does. */
    private static NoiseChannel noise(Socket socket, TestHost as, Prelude prelude) throws IOException {
        Multistream.select(socket.getInputStream(), socket.getOutputStream(), List.of("/noise"));
        NoiseStatic key = NoiseStatic.create(as.identity, List.of(), new SecureRandom());
        return NoiseChannel.initiate(socket.getInputStream(), socket.getOutputStream(), key, null, prelude);
    }

    @Test
    void garbageAtAnyStageEndsThatConnectionOnly() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        try (TestHost alice = TestHost.start();
                TestHost bob = TestHost.start()) {
            int stages = 5;
            int rounds = 8;
            for (int round = 0; round < rounds; round++) {
                for (int stage = 0; stage < stages; stage++) {
                    try (Socket socket = connect(alice)) {
                        sendGarbage(socket, bob, stage, random);
                        readToEnd(socket);
                    } catch (IOException e) {
                        assertThat(e).as("seed " + seed).isNotInstanceOf(SocketTimeoutException.class);
                    }
                }
            }
            await().atMost(TestHost.TIMEOUT).untilAsserted(() -> assertThat(
                            alice.host.stats().failedHandshakes() + alice.heard.of("closed").size())
                    .as("seed " + seed)
                    .isEqualTo(stages * rounds));
            assertThat(alice.heard.misdeeds).as("seed " + seed).isNotEmpty();
            assertThat(alice.host.stats().violations()).isGreaterThanOrEqualTo(alice.heard.misdeeds.size());
            bob.dial(alice);
        }
    }

    private static void sendGarbage(Socket socket, TestHost as, int stage, Random random) throws IOException {
        byte[] garbage = new byte[64 + random.nextInt(64)];
        random.nextBytes(garbage);
        garbage[0] = 0x55;
        switch (stage) {
            case 0 -> socket.getOutputStream().write(garbage);
            case 1 -> {
                Multistream.select(socket.getInputStream(), socket.getOutputStream(), List.of("/noise"));
                socket.getOutputStream().write(garbage);
            }
            case 2 -> {
                noise(socket, as, Prelude.NONE);
                socket.getOutputStream().write(garbage);
            }
            case 3 -> noise(socket, as, Prelude.NONE).write(garbage, 0, garbage.length);
            default -> {
                NoiseChannel channel = noise(socket, as, Prelude.NONE);
                Multistream.select(channel.input(), channel.output(), List.of("/yamux/1.0.0"));
                garbage[0] = 1;
                channel.write(garbage, 0, garbage.length);
            }
        }
        if (stage < 4) {
            socket.shutdownOutput();
        }
    }

    @Test
    void aPeerWithoutOurProtocolsIsToldSoAndLeft() throws Exception {
        try (TestHost alice = TestHost.start();
                Socket socket = connect(alice)) {
            socket.getOutputStream().write(Multistream.lazyProposal("/tls/1.0.0"));
            socket.shutdownOutput();
            byte[] answer = socket.getInputStream().readAllBytes();
            assertThat(new String(answer, StandardCharsets.UTF_8)).endsWith("\003na\n");
            await().until(() -> alice.host.stats().failedHandshakes() == 1);
            assertThat(alice.host.stats().violations()).isZero();
        }
    }

    @Test
    void aListenerThatSpeaksSomethingElseFailsTheDial() throws Exception {
        try (TestHost alice = TestHost.start();
                ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                try (Socket socket = server.accept()) {
                    socket.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                    socket.shutdownOutput();
                    readToEnd(socket);
                } catch (IOException e) {
                    // the test is over
                }
            });
            DialTest.fails(
                    Kind.HANDSHAKE_FAILED,
                    () -> alice.dial(
                            Multiaddr.parse("/ip4/127.0.0.1/tcp/" + server.getLocalPort()), null));
        }
    }

    @Test
    void connectionsBeyondTheLimitOfOneAddressAreClosedAtOnce() throws Exception {
        List<Socket> sockets = new ArrayList<>();
        try (TestHost alice = TestHost.start(
                config -> config.withLimits(LinkLimits.DEFAULT.withPerIp(3, 1000, true)))) {
            for (int i = 0; i < 3; i++) {
                sockets.add(connect(alice));
            }
            try (Socket fourth = connect(alice)) {
                assertThat(readToEnd(fourth)).isZero();
            }
            assertThat(alice.host.stats().refused()).isEqualTo(1);
            sockets.getFirst().close();
            await().until(() -> alice.host.stats().failedHandshakes() == 1);
            TestHost bob = TestHost.start();
            bob.dial(alice);
            bob.close();
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    @Test
    void newConnectionsOfOneAddressAreLimitedPerSecond() throws Exception {
        try (TestHost alice = TestHost.start(
                config -> config.withLimits(LinkLimits.DEFAULT.withPerIp(100, 5, true)))) {
            List<Socket> sockets = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                sockets.add(connect(alice));
            }
            await().until(() -> alice.host.stats().refused() >= 10);
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    @Test
    void crowdsThatWaitToBeSecuredAreLimited() throws Exception {
        try (TestHost alice = TestHost.start(config ->
                config.withLimits(LinkLimits.DEFAULT.withConnections(512, 256, 4)))) {
            List<Socket> sockets = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                sockets.add(connect(alice));
            }
            await().until(() -> alice.host.stats().refused() == 6);
            for (Socket socket : sockets) {
                socket.close();
            }
            await().until(() -> alice.host.stats().failedHandshakes() == 4);
        }
    }
}
