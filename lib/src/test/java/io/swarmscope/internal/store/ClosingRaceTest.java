package io.swarmscope.internal.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.swarmscope.Race;
import io.swarmscope.RegistryException;
import io.swarmscope.internal.fork.Deadline;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commits and reads that come while the store is being closed: what was acknowledged is there afterwards, what was refused is not. */
class ClosingRaceTest {
    private static final int ROUNDS = 25;
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochMilli(Rows.NOW));

    @TempDir
    private Path directory;

    @Test
    void whatWasAcknowledgedIsThereAndWhatWasRefusedIsNot() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        TreeSet<String> acknowledged = new TreeSet<>();
        for (int round = 0; round < ROUNDS; round++) {
            Rows.Told told = new Rows.Told();
            Store store = Store.open(directory, "race", CLOCK, told);
            assertThat(told.heads()).as("seed %d, before round %d", seed, round).containsExactlyElementsOf(acknowledged);
            // On a busy machine all others may come too late.
            store.commit(List.of(Rows.putHead("before" + round)), Deadline.after(SOON));
            acknowledged.add("before" + round);
            acknowledged.addAll(race(store, random, round, seed));
        }
    }

    /** What was acknowledged in one round. */
    private static List<String> race(Store store, Random random, int round, long seed) throws Exception {
        List<Callable<?>> racers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            String name = "p" + round + "x" + i;
            racers.add(() -> {
                store.commit(List.of(Rows.putHead(name)), Deadline.after(SOON));
                return name;
            });
        }
        racers.add(() -> store.sizes(Deadline.after(SOON)));
        racers.add(() -> {
            store.close();
            return "";
        });
        List<String> names = new ArrayList<>();
        for (Object result : Race.run(random, SOON.multipliedBy(2), racers)) {
            if (result instanceof Throwable) {
                assertThat(result).as("seed %d, round %d", seed, round).isInstanceOf(RegistryException.Closed.class);
            } else if (result instanceof String name && !name.isEmpty()) {
                names.add(name);
            }
        }
        return names;
    }
}
