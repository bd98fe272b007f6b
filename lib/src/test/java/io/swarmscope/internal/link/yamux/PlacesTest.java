package io.swarmscope.internal.link.yamux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.swarmscope.internal.fork.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class PlacesTest {
    private static final Duration TIME = Duration.ofSeconds(10);

    private final Deadlines deadlines = new Deadlines(now -> wakeOverdue());
    private final Places places = new Places(2, 1, deadlines);

    private long wakeOverdue() {
        return places.wakeOverdue();
    }

    private boolean acquire(Duration time) throws InterruptedException {
        return places.acquire(Deadline.after(time));
    }

    @Test
    void aPlaceNeedsBothKinds() throws Exception {
        assertThat(acquire(TIME)).isTrue();
        assertThat(acquire(Duration.ofMillis(10))).as("one is not acknowledged").isFalse();
        places.acknowledged();
        assertThat(acquire(TIME)).isTrue();
        places.acknowledged();
        assertThat(acquire(Duration.ofMillis(10))).as("two are open").isFalse();
        places.release();
        assertThat(acquire(TIME)).isTrue();
    }

    @Test
    void threadsAreServedInTheOrderTheyCame() throws Exception {
        acquire(TIME);
        List<Integer> order = new CopyOnWriteArrayList<>();
        for (int i = 0; i < 5; i++) {
            int me = i;
            SessionTest.asyncRun(() -> {
                acquire(TIME);
                order.add(me);
            });
            await().until(() -> places.waiting() == me + 1);
        }
        for (int i = 0; i < 5; i++) {
            places.release();
            places.acknowledged();
            int served = i + 1;
            await().until(() -> order.size() == served);
        }
        assertThat(order).containsExactly(0, 1, 2, 3, 4);
    }

    @Test
    void whoGivesUpTakesNoPlaceAndHoldsNobodyUp() throws Exception {
        acquire(TIME);
        CompletableFuture<Boolean> impatient = SessionTest.async(() -> acquire(Duration.ofMillis(30)));
        CompletableFuture<Boolean> patient = SessionTest.async(() -> acquire(TIME));
        assertThat(SessionTest.get(impatient)).isFalse();
        places.acknowledged();
        assertThat(SessionTest.get(patient)).isTrue();
    }

    @Test
    void anInterruptedThreadTakesNoPlace() throws Exception {
        acquire(TIME);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> acquire(TIME)).isInstanceOf(InterruptedException.class);
        places.acknowledged();
        assertThat(acquire(TIME)).isTrue();
    }

    @Test
    void closingLetsEverybodyIn() throws Exception {
        acquire(TIME);
        CompletableFuture<Boolean> one = SessionTest.async(() -> acquire(TIME));
        CompletableFuture<Boolean> two = SessionTest.async(() -> acquire(TIME));
        await().until(() -> places.waiting() == 2);
        places.close();
        assertThat(SessionTest.get(one)).isTrue();
        assertThat(SessionTest.get(two)).isTrue();
        assertThat(acquire(TIME)).isTrue();
    }
}
