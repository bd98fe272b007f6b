package io.swarmscope.internal.node;

import io.swarmscope.RegistryConfig;
import io.swarmscope.bench.Benchmark;
import io.swarmscope.bench.Figure;
import io.swarmscope.bench.Heads;
import io.swarmscope.internal.fork.Deadline;
import io.swarmscope.internal.record.Head;
import io.swarmscope.internal.record.Signed;
import io.swarmscope.internal.sync.SyncClient;
import io.swarmscope.internal.sync.SyncReport;
import java.time.Duration;
import java.util.List;

/** A new node gets ten thousand packages of a neighbour that it has never seen; then the neighbour has ten it lacks. Both ends in this process. */
public final class Sync implements Benchmark {

    private static final int PACKAGES = 10_000;
    private static final int MISSED = 10;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Heads heads = new Heads(20);
    private final BareNode full = new BareNode(List.of(), message -> {});

    /** A node with all packages. */
    public Sync() throws Exception {
        take(PACKAGES);
    }

    private void take(int count) throws Exception {
        for (Signed<Head> head : heads.next(count)) {
            full.packages.heldPackages().offer(full.packages.validator().check(head.encoded()));
        }
    }

    @Override
    public List<Figure> round() throws Exception {
        // Another one each time: what a node serves one peer is limited.
        try (BareNode other = new BareNode(List.of(), message -> {})) {
            SyncReport all = sync(other);
            take(MISSED);
            SyncReport some = sync(other);
            SyncReport none = sync(other);
            if (some.gained() != MISSED || none.gained() != 0) {
                throw new IllegalStateException("synced " + all + ", then " + some + ", then " + none);
            }
            return List.of(
                    new Figure("all of ten thousand", all.elapsed().toNanos() / 1e6, "ms"),
                    new Figure("bytes of that", (all.bytesIn() + all.bytesOut()) / 1024.0, "KB"),
                    new Figure("ten of ten thousand", some.elapsed().toNanos() / 1e6, "ms"),
                    new Figure("bytes of that, records among them", (some.bytesIn() + some.bytesOut()) / 1024.0, "KB"),
                    new Figure("round trips of that", some.rounds(), ""),
                    new Figure("no difference", none.elapsed().toNanos() / 1e6, "ms"));
        }
    }

    private SyncReport sync(BareNode other) throws Exception {
        SyncClient client = new SyncClient(RegistryConfig.DEFAULT_NETWORK, other.synced);
        return client.sync(other.swarm.connect(full.address(), Deadline.after(PATIENCE)), Deadline.after(PATIENCE));
    }

    @Override
    public void close() {
        full.close();
    }
}
