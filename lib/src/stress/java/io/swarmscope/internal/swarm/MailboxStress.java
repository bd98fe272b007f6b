package io.swarmscope.internal.swarm;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Mode;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.Signal;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.III_Result;

/** Who puts something into the mailbox knows whether the swarm thread will see it. */
public final class MailboxStress {

    private MailboxStress() {}

    private static <T> ArrayDeque<T> take(Mailbox<T> mailbox, ArrayDeque<T> empty) {
        try {
            return mailbox.take(empty, TimeUnit.HOURS.toNanos(1));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As when the swarm is closed in the middle of a call: the thread closes, drains what is there and is gone. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "taken before the end, and drained")
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "refused")
    @Outcome(expect = FORBIDDEN, desc = "a call that nobody answers, or one that is answered although it was refused")
    @State
    public static class OfferWhenItEnds {
        private final Mailbox<String> mailbox = new Mailbox<>(10);

        /** The caller. */
        @Actor
        public void caller(II_Result r) {
            r.r1 = mailbox.offer("call") ? 1 : 0;
        }

        /** The swarm thread. */
        @Actor
        public void swarm(II_Result r) {
            mailbox.close();
            while (mailbox.poll() != null) {
                r.r2++;
            }
        }
    }

    /** Two callers and room for one. */
    @JCStressTest
    @Outcome(id = {"1, 0, 1", "0, 1, 1"}, expect = ACCEPTABLE, desc = "one of them")
    @Outcome(expect = FORBIDDEN, desc = "the bound is broken, or nobody got the room")
    @State
    public static class LastRoom {
        private final Mailbox<String> mailbox = new Mailbox<>(1);

        /** One. */
        @Actor
        public void one(III_Result r) {
            r.r1 = mailbox.offer("one") ? 1 : 0;
        }

        /** The other. */
        @Actor
        public void other(III_Result r) {
            r.r2 = mailbox.offer("other") ? 1 : 0;
        }

        /** What is there. */
        @Arbiter
        public void look(III_Result r) {
            r.r3 = mailbox.size();
        }
    }

    /** A taker that finds nothing waits for an hour; only the put can wake it. */
    @JCStressTest(Mode.Termination)
    @Outcome(id = "TERMINATED", expect = ACCEPTABLE, desc = "woken")
    @Outcome(id = "STALE", expect = FORBIDDEN, desc = "a lost wake-up")
    @State
    public static class TakeThenPut {
        private final Mailbox<String> mailbox = new Mailbox<>(10);

        /** The swarm thread. */
        @Actor
        public void swarm() {
            take(mailbox, new ArrayDeque<>());
        }

        /** A caller. */
        @Signal
        public void caller() {
            mailbox.force("call");
        }
    }

    /** A taker that waits is woken by the end. */
    @JCStressTest(Mode.Termination)
    @Outcome(id = "TERMINATED", expect = ACCEPTABLE, desc = "woken")
    @Outcome(id = "STALE", expect = FORBIDDEN, desc = "a swarm thread that never ends")
    @State
    public static class TakeThenClose {
        private final Mailbox<String> mailbox = new Mailbox<>(10);

        /** The swarm thread. */
        @Actor
        public void swarm() {
            take(mailbox, new ArrayDeque<>());
        }

        /** Whoever closes the node. */
        @Signal
        public void closer() {
            mailbox.close();
        }
    }

    /** Two puts of one thread are taken in their order while the taker takes, by however many turns. */
    @JCStressTest
    @Outcome(id = "2, 1", expect = ACCEPTABLE, desc = "both, in order")
    @Outcome(expect = FORBIDDEN, desc = "lost, doubled or turned round")
    @State
    public static class TwoPutsAndTakes {
        private final Mailbox<Integer> mailbox = new Mailbox<>(10);

        /** A caller. */
        @Actor
        public void caller() {
            mailbox.offer(1);
            mailbox.offer(2);
        }

        /** The swarm thread. */
        @Actor
        public void swarm(II_Result r) {
            ArrayDeque<Integer> batch = new ArrayDeque<>();
            int last = 0;
            r.r2 = 1;
            while (r.r1 < 2) {
                batch = take(mailbox, batch);
                for (Integer next; (next = batch.poll()) != null; last = next) {
                    r.r1++;
                    r.r2 = next == last + 1 ? r.r2 : 0;
                }
            }
        }
    }
}
