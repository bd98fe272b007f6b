package io.swarmscope.internal.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The queue of a simulation beside a sorted list. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // a queue that loses an event looks for it for ever
class EventQueueTest {

    private static final long HOUR = Duration.ofHours(1).toNanos();

    private record Expected(long time, long number) {}

    @RepeatedTest(20)
    void eventsComeInTheOrderOfTheirTimesAndThoseOfOneTimeAsTheyWereAdded() {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        EventQueue queue = new EventQueue(HOUR);
        List<Expected> expected = new ArrayList<>();
        List<Expected> came = new ArrayList<>();
        long now = HOUR;
        long number = 0;
        while (number < 3_000 || came.size() < expected.size()) {
            if (number < 3_000 && random.nextInt(5) < 3) {
                // At once, within a box, within the boxes, days ahead; many at the same time
                long most = 1L << random.nextInt(1, 50);
                long time = now + 1 + random.nextLong(most) / 1_000 * 1_000;
                expected.add(new Expected(time, number));
                queue.add(time, null, null, number++);
            } else {
                EventQueue.Event next = queue.poll();
                if (next != null) {
                    now = next.time();
                    came.add(new Expected(next.time(), next.number()));
                }
            }
        }
        expected.sort(Comparator.comparingLong(Expected::time).thenComparingLong(Expected::number));
        assertThat(came).as("seed %d", seed).isEqualTo(expected);
        assertThat(queue.poll()).isNull();
    }

    @Test
    void whatIsOfThisMomentComesBeforeAllOthersAndInItsOwnOrder() {
        EventQueue queue = new EventQueue(HOUR);
        queue.add(HOUR + 1, null, null, 1);
        queue.addNow(HOUR, null, null, 2);
        queue.addNow(HOUR, null, null, 3);
        assertThat(List.of(queue.poll().number(), queue.poll().number(), queue.poll().number())).containsExactly(2L, 3L, 1L);
    }

    @Test
    void whatIsClearedIsGone() {
        EventQueue queue = new EventQueue(HOUR);
        queue.addNow(HOUR, null, null, 1);
        queue.add(HOUR + 1, null, null, 2);
        queue.add(HOUR + Duration.ofSeconds(1).toNanos(), null, null, 3);
        queue.add(HOUR + Duration.ofDays(1).toNanos(), null, null, 4);
        queue.clear();
        assertThat(queue.poll()).isNull();
    }
}
