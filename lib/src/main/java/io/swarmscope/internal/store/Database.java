package io.swarmscope.internal.store;

import io.swarmscope.RegistryException;
import io.swarmscope.internal.wire.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * One SQLite file, or one in memory: opens, checks and upgrades it, and runs transactions. Only the store's thread, a platform thread, uses it:
 * native code holds the carrier of a virtual one.
 *
 * <p>Nobody else can use the file meanwhile. So SQLite keeps the index of its log on the heap and not in a mapped file, which could fail as a
 * signal that ends the process.
 */
final class Database implements AutoCloseable {

    static final String FILE = "swarmscope.db";

    /** Versions that far ahead are believed to be a later Swarmscope's; anything else is damage. */
    private static final int VERSIONS_AHEAD = 1000;

    private final Connection connection;
    private final Statements statements;
    private final @Nullable Path file;
    private boolean durable;
    private Optional<Recovery> recovery = Optional.empty();

    private Database(Connection connection, @Nullable Path file) {
        this.connection = connection;
        this.statements = new Statements(connection);
        this.file = file;
    }

    static Database inMemory() {
        try {
            return connect(null, Schema.STEPS);
        } catch (SQLException e) {
            throw new RegistryException.CannotOpen("a database in memory cannot be made: " + e.getMessage(), e);
        }
    }

    /**
     * Opens the file, makes it if there is none, upgrades it if it is older. A damaged one is put aside, see {@link #recovery}.
     *
     * @throws RegistryException.CannotOpen if it is of a later Swarmscope, or the disk does not let us
     */
    static Database open(Path file, InstantSource clock) {
        return open(file, clock, Schema.STEPS);
    }

    static Database open(Path file, InstantSource clock, List<List<String>> steps) {
        try {
            Rescue.finishInterrupted(file, clock);
            refuseLogWithoutFile(file);
            return connect(file, steps);
        } catch (SQLException e) {
            if (!isDamage(e)) {
                throw cannotOpen(file, e);
            }
            return reopen(file, clock, steps, e);
        } catch (IOException e) {
            throw cannotOpen(file, e);
        }
    }

    /** What to do when the file turned out to be damaged after it was opened: closes it and opens what {@link #open} would have. */
    Database rescued(InstantSource clock, SQLException damage) throws SQLException {
        if (file == null) {
            throw damage;
        }
        closeQuietly();
        return reopen(file, clock, Schema.STEPS, damage);
    }

    private static Database reopen(Path file, InstantSource clock, List<List<String>> steps, SQLException damage) {
        try {
            Recovery recovery = Rescue.rescue(file, clock, steps, damage);
            Database database = connect(file, steps);
            database.recovery = Optional.of(recovery);
            return database;
        } catch (SQLException | IOException e) {
            e.addSuppressed(damage);
            throw new RegistryException.CannotOpen(
                    "the database " + file + " is damaged, and putting it aside failed (" + e.getMessage()
                            + "): make room on the disk, or move the file away",
                    e);
        }
    }

    /** Opens, checks, upgrades. Damage is an exception that {@link #isDamage} knows. */
    static Database connect(@Nullable Path file, List<List<String>> steps) throws SQLException {
        Database database = connectUnchecked(file);
        try {
            long version = database.version(steps.size());
            if (version > steps.size()) {
                throw new RegistryException.CannotOpen(
                        "the database " + file + " was made by a newer version of Swarmscope: use that one, or another data directory", null);
            }
            if (version > 0) {
                database.lookFor("meta");
                database.check();
            }
            for (int step = (int) version; step < steps.size(); step++) {
                database.upgrade(step + 1, steps.get(step));
            }
            for (String table : Schema.TABLES) {
                database.lookFor(table);
            }
            database.markClean(false);
            return database;
        } catch (SQLException | RuntimeException e) {
            database.closeQuietly();
            throw e;
        }
    }

    static Database connectUnchecked(@Nullable Path file) throws SQLException {
        // As a URI, because SQLite would take what follows a question mark in the path for options.
        String url = "jdbc:sqlite:" + (file == null ? ":memory:" : file.toAbsolutePath().toUri());
        Database database = new Database(new SQLiteConfig().createConnection(url), file);
        try {
            database.configure();
            return database;
        } catch (SQLException e) {
            database.closeQuietly();
            throw e;
        }
    }

    private void configure() throws SQLException {
        pragma("locking_mode = EXCLUSIVE");
        pragma("page_size = " + PageFile.PAGE_BYTES);
        pragma("journal_mode = WAL");
        pragma("synchronous = NORMAL");
        pragma("secure_delete = ON"); // Salvage relies on it
        pragma("foreign_keys = OFF");
        pragma("temp_store = MEMORY");
        pragma("cache_size = " + Limits.STORE_CACHE_KIB);
        pragma("wal_autocheckpoint = " + Limits.STORE_LOG_PAGES);
        pragma("journal_size_limit = " + Limits.STORE_LOG_BYTES);
    }

