package io.swarmscope.internal.soak;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.sun.management.UnixOperatingSystemMXBean;
import io.swarmscope.Registry;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import jdk.jfr.consumer.RecordingStream;
import org.slf4j.LoggerFactory;

/**
 * Twenty real nodes under load while their connections drop, in a process of their own: what they use must not grow. A program,
 * {@code mvn -Psoak -Dminutes=10}; ends with 1 if a line is not flat or anything was logged.
 */
public final class Soak implements AutoCloseable {
    private static final int NODES = 20;
    private static final Duration CUT_EVERY = Duration.ofSeconds(1);
    private static final int CUT_AT_ONCE = 2;
    private static final int WEATHER_EVERY = 3;

    /** Of the second half of the time: growth beyond that part of what there is on average is a leak. */
    private static final double FLAT = 0.15;

    /** Or beyond that, where it is little anyway: a connection more costs about 100 KiB at both ends. */
    private static final double FLAT_MIB = 32;

    /** They are counted a moment later than connections. */
    private static final double FLAT_VIRTUAL_THREADS = 2;

    private static final double FLAT_THREADS = 10;
    private static final double FLAT_FILES = 60;

    /** A socket of each end, and one of the line's for it. */
    private static final int FILES_OF_A_CONNECTION = 2;

    /** Two for each end, two for gossip at each, and four of the line between; the rest is for what is asked at the moment. */
    private static final double VIRTUAL_THREADS_MOST = 9;

    /** One for each two nodes, counted at both ends, and some that are made twice for a moment. */
    private static final double CONNECTIONS_MOST = NODES * (NODES - 1) * 1.1;

    private final Duration total;
    private final Duration interval;
    private final Duration tellEvery;
    private final Path directory = Files.createTempDirectory("soak");
    private final AtomicLong virtualThreads = new AtomicLong();
    private final LongAdder logged = new LongAdder();
    private final RecordingStream recording = new RecordingStream();
    private final List<Sample> samples = new ArrayList<>();

    private Soak(Duration total) throws IOException {
        this.total = total;
        this.interval = total.dividedBy(40);
        this.tellEvery = total.toMinutes() >= 5 ? Duration.ofMinutes(1) : total.dividedBy(10);
        count("jdk.VirtualThreadStart", 1);
        count("jdk.VirtualThreadEnd", -1);
        recording.startAsync();
        countWhatIsLogged();
    }

    private void count(String event, int step) {
        recording.enable(event).withoutStackTrace();
        recording.onEvent(event, e -> virtualThreads.addAndGet(step));
    }

