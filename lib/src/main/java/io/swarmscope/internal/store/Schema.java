package io.swarmscope.internal.store;

import java.util.List;

/**
 * The tables, as the steps that lead to them; constants, for any thread. A step that was released is never changed: what must differ is a new step.
 *
 * <p>Tables with records are ordinary ones, because a row of some KiB would make the pages of a tree by key hold one or two rows each. The others
 * are trees by key. {@link Salvage} knows rows of {@code own} and {@code namespaces} by the types of their columns; a step that
 * changes those has to teach it.
 */
final class Schema {
    private Schema() {}

    /** In the header of the file, so that it is known what it is: "Swsc". */
    static final int APPLICATION_ID = 0x53777363;

    /** Those of today but {@code meta}. */
    static final List<String> TABLES =
            List.of("heads", "tombstones", "versions", "own", "outbox", "namespaces", "evidence", "providers", "peers", "routing", "reputation");

    private static final List<String> V1 = List.of(
            "CREATE TABLE heads(namespace TEXT NOT NULL, name TEXT NOT NULL, sequence INTEGER NOT NULL, expires INTEGER NOT NULL,"
                    + " record BLOB NOT NULL, PRIMARY KEY(namespace, name)) STRICT",
            "CREATE TABLE tombstones(namespace TEXT NOT NULL, name TEXT NOT NULL, version TEXT NOT NULL, sequence INTEGER NOT NULL,"
                    + " expires INTEGER NOT NULL, record BLOB NOT NULL, PRIMARY KEY(namespace, name, version)) STRICT",
            "CREATE TABLE versions(namespace TEXT NOT NULL, name TEXT NOT NULL, version TEXT NOT NULL, sequence INTEGER NOT NULL,"
                    + " expires INTEGER NOT NULL, record BLOB NOT NULL, PRIMARY KEY(namespace, name, version)) STRICT",
            "CREATE TABLE own(namespace TEXT NOT NULL, name TEXT NOT NULL, version TEXT NOT NULL, record BLOB NOT NULL,"
                    + " withdrawn INTEGER NOT NULL, renew_at INTEGER NOT NULL, PRIMARY KEY(namespace, name, version)) STRICT",
            "CREATE TABLE outbox(key TEXT NOT NULL PRIMARY KEY, attempts INTEGER NOT NULL, next_at INTEGER NOT NULL) STRICT, WITHOUT ROWID",
            "CREATE TABLE namespaces(namespace TEXT NOT NULL PRIMARY KEY, owner BLOB NOT NULL, until INTEGER NOT NULL) STRICT",
            "CREATE TABLE evidence(namespace TEXT NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL, first BLOB NOT NULL,"
                    + " second BLOB NOT NULL, found_at INTEGER NOT NULL, refuted BLOB NOT NULL, PRIMARY KEY(namespace, name, refuted)) STRICT",
            "CREATE TABLE providers(key BLOB NOT NULL, provider BLOB NOT NULL, addresses TEXT NOT NULL, expires INTEGER NOT NULL,"
                    + " PRIMARY KEY(key, provider)) STRICT, WITHOUT ROWID",
            "CREATE TABLE peers(peer BLOB NOT NULL PRIMARY KEY, addresses TEXT NOT NULL, last_used INTEGER NOT NULL) STRICT, WITHOUT ROWID",
            "CREATE TABLE routing(peer BLOB NOT NULL PRIMARY KEY, position INTEGER NOT NULL) STRICT, WITHOUT ROWID",
            "CREATE TABLE reputation(peer BLOB NOT NULL PRIMARY KEY, successes REAL NOT NULL, failures REAL NOT NULL, lies REAL NOT NULL,"
                    + " latency_nanos REAL NOT NULL, weighed_at INTEGER NOT NULL) STRICT, WITHOUT ROWID",
            "CREATE TABLE meta(key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID");

    /** From an empty file to today's tables. The version of a file is how many of these it has seen. */
    static final List<List<String>> STEPS = List.of(V1);
}
