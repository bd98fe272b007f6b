package io.swarmscope.internal.store;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.swarmscope.internal.fork.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Mode;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.Signal;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Who puts a change or a read into the store's queue knows whether the store's thread will see it. */
public final class StoreQueueStress {

    private StoreQueueStress() {}

    private static StoreQueue.Job job(CompletableFuture<Void> done) {
        return StoreQueue.Job.of(List.of(), done);
    }

    /** How many changes and reads were taken; -1 if the queue is closed and empty. */
    private static int take(StoreQueue queue) {
        try {
            StoreQueue.Batch batch = queue.take();
            return batch == null ? -1 : batch.jobs().size() + batch.reads().size();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int takeAll(StoreQueue queue) {
        int all = 0;
        for (int taken; (taken = take(queue)) >= 0; ) {
            all += taken;
        }
        return all;
    }

    /** The store's thread ends: it takes until there is nothing. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "in time, and written")
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "refused")
    @Outcome(expect = FORBIDDEN, desc = "a change that was taken and not written")
    @State
    public static class ChangeWhenItCloses {
        private final StoreQueue queue = new StoreQueue();

        /** Whoever publishes. */
        @Actor
        public void publisher(II_Result r) {
            r.r1 = queue.offer(job(new CompletableFuture<>())) ? 1 : 0;
        }

        /** The store. */
        @Actor
        public void store(II_Result r) {
            queue.close();
            r.r2 = takeAll(queue);
        }
    }

    /** The same for a read. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "in time, and answered")
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "refused")
    @Outcome(expect = FORBIDDEN, desc = "a read that nobody answers")
    @State
    public static class ReadWhenItCloses {
        private final StoreQueue queue = new StoreQueue();

        /** Whoever reads. */
        @Actor
        public void reader(II_Result r) {
            StoreQueue.Read<Integer> read = new StoreQueue.Read<>(statements -> 1, new CompletableFuture<>());
            try {
                r.r1 = queue.put(read, Deadline.after(Duration.ofSeconds(10))) ? 1 : 0;
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        /** The store. */
        @Actor
        public void store(II_Result r) {
            queue.close();
            r.r2 = takeAll(queue);
        }
    }

    /** Whoever gives up takes its change back while the store takes it. */
    @JCStressTest
    @Outcome(id = {"1, 0", "0, 1"}, expect = ACCEPTABLE, desc = "one of them has it")
    @Outcome(expect = FORBIDDEN, desc = "written although it was taken back, or neither")
    @State
    public static class WithdrawWhenItIsTaken {
        private final StoreQueue queue = new StoreQueue();
        private final CompletableFuture<Void> done = new CompletableFuture<>();

        /** With one change, and closed so that an empty one does not make the store wait. */
        public WithdrawWhenItIsTaken() {
            queue.offer(job(done));
            queue.close();
        }

        /** Whoever gave up. */
        @Actor
        public void publisher(II_Result r) {
            r.r1 = queue.withdrawJob(done) ? 1 : 0;
        }

        /** The store. */
        @Actor
        public void store(II_Result r) {
            r.r2 = Math.max(0, take(queue));
        }
    }

    /** The store's thread waits; a change that somebody waits for wakes it. */
    @JCStressTest(Mode.Termination)
    @Outcome(id = "TERMINATED", expect = ACCEPTABLE, desc = "woken")
    @Outcome(id = "STALE", expect = FORBIDDEN, desc = "a lost wake-up")
    @State
    public static class TakeThenOffer {
        private final StoreQueue queue = new StoreQueue();

        /** The store. */
        @Actor
        public void store() {
            take(queue);
        }

        /** Whoever publishes. */
        @Signal
        public void publisher() {
            queue.offer(job(new CompletableFuture<>()));
        }
    }
}
