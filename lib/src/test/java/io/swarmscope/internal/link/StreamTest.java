package io.swarmscope.internal.link;

import static io.swarmscope.internal.link.DialTest.fails;
import static io.swarmscope.internal.link.TestHost.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.swarmscope.host.Connection;
import io.swarmscope.host.HostException;
import io.swarmscope.host.HostException.Kind;
import io.swarmscope.host.Stream;
import io.swarmscope.host.StreamHandler;
import io.swarmscope.internal.wire.MalformedException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

class StreamTest {
    private static final String ECHO = "/test/echo/1";
    private static final StreamHandler ECHOING = stream -> stream.input().transferTo(stream.output());

    private static byte[] ask(Connection connection, String protocol, byte[] request)
            throws IOException, InterruptedException {
        try (Stream stream = connection.open(protocol, TIMEOUT)) {
            stream.finish(request);
            return stream.input().readAllBytes();
        }
    }

    @Test
    void eitherSideOpensStreams() throws Exception {
        try (TestHost alice = TestHost.start();
                TestHost bob = TestHost.start()) {
            alice.host.handle(ECHO, ECHOING);
            bob.host.handle(ECHO, ECHOING);
            Connection there = alice.dial(bob);
            Connection here = bob.heard.awaitOpened();
            assertThat(ask(there, ECHO, new byte[] {1, 2, 3})).containsExactly(1, 2, 3);
            assertThat(ask(here, ECHO, new byte[] {4, 5})).containsExactly(4, 5);
            assertThat(ask(here, ECHO, new byte[0])).isEmpty();
            alice.heard.awaitIdentified();
            assertThat(ask(there, ECHO, new byte[100_000])).hasSize(100_000);
            await().until(() -> alice.host.stats().streams() + bob.host.stats().streams() == 0);
        }
    }

    @Test
    void theFirstProtocolBothSpeakIsTaken() throws Exception {
        try (TestHost alice = TestHost.start();
                TestHost bob = TestHost.start()) {
            bob.host.handle("/test/1", ECHOING);
            Connection there = alice.dial(bob);
            try (Stream stream = there.open(List.of("/test/3", "/test/2", "/test/1"), TIMEOUT)) {
                assertThat(stream.protocol()).isEqualTo("/test/1");
                assertThat(stream.remote()).isEqualTo(bob.id());
            }
            fails(Kind.PROTOCOL_UNSUPPORTED, () -> there.open(List.of("/test/3", "/test/2"), TIMEOUT));
            fails(Kind.PROTOCOL_UNSUPPORTED, () -> there.open("/test/2", TIMEOUT));
            assertThatThrownBy(() -> there.open("no-slash", TIMEOUT)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> there.open(List.of(), TIMEOUT)).isInstanceOf(IllegalArgumentException.class);
            assertThat(bob.host.stats().violations()).isZero();
        }
    }

    @Test
    void aProtocolThePeerListedButGaveUpFailsAtTheFirstRead() throws Exception {
        try (TestHost alice = TestHost.start();
                TestHost bob = TestHost.start(config -> config.withTimeouts(
                        LinkTimeouts.DEFAULT.withIdentify(TIMEOUT, Duration.ofHours(1))))) {
            bob.host.handle(ECHO, ECHOING);
            Connection there = alice.dial(bob);
            alice.heard.awaitIdentified();
            bob.host.unhandle(ECHO);
            try (Stream stream = there.open(ECHO, TIMEOUT)) {
                stream.finish(new byte[] {1});
                fails(Kind.PROTOCOL_UNSUPPORTED, () -> stream.input().read());
            }
            assertThat(there.isOpen()).isTrue();
            assertThat(bob.host.stats().violations()).isZero();
        }
    }

