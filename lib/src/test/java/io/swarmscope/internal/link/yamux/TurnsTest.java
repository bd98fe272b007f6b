package io.swarmscope.internal.link.yamux;

import static org.assertj.core.api.Assertions.assertThat;

import io.swarmscope.internal.wire.Limits;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TurnsTest {
    private final Turns turns = new Turns();
    private int queued;

    private static Sender sender() {
        return new Sender(null, 1);
    }

    /** Queues as much as the sender may, in frames, and returns how much that was. */
    private int fill(Sender s) {
        int sum = 0;
        for (int room; (room = turns.room(s, queued)) > 0; ) {
            s.turnBytes += room;
            queued += Frame.HEADER + room;
            sum += room;
        }
        return sum;
    }

    private void nextPacket() {
        turns.next();
        queued = 0;
    }

    @Test
    void aStreamAloneFillsOneNoiseMessage() {
        assertThat(fill(sender())).isEqualTo(4 * Turns.FRAME_BODY);
        assertThat(queued).isBetween(65_000, 65_519);
    }

    @Test
    void aStreamMayGoOnInTheNextPacket() {
        Sender s = sender();
        fill(s);
        assertThat(fill(s)).isZero();
        nextPacket();
        assertThat(fill(s)).isEqualTo(4 * Turns.FRAME_BODY);
    }

    @Test
    void theFirstFrameOfAStreamDoesNotWaitBehindBulkData() {
        fill(sender());
        fill(sender());
        Sender waiting = sender();
        fill(waiting);
        turns.enqueue(waiting);
        assertThat(queued).isGreaterThan(Limits.YAMUX_QUEUED);
        assertThat(turns.room(sender(), queued)).as("for a request").isPositive();
    }

    @Test
    void thereIsAnEndToThat() {
        for (int i = 0; i < 100; i++) {
            fill(sender());
        }
        assertThat(queued).isLessThan(Limits.YAMUX_QUEUED + 64 * 1024);
    }

    @Test
    void whileOthersWaitAStreamGetsOneFrameAndThenQueues() {
        Sender s = sender();
        turns.enqueue(sender());
        assertThat(fill(s)).isEqualTo(Turns.FRAME_BODY);
    }

    @Test
    void theMoreOthersWaitTheSmallerTheShareOfTheFirst() {
        Sender head = sender();
        turns.enqueue(head);
        for (int others = 0; others < 20; others++) {
            nextPacket();
            int even = Limits.YAMUX_QUEUED / (others + 1);
            assertThat(fill(head))
                    .isEqualTo(Math.max(Turns.FRAME_BODY, Math.min(4 * Turns.FRAME_BODY, even)));
            turns.enqueue(sender());
        }
    }

    @Test
    void thoseWhoWaitAreWokenOneAfterTheOtherAndInOrder() {
        List<Sender> senders = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Sender s = sender();
            s.waiter = new Thread();
            fill(s);
            turns.enqueue(s);
            senders.add(s);
        }
        assertThat(turns.toWake(Limits.YAMUX_QUEUED)).as("the packet is full").isNull();
        nextPacket();
        for (Sender s : senders) {
            assertThat(turns.toWake(queued)).isSameAs(s.waiter);
            assertThat(turns.toWake(queued)).as("he is on his way").isNull();
            assertThat(fill(s)).isPositive();
            turns.leave(s);
        }
        assertThat(turns.toWake(queued)).isNull();
    }
}
