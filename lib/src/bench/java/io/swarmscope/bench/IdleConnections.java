package io.swarmscope.bench;

import io.swarmscope.host.Connection;
import java.util.ArrayList;
import java.util.List;

/** Heap of a connection that is open and carries nothing, at each of its ends, as a slope over 200 of them. */
final class IdleConnections implements Benchmark {

    private static final int CONNECTIONS = 200;

    @Override
    public List<Figure> round() throws Exception {
        List<Pair> pairs = new ArrayList<>();
        List<Connection> open = new ArrayList<>();
        try {
            // Two connections per peer are admitted, so each connection gets a dialer of its own; its cost is measured first.
            for (int i = 0; i < CONNECTIONS; i++) {
                pairs.add(new Pair());
            }
            long before = Benchmarks.liveHeap();
            for (Pair pair : pairs) {
                open.add(pair.connect());
            }
            long after = Benchmarks.liveHeap();
            if (open.stream().anyMatch(c -> !c.isOpen())) {
                throw new IllegalStateException("a connection closed meanwhile");
            }
            return List.of(new Figure("heap at each end", (after - before) / 2048.0 / CONNECTIONS, "KB"));
        } finally {
            pairs.forEach(Pair::close);
        }
    }

    @Override
    public void close() {}
}
