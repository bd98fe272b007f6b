package io.swarmscope.internal.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MailboxTest {

    @Test
    void whatManyThreadsPutComesOutOnceAndInEachThreadsOrder() throws Exception {
        Mailbox<int[]> mailbox = new Mailbox<>(1_000_000);
        int threads = 8;
        int each = 10_000;
        List<int[]> taken = new ArrayList<>();
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int t = 0; t < threads; t++) {
                int thread = t;
                executor.execute(() -> {
                    for (int i = 0; i < each; i++) {
                        mailbox.offer(new int[] {thread, i});
                    }
                });
            }
            ArrayDeque<int[]> batch = new ArrayDeque<>();
            while (taken.size() < threads * each) {
                batch = mailbox.take(batch, TimeUnit.SECONDS.toNanos(10));
                assertThat(batch).as("taken %s so far", taken.size()).isNotEmpty();
                taken.addAll(batch);
                batch.clear();
            }
        }
        int[] next = new int[threads];
        taken.forEach(m -> assertThat(m[1]).isEqualTo(next[m[0]]++));
    }

    @Test
    void aFullMailboxRefusesCommandsButTakesEvents() {
        Mailbox<String> mailbox = new Mailbox<>(2);
        assertThat(mailbox.offer("a")).isTrue();
        assertThat(mailbox.offer("b")).isTrue();
        assertThat(mailbox.offer("c")).isFalse();
        assertThat(mailbox.force("d")).isTrue();
        assertThat(mailbox.size()).isEqualTo(3);
    }

    @Test
    void aClosedMailboxTakesNothingButGivesWhatItHas() throws Exception {
        Mailbox<String> mailbox = new Mailbox<>(10);
        mailbox.offer("a");
        mailbox.close();
        assertThat(mailbox.offer("b")).isFalse();
        assertThat(mailbox.force("b")).isFalse();
        assertThat(mailbox.take(new ArrayDeque<>(), TimeUnit.SECONDS.toNanos(10))).containsExactly("a");
        assertThat(mailbox.poll()).isNull();
    }

    @Test
    void takingFromAnEmptyMailboxEndsWhenItsTimeIsOver() throws Exception {
        Mailbox<String> mailbox = new Mailbox<>(10);
        assertThat(mailbox.take(new ArrayDeque<>(), TimeUnit.MILLISECONDS.toNanos(5))).isEmpty();
    }

    @Test
    void aWaitIsNoLongerThanItsTimeAlsoAfterOneThatEndedEarly() throws Exception {
        Mailbox<String> mailbox = new Mailbox<>(10);
        Thread.startVirtualThread(() -> mailbox.offer("a"));
        assertThat(mailbox.take(new ArrayDeque<>(), TimeUnit.HOURS.toNanos(1))).containsExactly("a");
        assertThat(mailbox.take(new ArrayDeque<>(), TimeUnit.MILLISECONDS.toNanos(20))).isEmpty();
        assertThat(mailbox.take(new ArrayDeque<>(), TimeUnit.MILLISECONDS.toNanos(5))).isEmpty();
    }

    @Test
    void anAlarmOfAnEarlierWaitDoesNotEndALaterOne() throws Exception {
        Mailbox<String> mailbox = new Mailbox<>(10);
        mailbox.offer("a");
        mailbox.take(new ArrayDeque<>(), TimeUnit.MILLISECONDS.toNanos(5));
        Thread.startVirtualThread(() -> mailbox.offer("b"));
        mailbox.take(new ArrayDeque<>(), TimeUnit.MILLISECONDS.toNanos(50));
        long began = System.nanoTime();
        assertThat(mailbox.take(new ArrayDeque<>(), TimeUnit.MILLISECONDS.toNanos(100))).isEmpty();
        assertThat(System.nanoTime() - began).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(100));
    }
}
