package io.swarmscope.internal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.swarmscope.RegistryException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Versions of the schema, and what becomes of files that are none of ours. */
class DatabaseTest {

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-21T10:20:30Z"));

    /** What a later Swarmscope might do. */
    private static final List<List<String>> LATER = List.of(
            Schema.STEPS.getFirst(),
            List.of("ALTER TABLE heads ADD COLUMN seen INTEGER NOT NULL DEFAULT 7", "CREATE TABLE more(x INTEGER) STRICT"));

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void file() {
        file = directory.resolve(Database.FILE);
    }

    private static void put(Database database, Row row) throws Exception {
        new Writes(database.statements()).apply(new Change.Put(row));
    }

    @Test
    void aNewFileHasTodaysVersion() throws Exception {
        try (Database database = Database.open(file, CLOCK)) {
            assertThat(database.statements().number("PRAGMA user_version")).isEqualTo(Schema.STEPS.size());
            assertThat(database.statements().number("PRAGMA application_id")).isEqualTo(Schema.APPLICATION_ID);
            assertThat(database.recovery()).isEmpty();
        }
    }

    @Test
    void anOlderFileIsUpgradedAndKeepsItsRows() throws Exception {
        Database old = Database.open(file, CLOCK);
        put(old, Rows.head("log", 1, 5000));
        old.closeClean();
        try (Database database = Database.open(file, CLOCK, LATER)) {
            assertThat(database.statements().number("PRAGMA user_version")).isEqualTo(2);
            assertThat(database.statements().number("SELECT seen FROM heads WHERE name = 'log'")).isEqualTo(7);
            assertThat(database.recovery()).isEmpty();
        }
    }

    @Test
    void anUpgradeThatFailsLeavesTheFileAsItWas() throws Exception {
        Database.open(file, CLOCK).closeClean();
        List<List<String>> broken = List.of(Schema.STEPS.getFirst(), List.of("CREATE TABLE more(x)", "CREATE TABLE heads(x)"));
        assertThatThrownBy(() -> Database.open(file, CLOCK, broken)).isInstanceOf(RegistryException.CannotOpen.class);
        try (Database database = Database.open(file, CLOCK)) {
            assertThat(database.recovery()).isEmpty();
            assertThat(database.statements().number("SELECT count(*) FROM sqlite_schema WHERE name = 'more'")).isZero();
        }
    }

