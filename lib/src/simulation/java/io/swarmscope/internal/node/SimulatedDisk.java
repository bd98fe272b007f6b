package io.swarmscope.internal.node;

import io.swarmscope.internal.fork.Deadline;
import io.swarmscope.internal.store.Change;
import io.swarmscope.internal.store.Contents;
import io.swarmscope.internal.store.Row;
import io.swarmscope.internal.store.Storage;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The disk of a simulated node: rows in memory, which outlive the node's process. Touched only by the thread that has its turn. */
final class SimulatedDisk implements Storage {

    private final TreeMap<String, Row> rows = new TreeMap<>();

    // Tables that are written as a whole.
    private List<Row.Peer> peers = List.of();
    private List<Row.Routing> routing = List.of();
    private List<Row.Standing> standings = List.of();
    private long written;
    private boolean cut;

    /** Tells a new process what is there, in the order in which a database does. */
    void tell(Contents contents, long nowMillis) {
        change(new Change.Expire(nowMillis));
        rows.values().forEach(row -> {
            if (row instanceof Row.Evidence e) {
                contents.refuted(e.namespace(), e.name(), e.refuted());
            }
        });
        rows.values().forEach(contents::row);
        peers.forEach(contents::row);
        routing.forEach(contents::row);
        standings.forEach(contents::row);
    }

    @Override
    public boolean write(Change... changes) {
        for (Change change : changes) {
            change(change);
        }
        return true;
    }

    @Override
    public boolean offer(Change change) {
        change(change);
        return true;
    }

    @Override
    public void commit(List<Change> changes, Deadline deadline) {
        changes.forEach(this::change);
    }

    /** Whether nothing more is written, because the power is off. */
    void cut(boolean off) {
        cut = off;
    }

    private void change(Change change) {
        if (cut) {
            return;
        }
        written++;
        switch (change) {
            case Change.Put(Row row) -> put(row);
            case Change.DeleteHead(String namespace, String name) -> rows.remove(key("head", namespace, name, ""));
            case Change.DeleteTombstone(String namespace, String name, String version) ->
                rows.remove(key("tombstone", namespace, name, version));
            case Change.DeleteVersion(String namespace, String name, String version) -> rows.remove(key("version", namespace, name, version));
            case Change.DeleteOwn(String namespace, String name, String version) -> rows.remove(key("own", namespace, name, version));
            case Change.DeleteOutbox(String key) -> rows.remove("outbox/" + key);
            case Change.DeleteNamespace(String namespace) -> rows.remove("namespace/" + namespace);
            case Change.ReplacePeers(List<Row.Peer> all) -> peers = all;
            case Change.ReplaceRouting(List<Row.Routing> all) -> routing = all;
            case Change.ReplaceReputation(List<Row.Standing> all) -> standings = all;
            case Change.Expire(long now) -> rows.values().removeIf(row -> expires(row) <= now);
        }
    }

    private void put(Row row) {
        Row before = rows.get(key(row));
        if (before == null || sequence(before) <= sequence(row)) {
            rows.put(key(row), row);
        }
    }

    private static long sequence(Row row) {
        return switch (row) {
            case Row.Head head -> head.sequence();
            case Row.Tombstone tombstone -> tombstone.sequence();
            case Row.Version version -> version.sequence();
            default -> 0;
        };
    }

    private static long expires(Row row) {
        return switch (row) {
            case Row.Head head -> head.expires();
            case Row.Tombstone tombstone -> tombstone.expires();
            case Row.Version version -> version.expires();
            case Row.Provider provider -> provider.expires();
            case Row.Namespace namespace -> namespace.until();
            default -> Long.MAX_VALUE;
        };
    }

    private static String key(String table, String namespace, String name, String version) {
        return table + "/" + namespace + "/" + name + "/" + version;
    }

    private static String key(Row row) {
        return switch (row) {
            case Row.Head r -> key("head", r.namespace(), r.name(), "");
            case Row.Tombstone r -> key("tombstone", r.namespace(), r.name(), r.version());
            case Row.Version r -> key("version", r.namespace(), r.name(), r.version());
            case Row.Own r -> key("own", r.namespace(), r.name(), r.version());
            case Row.Outbox r -> "outbox/" + r.key();
            case Row.Namespace r -> "namespace/" + r.namespace();
            case Row.Evidence r -> "evidence/" + r.namespace() + "/" + r.name() + "/" + HexFormat.of().formatHex(r.refuted());
            case Row.Provider r -> "provider/" + HexFormat.of().formatHex(r.key()) + "/" + r.provider();
            case Row.Peer r -> throw new IllegalArgumentException("written as a whole: " + r);
            case Row.Routing r -> throw new IllegalArgumentException("written as a whole: " + r);
            case Row.Standing r -> throw new IllegalArgumentException("written as a whole: " + r);
        };
    }

    @Override
    public List<Row.Own> own(String namespace, String name, Deadline deadline) {
        List<Row.Own> own = new ArrayList<>();
        String start = key("own", namespace, name, "");
        rows.subMap(start, start + Character.MAX_VALUE).values().forEach(row -> own.add((Row.Own) row));
        return own;
    }

    @Override
    public Optional<Row.Version> version(String namespace, String name, String version, Deadline deadline) {
        return Optional.ofNullable((Row.Version) rows.get(key("version", namespace, name, version)));
    }

    @Override
    public Map<String, Long> counters() {
        return Map.of("store.written", written);
    }

    @Override
    public void close() {}
}