    private void countWhatIsLogged() {
        AppenderBase<ILoggingEvent> counter = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
                if (event.getLevel().isGreaterOrEqual(Level.WARN)) {
                    logged.increment();
                }
            }
        };
        counter.start();
        ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger("io.swarmscope").addAppender(counter);
    }

    /** @param args the minutes that the load lasts; a part of one, too */
    public static void main(String[] args) throws Exception {
        boolean flat;
        try (Soak soak = new Soak(Duration.ofSeconds(Math.round(60 * Double.parseDouble(args[0]))))) {
            flat = soak.run(System.nanoTime());
        }
        System.exit(flat ? 0 : 1);
    }

    private boolean run(long seed) throws Exception {
        say("%d nodes, each with a database, publish, find, search and sync for %d s.", NODES, total.toSeconds());
        say("Every second all connections to %d nodes are cut; to one nothing passes for %d s, to another all is slow. Seed %d.",
                CUT_AT_ONCE, WEATHER_EVERY, seed);
        long opened = System.nanoTime();
        try (Street street = new Street(NODES, directory, new Random(seed))) {
            // What a node remembers of verified records is bounded by bytes: long ones fill it before the clock starts.
            boolean isLong = total.toMinutes() >= 5;
            try (Load load = isLong ? new Load(street.nodes, 3_900, 18, seed) : new Load(street.nodes, 100, 1, seed)) {
                say("Ready after %d s.", (System.nanoTime() - opened) / 1_000_000_000);
                soak(street, load);
                street.clearUp();
            }
        }
        return judge();
    }

    private void soak(Street street, Load load) throws Exception {
        say("%n%s", Sample.HEADER);
        long began = System.nanoTime();
        int cuts = 0;
        Sample told = sample(street, load, Duration.ZERO);
        Duration nextLine = tellEvery;
        for (Duration at = Duration.ZERO; at.compareTo(total) < 0; at = Duration.ofNanos(System.nanoTime() - began)) {
            if (at.compareTo(CUT_EVERY.multipliedBy(cuts)) >= 0) {
                street.cut(CUT_AT_ONCE);
                if (cuts++ % WEATHER_EVERY == 0) {
                    street.changeWeather();
                }
            }
            if (at.compareTo(interval.multipliedBy(samples.size() + 1)) >= 0) {
                Sample now = sample(street, load, at);
                samples.add(now);
                if (at.compareTo(nextLine) >= 0) {
                    say("%s", now.line(told));
                    told = now;
                    nextLine = nextLine.plus(tellEvery);
                }
            }
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
        samples.add(sample(street, load, total));
        say("%s", samples.getLast().line(told));
    }

    private Sample sample(Street street, Load load, Duration at) throws InterruptedException {
        long connections = 0;
        long streams = 0;
        long made = 0;
        long events = 0;
        for (Registry node : street.nodes) {
            Map<String, Long> counters = node.status().counters();
            connections += counters.get("host.inbound") + counters.get("host.outbound");
            streams += counters.get("host.streams");
            made += counters.get("host.handshakes");
            events += counters.get("swarm.inputs");
        }
        System.gc();
        return new Sample(
                at,
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
                ManagementFactory.getThreadMXBean().getThreadCount(),
                virtualThreads.get(),
                openFiles(),
                connections,
                streams,
                made,
                events,
                load.calls.sum(),
                load.failed.sum(),
                load.undocumented.sum() + logged.sum());
    }

    private static long openFiles() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getOpenFileDescriptorCount()
                : 0;
    }

    private boolean judge() {
        List<Sample> half = samples.subList(samples.size() / 2, samples.size());
        say("%nThe second half, by the line that fits it best:");
        // Connections come and go, and with them threads and files: what one of them costs must not grow.
        boolean flat = isFlat("heap after GC, MiB", half, s -> s.heap() / (1 << 20), FLAT_MIB)
                & isFlat("threads", half, Sample::threads, FLAT_THREADS)
                & isFlat("virtual threads for each connection", half, s -> s.virtual() / s.connections(), FLAT_VIRTUAL_THREADS)
                & isFlat("streams for each connection", half, s -> s.streams() / s.connections(), 0)
                & isFlat("files beside connections", half, s -> s.files() - FILES_OF_A_CONNECTION * s.connections(), FLAT_FILES);
        double threads = Sample.mean(half, s -> s.virtual() / s.connections());
        double connections = samples.stream().mapToDouble(Sample::connections).max().orElseThrow();
        boolean few = isFew("virtual threads for each connection", threads, VIRTUAL_THREADS_MOST)
                & isFew("connections at any time", connections, CONNECTIONS_MOST);
        Sample last = samples.getLast();
        boolean worked = last.calls() > 9 * last.failed();
        say("%,d calls were answered and %,d failed, as some may when lines are cut: %s",
                last.calls(), last.failed(), worked ? "ok" : "TOO MANY");
        say("%d warnings or errors: %s", last.errors(), last.errors() == 0 ? "ok" : "NOT ONE MAY BE");
        return flat && few && worked && last.errors() == 0;
    }

    private static boolean isFlat(String name, List<Sample> half, ToDoubleFunction<Sample> figure, double slack) {
        double mean = Sample.mean(half, figure);
        double growth = Sample.growth(half, figure);
        double allowed = Math.max(slack, FLAT * mean);
        boolean flat = growth <= allowed;
        say("  %-36s %8.1f on average, %+7.1f from its beginning to its end, at most %+.1f allowed: %s",
                name, mean, growth, allowed, flat ? "flat" : "GROWS");
        return flat;
    }

    private static boolean isFew(String name, double count, double allowed) {
        boolean few = count <= allowed;
        say("  %-36s %8.1f, at most %.1f allowed: %s", name, count, allowed, few ? "ok" : "TOO MANY");
        return few;
    }

    private static void say(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }

    @Override
    public void close() throws IOException {
        recording.close();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
