package io.swarmscope.internal.fork;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DeadlineTest {

    @Test
    void timeIsLeftUntilItHasPassed() {
        Deadline hour = Deadline.after(Duration.ofHours(1));
        assertThat(hour.passed()).isFalse();
        assertThat(hour.remaining()).isBetween(Duration.ofMinutes(59), Duration.ofHours(1));
        assertThat(hour.remainingNanos()).isPositive();
    }

    @Test
    void nothingIsLeftAfterIt() {
        for (Duration past : new Duration[] {Duration.ZERO, Duration.ofSeconds(-1), Duration.ofSeconds(Long.MIN_VALUE)}) {
            Deadline deadline = Deadline.after(past);
            assertThat(deadline.passed()).isTrue();
            assertThat(deadline.remainingNanos()).isZero();
            assertThat(deadline.remaining()).isZero();
        }
    }

    @Test
    void aHugeDurationIsADeadlineThatIsNeverReached() {
        Deadline never = Deadline.after(Duration.ofSeconds(Long.MAX_VALUE));
        assertThat(never.passed()).isFalse();
        assertThat(never.remaining()).isGreaterThan(Duration.ofDays(36_500));
    }

    @Test
    void theEarlierOfTwoWins() {
        Deadline soon = Deadline.after(Duration.ofSeconds(1));
        Deadline late = Deadline.after(Duration.ofSeconds(9));
        assertThat(soon.orEarlier(late)).isEqualTo(soon);
        assertThat(late.orEarlier(soon)).isEqualTo(soon);
        assertThat(late.earlier(Duration.ofSeconds(2)).nanoTime()).isEqualTo(late.nanoTime() - 2_000_000_000L);
    }

    @Test
    void theClockMayWrapAround() {
        Deadline beforeTheWrap = new Deadline(Long.MAX_VALUE - 5);
        Deadline afterTheWrap = new Deadline(Long.MIN_VALUE + 5);
        assertThat(afterTheWrap.orEarlier(beforeTheWrap)).isEqualTo(beforeTheWrap);
    }
}