    @Test
    void aHundredStreamsAtOnceCarryTheirOwnBytes() throws Exception {
        long seed = System.nanoTime();
        try (TestHost alice = TestHost.start();
                TestHost bob = TestHost.start();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            bob.host.handle(ECHO, ECHOING);
            Connection there = alice.dial(bob);
            List<Future<Void>> results = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                byte[] bytes = new byte[1 + i * 1500];
                new Random(seed + i).nextBytes(bytes);
                results.add(threads.submit((Callable<Void>) () -> {
                    try (Stream stream = there.open(ECHO, TIMEOUT)) {
                        Thread.ofVirtual().start(() -> {
                            try {
                                stream.finish(bytes);
                            } catch (HostException e) {
                                stream.reset();
                            }
                        });
                        assertThat(stream.input().readAllBytes()).as("seed " + seed).isEqualTo(bytes);
                    }
                    return null;
                }));
            }
            for (Future<Void> result : results) {
                result.get();
            }
            assertThat(bob.host.stats().refused()).isZero();
        }
    }

    @Test
    void fiftyMegabytesArriveAsTheyWereSentBothWays() throws Exception {
        int blocks = 800;
        try (TestHost alice = TestHost.start();
                TestHost bob = TestHost.start()) {
            AtomicLong sum = new AtomicLong();
            bob.host.handle("/test/sink/1", stream -> {
                CRC32 crc = new CRC32();
                byte[] buffer = new byte[50_000];
                for (int n; (n = stream.input().read(buffer)) >= 0; ) {
                    crc.update(buffer, 0, n);
                }
                sum.set(crc.getValue());
                Random random = new Random(2);
                byte[] block = new byte[1 << 16];
                for (int i = 0; i < blocks; i++) {
                    random.nextBytes(block);
                    stream.output().write(block);
                }
            });
            Connection there = alice.dial(bob);
            try (Stream stream = there.open("/test/sink/1", Duration.ofMinutes(2))) {
                Random random = new Random(1);
                CRC32 crc = new CRC32();
                byte[] block = new byte[1 << 16];
                for (int i = 0; i < blocks; i++) {
                    random.nextBytes(block);
                    crc.update(block);
                    stream.output().write(block);
                }
                stream.closeWrite();
                Random expected = new Random(2);
                byte[] wanted = new byte[1 << 16];
                for (int i = 0; i < blocks; i++) {
                    expected.nextBytes(wanted);
                    assertThat(stream.input().readNBytes(wanted.length)).isEqualTo(wanted);
                }
                assertThat(stream.input().read()).isNegative();
                assertThat(sum.get()).isEqualTo(crc.getValue());
            }
        }
    }

    @Test
    void aReaderThatDoesNotReadHoldsTheWriterBackAndNobodyElse() throws Exception {
        try (TestHost alice = TestHost.start();
                TestHost bob = TestHost.start()) {
            CountDownLatch read = new CountDownLatch(1);
            bob.host.handle(ECHO, ECHOING);
            bob.host.handle("/test/slow/1", stream -> {
                read.await();
                stream.input().transferTo(OutputStream.nullOutputStream());
            });
            Connection there = alice.dial(bob);
            AtomicInteger written = new AtomicInteger();
            Stream slow = there.open("/test/slow/1", TIMEOUT);
            Thread writer = Thread.ofVirtual().start(() -> {
                byte[] block = new byte[1 << 16];
                try {
                    for (int i = 0; i < 1000; i++) {
                        slow.output().write(block);
                        written.incrementAndGet();
                    }
                    slow.closeWrite();
                } catch (IOException e) {
                    written.set(-1);
                }
            });
            await().until(() -> written.get() >= 3);
            // 64 MB are to be sent; what is taken over without a reader is the window and a bounded queue.
            await().during(Duration.ofMillis(300)).atMost(TIMEOUT).until(() -> written.get() < 64);
            assertThat(ask(there, ECHO, new byte[] {7})).containsExactly(7);
            read.countDown();
            writer.join(TIMEOUT);
            assertThat(written.get()).isEqualTo(1000);
            slow.close();
        }
    }

    @Test
    void whatAHandlerDoesDecidesHowItsStreamEnds() throws Exception {
        try (TestHost alice = TestHost.start();
                TestHost bob = TestHost.start()) {
            bob.host.handle("/test/returns", stream -> stream.output().write(42));
            bob.host.handle("/test/throws", stream -> {
                throw new IllegalStateException("fault of ours");
            });
            bob.host.handle("/test/refuses", stream -> {
                throw new MalformedException("not what I asked for");
            });
            Connection there = alice.dial(bob);
            assertThat(ask(there, "/test/returns", new byte[0])).containsExactly(42);
            fails(Kind.STREAM_RESET, () -> ask(there, "/test/throws", new byte[0]));
            assertThat(bob.heard.misdeeds).isEmpty();
            fails(Kind.STREAM_RESET, () -> ask(there, "/test/refuses", new byte[0]));
            await().until(() -> !bob.heard.misdeeds.isEmpty());
            assertThat(bob.heard.misdeeds).containsExactly(new Recorder.Misdeed(alice.id(), "not what I asked for"));
            assertThat(bob.host.stats().violations()).isEqualTo(1);
            assertThat(bob.host.counters().failedStreams.sum()).isEqualTo(1);
            assertThat(there.isOpen()).isTrue();
        }
    }

    @Test
    void streamsBeyondTheLimitOfAProtocolWaitForTheirTurn() throws Exception {
        try (TestHost alice = TestHost.start();
                TestHost bob = TestHost.start(config ->
                        config.withLimits(LinkLimits.DEFAULT.withStreams(128, 32, Map.of("/test/busy", 2))));
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            AtomicInteger now = new AtomicInteger();
            AtomicInteger most = new AtomicInteger();
            bob.host.handle("/test/busy", stream -> {
                most.accumulateAndGet(now.incrementAndGet(), Math::max);
                byte[] request = stream.input().readAllBytes();
                now.decrementAndGet();
                stream.finish(request);
            });
            Connection there = alice.dial(bob);
            List<Future<byte[]>> answers = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                answers.add(threads.submit(() -> ask(there, "/test/busy", new byte[] {1})));
            }
            for (Future<byte[]> answer : answers) {
                assertThat(answer.get()).containsExactly(1);
            }
            assertThat(most.get()).isBetween(1, 2);
            assertThat(bob.host.stats().refused()).isZero();
        }
    }

    @Test
    void aStreamThatWaitsTooLongForItsTurnIsRefused() throws Exception {
        try (TestHost alice = TestHost.start();
                TestHost bob = TestHost.start(config -> config.withLimits(
                                LinkLimits.DEFAULT.withStreams(128, 32, Map.of("/test/busy", 1)))
                        .withTimeouts(LinkTimeouts.DEFAULT.withStreams(Duration.ofSeconds(2), TIMEOUT)))) {
            bob.host.handle("/test/busy", ECHOING);
            Connection there = alice.dial(bob);
            Stream first = there.open("/test/busy", TIMEOUT);
            first.output().write(1);
            assertThat(first.input().read()).isEqualTo(1);
            fails(Kind.STREAM_RESET, () -> ask(there, "/test/busy", new byte[] {1}));
            assertThat(bob.host.stats().refused()).isEqualTo(1);
            first.output().write(2);
            assertThat(first.input().read()).isEqualTo(2);
            first.close();
        }
    }

    @Test
    void aStreamThatNeverAgreesOrNeverMovesIsGivenUp() throws Exception {
        try (TestHost alice = TestHost.start();
                TestHost bob = TestHost.start(config -> config.withTimeouts(
                        LinkTimeouts.DEFAULT.withStreams(Duration.ofSeconds(2), Duration.ofSeconds(1))))) {
            bob.host.handle(ECHO, ECHOING);
            Connection there = alice.dial(bob);
            Stream idle = there.open(ECHO, TIMEOUT);
            fails(Kind.STREAM_RESET, () -> {
                idle.output().write(1);
                while (idle.input().read() >= 0) {
                    continue;
                }
            });
            await().until(() -> bob.host.stats().streams() == 0);
            assertThat(there.isOpen()).isTrue();
        }
    }

    @Test
    void anInterruptedReaderLosesItsStreamAndNothingElse() throws Exception {
        try (TestHost alice = TestHost.start();
                TestHost bob = TestHost.start()) {
            bob.host.handle(ECHO, ECHOING);
            Connection there = alice.dial(bob);
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            AtomicReference<Boolean> flag = new AtomicReference<>();
            Stream stream = there.open(ECHO, TIMEOUT);
            stream.output().write(1);
            InputStream in = stream.input();
            assertThat(in.read()).isEqualTo(1);
            Thread reader = Thread.ofVirtual().start(() -> {
                try {
                    in.read();
                } catch (IOException e) {
                    thrown.set(e);
                    flag.set(Thread.currentThread().isInterrupted());
                }
            });
            await().until(() -> reader.getState() == Thread.State.TIMED_WAITING
                    || reader.getState() == Thread.State.WAITING);
            reader.interrupt();
            reader.join(TIMEOUT);
            assertThat(thrown.get()).isInstanceOfSatisfying(
                    HostException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INTERRUPTED));
            assertThat(flag.get()).isTrue();
            fails(Kind.STREAM_RESET, () -> stream.output().write(1));
            assertThat(ask(there, ECHO, new byte[] {9})).containsExactly(9);
        }
    }

    @Test
    void anInterruptedOpenThrowsAndTheConnectionLivesOn() throws Exception {
        try (TestHost alice = TestHost.start();
                TestHost bob = TestHost.start(config -> config.withLimits(
                        LinkLimits.DEFAULT.withStreams(1, 32, Map.of())))) {
            bob.host.handle(ECHO, ECHOING);
            Link there = alice.dial(bob);
            alice.heard.awaitIdentified();
            bob.heard.awaitIdentified();
            Link here = (Link) bob.heard.awaitOpened();
            here.negotiating().acquire();
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            Thread opening = Thread.ofVirtual().start(() -> {
                try {
                    there.open(List.of(ECHO, "/other"), TIMEOUT);
                } catch (IOException | InterruptedException e) {
                    thrown.set(e);
                }
            });
            await().until(() -> here.streams() == 1);
            opening.interrupt();
            opening.join(TIMEOUT);
            assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
            here.negotiating().release();
            assertThat(ask(there, ECHO, new byte[] {9})).containsExactly(9);
        }
    }
}
