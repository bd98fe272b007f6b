package io.swarmscope.internal.link.yamux;

import static org.assertj.core.api.Assertions.assertThat;

import io.swarmscope.internal.wire.HeapShare;
import io.swarmscope.internal.wire.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BudgetTest {
    private static final int OWN = Limits.YAMUX_BUFFERED_OWN;

    @Test
    void manySessionsTogetherMayNotHoldWhatEachOfThemMay() {
        HeapShare shared = new HeapShare(1000);
        Budget one = new Budget(32 << 20, shared);
        Budget other = new Budget(32 << 20, shared);

        assertThat(one.take(OWN + 1000)).isTrue();
        assertThat(one.take(1)).isFalse();
        assertThat(other.take(OWN)).as("what each may hold in any case").isTrue();
        assertThat(other.take(1)).isFalse();
        one.give(400);
        assertThat(other.take(401)).isFalse();
        assertThat(other.take(400)).isTrue();
    }

    @Test
    void aSessionThatIsOverCountsForAllNoMoreWhateverIsReadOfItLater() {
        HeapShare shared = new HeapShare(1000);
        Budget gone = new Budget(32 << 20, shared);
        assertThat(gone.take(OWN + 1000)).isTrue();
        gone.over();

        assertThat(shared.taken()).isZero();
        assertThat(gone.held()).isEqualTo(OWN + 1000);
        gone.give(OWN + 1000);
        assertThat(shared.taken()).isZero();
        assertThat(gone.held()).isZero();
    }

    @Test
    void whateverThreadsTakeAndGiveAtOnceNothingIsLostNorLeft() throws Exception {
        long seed = System.nanoTime();
        HeapShare shared = new HeapShare(3L * OWN);
        Budget budget = new Budget(4L * OWN, shared);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Random random = new Random(seed + i);
            threads.add(Thread.startVirtualThread(() -> {
                for (int round = 0; round < 20_000; round++) {
                    int bytes = 1 + random.nextInt(OWN);
                    if (budget.take(bytes)) {
                        Thread.yield();
                        budget.give(bytes);
                    }
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(budget.held()).as("seed %d", seed).isZero();
        assertThat(shared.taken()).as("seed %d", seed).isZero();
    }
}
