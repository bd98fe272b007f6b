package io.swarmscope.internal.node;

import static io.swarmscope.internal.node.Network.PATIENCE;
import static io.swarmscope.internal.node.Network.manifest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.management.HotSpotDiagnosticMXBean;
import io.swarmscope.DhtMode;
import io.swarmscope.Multiaddr;
import io.swarmscope.PackageId;
import io.swarmscope.PeerId;
import io.swarmscope.Query;
import io.swarmscope.Registry;
import io.swarmscope.RegistryConfig;
import io.swarmscope.RegistryException;
import io.swarmscope.SearchReport;
import io.swarmscope.SearchResult;
import io.swarmscope.host.Connection;
import io.swarmscope.host.DeafListener;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.link.TcpHost;
import io.swarmscope.internal.link.TcpHostConfig;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls end when they said they would, and leave nothing behind, whatever peers do. */
class DeadlinesTest {

    private static final String SEARCH = "/swarmscope/search/2.0.0";

    @Test
    void aPeerThatNeverAnswersDelaysNobodyBeyondTheDeadline() throws Exception {
        try (Network network = new Network();
                SilentPeer silent = new SilentPeer()) {
            Registry publisher = network.open();
            Registry searcher = network.openClient();
            publisher.publish(manifest("acme/logger", "1", "A small logger"));
            searcher.connect(silent.address());

            Duration timeout = Duration.ofMillis(1500);
            long began = System.nanoTime();
            SearchResult result = searcher.search(Query.text("logger"), timeout);
            Duration took = Duration.ofNanos(System.nanoTime() - began);

            assertThat(result.packages()).as("what was found in time is returned").hasSize(1);
            assertThat(result.complete()).isFalse();
            assertThat(result.report().stopped()).isEqualTo(SearchReport.StopReason.DEADLINE);
            assertThat(result.report().peers())
                    .filteredOn(p -> p.peer().equals(silent.id()))
                    .singleElement()
                    .satisfies(p -> assertThat(p.outcome()).isEqualTo(SearchReport.Outcome.TIMED_OUT));
            assertThat(took).isLessThan(timeout.plusSeconds(3));
            await().atMost(PATIENCE).until(silent::openStreams, open -> open == 0);
        }
    }

    @Test
    void interruptingASearchEndsItAndLeavesNoStreamOpen() throws Exception {
        try (SilentPeer silent = new SilentPeer();
                Registry searcher = Registry.open(clientOnLoopback())) {
            searcher.connect(silent.address());
            AtomicReference<Throwable> outcome = new AtomicReference<>();
            CountDownLatch ended = new CountDownLatch(1);
            Thread caller = Thread.ofVirtual().start(() -> {
                try {
                    searcher.search(Query.text("logger"), Duration.ofSeconds(30));
                } catch (Throwable e) {
                    outcome.set(e);
                } finally {
                    ended.countDown();
                }
            });
            await().atMost(PATIENCE).until(silent::openStreams, open -> open == 1);

            caller.interrupt();
            assertThat(ended.await(2, TimeUnit.SECONDS)).isTrue();
            assertThat(outcome.get()).isInstanceOf(InterruptedException.class);
            await().atMost(PATIENCE).until(silent::openStreams, open -> open == 0);
            assertThat(searcher.status().peers()).as("the connection lives on").hasSize(1);
            assertThat(silent.connections()).allMatch(Connection::isOpen);
        }
    }

    @Test
    void closingDuringAHundredSearchesFailsEachWithTheSameClearException() throws Exception {
        try (SilentPeer silent = new SilentPeer()) {
            Registry searcher = Registry.open(clientOnLoopback());
            searcher.connect(silent.address());
            Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
            List<Thread> callers = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                callers.add(Thread.ofVirtual().start(() -> {
                    try {
                        searcher.search(Query.text("logger"), Duration.ofSeconds(30));
                    } catch (Throwable e) {
                        failures.add(e);
                    }
                }));
            }
            // The peer serves 32 streams of one protocol at a time; the others wait for their deadline or are refused.
            await().atMost(PATIENCE).until(silent::openStreams, open -> open >= 20);

            searcher.close();
            for (Thread caller : callers) {
                assertThat(caller.join(Duration.ofSeconds(5))).isTrue();
            }
            assertThat(failures).isNotEmpty().allSatisfy(e -> assertThat(e)
                    .isInstanceOf(RegistryException.Closed.class)
                    .hasMessage(new RegistryException.Closed(null).getMessage()));
        }
    }

    @Test
    void aClosedRegistryLeavesNoThreadBehindAndRefusesEveryCall(@TempDir Path directory) throws Exception {
        Registry node = Registry.open(clientOnLoopback());
        String name = node.id().shortText();
        assertThat(threadDump(directory.resolve("open"))).as("its threads carry its name").contains(name);
        node.close();
        node.close();
        AtomicInteger dumps = new AtomicInteger();
        await().atMost(PATIENCE).untilAsserted(
                () -> assertThat(threadDump(directory.resolve("closed-" + dumps.incrementAndGet()))).doesNotContain(name));
        assertThatThrownBy(() -> node.find(PackageId.parse("a/b")))
                .isInstanceOf(RegistryException.Closed.class);
        assertThatThrownBy(() -> node.search(Query.all()))
                .isInstanceOf(RegistryException.Closed.class);
        assertThatThrownBy(() -> node.publish(manifest("a/b", "1", "t")))
                .isInstanceOf(RegistryException.Closed.class);
        assertThatThrownBy(node::status).isInstanceOf(RegistryException.Closed.class);
    }

    /** All threads of this process, virtual ones too, which no other interface lists. */
    private static String threadDump(Path file) throws IOException {
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                .dumpThreads(file.toAbsolutePath().toString(), HotSpotDiagnosticMXBean.ThreadDumpFormat.TEXT_PLAIN);
        return Files.readString(file);
    }

    private static RegistryConfig clientOnLoopback() {
        return RegistryConfig.DEFAULT.withListen("/ip4/127.0.0.1/tcp/0").withDhtMode(DhtMode.CLIENT);
    }

    /** A real host that takes every search and answers none. */
    private static final class SilentPeer implements AutoCloseable {
        private final TcpHost host;
        private final Queue<Connection> connections = new ConcurrentLinkedQueue<>();
        private final AtomicInteger open = new AtomicInteger();
        private final CountDownLatch closing = new CountDownLatch(1);

        SilentPeer() throws Exception {
            host = TcpHost.create(
                    Identity.generate(new SecureRandom()),
                    TcpHostConfig.DEFAULT.withListen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0")));
            host.handle(SEARCH, stream -> {
                open.incrementAndGet();
                try {
                    stream.timeout(Duration.ofMinutes(5));
                    byte[] sink = new byte[1024];
                    // Reads on past the end of the request, until the searcher resets the stream.
                    while (stream.input().read(sink) >= 0) {}
                    Connection connection = stream.connection();
                    while (connection.isOpen() && !closing.await(5, TimeUnit.MILLISECONDS)) {
                        stream.output().write(new byte[0]);
                    }
                } finally {
                    open.decrementAndGet();
                }
            });
            host.start(new DeafListener() {
                @Override
                public void opened(Connection connection) {
                    connections.add(connection);
                }
            });
        }

        PeerId id() {
            return host.id();
        }

        Multiaddr address() {
            return host.addresses().get(0).withPeerId(host.id());
        }

        int openStreams() {
            return open.get();
        }

        Queue<Connection> connections() {
            return connections;
        }

        @Override
        public void close() {
            closing.countDown();
            host.close();
        }
    }
}
