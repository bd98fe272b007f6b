package io.swarmscope.internal.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.swarmscope.PeerId;
import io.swarmscope.internal.fork.Deadline;
import io.swarmscope.internal.sync.SyncReport.Ending;
import io.swarmscope.internal.wire.Multihash;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Two shelves, here and there, and a connection in memory. */
class SyncTest {

    private static final long SEED = Long.getLong("swarmscope.seed", 2212);
    private static final int RECORD = 300;
    private static final PeerId SELF = peer(1);
    private static final PeerId OTHER = peer(2);

    private final Shelf here = new Shelf(RECORD);
    private final Shelf there = new Shelf(RECORD);
    private final SyncHandler handler = new SyncHandler(there);
    private final Wire wire = new Wire(SELF, OTHER, handler);

    static PeerId peer(int number) {
        return PeerId.ofBytes(Multihash.sha256(new byte[] {(byte) (number >> 8), (byte) number}).toBytes());
    }

    private SyncReport sync() {
        return new SyncClient("test", here).sync(wire, Deadline.after(Duration.ofSeconds(30)));
    }

    @Test
    void twoSetsBecomeTheirUnionByHighestSequence() {
        for (int run = 0; run < 40; run++) {
            Random random = new Random(SEED + run);
            Shelf a = new Shelf(20);
            Shelf b = new Shelf(20);
            int common = random.nextInt(4) == 0 ? random.nextInt(3) : random.nextInt(5_000);
            Shelf.fill(common, a, b);
            int differences = random.nextInt(501);
            for (int i = 0; i < differences; i++) {
                (random.nextBoolean() ? a : b).put(Shelf.key(random.nextInt(6_000)), 1 + random.nextInt(4));
            }
            Map<String, Long> union = Shelf.union(a, b);
            Wire between = new Wire(SELF, OTHER, new SyncHandler(b));

            SyncReport report = new SyncClient("test", a).sync(between, Deadline.after(Duration.ofSeconds(30)));

            assertThat(report.ending()).as("seed %d: %s", SEED + run, report).isIn(Ending.DONE, Ending.EQUAL);
            assertThat(a.held()).as("seed %d", SEED + run).isEqualTo(union);
            assertThat(b.held()).as("seed %d", SEED + run).isEqualTo(union);
            SyncReport again = new SyncClient("test", a).sync(between, Deadline.after(Duration.ofSeconds(30)));
            assertThat(again.ending()).as("seed %d: %s", SEED + run, again).isEqualTo(Ending.EQUAL);
        }
    }

    @Test
    void equalSetsCostOneRoundTrip() {
        Shelf.fill(10_000, here, there);

        SyncReport report = sync();

        assertThat(report.ending()).isEqualTo(Ending.EQUAL);
        assertThat(report.rounds()).isEqualTo(1);
        assertThat(report.bytesIn() + report.bytesOut()).isLessThan(150);
        assertThat(report.peerCount()).isEqualTo(10_000);
    }

    @Test
    void twoEmptyNodesAreEqual() {
        assertThat(sync().ending()).isEqualTo(Ending.EQUAL);
    }

    @Test
    void tenDifferencesAmongTenThousandCostLittle() {
        Shelf.fill(10_000, here, there);
        Random random = new Random(SEED);
        for (int i = 0; i < 10; i++) {
            (i % 2 == 0 ? here : there).put(Shelf.key(random.nextInt(10_000)), 2);
        }

        SyncReport report = sync();

        assertThat(report.ending()).as("%s", report).isEqualTo(Ending.DONE);
        assertThat(report.gained()).isEqualTo(5);
        assertThat(report.accepted()).isEqualTo(5);
        assertThat(report.rounds()).as("three to compare, one to fetch, one to offer").isEqualTo(5);
        assertThat(report.bytesIn() + report.bytesOut() - 10 * RECORD).as("%s", report).isLessThan(50_000);
    }

    @Test
    void workGrowsWithTheDifferenceAndNotWithTheSet() {
        Shelf.fill(1_000, here, there);
        there.put(Shelf.key(1), 2);
        SyncReport small = sync();
        Shelf.fill(30_000, here, there);
        there.put(Shelf.key(1), 3);
        SyncReport large = sync();

        assertThat(large.gained()).isEqualTo(1);
        assertThat(large.rounds()).isLessThanOrEqualTo(small.rounds() + 2);
        assertThat(large.bytesIn() + large.bytesOut()).isLessThan(3 * (small.bytesIn() + small.bytesOut())).isLessThan(6_000);
    }

