package io.swarmscope.bench;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.swarmscope.Query;
import io.swarmscope.SearchResult;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** Searches from a node without packages in a network of 20 nodes, fan-out 3, each answer verified. */
final class Searches implements Benchmark {

    private static final Duration ROUND = Duration.ofSeconds(3);

    private final int inFlight;
    private final Nodes nodes;

    Searches(int inFlight) throws Exception {
        this(inFlight, OpenTelemetry.noop());
    }

    private Searches(int inFlight, OpenTelemetry sdk) throws Exception {
        this.inFlight = inFlight;
        this.nodes = new Nodes(20, 400, sdk);
    }

    /** The same with an SDK that makes every span, measures everything, and throws both away. */
    static Searches traced(int inFlight) throws Exception {
        return new Searches(inFlight, OpenTelemetrySdk.builder()
                .setTracerProvider(SdkTracerProvider.builder()
                        .addSpanProcessor(BatchSpanProcessor.builder(new Nowhere()).build())
                        .build())
                .setMeterProvider(SdkMeterProvider.builder().registerMetricReader(InMemoryMetricReader.create()).build())
                .build());
    }

    @Override
    public List<Figure> round() throws Exception {
        long[] nanos = new long[1_000_000];
        AtomicInteger count = new AtomicInteger();
        AtomicInteger incomplete = new AtomicInteger();
        AtomicInteger missed = new AtomicInteger();
        long began = System.nanoTime();
        long end = began + ROUND.toNanos();
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < inFlight; i++) {
                executor.execute(() -> {
                    while (System.nanoTime() < end) {
                        long start = System.nanoTime();
                        SearchResult result = once();
                        nanos[count.getAndIncrement() % nanos.length] = System.nanoTime() - start;
                        if (!result.complete()) {
                            incomplete.incrementAndGet();
                        }
                        if (result.hits().isEmpty()) {
                            missed.incrementAndGet();
                        }
                    }
                });
            }
        }
        int samples = Math.min(count.get(), nanos.length);
        return List.of(
                new Figure("searches", count.get() * 1e9 / (System.nanoTime() - began), "/s"),
                new Figure("p50", Benchmarks.percentile(nanos, samples, 0.5) / 1e3, "us"),
                new Figure("p95", Benchmarks.percentile(nanos, samples, 0.95) / 1e3, "us"),
                new Figure("incomplete", 100.0 * incomplete.get() / Math.max(1, count.get()), "%"),
                new Figure("without a hit", 100.0 * missed.get() / Math.max(1, count.get()), "%"));
    }

    private SearchResult once() {
        try {
            String word = "number" + ThreadLocalRandom.current().nextInt(nodes.packages);
            return nodes.client.search(Query.text(word));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        nodes.close();
    }

    private static final class Nowhere implements SpanExporter {
        @Override
        public CompletableResultCode export(Collection<SpanData> spans) {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode flush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }
    }
}
