package io.swarmscope.bench;

import io.swarmscope.host.Connection;
import io.swarmscope.internal.link.perf.Perf;
import java.util.List;

/** The perf protocol over one connection with one stream: both ends encrypt and decrypt on this machine's cores. */
final class Throughput implements Benchmark {

    private static final long BYTES = 512L << 20;

    private final Pair pair = new Pair();
    private final Connection connection = pair.connect();

    Throughput() throws Exception {}

    @Override
    public List<Figure> round() throws Exception {
        Perf.Result result = Perf.run(connection, BYTES, BYTES, Pair.TIMEOUT);
        return List.of(
                new Figure("upload", BYTES * 1e3 / result.upload().toNanos(), "MB/s"),
                new Figure("download", BYTES * 1e3 / result.download().toNanos(), "MB/s"));
    }

    @Override
    public void close() {
        pair.close();
    }
}
