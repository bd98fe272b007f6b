package io.swarmscope.internal.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts a damaged database aside and a fresh one with what was salvaged in its place. Only the store's thread runs it.
 *
 * <p>The fresh one is complete before the old one is moved, and a process that ends in between finishes this when it next opens: the file
 * named {@code .new} says so.
 */
final class Rescue {
    private Rescue() {}

    private static final Logger log = LoggerFactory.getLogger(Rescue.class);

    static final String LOG = "-wal";

    /** What SQLite keeps beside a file; the file itself comes last, because only with the others it is complete. */
    private static final List<String> PARTS = List.of(LOG, "-shm", "-journal", "");

    private static final String BUILDING = ".building";
    private static final String NEW = ".new";
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    static Recovery rescue(Path file, InstantSource clock, List<List<String>> steps, SQLException damage)
            throws IOException, SQLException {
        Salvage.Found found = Salvage.from(file, beside(file, LOG));
        OptionalLong expected = countOwn(file);
        build(file, steps, found);
        Path aside = putAside(file, clock);
        boolean mayHaveLost = expected.isEmpty() || expected.getAsLong() > found.own().size();
        log.warn(
                "the database {} is damaged ({}): it is kept as {}, {} own records of it were saved{}, the rest comes from the network",
                file,
                damage.getMessage(),
                aside.getFileName(),
                found.own().size(),
                mayHaveLost ? " and some may be lost" : "");
        return new Recovery(aside, found.own(), found.namespaces(), mayHaveLost);
    }

    /** Goes on where a process ended while it replaced the database. */
    static void finishInterrupted(Path file, InstantSource clock) throws IOException {
        for (String part : PARTS) {
            Files.deleteIfExists(beside(file, BUILDING + part));
        }
        if (Files.exists(beside(file, NEW))) {
            log.warn("the database {} was damaged: it is kept as {}", file, putAside(file, clock).getFileName());
        }
    }

    /** How many own records SQLite finds in the table or in its index, if it finds its way through both. */
    private static OptionalLong countOwn(Path file) {
        try (Database damaged = Database.connectUnchecked(file)) {
            long inTable = damaged.statements().number("SELECT count(*) FROM own NOT INDEXED WHERE length(record) >= 0");
            long inIndex = damaged.statements().number("SELECT count(*) FROM own INDEXED BY sqlite_autoindex_own_1");
            return OptionalLong.of(Math.max(inTable, inIndex));
        } catch (SQLException e) {
            return OptionalLong.empty();
        }
    }

    private static void build(Path file, List<List<String>> steps, Salvage.Found found) throws IOException, SQLException {
        Path building = beside(file, BUILDING);
        Database fresh = Database.connect(building, steps);
        try {
            Writes writes = new Writes(fresh.statements());
            fresh.durable(true);
            fresh.begin();
            for (Row.Own row : found.own()) {
                writes.apply(new Change.Put(row));
            }
            for (Row.Namespace row : found.namespaces()) {
                writes.apply(new Change.Put(row));
            }
            fresh.commit();
        } finally {
            fresh.closeClean();
        }
        Files.move(building, beside(file, NEW), StandardCopyOption.ATOMIC_MOVE);
    }

    private static Path putAside(Path file, InstantSource clock) throws IOException {
        Path aside = free(file, ".corrupt-" + STAMP.format(clock.instant()));
        for (String part : PARTS) {
            Path old = beside(file, part);
            if (Files.exists(old)) {
                Files.move(old, beside(aside, part), StandardCopyOption.ATOMIC_MOVE);
            }
        }
        Files.move(beside(file, NEW), file, StandardCopyOption.ATOMIC_MOVE);
        return aside;
    }

    private static Path free(Path file, String suffix) {
        Path aside = beside(file, suffix);
        for (int i = 2; Files.exists(aside); i++) {
            aside = beside(file, suffix + "-" + i);
        }
        return aside;
    }

    /** The file whose name is that file's and more. */
    static Path beside(Path file, String more) {
        return file.resolveSibling(file.getFileName() + more);
    }
}
