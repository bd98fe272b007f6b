package io.swarmscope.bench;

import io.swarmscope.Registry;
import io.swarmscope.RegistryConfig;
import io.swarmscope.internal.record.Head;
import io.swarmscope.internal.record.Signed;
import io.swarmscope.internal.store.Change;
import io.swarmscope.internal.store.Contents;
import io.swarmscope.internal.store.Row;
import io.swarmscope.internal.store.Store;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/** Ten thousand packages of twenty publishers on disk: opening a node over them, its heap above that of an empty node, and the bytes on disk. */
final class FilledStore implements Benchmark {

    private static final int PACKAGES = 10_000;

    private final Path filled = Files.createTempDirectory("swarmscope-filled");
    private final Path empty = Files.createTempDirectory("swarmscope-empty");

    FilledStore() throws Exception {
        try (Store store = Store.open(filled, "bench", InstantSource.system(), new Nothing())) {
            for (Signed<Head> head : new Heads(20).next(PACKAGES)) {
                String namespace = head.id().namespace();
                long expires = head.record().expiresAt().toEpochMilli();
                store.write(
                        new Change.Put(new Row.Head(namespace, head.id().name(), head.sequence(), expires, head.encoded())),
                        new Change.Put(new Row.Namespace(namespace, head.publisher().toBytes(), expires)));
            }
        }
    }

    @Override
    public List<Figure> round() throws Exception {
        Opened without = open(empty, 0);
        Opened with = open(filled, PACKAGES);
        return List.of(
                new Figure("opening", with.nanos / 1e6, "ms"),
                new Figure("opening an empty one", without.nanos / 1e6, "ms"),
                new Figure("heap above an empty node", (with.heap - without.heap) / 1048576.0, "MB"),
                new Figure("disk", Directories.bytes(filled) / 1048576.0, "MB"));
    }

    private record Opened(long nanos, long heap) {}

    private static Opened open(Path directory, int packages) throws Exception {
        long began = System.nanoTime();
        try (Registry node = Registry.open(
                RegistryConfig.DEFAULT.withListen("/ip4/127.0.0.1/tcp/0").withDataDirectory(directory))) {
            long nanos = System.nanoTime() - began;
            if (node.status().packages() != packages) {
                throw new IllegalStateException(node.status().packages() + " packages");
            }
            return new Opened(nanos, Benchmarks.liveHeap());
        }
    }

    @Override
    public void close() throws Exception {
        Directories.delete(filled);
        Directories.delete(empty);
    }

    private static final class Nothing implements Contents {
        @Override
        public void row(Row row) {}

        @Override
        public void refuted(String namespace, String name, byte[] sha256) {}
    }
}
