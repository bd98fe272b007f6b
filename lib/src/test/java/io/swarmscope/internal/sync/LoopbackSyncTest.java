package io.swarmscope.internal.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.swarmscope.Multiaddr;
import io.swarmscope.host.Connection;
import io.swarmscope.host.DeafListener;
import io.swarmscope.host.Stream;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.fork.Deadline;
import io.swarmscope.internal.link.TcpHost;
import io.swarmscope.internal.link.TcpHostConfig;
import io.swarmscope.internal.sync.SyncReport.Ending;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two hosts on this machine. */
class LoopbackSyncTest {

    private static final long SEED = Long.getLong("swarmscope.seed", 31);
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final String PROTOCOL = SyncHandler.protocol("test");

    private final TcpHost asker = host();
    private final TcpHost answerer = host();
    private Shelf here = new Shelf(1024);
    private Shelf there = new Shelf(1024);
    private Connection connection;

    private static TcpHost host() {
        return TcpHost.create(
                Identity.generate(new SecureRandom()),
                TcpHostConfig.DEFAULT.withListen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0")));
    }

    @BeforeEach
    void connect() throws Exception {
        asker.start(new DeafListener());
        answerer.handle(PROTOCOL, stream -> new SyncHandler(there).handle(stream));
        answerer.start(new DeafListener());
        connection = asker.dial(answerer.addresses().getFirst(), answerer.id(), LONG);
        await().until(() -> connection.identified().protocols().contains(PROTOCOL));
    }

    @AfterEach
    void close() {
        asker.close();
        answerer.close();
    }

    private SyncReport sync() {
        return new SyncClient("test", here).sync(connection, Deadline.after(LONG));
    }

    @Test
    void twoSetsBecomeTheirUnion() {
        for (int run = 0; run < 8; run++) {
            Random random = new Random(SEED + run);
            here = new Shelf(200);
            there = new Shelf(200);
            Shelf.fill(random.nextInt(5_000), here, there);
            for (int i = random.nextInt(501); i > 0; i--) {
                (random.nextBoolean() ? here : there).put(Shelf.key(random.nextInt(6_000)), 1 + random.nextInt(4));
            }
            Map<String, Long> union = Shelf.union(here, there);

            SyncReport report = sync();

            assertThat(report.ending()).as("seed %d: %s", SEED + run, report).isIn(Ending.DONE, Ending.EQUAL);
            assertThat(here.held()).as("seed %d", SEED + run).isEqualTo(union);
            assertThat(there.held()).as("seed %d", SEED + run).isEqualTo(union);
            assertThat(sync().ending()).isEqualTo(Ending.EQUAL);
        }
        await().until(() -> connection.streams() == 0);
    }

    @Test
    void anEmptyNodeGetsTenThousandRecordsAndThenOnlyWhatIsNew() {
        Shelf.fill(10_000, there);
        SyncReport all = sync();
        assertThat(all.ending()).as("%s", all).isEqualTo(Ending.DONE);
        assertThat(here.items.size()).isEqualTo(10_000);

        for (int i = 0; i < 10; i++) {
            there.put(Shelf.key(i * 997), 2);
        }
        SyncReport ten = sync();
        assertThat(ten.ending()).as("%s", ten).isEqualTo(Ending.DONE);
        assertThat(ten.gained()).isEqualTo(10);
        assertThat(ten.bytesIn() + ten.bytesOut() - 10 * 1024).isLessThan(100_000);
    }

    @Test
    void aConnectionThatIsClosedInterruptsAndTheNextGoesOn() throws Exception {
        Shelf.fill(5_000, there);
        Connection first = connection;
        here = new Shelf(1024);
        Thread cutter = Thread.startVirtualThread(() -> {
            await().pollInterval(Duration.ofMillis(1)).until(() -> here.items.size() > 300);
            first.close();
        });
        SyncReport cut = sync();
        cutter.join();

        assertThat(cut.ending()).as("%s", cut).isEqualTo(Ending.INTERRUPTED);
        assertThat(cut.gained()).isBetween(1, 4_999);
        connection = asker.dial(answerer.addresses().getFirst(), answerer.id(), LONG);
        SyncReport rest = sync();
        assertThat(rest.ending()).as("%s", rest).isEqualTo(Ending.DONE);
        assertThat(rest.fetched()).isEqualTo(5_000 - cut.gained());
        assertThat(here.held()).isEqualTo(there.held());
    }

    @Test
    void aDeadlineEndsASessionAndLeavesNoStream() {
        Shelf.fill(10, there);
        answerer.unhandle(PROTOCOL);
        answerer.handle(PROTOCOL, LoopbackSyncTest::stall);

        SyncReport report = new SyncClient("test", here).sync(connection, Deadline.after(Duration.ofMillis(300)));

        assertThat(report.ending()).as("%s", report).isEqualTo(Ending.INTERRUPTED);
        assertThat(report.detail()).contains("TIMED_OUT");
        assertThat(report.elapsed()).isBetween(Duration.ofMillis(250), Duration.ofSeconds(5));
        await().until(() -> connection.streams() == 0);
    }

    private static void stall(Stream stream) throws IOException {
        stream.timeout(LONG);
        while (stream.input().read() >= 0) {}
    }

    @Test
    void whoDoesNotSpeakTheProtocolIsNotToBlame() {
        SyncReport report = new SyncClient("other", here).sync(connection, Deadline.after(LONG));

        assertThat(report.ending()).as("%s", report).isEqualTo(Ending.INTERRUPTED);
        assertThat(report.detail()).contains("PROTOCOL_UNSUPPORTED");
    }
}
