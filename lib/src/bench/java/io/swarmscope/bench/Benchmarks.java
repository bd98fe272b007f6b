package io.swarmscope.bench;

import com.sun.management.OperatingSystemMXBean;
import io.swarmscope.internal.node.Propagation;
import io.swarmscope.internal.node.Sync;
import io.swarmscope.internal.search.FanOuts;
import io.swarmscope.internal.store.IndexedWords;
import io.swarmscope.internal.swarm.SwarmEvents;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Runs the benchmarks and prints one table: the median of the rounds, the lowest and the highest. {@code -Dbench=NAME} runs those whose
 * name begins with NAME, {@code -Drounds=N} changes the number of rounds.
 */
public final class Benchmarks {

    private static final int WARM_UP_ROUNDS = 2;

    private record Entry(String goal, Benchmark.Factory factory) {}

    private Benchmarks() {}

    private static Map<String, Entry> all() {
        Map<String, Entry> all = new LinkedHashMap<>();
        all.put("handshakes", new Entry(">= 1,200/s, both ends on two cores", Handshakes::new));
        all.put("perf", new Entry(">= 200 MB/s with the JDK's cipher", Throughput::new));
        all.put("requests", new Entry(">= 13,000/s, p50 <= 75 us, each on a new stream", () -> new Requests(1)));
        all.put("pipelined", new Entry(">= 120,000/s with 1,000 in flight", () -> new Requests(1_000)));
        all.put("get", new Entry("p50 <= 150 us, p95 <= 500 us", Gets::new));
        all.put("fanout3", new Entry("<= 60 us over bare requests", () -> new FanOuts(3)));
        all.put("fanout20", new Entry("<= 250 us over bare requests", () -> new FanOuts(20)));
        all.put("search", new Entry("floor 200 ms", () -> new Searches(1)));
        all.put("searches", new Entry("floor 100/s, goal >= 15,000/s with 1,000 in flight", () -> new Searches(1_000)));
        all.put("traced-search", new Entry("as search, with an SDK", () -> Searches.traced(1)));
        all.put("traced-searches", new Entry("as searches, with an SDK", () -> Searches.traced(1_000)));
        all.put("index", new Entry("p99 < 20 ms with 10,000 packages", LocalIndex::new));
        all.put("news", new Entry(">= 3,000/s per core", News::new));
        all.put("store", new Entry("heap <= 12 MB, ceiling 50 MB", FilledStore::new));
        all.put("sync", new Entry("", Sync::new));
        all.put("publish", new Entry("", () -> new Publications(true)));
        all.put("publish-memory", new Entry("", () -> new Publications(false)));
        all.put("propagation20", new Entry("p50 to the last <= 6 ms", () -> new Propagation(20)));
        all.put("propagation100", new Entry("p50 to the last <= 30 ms", () -> new Propagation(100)));
        all.put("indexed", new Entry("build >= 20,000/s, two words <= 100 us, <= 1.2 KB a package", IndexedWords::new));
        all.put("events", new Entry("floor 1,000/s", SwarmEvents::new));
        all.put("idle", new Entry("<= 20 KB", IdleConnections::new));
        all.put("micro", new Entry("", Micro::new));
        return all;
    }

    /** Runs them. */
    public static void main(String[] args) throws Exception {
        String wanted = System.getProperty("bench", "").strip();
        int rounds = Integer.getInteger("rounds", 5);
        List<String> lines = new ArrayList<>();
        lines.add("| benchmark | figure | median | lowest | highest | goal |");
        lines.add("| --- | --- | ---: | ---: | ---: | --- |");
        for (Map.Entry<String, Entry> entry : all().entrySet()) {
            if (entry.getKey().startsWith(wanted)) {
                say("running " + entry.getKey());
                lines.addAll(run(entry.getKey(), entry.getValue(), rounds));
            }
        }
        String head = String.format(
                Locale.ROOT,
                "JDK %s, %d cores, heap %d MB, %d rounds after %d to warm up.%n",
                Runtime.version(),
                Runtime.getRuntime().availableProcessors(),
                Runtime.getRuntime().maxMemory() >> 20,
                rounds,
                WARM_UP_ROUNDS);
        String table = head + System.lineSeparator() + String.join(System.lineSeparator(), lines) + System.lineSeparator();
        say(System.lineSeparator() + table);
        Path target = Path.of("target");
        if (Files.isDirectory(target)) {
            Files.writeString(target.resolve("benchmarks.md"), table);
        }
        System.exit(0);
    }

    private static List<String> run(String name, Entry entry, int rounds) throws Exception {
        Map<String, List<Double>> values = new LinkedHashMap<>();
        Map<String, String> units = new LinkedHashMap<>();
        try (Benchmark benchmark = entry.factory().open()) {
            for (int i = 0; i < WARM_UP_ROUNDS && !benchmark.repeatsItself(); i++) {
                benchmark.round();
            }
            for (int i = 0; i < (benchmark.repeatsItself() ? 1 : rounds); i++) {
                for (Figure figure : benchmark.round()) {
                    values.computeIfAbsent(figure.name(), n -> new ArrayList<>()).add(figure.value());
                    units.put(figure.name(), figure.unit());
                }
            }
        }
        List<String> lines = new ArrayList<>();
        values.forEach((figure, list) -> {
            double[] sorted = list.stream().mapToDouble(d -> d).sorted().toArray();
            lines.add("| " + name + " | " + figure + " | " + number(sorted[sorted.length / 2]) + " " + units.get(figure) + " | "
                    + number(sorted[0]) + " | " + number(sorted[sorted.length - 1]) + " | " + entry.goal() + " |");
        });
        lines.forEach(Benchmarks::say);
        return lines;
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value >= 100 ? "%,.0f" : "%,.2f", value);
    }

    private static void say(String line) {
        new PrintStream(System.out, true, StandardCharsets.UTF_8).println(line);
    }

    /** CPU time of this process so far, all threads and collections of the heap. */
    public static long cpuNanos() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }

    /** Bytes of the heap that are in use after some collections. */
    public static long liveHeap() throws InterruptedException {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 4; i++) {
            System.gc();
            Thread.sleep(150);
            least = Math.min(least, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return least;
    }

    /** The value below which that share of the samples lies. Sorts the array. */
    public static double percentile(long[] samples, int count, double share) {
        Arrays.sort(samples, 0, count);
        return samples[Math.min(count - 1, (int) (count * share))];
    }
}
