package io.swarmscope.internal.soak;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * The process at one moment of a soak. Immutable.
 *
 * @param at since the load began
 * @param heap bytes that are used after a collection
 * @param threads platform threads
 * @param virtual virtual threads that were started and have not ended
 * @param files open files, sockets among them
 * @param connections of all nodes
 * @param streams of all nodes
 * @param made connections that were made since the start, counted at both ends
 * @param events that the swarm threads of all nodes took since the start
 * @param calls that ended since the start with what was asked for
 * @param failed calls that ended since the start with an exception that the library documents
 * @param errors warnings and errors logged, and exceptions that the library does not document
 */
record Sample(
        Duration at,
        double heap,
        double threads,
        double virtual,
        double files,
        double connections,
        double streams,
        long made,
        long events,
        long calls,
        long failed,
        long errors) {

    static final String HEADER = "     time    heap after GC  threads  virtual threads  open files"
            + "  connections  made anew  streams    events/s   calls/s  failed  errors";

    /** A line of the table, with rates since another moment. */
    String line(Sample since) {
        double seconds = Math.max(0.001, at.minus(since.at).toMillis() / 1e3);
        return String.format(
                Locale.ROOT,
                "  %5d s  %11.1f MiB  %7.0f  %15.0f  %10.0f  %11.0f  %9d  %7.0f  %10.0f  %8.1f  %6d  %6d",
                at.toSeconds(),
                heap / (1 << 20),
                threads,
                virtual,
                files,
                connections,
                made - since.made,
                streams,
                (events - since.events) / seconds,
                (calls - since.calls) / seconds,
                failed - since.failed,
                errors);
    }

    /** By how much a figure grows from the first to the last of these moments, by the line that fits them best. */
    static double growth(List<Sample> samples, ToDoubleFunction<Sample> figure) {
        double n = samples.size();
        double x = 0;
        double y = 0;
        double xx = 0;
        double xy = 0;
        for (Sample sample : samples) {
            double t = sample.at.toMillis();
            double value = figure.applyAsDouble(sample);
            x += t;
            y += value;
            xx += t * t;
            xy += t * value;
        }
        double slope = (n * xy - x * y) / (n * xx - x * x);
        return slope * (samples.getLast().at.toMillis() - samples.getFirst().at.toMillis());
    }

    static double mean(List<Sample> samples, ToDoubleFunction<Sample> figure) {
        return samples.stream().mapToDouble(figure).average().orElseThrow();
    }
}
