package io.swarmscope.internal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.swarmscope.RegistryException;
import io.swarmscope.internal.fork.Deadline;
import io.swarmscope.internal.wire.Limits;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many callers, little time, no room, a full disk, the end. */
class StoreLoadTest {

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochMilli(Rows.NOW));

    @TempDir
    Path directory;

    private Store open() {
        return Store.open(directory, "test", CLOCK, new Rows.Told());
    }

    private Rows.Told reopened() {
        Rows.Told told = new Rows.Told();
        Store.open(directory, "test", CLOCK, told).close();
        return told;
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(20));
    }

    private static void sql(Store store, String... sql) throws InterruptedException {
        store.read(
                statements -> {
                    for (String each : sql) {
                        if (each.startsWith("PRAGMA")) {
                            statements.number(each);
                        } else {
                            statements.run(each);
                        }
                    }
                    return true;
                },
                soon());
    }

    /** Keeps the store's thread from its work until closed. */
    private static final class Hold implements AutoCloseable {
        private final CountDownLatch release = new CountDownLatch(1);
        private final Thread reader;

        Hold(Store store) throws InterruptedException {
            CountDownLatch held = new CountDownLatch(1);
            reader = Thread.startVirtualThread(() -> {
                try {
                    store.read(
                            statements -> {
                                held.countDown();
                                return await(release);
                            },
                            soon());
                } catch (InterruptedException | RegistryException.Closed e) {
                    // the test ended
                }
            });
            assertThat(await(held)).isTrue();
        }

        private static boolean await(CountDownLatch latch) {
            try {
                return latch.await(20, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                return false;
            }
        }

        @Override
        public void close() throws InterruptedException {
            release.countDown();
            reader.join();
        }
    }

    @Test
    void manyWhoCommitAtOnceShareTransactionsAndStarveNobody() throws Exception {
        int callers = 64;
        int each = 50;
        AtomicInteger beats = new AtomicInteger();
        AtomicBoolean over = new AtomicBoolean();
        try (Store store = open()) {
            Thread heart = Thread.startVirtualThread(() -> {
                while (!over.get()) {
                    LockSupport.parkNanos(2_000_000);
                    beats.incrementAndGet();
                }
            });
            long began = System.nanoTime();
            try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int c = 0; c < callers; c++) {
                    String caller = "c" + c;
                    executor.submit(() -> {
                        for (int i = 0; i < each; i++) {
                            store.commit(List.of(Rows.putHead(caller + "-" + i)), soon());
                        }
                        return null;
                    });
                }
            }
            long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
            over.set(true);
            heart.join();
            assertThat(store.counters().get("store.written")).isEqualTo(callers * each);
            assertThat(store.counters().get("store.transactions")).isLessThan(callers * each / 4);
            // Alone it beats about every 2 to 3 ms. On virtual threads SQLite would leave it hardly any beat.
            assertThat(beats.get()).as("in %s ms", took).isGreaterThan((int) (took / 200));
        }
        assertThat(reopened().heads()).hasSize(callers * each);
    }

    @Test
    void aFullQueueRefusesAndCountsWhatItDropped() throws Exception {
        try (Store store = open()) {
            int taken = 0;
            try (Hold hold = new Hold(store)) {
                while (store.offer(Rows.putHead("h" + taken))) {
                    taken++;
                }
                assertThat(taken).isBetween(1000, Limits.STORE_QUEUE);
                assertThat(store.counters()).containsEntry("store.dropped", 1L).containsEntry("store.queued", (long) taken);
                assertThatThrownBy(() -> store.commit(List.of(Rows.putHead("x")), Deadline.after(Duration.ofMillis(20))))
                        .isInstanceOf(RegistryException.DeadlineExceeded.class)
                        .hasMessageContaining("waiting");
            }
            int expected = taken + 1;
            assertThat(store.write(Rows.putHead("waits for room"))).isTrue();
            await().untilAsserted(() -> assertThat(store.counters()).containsEntry("store.written", (long) expected));
        }
    }

    @Test
    void theQueueIsBoundedByBytesToo() throws Exception {
        try (Store store = open();
                Hold hold = new Hold(store)) {
            Change large = new Change.Put(Rows.head("a", 1, 1 << 20));
            int taken = 0;
            while (store.offer(large)) {
                taken++;
            }
            assertThat(taken).isEqualTo((Limits.STORE_QUEUE_BYTES >> 20) - 1);
        }
    }

    @Test
    void aCommitWhoseTimeIsUpBeforeItBeganIsNotWritten() throws Exception {
        try (Store store = open()) {
            try (Hold hold = new Hold(store)) {
                assertThatThrownBy(() -> store.commit(List.of(Rows.putHead("late")), Deadline.after(Duration.ofMillis(30))))
                        .isInstanceOf(RegistryException.DeadlineExceeded.class)
                        .hasMessageContaining("nothing was written");
            }
            store.commit(List.of(Rows.putHead("next")), soon());
        }
        assertThat(reopened().heads()).containsExactly("next");
    }

    @Test
    void aCommitWhoseTimeIsUpAfterItBeganIsWaitedFor() throws Exception {
        try (Store store = open()) {
            makeSlow(store);
            long began = System.nanoTime();
            store.commit(List.of(Rows.putHead("slow")), Deadline.after(Duration.ofMillis(20)));
            assertThat(System.nanoTime() - began).as("it was slow").isGreaterThan(40_000_000L);
        }
        assertThat(reopened().heads()).containsExactly("slow");
    }

    /** A head named slow takes some tenths of a second. */
    private static void makeSlow(Store store) throws InterruptedException {
        sql(
                store,
                "CREATE TEMP TABLE counted(n)",
                "CREATE TEMP VIEW many AS WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 1000000)"
                        + " SELECT count(*) AS n FROM c",
                "CREATE TEMP TRIGGER slow AFTER INSERT ON heads WHEN new.name = 'slow'"
                        + " BEGIN INSERT INTO counted SELECT n FROM many; END");
    }

    @Test
    void whoIsInterruptedBeforeItBeganTakesItBackAndAfterwardsWaits() throws Exception {
        try (Store store = open()) {
            AtomicReference<Object> end = new AtomicReference<>();
            Thread early;
            try (Hold hold = new Hold(store)) {
                early = committing(store, "early", end);
                await().until(() -> store.counters().get("store.queued") == 1);
                early.interrupt();
                early.join();
                assertThat(end.get()).isInstanceOf(InterruptedException.class);
            }
            makeSlow(store);
            Thread late = committing(store, "slow", end);
            await().until(() -> late.getState() != Thread.State.NEW && store.counters().get("store.queued") == 0);
            late.interrupt();
            late.join();
            assertThat(end.get()).isIn("committed, interrupted", "committed");
        }
        assertThat(reopened().heads()).containsExactly("slow");
    }

    private static Thread committing(Store store, String name, AtomicReference<Object> end) {
        CountDownLatch started = new CountDownLatch(1);
        Thread thread = Thread.startVirtualThread(() -> {
            try {
                started.countDown();
                store.commit(List.of(Rows.putHead(name)), soon());
                end.set(Thread.currentThread().isInterrupted() ? "committed, interrupted" : "committed");
            } catch (InterruptedException | RuntimeException e) {
                end.set(e);
            }
        });
        Hold.await(started);
        return thread;
    }

    @Test
    void aChangeThatIsRefusedDoesNotTakeOthersWithIt() throws Exception {
        try (Store store = open()) {
            sql(store, "CREATE TEMP TRIGGER bad BEFORE INSERT ON heads WHEN new.name = 'bad' BEGIN SELECT RAISE(ABORT, 'bad'); END");
            CompletableFuture<Void> good = new CompletableFuture<>();
            try (Hold hold = new Hold(store)) {
                store.offer(Rows.putHead("one"));
                store.write(Rows.putHead("with the bad"), Rows.putHead("bad"));
                Thread.startVirtualThread(() -> {
                    try {
                        store.commit(List.of(Rows.putHead("two")), soon());
                        good.complete(null);
                    } catch (Exception e) {
                        good.completeExceptionally(e);
                    }
                });
                await().until(() -> store.counters().get("store.queued") == 4);
            }
            good.get(20, TimeUnit.SECONDS);
            assertThatThrownBy(() -> store.commit(List.of(Rows.putHead("bad")), soon()))
                    .isInstanceOf(RegistryException.NotStored.class);
            assertThat(store.counters()).containsEntry("store.failed", 3L);
        }
        assertThat(reopened().heads()).containsExactly("one", "two");
    }

    @Test
    void aFullDiskSaysSoAndWhenThereIsRoomAgainItGoesOn() throws Exception {
        try (Store store = open()) {
            store.commit(List.of(Rows.putHead("first")), soon());
            sql(store, "PRAGMA max_page_count = 1");
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 100; i++) {
                            store.commit(List.of(Rows.putHead("more" + i)), soon());
                        }
                    })
                    .isInstanceOf(RegistryException.NotStored.class)
                    .hasMessageContaining(directory.toString())
                    .hasMessageContaining("full");
            sql(store, "PRAGMA max_page_count = 100000");
            store.commit(List.of(Rows.putHead("last")), soon());
        }
        assertThat(reopened().heads()).contains("first", "last");
    }

    @Test
    void whoeverCommitsWhileItClosesKnowsWhatBecameOfIt() throws Exception {
        Set<String> committed = ConcurrentHashMap.newKeySet();
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Store store = open();
            List<Future<?>> callers = new java.util.ArrayList<>();
            for (int c = 0; c < 32; c++) {
                String caller = "c" + c;
                callers.add(executor.submit(() -> {
                    for (int i = 0; ; i++) {
                        store.commit(List.of(Rows.putHead(caller + "-" + i)), soon());
                        committed.add(caller + "-" + i);
                    }
                }));
            }
            await().until(() -> committed.size() > 200);
            store.close();
            for (Future<?> caller : callers) {
                assertThatThrownBy(() -> caller.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(RegistryException.Closed.class);
            }
        }
        assertThat(new TreeSet<>(reopened().heads())).containsExactlyElementsOf(new TreeSet<>(committed));
    }

    @Test
    void aClosedStoreTakesNothing() throws Exception {
        Store store = open();
        store.close();
        store.close();
        assertThat(store.offer(Rows.putHead("a"))).isFalse();
        assertThat(store.write(Rows.putHead("a"))).isFalse();
        assertThatThrownBy(() -> store.commit(List.of(Rows.putHead("a")), soon())).isInstanceOf(RegistryException.Closed.class);
        assertThatThrownBy(() -> store.versions("acme", "a", soon())).isInstanceOf(RegistryException.Closed.class);
    }

    @Test
    void aReadThatFailsSaysSo() throws Exception {
        try (Store store = open()) {
            assertThatThrownBy(() -> store.read(statements -> statements.number("SELECT x FROM nowhere"), soon()))
                    .isInstanceOf(RegistryException.CouldNotFindOut.class)
                    .hasMessageContaining("nowhere");
            try (Hold hold = new Hold(store)) {
                assertThatThrownBy(() -> store.sizes(Deadline.after(Duration.ofMillis(20))))
                        .isInstanceOf(RegistryException.DeadlineExceeded.class);
            }
        }
    }
}