    @Test
    void aNewerFileIsRefusedAndNotTouched() throws Exception {
        Database.open(file, CLOCK, LATER).closeClean();
        byte[] before = Files.readAllBytes(file);
        assertThatThrownBy(() -> Database.open(file, CLOCK))
                .isInstanceOf(RegistryException.CannotOpen.class)
                .hasMessageContaining("made by a newer version of Swarmscope");
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    @Test
    void whatIsNoDatabaseIsPutAside() throws Exception {
        Files.writeString(file, "To whom it may concern: ".repeat(1000));
        try (Database database = Database.open(file, CLOCK)) {
            Recovery recovery = database.recovery().orElseThrow();
            assertThat(recovery.aside()).isEqualTo(directory.resolve("swarmscope.db.corrupt-20261121T102030Z"));
            assertThat(recovery.aside()).content(StandardCharsets.UTF_8).startsWith("To whom");
            assertThat(recovery.salvagedRows()).isZero();
            assertThat(recovery.mayHaveLost()).isTrue();
            put(database, Rows.own("log"));
        }
        Files.writeString(file, "again");
        try (Database database = Database.open(file, CLOCK)) {
            assertThat(database.recovery().orElseThrow().aside()).hasFileName("swarmscope.db.corrupt-20261121T102030Z-2");
        }
    }

    @Test
    void theFileOfAnotherProgramIsPutAside() throws Exception {
        try (Database other = Database.connectUnchecked(file)) {
            other.statements().run("CREATE TABLE theirs(x)");
        }
        try (Database database = Database.open(file, CLOCK)) {
            assertThat(database.recovery()).isPresent();
        }
    }

    @Test
    void aSchemaThatLostATableIsDamage() throws Exception {
        Database old = Database.open(file, CLOCK);
        put(old, Rows.own("log"));
        old.statements().run("DROP TABLE versions");
        old.closeClean();
        try (Database database = Database.open(file, CLOCK)) {
            Recovery recovery = database.recovery().orElseThrow();
            assertThat(recovery.own()).hasSize(1);
            assertThat(recovery.mayHaveLost()).isFalse();
            assertThat(new Reads(database.statements()).own("acme", "log")).hasSize(1);
        }
    }

    @Test
    void aLogWithoutItsFileIsSalvaged() throws Exception {
        Path copy = Files.createDirectory(directory.resolve("copy")).resolve(Database.FILE);
        try (Database database = Database.open(file, CLOCK)) {
            put(database, Rows.own("log"));
            Files.copy(Rescue.beside(file, Rescue.LOG), Rescue.beside(copy, Rescue.LOG));
        }
        try (Database database = Database.open(copy, CLOCK)) {
            assertThat(database.recovery().orElseThrow().own()).extracting(Row.Own::name).containsExactly("log");
        }
    }

    @Test
    void aRescueThatWasInterruptedIsFinished() throws Exception {
        Database old = Database.open(file, CLOCK);
        put(old, Rows.own("damaged"));
        old.closeClean();
        Path fresh = directory.resolve("fresh.db");
        Database made = Database.open(fresh, CLOCK);
        put(made, Rows.own("saved"));
        made.closeClean();
        Files.move(fresh, Rescue.beside(file, ".new"));
        Files.writeString(Rescue.beside(file, ".building"), "half of one");
        try (Database database = Database.open(file, CLOCK)) {
            assertThat(new Reads(database.statements()).own("acme", "saved")).hasSize(1);
        }
        try (var files = Files.list(directory)) {
            assertThat(files.map(path -> path.getFileName().toString()))
                    .contains("swarmscope.db", "swarmscope.db.corrupt-20261121T102030Z")
                    .noneMatch(name -> name.contains("building") || name.endsWith(".new"));
        }
    }

    @Test
    void whatWasDeletedDoesNotComeBackByASalvage() throws Exception {
        Database database = Database.open(file, CLOCK);
        for (int i = 0; i < 200; i++) {
            put(database, new Row.Own("acme", "gone" + i, "", Rows.bytes(new Random(i), 200 + 40 * i), false, i));
            put(database, Rows.own("kept" + i));
        }
        for (int i = 0; i < 200; i++) {
            new Writes(database.statements()).apply(new Change.DeleteOwn("acme", "gone" + i, ""));
        }
        database.closeClean();
        Salvage.Found found = Salvage.from(file, Rescue.beside(file, Rescue.LOG));
        assertThat(found.own()).hasSize(200).allSatisfy(row -> assertThat(row.name()).startsWith("kept"));
    }

    @Test
    void aSalvageReadsRowsOfAnySizeInFileAndLog() throws Exception {
        Path copy = directory.resolve("copy.db");
        Random random = new Random(5);
        try (Database database = Database.open(file, CLOCK)) {
            database.begin();
            for (int i = 0; i < 300; i++) {
                put(database, new Row.Own("acme", "n" + i, "", Rows.bytes(random, i * 57), i % 2 == 0, i * 1_000_000_007L - 5));
                put(database, new Row.Namespace("n" + i, Rows.bytes(random, 36), i - 2));
                put(database, Rows.head("h" + i, i, i * 31));
            }
            put(database, new Row.Own("acme", "n7", "", Rows.bytes(random, 100), true, 1L << 60)); // its second version
            database.commit();
            Files.copy(file, copy);
            Files.copy(Rescue.beside(file, Rescue.LOG), Rescue.beside(copy, Rescue.LOG));
            Salvage.Found found = Salvage.from(copy, Rescue.beside(copy, Rescue.LOG));
            List<String> expected = database.statements().list(
                    "SELECT name, record, withdrawn, renew_at FROM own",
                    row -> row.getString(1) + Arrays.hashCode(row.getBytes(2)) + (row.getInt(3) != 0) + row.getLong(4));
            assertThat(found.own())
                    .extracting(row -> row.name() + Arrays.hashCode(row.record()) + row.withdrawn() + row.renewAt())
                    .containsExactlyInAnyOrderElementsOf(expected);
            assertThat(found.namespaces()).hasSize(300).allSatisfy(row -> assertThat("n" + (row.until() + 2)).isEqualTo(row.namespace()));
        }
    }
}