    @Test
    void anEmptyNodeGetsEverythingWithFewQuestionsBesideTheRecords() {
        Shelf.fill(10_000, there);

        SyncReport report = sync();

        assertThat(report.ending()).isEqualTo(Ending.DONE);
        assertThat(here.held()).isEqualTo(there.held());
        assertThat(report.rounds()).as("%s", report).isLessThan(20);
        assertThat(report.bytesIn() + report.bytesOut() - 10_000L * RECORD).as("%s", report).isLessThan(10_000L * 120);
    }

    @Test
    void anEmptyNodeIsGivenEverythingALittleAtATime() {
        Shelf.fill(10_000, here);

        SyncReport report = sync();

        assertThat(report.ending()).isEqualTo(Ending.DONE);
        assertThat(there.held()).isEqualTo(here.held());
        assertThat(report.accepted()).isEqualTo(10_000);
    }

    @Test
    void recordsOfTheLargestSizeAreFetchedAndOffered() {
        Shelf heavy = new Shelf(8 * 1024);
        Shelf heavier = new Shelf(8 * 1024);
        for (int i = 0; i < 300; i++) {
            (i % 2 == 0 ? heavy : heavier).put(Shelf.key(i), 1);
        }

        SyncReport report = new SyncClient("test", heavy)
                .sync(new Wire(SELF, OTHER, new SyncHandler(heavier)), Deadline.after(Duration.ofSeconds(30)));

        assertThat(report.ending()).as("%s", report).isEqualTo(Ending.DONE);
        assertThat(heavy.held()).hasSize(300).isEqualTo(heavier.held());
    }

    @Test
    void anInterruptedSyncGoesOnWhereItStopped() {
        Shelf.fill(5_000, there);
        Shelf.fill(1_000, here);
        wire.cutAfter = 1_000_000;

        SyncReport first = sync();

        assertThat(first.ending()).as("%s", first).isEqualTo(Ending.INTERRUPTED);
        assertThat(first.gained()).as("%s", first).isBetween(500, 3_900);
        assertThat(here.items.size()).isEqualTo(1_000 + first.gained());

        wire.cutAfter = Long.MAX_VALUE;
        SyncReport second = sync();

        assertThat(second.ending()).as("%s", second).isEqualTo(Ending.DONE);
        assertThat(second.fetched()).as("nothing twice").isEqualTo(4_000 - first.gained());
        assertThat(here.held()).isEqualTo(there.held());
    }

    @Test
    void aSyncThatIsCutAgainAndAgainStillEnds() {
        Shelf.fill(3_000, there);
        wire.cutAfter = 500_000;
        SyncReport report = sync();
        int sessions = 1;
        while (report.ending() == Ending.INTERRUPTED && sessions < 20) {
            report = sync();
            sessions++;
        }

        assertThat(report.ending()).as("after %d sessions: %s", sessions, report).isEqualTo(Ending.DONE);
        assertThat(here.held()).isEqualTo(there.held());
        assertThat(here.takes).hasValue(3_000);
    }

    @Test
    void whatComesByAnotherWayMeanwhileDoesNoHarm() throws Exception {
        Shelf.fill(4_000, here, there);
        Thread gossip = Thread.startVirtualThread(() -> {
            Random random = new Random(SEED);
            for (int i = 0; i < 3_000; i++) {
                String key = Shelf.key(random.nextInt(5_000));
                long sequence = 2 + random.nextInt(50);
                here.put(key, sequence);
                there.put(key, sequence);
            }
        });
        while (gossip.isAlive()) {
            SyncReport report = sync();
            assertThat(report.ending()).as("%s", report).isIn(Ending.DONE, Ending.EQUAL);
        }
        gossip.join();
        sync();

        assertThat(sync().ending()).isEqualTo(Ending.EQUAL);
        assertThat(here.held()).isEqualTo(there.held());
    }

    @Test
    void withoutTimeNothingHappens() {
        Shelf.fill(10, there);

        SyncReport report = new SyncClient("test", here).sync(wire, Deadline.after(Duration.ZERO));

        assertThat(report.ending()).isEqualTo(Ending.INTERRUPTED);
        assertThat(report.rounds()).isZero();
    }

    @Test
    void aCallerThatIsInterruptedHearsSoAndStaysInterrupted() throws Exception {
        Wire silent = new Wire(SELF, OTHER, stream -> {
            while (stream.input().read() >= 0) {}
        });
        SyncReport[] report = new SyncReport[1];
        boolean[] interrupted = new boolean[1];
        Thread caller = Thread.startVirtualThread(() -> {
            report[0] = new SyncClient("test", here).sync(silent, Deadline.after(Duration.ofSeconds(30)));
            interrupted[0] = Thread.currentThread().isInterrupted();
        });
        caller.interrupt();

        assertThat(caller.join(Duration.ofSeconds(20))).isTrue();
        assertThat(report[0].ending()).isEqualTo(Ending.INTERRUPTED);
        assertThat(interrupted[0]).isTrue();
    }
}
