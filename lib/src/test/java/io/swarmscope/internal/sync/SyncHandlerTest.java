package io.swarmscope.internal.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.bucket4j.TimeMeter;
import io.swarmscope.PeerId;
import io.swarmscope.host.Stream;
import io.swarmscope.internal.fork.Deadline;
import io.swarmscope.internal.sync.SyncAnswer.Status;
import io.swarmscope.internal.sync.SyncReport.Ending;
import io.swarmscope.internal.wire.Limits;
import io.swarmscope.internal.wire.MalformedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SyncHandlerTest {

    private static final PeerId SELF = SyncTest.peer(1);
    private static final PeerId OTHER = SyncTest.peer(2);
    private static final Duration LONG = Duration.ofSeconds(30);

    private final Shelf here = new Shelf(100);
    private final Shelf there = new Shelf(100);
    private final AtomicLong now = new AtomicLong();

    /** Nanoseconds that reading a record takes. */
    private final AtomicLong reading = new AtomicLong();

    private final TimeMeter clock = new TimeMeter() {
        @Override
        public long currentTimeNanos() {
            return now.get();
        }

        @Override
        public boolean isWallClockBased() {
            return false;
        }
    };
    private final SyncHandler handler = new SyncHandler(
            new SyncRecords() {
                @Override
                public ItemSet items() {
                    return there.items();
                }

                @Override
                public Map<String, byte[]> read(List<String> keys) {
                    now.addAndGet(keys.size() * reading.get());
                    return there.read(keys);
                }

                @Override
                public Outcome take(PeerId from, String key, byte[] record) {
                    return there.take(from, key, record);
                }
            },
            clock);

    private SyncReport sync(PeerId as) {
        return new SyncClient("test", here).sync(new Wire(as, OTHER, handler), Deadline.after(LONG));
    }

    @Test
    void aPeerThatAsksForMoreThanItsShareIsTurnedAwayAndGoesOnLater() {
        Shelf.fill(3_000, there);
        reading.set(Duration.ofMillis(8).toNanos()); // 24 s of work, of which 10 s are given at once
        SyncReport first = sync(SELF);

        assertThat(first.ending()).as("%s", first).isEqualTo(Ending.BUSY);
        assertThat(first.gained()).isBetween(1_000, 2_500);
        assertThat(sync(SELF).ending()).isEqualTo(Ending.BUSY);
        assertThat(sync(SELF).gained()).isZero();
        assertThat(new SyncClient("test", new Shelf(1)).sync(new Wire(SyncTest.peer(3), OTHER, handler), Deadline.after(LONG)))
                .as("others are served")
                .matches(report -> report.gained() > 0);

        now.addAndGet(Duration.ofSeconds(60).toNanos());
        SyncReport later = sync(SELF);

        assertThat(later.ending()).as("%s", later).isEqualTo(Ending.DONE);
        assertThat(later.fetched()).isEqualTo(3_000 - first.gained());
    }

    @Test
    void aPeerHasOneSessionAtATimeAndAllTogetherHaveEight() throws Exception {
        List<Stream> open = new ArrayList<>();
        for (int i = 0; i < Limits.SYNC_SESSIONS; i++) {
            open.add(new Wire(SyncTest.peer(10 + i), OTHER, handler).open("/test/sync/1.0.0", LONG));
        }
        await().until(() -> handler.counters().get("sync.sessions") == Limits.SYNC_SESSIONS);

        assertThat(sync(SyncTest.peer(10)).ending()).as("its first goes on").isEqualTo(Ending.BUSY);
        assertThat(sync(SELF).ending()).as("all places are taken").isEqualTo(Ending.BUSY);

        open.removeFirst().close();
        assertThat(sync(SyncTest.peer(10)).ending()).as("its first has ended").isEqualTo(Ending.EQUAL);
        assertThat(sync(SyncTest.peer(11)).ending()).isEqualTo(Ending.BUSY);
        assertThat(sync(SELF).ending()).isEqualTo(Ending.EQUAL);
        assertThat(handler.counters()).containsEntry("sync.busy", 3L);
    }

    @Test
    void aSessionThatBreaksOffLeavesItsPlace() throws Exception {
        for (int i = 0; i < 3 * Limits.SYNC_SESSIONS; i++) {
            Stream stream = new Wire(SELF, OTHER, handler).open("/test/sync/1.0.0", LONG);
            stream.output().write(new byte[] {50, 1});
            stream.reset();
        }
        assertThat(sync(SELF).ending()).isEqualTo(Ending.EQUAL);
    }

    @Test
    void everyAnswerSaysHowMuchThereIs() throws Exception {
        Shelf.fill(7, there);
        SyncAnswer fetched = handler.answer(SELF, new SyncRequest.Fetch(List.of("no/such")).encode());
        assertThat(fetched.root()).isEqualTo(there.items.summary(KeyRange.ALL));
        assertThat(fetched.body()).isEqualTo(new SyncAnswer.Fetched(List.of(), 1));

        SyncAnswer foreign = handler.answer(SELF, new SyncRequest.Foreign().encode());
        assertThat(foreign.status()).isEqualTo(Status.UNKNOWN_SHARD);
        assertThat(foreign.root().count()).isEqualTo(7);
    }

    @Test
    void whatIsOfferedIsJudged() throws Exception {
        there.put("known", 3);
        SyncRequest offer = new SyncRequest.Offer(List.of(
                new SyncRecord("new", Shelf.record("new", 1, 50)),
                new SyncRecord("known", Shelf.record("known", 2, 50)),
                new SyncRecord("bad", new byte[50])));

        assertThat(handler.answer(SELF, offer.encode()).body()).isEqualTo(new SyncAnswer.Offered(1, 1, 1));
        assertThat(there.held()).containsOnlyKeys("known", "new").containsEntry("known", 3L);
    }

    @Test
    void aMalformedQuestionEndsTheSession() {
        assertThatThrownBy(() -> handler.answer(SELF, new byte[] {1})).isInstanceOf(MalformedException.class);
    }
}
