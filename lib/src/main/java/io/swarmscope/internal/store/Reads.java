package io.swarmscope.internal.store;

import io.swarmscope.PeerId;
import io.swarmscope.internal.wire.Limits;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The SQL that reads. Only the store's thread runs it. */
final class Reads {

    private static final Logger log = LoggerFactory.getLogger(Reads.class);

    private static final String OWN = "SELECT namespace, name, version, record, withdrawn, renew_at FROM own";
    private static final String VERSIONS = "SELECT namespace, name, version, sequence, expires, record FROM versions";

    private final Statements statements;

    Reads(Statements statements) {
        this.statements = statements;
    }

    /** Tells everything that a node needs at once, leaving out what has expired. */
    void tell(Contents to, long now) throws SQLException {
        // By row and not by key: the order of the file, in which every page is read once.
        each(to, "SELECT namespace, owner, until FROM namespaces", Reads::namespace);
        each(to, "SELECT namespace, name, version, sequence, expires, record FROM tombstones WHERE expires > ?", Reads::tombstone, now);
        statements.each(
                "SELECT namespace, name, refuted FROM evidence",
                row -> to.refuted(text(row, 1), text(row, 2), blob(row, 3)));
        // Of versions only what is withdrawn, which must not come back; of the others there may be many.
        each(to, OWN + " WHERE version = '' OR withdrawn", Reads::own);
        each(to, "SELECT namespace, name, sequence, expires, record FROM heads WHERE expires > ?", Reads::head, now);
        each(
                to,
                "SELECT namespace, name, version, sequence, expires, record FROM versions WHERE expires > ? ORDER BY expires DESC LIMIT ?",
                Reads::version,
                now,
                Limits.STORE_VERSIONS_TOLD);
        each(to, "SELECT key, attempts, next_at FROM outbox", row -> new Row.Outbox(text(row, 1), row.getInt(2), row.getLong(3)));
        each(to, "SELECT key, provider, addresses, expires FROM providers WHERE expires > ?", Reads::provider, now);
        each(to, "SELECT peer, addresses, last_used FROM peers", row -> new Row.Peer(peer(row, 1), text(row, 2), row.getLong(3)));
        each(to, "SELECT peer, position FROM routing ORDER BY position", row -> new Row.Routing(peer(row, 1), row.getInt(2)));
        each(to, "SELECT peer, successes, failures, lies, latency_nanos, weighed_at FROM reputation", Reads::standing);
    }

    private void each(Contents to, String sql, Statements.Reader<Row> reader, Object... values) throws SQLException {
        statements.each(
                sql,
                row -> {
                    Row read;
                    try {
                        read = reader.read(row);
                    } catch (IllegalArgumentException e) {
                        log.debug("a row without a peer id is left out: {}", e.getMessage());
                        return;
                    }
                    to.row(read);
                },
                values);
    }

    List<Row.Own> own(String namespace, String name) throws SQLException {
        return statements.list(OWN + " WHERE namespace = ? AND name = ?", Reads::own, namespace, name);
    }

    Optional<Row.Version> version(String namespace, String name, String version) throws SQLException {
        return statements.first(
                VERSIONS + " WHERE namespace = ? AND name = ? AND version = ?", Reads::version, namespace, name, version);
    }

    List<Row.Version> versions(String namespace, String name) throws SQLException {
        return statements.list(VERSIONS + " WHERE namespace = ? AND name = ?", Reads::version, namespace, name);
    }

    List<Row.Evidence> evidence(int limit) throws SQLException {
        return statements.list(
                "SELECT namespace, name, kind, first, second, found_at, refuted FROM evidence ORDER BY found_at DESC LIMIT ?",
                row -> new Row.Evidence(
                        text(row, 1),
                        text(row, 2),
                        text(row, 3),
                        blob(row, 4),
                        blob(row, 5),
                        row.getLong(6),
                        blob(row, 7)),
                limit);
    }

    Map<String, Long> sizes() throws SQLException {
        Map<String, Long> sizes = new TreeMap<>();
        for (String table : Schema.TABLES) {
            sizes.put(table, statements.number("SELECT count(*) FROM " + table));
        }
        return sizes;
    }

    private static Row.Head head(ResultSet row) throws SQLException {
        return new Row.Head(text(row, 1), text(row, 2), row.getLong(3), row.getLong(4), blob(row, 5));
    }

    private static Row.Tombstone tombstone(ResultSet row) throws SQLException {
        return new Row.Tombstone(
                text(row, 1), text(row, 2), text(row, 3), row.getLong(4), row.getLong(5), blob(row, 6));
    }

    private static Row.Version version(ResultSet row) throws SQLException {
        return new Row.Version(
                text(row, 1), text(row, 2), text(row, 3), row.getLong(4), row.getLong(5), blob(row, 6));
    }

    private static Row.Own own(ResultSet row) throws SQLException {
        return new Row.Own(
                text(row, 1), text(row, 2), text(row, 3), blob(row, 4), row.getInt(5) != 0, row.getLong(6));
    }

    private static Row.Namespace namespace(ResultSet row) throws SQLException {
        return new Row.Namespace(text(row, 1), blob(row, 2), row.getLong(3));
    }

    private static Row.Provider provider(ResultSet row) throws SQLException {
        return new Row.Provider(blob(row, 1), peer(row, 2), text(row, 3), row.getLong(4));
    }

    private static Row.Standing standing(ResultSet row) throws SQLException {
        return new Row.Standing(
                peer(row, 1), row.getDouble(2), row.getDouble(3), row.getDouble(4), row.getDouble(5), row.getLong(6));
    }

    private static PeerId peer(ResultSet row, int column) throws SQLException {
        return PeerId.ofBytes(blob(row, column));
    }

    /** No column may be null; one that is was damaged after it was checked. */
    private static String text(ResultSet row, int column) throws SQLException {
        String text = row.getString(column);
        if (text == null) {
            throw Database.damage("a text is missing");
        }
        return text;
    }

    private static byte[] blob(ResultSet row, int column) throws SQLException {
        byte[] bytes = row.getBytes(column);
        if (bytes == null) {
            throw Database.damage("bytes are missing");
        }
        return bytes;
    }
}
