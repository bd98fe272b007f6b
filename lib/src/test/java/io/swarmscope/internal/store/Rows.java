package io.swarmscope.internal.store;

import io.swarmscope.PeerId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;

/** Rows for tests, and what was told of a database. */
final class Rows {
    private Rows() {}

    static final long NOW = 1_800_000_000_000L;

    static byte[] bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    static PeerId peer(Random random) {
        return PeerId.ofPublicKey(bytes(random, 36));
    }

    static Row.Head head(String name, long sequence, int size) {
        return new Row.Head("acme", name, sequence, NOW + 1000, bytes(new Random(name.hashCode() + sequence), size));
    }

    static Change putHead(String name) {
        return new Change.Put(head(name, 1, 1000));
    }

    static Row.Own own(String name) {
        return new Row.Own("acme", name, "", bytes(new Random(name.hashCode()), 700), false, NOW + 500);
    }

    /** Collects what it is told, each row as text under a text that orders it. */
    static final class Told implements Contents {
        final List<Row> rows = new ArrayList<>();
        final List<String> refuted = new ArrayList<>();

        @Override
        public void row(Row row) {
            rows.add(row);
        }

        @Override
        public void refuted(String namespace, String name, byte[] sha256) {
            refuted.add(namespace + "/" + name + " " + Arrays.hashCode(sha256));
        }

        <R extends Row> List<R> all(Class<R> type) {
            return rows.stream().filter(type::isInstance).map(type::cast).toList();
        }

        /** Names of heads in order. */
        List<String> heads() {
            return all(Row.Head.class).stream().map(Row.Head::name).sorted().toList();
        }

        /** Records of own heads by name. */
        TreeMap<String, byte[]> own() {
            TreeMap<String, byte[]> own = new TreeMap<>();
            all(Row.Own.class).forEach(row -> own.put(row.name(), row.record()));
            return own;
        }
    }
}
