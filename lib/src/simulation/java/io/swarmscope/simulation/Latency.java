package io.swarmscope.simulation;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long a packet takes from one node to another, one way. Called by the thread of the simulation. */
@FunctionalInterface
public interface Latency {

    /**
     * For one packet.
     *
     * @param from the number of the node that sends
     * @param to the number of the node that receives
     * @param random the only chance it may use
     * @return nanoseconds
     */
    long nanos(int from, int to, RandomGenerator random);

    /** Always the same. */
    static Latency constant(Duration time) {
        long nanos = time.toNanos();
        return (from, to, random) -> nanos;
    }

    /** Any between these, each as likely. */
    static Latency uniform(Duration least, Duration most) {
        long low = least.toNanos();
        long range = most.toNanos() - low + 1;
        return (from, to, random) -> low + random.nextLong(range);
    }

    /**
     * Most near the median, few far above it, as on the Internet: the logarithm has a normal distribution.
     *
     * @param sigma of the logarithm; with 0.5 one in twenty takes more than 2.3 times the median
     */
    static Latency logNormal(Duration median, double sigma) {
        long nanos = median.toNanos();
        return (from, to, random) -> Math.round(nanos * Math.exp(sigma * random.nextGaussian()));
    }

    /** Another one for each line. */
    static Latency perLine(Lines lines) {
        return (from, to, random) -> lines.between(from, to).nanos(from, to, random);
    }

    /** Which latency a line has. */
    @FunctionalInterface
    interface Lines {
        /** That from one node to another. */
        Latency between(int from, int to);
    }
}
