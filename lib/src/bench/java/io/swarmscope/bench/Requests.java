package io.swarmscope.bench;

import io.swarmscope.host.Connection;
import io.swarmscope.host.Stream;
import io.swarmscope.internal.wire.Frames;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A request of 100 bytes, an answer of 1,000, each on a new stream of one connection; a fixed number in flight. */
final class Requests implements Benchmark {

    private static final String PROTOCOL = "/bench/echo/1.0.0";
    private static final Duration ROUND = Duration.ofSeconds(3);

    private final int inFlight;
    private final Pair pair;
    private final Connection connection;
    private final byte[] request = Frames.prefixed(new byte[100]);

    /** @param inFlight callers at once; more than the streams of one connection wait for one of them */
    Requests(int inFlight) throws Exception {
        this.inFlight = inFlight;
        byte[] answer = Frames.prefixed(new byte[1000]);
        pair = new Pair(PROTOCOL, stream -> {
            Frames.read(stream.input(), 1 << 16);
            stream.finish(answer);
        });
        connection = pair.connect();
    }

    @Override
    public List<Figure> round() throws Exception {
        long[] nanos = new long[2_000_000];
        AtomicInteger count = new AtomicInteger();
        AtomicInteger failed = new AtomicInteger();
        long began = System.nanoTime();
        long end = began + ROUND.toNanos();
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < inFlight; i++) {
                executor.execute(() -> {
                    while (System.nanoTime() < end) {
                        long start = System.nanoTime();
                        try {
                            once();
                            nanos[count.getAndIncrement() % nanos.length] = System.nanoTime() - start;
                        } catch (IOException | InterruptedException e) {
                            failed.incrementAndGet();
                        }
                    }
                });
            }
        }
        double perSecond = count.get() * 1e9 / (System.nanoTime() - began);
        int samples = Math.min(count.get(), nanos.length);
        return List.of(
                new Figure("requests", perSecond, "/s"),
                new Figure("p50", Benchmarks.percentile(nanos, samples, 0.5) / 1e3, "us"),
                new Figure("p99", Benchmarks.percentile(nanos, samples, 0.99) / 1e3, "us"),
                new Figure("failed", failed.get(), ""));
    }

    private void once() throws IOException, InterruptedException {
        try (Stream stream = connection.open(PROTOCOL, Pair.TIMEOUT)) {
            stream.finish(request);
            Frames.read(stream.input(), 1 << 16);
        }
    }

    @Override
    public void close() {
        pair.close();
    }
}
