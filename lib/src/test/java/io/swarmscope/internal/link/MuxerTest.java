package io.swarmscope.internal.link;

import static io.swarmscope.internal.link.TestHost.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.swarmscope.Multiaddr;
import io.swarmscope.host.Connection;
import io.swarmscope.host.Stream;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.link.multistream.Multistream;
import io.swarmscope.internal.link.noise.NoiseChannel;
import io.swarmscope.internal.link.noise.NoiseStatic;
import io.swarmscope.internal.link.noise.Prelude;
import io.swarmscope.internal.link.yamux.YamuxConfig;
import io.swarmscope.internal.link.yamux.YamuxListener;
import io.swarmscope.internal.link.yamux.YamuxSession;
import io.swarmscope.internal.link.yamux.YamuxStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Peers that list no muxer during the Noise handshake, as rust and jvm: it is agreed on afterwards. */
class MuxerTest {
    private static final String ECHO = "/test/echo/1";
    private static final String YAMUX = "/yamux/1.0.0";

    private final Identity identity = Identity.generate(new SecureRandom());
    private final NoiseStatic plain = NoiseStatic.create(identity, List.of(), new SecureRandom());

    /** Echoes whatever protocol a stream is for. */
    private static class Echoing implements YamuxListener {
        @Override
        public void inbound(YamuxStream stream) {
            Thread.ofVirtual().start(() -> {
                try (stream) {
                    Multistream.respond(stream.input(), stream.output(), ECHO::equals);
                    stream.input().transferTo(stream.output());
                } catch (IOException e) {
                    stream.reset();
                }
            });
        }

        @Override
        public void refused(String what) {}

        @Override
        public void closed(Throwable reason) {}

        @Override
        public void violation(String what) {}
    }

    private NoiseChannel dial(TestHost host) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), host.port());
        Multistream.select(socket.getInputStream(), socket.getOutputStream(), List.of("/noise"));
        return NoiseChannel.initiate(
                socket.getInputStream(), socket.getOutputStream(), plain, host.id(), Prelude.NONE);
    }

    private static void exchange(SecureChannel channel, TestHost host) throws Exception {
        host.host.handle(ECHO, stream -> stream.input().transferTo(stream.output()));
        YamuxSession session = new YamuxSession(channel, true, YamuxConfig.DEFAULT, new Echoing(), "test");
        session.start();
        try (YamuxStream stream = session.open(TIMEOUT)) {
            Multistream.select(stream.input(), stream.output(), List.of(ECHO));
            stream.finish(new byte[] {1, 2});
            assertThat(stream.input().readAllBytes()).containsExactly(1, 2);
        }
        session.close(YamuxSession.NORMAL);
        host.heard.awaitClosed();
    }

    @Test
    void aDialerThatWaitsForTheMuxerIsAnswered() throws Exception {
        try (TestHost alice = TestHost.start()) {
            NoiseChannel channel = dial(alice);
            assertThat(channel.earlyMuxer(YAMUX)).isFalse();
            assertThat(Multistream.select(channel.input(), channel.output(), List.of("/mplex/6.7.0", YAMUX)))
                    .isEqualTo(YAMUX);
            exchange(channel, alice);
        }
    }

    @Test
    void aDialerThatSendsStreamsBehindItsProposalIsAnswered() throws Exception {
        Timer timer = new Timer("test");
        try (TestHost alice = TestHost.start();
                Socket unused = new Socket();
                Cutoff cutoff = new Cutoff(timer, TIMEOUT, unused)) {
            exchange(new LazyMuxer(dial(alice), YAMUX, cutoff), alice);
        } finally {
            timer.close();
        }
    }

    @Test
    void onlyAFewStreamsGoAheadOfThePeersFirstAnswer() throws Exception {
        AtomicInteger opened = new AtomicInteger();
        CountDownLatch answer = new CountDownLatch(1);
        Echoing echoing = new Echoing() {
            @Override
            public void inbound(YamuxStream stream) {
                opened.incrementAndGet();
                Thread.ofVirtual().start(() -> {
                    try {
                        answer.await();
                        super.inbound(stream);
                    } catch (InterruptedException e) {
                        stream.reset();
                    }
                });
            }
        };
        try (TestHost alice = TestHost.start(config -> config.withOptimistic(Set.of(ECHO)));
                ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Connection there = alice.dial(listen(server, YAMUX, echoing), identity.peerId());
            List<Future<byte[]>> answers = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                answers.add(threads.submit(() -> {
                    try (Stream stream = there.open(ECHO, TIMEOUT)) {
                        stream.finish(new byte[] {1});
                        return stream.input().readAllBytes();
                    }
                }));
            }
            await().until(() -> opened.get() == 8);
            await().during(Duration.ofMillis(100)).until(() -> opened.get() == 8);
            answer.countDown();
            for (Future<byte[]> each : answers) {
                assertThat(each.get()).containsExactly(1);
            }
        }
    }

    private Multiaddr listen(ServerSocket server, String muxer) {
        return listen(server, muxer, new Echoing());
    }

    /** Accepts one connection, and agrees on the muxer only if it is this one. */
    private Multiaddr listen(ServerSocket server, String muxer, Echoing echoing) {
        Thread.ofVirtual().start(() -> {
            try {
                Socket socket = server.accept();
                Multistream.respond(socket.getInputStream(), socket.getOutputStream(), "/noise"::equals);
                NoiseChannel channel =
                        NoiseChannel.respond(socket.getInputStream(), socket.getOutputStream(), plain);
                if (Multistream.respond(channel.input(), channel.output(), muxer::equals) != null) {
                    new YamuxSession(channel, false, YamuxConfig.DEFAULT, echoing, "test").start();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return Multiaddr.parse("/ip4/127.0.0.1/tcp/" + server.getLocalPort());
    }

    @Test
    void aListenerIsProposedTheMuxerWithTheFirstStream() throws Exception {
        try (TestHost alice = TestHost.start();
                ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Connection there = alice.dial(listen(server, YAMUX), identity.peerId());
            try (Stream stream = there.open(ECHO, TIMEOUT)) {
                stream.finish(new byte[] {5});
                assertThat(stream.input().readAllBytes()).containsExactly(5);
            }
            there.close();
            alice.heard.awaitClosed();
        }
    }

    @Test
    void aListenerWithoutTheMuxerLosesTheConnection() throws Exception {
        try (TestHost alice = TestHost.start();
                ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Connection there = alice.dial(listen(server, "/mplex/6.7.0"), identity.peerId());
            assertThat(alice.heard.awaitClosed()).contains("does not speak " + YAMUX);
            assertThat(there.isOpen()).isFalse();
            await().until(() -> alice.host.stats().outbound() == 0);
        }
    }
}
