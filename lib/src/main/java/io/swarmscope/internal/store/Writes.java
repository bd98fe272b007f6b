package io.swarmscope.internal.store;

import io.swarmscope.internal.wire.Limits;
import java.sql.SQLException;

/** The SQL of each {@link Change}. Only the store's thread runs it, in a transaction that {@link StoreThread} began. */
final class Writes {

    /** An older record never takes the place of a newer one. */
    private static final String IF_NOT_OLDER =
            " DO UPDATE SET sequence = excluded.sequence, expires = excluded.expires, record = excluded.record"
                    + " WHERE excluded.sequence >= sequence";

    private static final String PUT_HEAD = "INSERT INTO heads VALUES(?, ?, ?, ?, ?) ON CONFLICT(namespace, name)" + IF_NOT_OLDER;
    private static final String PUT_TOMBSTONE =
            "INSERT INTO tombstones VALUES(?, ?, ?, ?, ?, ?) ON CONFLICT(namespace, name, version)" + IF_NOT_OLDER;
    private static final String PUT_VERSION =
            "INSERT INTO versions VALUES(?, ?, ?, ?, ?, ?) ON CONFLICT(namespace, name, version)" + IF_NOT_OLDER;
    private static final String PUT_OWN = "INSERT INTO own VALUES(?, ?, ?, ?, ?, ?) ON CONFLICT(namespace, name, version)"
            + " DO UPDATE SET record = excluded.record, withdrawn = excluded.withdrawn, renew_at = excluded.renew_at";

    private final Statements statements;

    Writes(Statements statements) {
        this.statements = statements;
    }

    void apply(Change change) throws SQLException {
        switch (change) {
            case Change.Put put -> put(put.row());
            case Change.DeleteHead(String namespace, String name) -> statements.run(
                    "DELETE FROM heads WHERE namespace = ? AND name = ?", namespace, name);
            case Change.DeleteTombstone(String namespace, String name, String version) -> delete("tombstones", namespace, name, version);
            case Change.DeleteVersion(String namespace, String name, String version) -> delete("versions", namespace, name, version);
            case Change.DeleteOwn(String namespace, String name, String version) -> delete("own", namespace, name, version);
            case Change.DeleteOutbox(String key) -> statements.run("DELETE FROM outbox WHERE key = ?", key);
            case Change.DeleteNamespace(String namespace) -> statements.run("DELETE FROM namespaces WHERE namespace = ?", namespace);
            case Change.ReplacePeers replace -> replace("peers", replace.peers());
            case Change.ReplaceRouting replace -> replace("routing", replace.peers());
            case Change.ReplaceReputation replace -> replace("reputation", replace.peers());
            case Change.Expire(long now) -> expire(now);
        }
    }

    private void put(Row row) throws SQLException {
        switch (row) {
            case Row.Head r -> statements.run(PUT_HEAD, r.namespace(), r.name(), r.sequence(), r.expires(), r.record());
            case Row.Tombstone r -> statements.run(
                    PUT_TOMBSTONE, r.namespace(), r.name(), r.version(), r.sequence(), r.expires(), r.record());
            case Row.Version r -> statements.run(
                    PUT_VERSION, r.namespace(), r.name(), r.version(), r.sequence(), r.expires(), r.record());
            case Row.Own r -> statements.run(
                    PUT_OWN, r.namespace(), r.name(), r.version(), r.record(), r.withdrawn() ? 1 : 0, r.renewAt());
            case Row.Outbox r -> statements.run("INSERT OR REPLACE INTO outbox VALUES(?, ?, ?)", r.key(), r.attempts(), r.nextAt());
            case Row.Namespace r -> statements.run(
                    "INSERT OR REPLACE INTO namespaces VALUES(?, ?, ?)", r.namespace(), r.owner(), r.until());
            case Row.Evidence r -> statements.run(
                    "INSERT OR REPLACE INTO evidence VALUES(?, ?, ?, ?, ?, ?, ?)",
                    r.namespace(), r.name(), r.kind(), r.first(), r.second(), r.foundAt(), r.refuted());
            case Row.Provider r -> statements.run(
                    "INSERT OR REPLACE INTO providers VALUES(?, ?, ?, ?)", r.key(), r.provider().toBytes(), r.addresses(), r.expires());
            case Row.Peer r -> statements.run("INSERT OR REPLACE INTO peers VALUES(?, ?, ?)", r.peer().toBytes(), r.addresses(), r.lastUsed());
            case Row.Routing r -> statements.run("INSERT OR REPLACE INTO routing VALUES(?, ?)", r.peer().toBytes(), r.position());
            case Row.Standing r -> statements.run(
                    "INSERT OR REPLACE INTO reputation VALUES(?, ?, ?, ?, ?, ?)",
                    r.peer().toBytes(), r.successes(), r.failures(), r.lies(), r.latencyNanos(), r.weighedAt());
        }
    }

    private void delete(String table, String namespace, String name, String version) throws SQLException {
        statements.run("DELETE FROM " + table + " WHERE namespace = ? AND name = ? AND version = ?", namespace, name, version);
    }

    private <R extends Row> void replace(String table, Iterable<R> rows) throws SQLException {
        statements.run("DELETE FROM " + table);
        for (R row : rows) {
            put(row);
        }
    }

    private void expire(long now) throws SQLException {
        statements.run("DELETE FROM heads WHERE expires <= ?", now);
        statements.run("DELETE FROM tombstones WHERE expires <= ?", now);
        statements.run("DELETE FROM versions WHERE expires <= ?", now);
        statements.run("DELETE FROM providers WHERE expires <= ?", now);
        statements.run("DELETE FROM namespaces WHERE until <= ?", now - Limits.STORE_NAMESPACE_KEPT.toMillis());
        drop("versions", Limits.STORE_VERSIONS);
        drop("providers", Limits.STORE_PROVIDERS);
    }

    /** Those that would expire first go where there are too many: the DHT that keeps them has a bound, but does not say what it dropped. */
    private void drop(String table, int most) throws SQLException {
        statements.run(
                "DELETE FROM " + table + " WHERE expires < (SELECT expires FROM " + table + " ORDER BY expires DESC LIMIT 1 OFFSET ?)", most);
    }
}
