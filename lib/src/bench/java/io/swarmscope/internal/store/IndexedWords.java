package io.swarmscope.internal.store;

import io.swarmscope.PeerId;
import io.swarmscope.Query;
import io.swarmscope.bench.Benchmark;
import io.swarmscope.bench.Figure;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.record.Head;
import io.swarmscope.internal.record.RecordCodec;
import io.swarmscope.internal.record.Signed;
import java.lang.management.ManagementFactory;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The index alone, with ten thousand packages of others like those of a Maven repository: how long each kind of query takes, and what building it
 * takes.
 */
public final class IndexedWords implements Benchmark {

    private static final int PACKAGES = 10_000;
    private static final int SEARCHES = 2_000;
    private static final int RESULTS = 20;

    private static final Map<String, Query> QUERIES = new LinkedHashMap<>();

    static {
        QUERIES.put("common word", Query.text("library"));
        QUERIES.put("topic", Query.text("kafka"));
        QUERIES.put("rare word", Query.text("quartznimbus"));
        QUERIES.put("two words", Query.text("json parser"));
        QUERIES.put("beginning", Query.text("kub"));
        QUERIES.put("one letter", Query.text("s"));
        QUERIES.put("mistyped", Query.text("hibrenate"));
        QUERIES.put("nothing", Query.text("nosuchword"));
        QUERIES.put("two words filtered", Query.text("json parser").withLicense("MIT"));
        QUERIES.put("topic with facets", Query.text("kafka").withFacets(10));
        QUERIES.put("all with facets", Query.all().withFacets(10));
    }

    private final PeerId self = Identity.generate(new SecureRandom()).peerId();
    private final List<byte[]> records = new ArrayList<>(PACKAGES);
    private final MemoryIndex index;
    private final double heapPerPackage;
    private final double recordBytes;

    /** Builds it. */
    public IndexedWords() throws InterruptedException {
        sign(Corpus.of(42, PACKAGES));
        recordBytes = records.stream().mapToInt(record -> record.length).average().orElseThrow();
        long before = liveHeap();
        index = filled(read(true));
        heapPerPackage = (liveHeap() - before) / 1024.0 / PACKAGES;
    }

    /** Nothing else of the packages is kept. */
    private void sign(List<Corpus.Item> items) {
        Identity publisher = Identity.generate(new SecureRandom());
        for (Corpus.Item item : items) {
            Instant now = Instant.now();
            Head head = new Head("bench", item.manifest(), List.of(item.manifest().version()), 1, now, now.plus(Duration.ofDays(1)));
            records.add(RecordCodec.seal(publisher, head).encoded());
        }
    }

    /** As they come from the network or from disk: nothing is shared between them. */
    private List<Signed<?>> read(boolean copied) {
        List<Signed<?>> read = new ArrayList<>(PACKAGES);
        records.forEach(record -> read.add(Match.trusted(copied ? record.clone() : record)));
        return read;
    }

    private MemoryIndex filled(List<Signed<?>> heads) {
        MemoryIndex filled = new MemoryIndex(self, PACKAGES * 4, InstantSource.system(), PackageIndex.Listener.NOBODY);
        heads.forEach(filled::offer);
        if (filled.packages() != PACKAGES) {
            throw new IllegalStateException(filled.packages() + " packages");
        }
        return filled;
    }

    private static long liveHeap() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            System.gc();
            Thread.sleep(100);
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    @Override
    public List<Figure> round() {
        List<Figure> figures = new ArrayList<>();
        List<Signed<?>> heads = read(false);
        long began = System.nanoTime();
        filled(heads);
        figures.add(new Figure("built", PACKAGES * 1e9 / (System.nanoTime() - began), "/s"));
        QUERIES.forEach((name, query) -> {
            long[] nanos = new long[SEARCHES];
            int total = 0;
            for (int i = 0; i < SEARCHES; i++) {
                long start = System.nanoTime();
                total = index.search(query, RESULTS).total();
                nanos[i] = System.nanoTime() - start;
            }
            Arrays.sort(nanos);
            figures.add(new Figure(name + " (" + total + "), p50", nanos[SEARCHES / 2] / 1e3, "us"));
            figures.add(new Figure(name + ", p99", nanos[SEARCHES * 99 / 100] / 1e3, "us"));
        });
        figures.add(new Figure("heap per package, record and all", heapPerPackage, "KB"));
        figures.add(new Figure("of that the record", recordBytes / 1024, "KB"));
        return figures;
    }

    @Override
    public void close() {}
}
