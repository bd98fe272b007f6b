package io.swarmscope.internal.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HistogramTest {

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void percentilesAreWithinOnePercentOfTheTruth(long seed) {
        Random random = new Random(seed);
        Histogram histogram = new Histogram();
        long[] values = new long[20_000];
        for (int i = 0; i < values.length; i++) {
            values[i] = (long) Math.exp(random.nextDouble() * 29); // up to an hour in nanoseconds
            histogram.add(values[i]);
        }
        Arrays.sort(values);
        Histogram.Snapshot snapshot = histogram.snapshot();
        assertThat(snapshot.count()).isEqualTo(values.length);
        for (double part : new double[] {0.001, 0.01, 0.1, 0.5, 0.9, 0.95, 0.99, 0.999, 1}) {
            long truth = values[(int) Math.ceil(part * values.length) - 1];
            assertThat((double) snapshot.percentile(part)).as("seed %d, %s", seed, part).isCloseTo(truth, within(0.008 * truth + 0.5));
        }
        assertThat(snapshot.max()).isEqualTo(values[values.length - 1]);
        assertThat(snapshot.mean()).isCloseTo(Arrays.stream(values).average().orElseThrow(), within(1.0));
    }

    @Test
    void smallValuesAreExactAndWhatIsOutOfRangeIsAtItsEdge() {
        for (long value = 0; value < 64; value++) {
            Histogram histogram = new Histogram();
            histogram.add(value);
            assertThat(histogram.snapshot().percentile(0.5)).isEqualTo(value);
        }
        Histogram histogram = new Histogram();
        histogram.add(-5);
        assertThat(histogram.snapshot().percentile(1)).isZero();
        histogram.add(Long.MAX_VALUE);
        assertThat(histogram.snapshot().max()).isEqualTo(Histogram.MOST);
        assertThat((double) histogram.snapshot().percentile(1)).isCloseTo(Histogram.MOST, within(0.008 * Histogram.MOST));
    }

    @Test
    void nothingHasNoPercentiles() {
        Histogram.Snapshot empty = new Histogram().snapshot();
        assertThat(empty.count()).isZero();
        assertThat(empty.percentile(0.99)).isZero();
        assertThat(empty.mean()).isZero();
    }

    @Test
    void everyBoundaryFallsIntoABucketOfItsOwnSize() {
        for (int power = 0; power < 42; power++) {
            for (long value : new long[] {(1L << power) - 1, 1L << power, (1L << power) + 1}) {
                Histogram histogram = new Histogram();
                histogram.add(value);
                assertThat((double) histogram.snapshot().percentile(0.5)).isCloseTo(value, within(0.008 * value));
            }
        }
    }

    @Test
    void whatManyThreadsAddIsAllThere() throws InterruptedException {
        Histogram histogram = new Histogram();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            threads.add(Thread.ofPlatform().start(() -> {
                for (int i = 0; i < 50_000; i++) {
                    histogram.add(i % 10);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(histogram.snapshot().count()).isEqualTo(200_000);
        assertThat(histogram.snapshot().sum()).isEqualTo(900_000);
    }
}
