package io.swarmscope.internal.link;

import static io.swarmscope.internal.link.DialTest.fails;
import static io.swarmscope.internal.link.TestHost.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.HotSpotDiagnosticMXBean;
import io.swarmscope.Multiaddr;
import io.swarmscope.host.Connection;
import io.swarmscope.host.HostException;
import io.swarmscope.host.HostException.Kind;
import io.swarmscope.host.Stream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CloseTest {
    @TempDir
    private Path directory;

    private int dumps;

    /** Names of the live threads of a host; virtual ones only show in a dump. */
    private List<String> threadsOf(TestHost host) throws IOException {
        Path dump = directory.resolve("threads-" + dumps++);
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                .dumpThreads(dump.toString(), HotSpotDiagnosticMXBean.ThreadDumpFormat.TEXT_PLAIN);
        return Files.readAllLines(dump).stream()
                .filter(line -> line.startsWith("#") && line.contains("swarmscope-link"))
                .filter(line -> line.contains(host.id().shortText()))
                .toList();
    }

    @Test
    void noThreadIsLeftWhateverTheHostWasDoing() throws Exception {
        CountDownLatch handling = new CountDownLatch(2);
        CountDownLatch never = new CountDownLatch(1);
        try (TestHost alice = TestHost.start();
                TestHost bob = TestHost.start();
                TestHost carol = TestHost.start();
                ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                Socket stalled = new Socket(InetAddress.getLoopbackAddress(), alice.port())) {
            alice.host.handle("/test/waits", stream -> {
                handling.countDown();
                never.await();
            });
            alice.host.handle("/test/reads", stream -> {
                handling.countDown();
                stream.input().readAllBytes();
            });
            alice.dial(bob);
            Connection there = carol.dial(alice);
            there.open("/test/waits", TIMEOUT).output().write(1);
            there.open("/test/reads", TIMEOUT).output().write(1);
            handling.await();
            AtomicReference<HostException> dialed = new AtomicReference<>();
            Multiaddr nowhere = Multiaddr.parse("/ip4/127.0.0.1/tcp/" + silent.getLocalPort());
            Thread dialing = Thread.ofVirtual().start(() -> {
                try {
                    alice.host.dial(nowhere, null, TIMEOUT);
                } catch (HostException e) {
                    dialed.set(e);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            Socket accepted = silent.accept();
            assertThat(accepted.getInputStream().read()).isEqualTo(0x13);
            assertThat(threadsOf(alice)).hasSizeGreaterThanOrEqualTo(8);

            long start = System.nanoTime();
            alice.close();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(6));

            // The threads of a session end with, not before, the call that says so.
            await().atMost(Duration.ofSeconds(5))
                    .untilAsserted(() -> assertThat(threadsOf(alice)).isEmpty());
            dialing.join(TIMEOUT);
            assertThat(dialed.get().kind()).isEqualTo(Kind.CLOSED);
            assertThat(stalled.getInputStream().read()).isNegative();
            assertThat(alice.host.stats().inbound() + alice.host.stats().outbound()).isZero();
            assertThat(alice.heard.of("closed")).hasSize(2);
            bob.heard.awaitClosed();
            carol.heard.awaitClosed();
            accepted.close();
        }
    }

    @Test
    void streamsStillOpenFailWithTheConnection() throws Exception {
        try (TestHost alice = TestHost.start();
                TestHost bob = TestHost.start()) {
            bob.host.handle("/test/reads", stream -> stream.input().read());
            Stream stream = alice.dial(bob).open("/test/reads", TIMEOUT);
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            Thread reader = Thread.ofVirtual().start(() -> {
                try {
                    stream.input().read();
                } catch (IOException e) {
                    thrown.set(e);
                }
            });
            await().until(() -> reader.getState() == Thread.State.TIMED_WAITING
                    || reader.getState() == Thread.State.WAITING);
            bob.close();
            reader.join(TIMEOUT);
            assertThat(thrown.get()).isInstanceOfSatisfying(
                    HostException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CONNECTION_CLOSED));
            fails(Kind.CONNECTION_CLOSED, () -> stream.output().write(1));
        }
    }

    @Test
    void aPeerThatDoesNotReadDelaysTheCloseByNoMoreThanTheGoodbye() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        try (TestHost alice = TestHost.start();
                TestHost bob = TestHost.start()) {
            bob.host.handle("/test/stuck", stream -> never.await());
            Connection there = alice.dial(bob);
            Stream stream = there.open("/test/stuck", Duration.ofMinutes(1));
            Thread writer = Thread.ofVirtual().start(() -> {
                try {
                    while (true) {
                        stream.output().write(new byte[1 << 16]);
                    }
                } catch (IOException e) {
                    // the host was closed
                }
            });
            await().until(() -> writer.getState() == Thread.State.TIMED_WAITING
                    || writer.getState() == Thread.State.WAITING);
            long start = System.nanoTime();
            alice.close();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(6));
            writer.join(TIMEOUT);
            assertThat(writer.isAlive()).isFalse();
        }
    }

    @Test
    void manyHostsOpenAndCloseManyTimes() throws Exception {
        for (int i = 0; i < 10; i++) {
            try (TestHost alice = TestHost.start();
                    TestHost bob = TestHost.start()) {
                alice.dial(bob);
            }
        }
    }
}
