package io.swarmscope.internal.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Statements of one connection, each compiled once. Only the store's thread runs them. */
final class Statements {

    private static final Logger log = LoggerFactory.getLogger(Statements.class);

    private final Connection connection;
    private final Map<String, PreparedStatement> compiled = new HashMap<>();

    Statements(Connection connection) {
        this.connection = connection;
    }

    /** Makes a value of a row. */
    @FunctionalInterface
    interface Reader<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** Is given a row. */
    @FunctionalInterface
    interface RowConsumer {
        void accept(ResultSet row) throws SQLException;
    }

    /** Runs a statement that returns nothing. Values are texts, byte arrays, whole numbers and doubles. */
    void run(String sql, Object... values) throws SQLException {
        try {
            bound(sql, values).executeUpdate();
        } catch (SQLException e) {
            forget(sql);
            throw e;
        }
    }

    /** All that the query finds, row by row. */
    void each(String sql, RowConsumer consumer, Object... values) throws SQLException {
        try (ResultSet rows = bound(sql, values).executeQuery()) {
            while (rows.next()) {
                consumer.accept(rows);
            }
        } catch (SQLException e) {
            forget(sql);
            throw e;
        }
    }

    /** All that the query finds. */
    <T> List<T> list(String sql, Reader<T> reader, Object... values) throws SQLException {
        List<T> found = new ArrayList<>();
        each(sql, row -> found.add(reader.read(row)), values);
        return found;
    }

    /** The first that the query finds. */
    <T> Optional<T> first(String sql, Reader<T> reader, Object... values) throws SQLException {
        try (ResultSet rows = bound(sql, values).executeQuery()) {
            return rows.next() ? Optional.of(reader.read(rows)) : Optional.empty();
        } catch (SQLException e) {
            forget(sql);
            throw e;
        }
    }

    /** The one number that the query, often a pragma, answers with. */
    long number(String sql) throws SQLException {
        return first(sql, row -> row.getLong(1)).orElse(0L);
    }

    /** The driver closes a statement that failed, not always. */
    private void forget(String sql) {
        try (PreparedStatement failed = compiled.remove(sql)) {
            log.debug("compiled anew the next time, because it failed: {}", failed == null ? "nothing" : sql);
        } catch (SQLException e) {
            log.debug("a failed statement does not close: {}", e.getMessage());
        }
    }

    private PreparedStatement bound(String sql, Object... values) throws SQLException {
        PreparedStatement statement = compiled.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            compiled.put(sql, statement);
        }
        for (int i = 0; i < values.length; i++) {
            switch (values[i]) {
                case String text -> statement.setString(i + 1, text);
                case byte[] bytes -> statement.setBytes(i + 1, bytes);
                case Long number -> statement.setLong(i + 1, number);
                case Integer number -> statement.setInt(i + 1, number);
                case Double number -> statement.setDouble(i + 1, number);
                default -> throw new IllegalArgumentException("no column takes a " + values[i].getClass());
            }
        }
        return statement;
    }
}