    /** How many steps the file has seen. */
    private long version(int known) throws SQLException {
        long id = statements.number("PRAGMA application_id");
        long version = statements.number("PRAGMA user_version");
        boolean empty = id == 0 && version == 0 && statements.number("SELECT count(*) FROM sqlite_schema") == 0;
        boolean ours = id == Schema.APPLICATION_ID && version >= 1 && version <= known + VERSIONS_AHEAD;
        if (!empty && !ours) {
            throw damage("the header names application " + id + " and version " + version);
        }
        return version;
    }

    private void check() throws SQLException {
        boolean clean = statements.first("SELECT value FROM meta WHERE key = 'clean'", row -> row.getString(1))
                .filter("1"::equals)
                .isPresent();
        if (!clean) {
            String found = statements.first("PRAGMA quick_check(1)", row -> row.getString(1)).orElse("nothing");
            if (!found.equals("ok")) {
                throw damage(found.substring(found.lastIndexOf('\n') + 1)); // the first line only names the database
            }
        }
    }

    /** A schema that lost a table is sound to SQLite. */
    private void lookFor(String table) throws SQLException {
        try {
            statements.run("DELETE FROM " + table + " WHERE 0");
        } catch (SQLException e) {
            throw e.getErrorCode() == SQLiteErrorCode.SQLITE_ERROR.code ? damage(e.getMessage()) : e;
        }
    }

    private void upgrade(int to, List<String> step) throws SQLException {
        begin();
        try {
            for (String statement : step) {
                statements.run(statement);
            }
            statements.run("PRAGMA application_id = " + Schema.APPLICATION_ID);
            statements.run("PRAGMA user_version = " + to);
            commit();
        } catch (SQLException e) {
            rollback();
            throw e;
        }
    }

    private void markClean(boolean clean) throws SQLException {
        statements.run("INSERT OR REPLACE INTO meta VALUES('clean', ?)", clean ? "1" : "0");
    }

    private static void refuseLogWithoutFile(Path file) throws IOException, SQLException {
        boolean empty = !Files.exists(file) || Files.size(file) == 0;
        Path log = Rescue.beside(file, Rescue.LOG);
        if (empty && Files.exists(log) && Files.size(log) > 0) {
            throw damage("its log is there and the file is not"); // SQLite would delete the log
        }
    }

    /** What {@link #isDamage} knows. */
    static SQLException damage(@Nullable String what) {
        return new SQLException(what, null, SQLiteErrorCode.SQLITE_CORRUPT.code);
    }

    /** Whether it says that the file is no sound database. */
    static boolean isDamage(SQLException e) {
        return e.getErrorCode() == SQLiteErrorCode.SQLITE_CORRUPT.code
                || e.getErrorCode() == SQLiteErrorCode.SQLITE_NOTADB.code
                // The file is shorter than its header says.
                || (e instanceof SQLiteException failure && failure.getResultCode() == SQLiteErrorCode.SQLITE_IOERR_SHORT_READ);
    }

    private static RegistryException cannotOpen(Path file, Exception e) {
        return new RegistryException.CannotOpen(
                "the database " + file + " cannot be opened (" + e.getMessage()
                        + "): see that the disk has room and that this user can write there",
                e);
    }

    /** What became of a damaged file, if it was one. */
    Optional<Recovery> recovery() {
        return recovery;
    }

    Statements statements() {
        return statements;
    }

    /** Where it is, for messages. */
    String where() {
        return file == null ? "in memory" : file.toString();
    }

    /** Whether the transactions that follow are on the disk when they are committed, or only when the next such is. Outside of transactions. */
    void durable(boolean wanted) throws SQLException {
        if (durable != wanted) {
            pragma("synchronous = " + (wanted ? "FULL" : "NORMAL"));
            durable = wanted;
        }
    }

    void begin() throws SQLException {
        statements.run("BEGIN IMMEDIATE");
    }

    void commit() throws SQLException {
        statements.run("COMMIT");
    }

    /** Takes back what was not committed. SQLite may have done so already, which is no failure. */
    void rollback() {
        try {
            statements.run("ROLLBACK");
        } catch (SQLException e) {
            // there was no transaction any more
        }
    }

    /** Bytes of the file, or of the memory, in use. */
    long bytes() throws SQLException {
        return statements.number("PRAGMA page_count") * PageFile.PAGE_BYTES;
    }

    private void pragma(String text) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA " + text); // some answer with a row, some do not
        }
    }

    /** Closes it as one that need not be checked when it is opened. */
    void closeClean() throws SQLException {
        try {
            durable(true);
            markClean(true);
            pragma("wal_checkpoint(TRUNCATE)");
        } finally {
            close();
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }

    private void closeQuietly() {
        try {
            close();
        } catch (SQLException e) {
            // what went wrong before says more
        }
    }
}
