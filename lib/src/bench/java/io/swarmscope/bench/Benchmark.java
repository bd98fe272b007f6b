package io.swarmscope.bench;

import java.util.List;

/** Something to measure: set up once, run in rounds, each of which gives all its figures, closed once. */
public interface Benchmark extends AutoCloseable {

    /** Whether {@link #round} warms up and repeats by itself, so that one call of it is enough. */
    default boolean repeatsItself() {
        return false;
    }

    /** One round; some seconds long. */
    List<Figure> round() throws Exception;

    @Override
    void close() throws Exception;

    /** Makes a benchmark ready to run. */
    interface Factory {
        Benchmark open() throws Exception;
    }
}
