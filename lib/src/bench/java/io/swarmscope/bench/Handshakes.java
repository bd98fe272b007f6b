package io.swarmscope.bench;

import io.swarmscope.host.Connection;
import io.swarmscope.host.Stream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Dial, Noise, Yamux, one stream with a byte each way, close; both ends in this process, which is what a node pays for a peer. */
final class Handshakes implements Benchmark {

    private static final String PROTOCOL = "/bench/byte/1.0.0";
    private static final Duration ROUND = Duration.ofSeconds(3);

    private final Pair pair;

    Handshakes() throws Exception {
        pair = new Pair(PROTOCOL, stream -> {
            int one = stream.input().read();
            stream.finish(new byte[] {(byte) one});
        });
    }

    @Override
    public List<Figure> round() throws Exception {
        return List.of(
                new Figure("one dialer", run(1), "/s"),
                new Figure("eight dialers", run(8), "/s"));
    }

    private double run(int dialers) throws Exception {
        long began = System.nanoTime();
        long end = began + ROUND.toNanos();
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> counts = new ArrayList<>();
            Callable<Integer> loop = () -> {
                int count = 0;
                for (; System.nanoTime() < end; count++) {
                    once();
                }
                return count;
            };
            for (int i = 0; i < dialers; i++) {
                counts.add(executor.submit(loop));
            }
            int sum = 0;
            for (Future<Integer> count : counts) {
                sum += count.get();
            }
            return sum * 1e9 / (System.nanoTime() - began);
        }
    }

    private void once() throws Exception {
        Connection connection = pair.dialer.dial(pair.listener.addresses().get(0), pair.listener.id(), Pair.TIMEOUT);
        try (Stream stream = connection.open(PROTOCOL, Pair.TIMEOUT)) {
            stream.finish(new byte[] {42});
            if (stream.input().read() != 42) {
                throw new IOException("the echo was wrong");
            }
        } finally {
            connection.close();
        }
    }

    @Override
    public void close() {
        pair.close();
    }
}
