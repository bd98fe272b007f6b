package io.swarmscope.internal.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.swarmscope.RegistryException;
import io.swarmscope.internal.fork.Deadline;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file that was damaged somewhere is opened all the same, and own records that lie elsewhere are still there. */
class CorruptionTest {

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochMilli(Rows.NOW));
    private static final int OWN = 300;
    private static final int SEEDS = 60;
    private static final int PAGE = PageFile.PAGE_BYTES;

    @TempDir
    static Path original;

    @TempDir
    Path directory;

    private static byte[] closed;
    private static byte[] live;
    private static byte[] log;
    private static List<Part> closedParts;
    private static List<Part> liveParts;

    /** A page, what rows it holds parts of, and whether the log has it, where no damage is done. */
    private record Part(int page, Set<Integer> rows, boolean safe) {}

    /** A database as it is when it was closed, and one with its log as a killed process leaves it. */
    @BeforeAll
    static void make() throws Exception {
        Path file = original.resolve(Database.FILE);
        try (Store store = Store.open(original, "test", CLOCK, new Rows.Told())) {
            for (int i = 0; i < OWN; i++) {
                store.commit(List.of(new Change.Put(own(i)), new Change.Put(Rows.head("h" + i, 1, 1000))), soon());
            }
            live = Files.readAllBytes(file);
            log = Files.readAllBytes(Rescue.beside(file, Rescue.LOG));
        }
        closed = Files.readAllBytes(file);
        closedParts = parts(closed, Map.of());
        liveParts = parts(live, lastOfLog());
        assertThat(live.length).as("the file has pages of its own").isGreaterThan(100 * PAGE);
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(20));
    }

    /** Its record is one number over and over, so that the pages which hold a part of it are known by that. */
    private static Row.Own own(int i) {
        ByteBuffer record = ByteBuffer.allocate(8 * (1 + new Random(i).nextInt(1000)));
        while (record.hasRemaining()) {
            record.putLong(tag(i));
        }
        return new Row.Own("acme", "own" + i, "", record.array(), false, Rows.NOW + i);
    }

    private static long tag(int i) {
        return 0x5157_0000_0000_0101L + ((long) i << 16) * 257;
    }

    @Test
    void whereverTheDamageIsTheFileOpensAndOwnRecordsElsewhereAreThere() throws Exception {
        int recoveries = 0;
        int survivors = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            Path place = Files.createDirectory(directory.resolve("seed" + seed));
            Random random = new Random(seed * 0x9E3779B97F4A7C15L); // small seeds begin alike
            boolean killed = random.nextBoolean();
            byte[] sound = killed ? live : closed;
            byte[] damaged = damage(sound, random);
            Files.write(place.resolve(Database.FILE), damaged);
            if (killed) {
                Files.write(place.resolve(Database.FILE + Rescue.LOG), log);
            }
            Rows.Told told = new Rows.Told();
            String what = "seed " + seed + (killed ? ", killed" : ", closed");
            Set<String> expected = undamaged(sound, damaged, killed);
            try (Store store = Store.open(place, "test", CLOCK, told)) {
                recoveries += store.recovery().isPresent() ? 1 : 0;
                for (String name : expected) {
                    byte[] record = told.own().get(name);
                    assertThat(record).as("%s: %s", what, name).isEqualTo(own(Integer.parseInt(name.substring(3))).record());
                }
                boolean all = told.own().keySet().size() == OWN;
                store.recovery().ifPresent(recovery -> assertThat(recovery.mayHaveLost() || all).as(what).isTrue());
                commitSomething(store);
            }
            survivors += expected.size();
            reopen(place, what);
        }
        assertThat(recoveries).isBetween(SEEDS / 3, SEEDS);
        assertThat(survivors).as("the damage leaves something to look for").isGreaterThan(SEEDS * OWN / 4);
    }

    /** Damage that was not met when it opened is met now, or later: never as something unexpected. */
    private static void commitSomething(Store store) throws InterruptedException {
        try {
            store.commit(List.of(Rows.putHead("next"), new Change.Expire(Rows.NOW)), soon());
        } catch (RegistryException.NotStored e) {
            assertThat(e).hasMessageContaining("damaged");
        }
    }

    private static void reopen(Path place, String what) throws InterruptedException {
        try (Store store = Store.open(place, "test", CLOCK, new Rows.Told())) {
            store.commit(List.of(Rows.putHead("after")), soon());
        }
        Rows.Told told = new Rows.Told();
        Store.open(place, "test", CLOCK, told).close();
        assertThat(told.heads()).as(what).contains("after");
    }

    private static byte[] damage(byte[] sound, Random random) {
        byte[] damaged = sound.clone();
        int pages = damaged.length / PAGE;
        switch (random.nextInt(5)) {
            case 0 -> garbage(damaged, 0, random.nextBoolean() ? 100 : 16 + random.nextInt(PAGE), random);
            case 1 -> damaged = Arrays.copyOf(damaged, random.nextInt(damaged.length));
            case 2 -> {
                for (int i = random.nextInt(5); i >= 0; i--) {
                    garbage(damaged, random.nextInt(pages) * PAGE, PAGE, random);
                }
            }
            case 3 -> {
                int from = random.nextInt(pages) * PAGE;
                Arrays.fill(damaged, from, Math.min(damaged.length, from + (1 + random.nextInt(8)) * PAGE), (byte) 0);
            }
            default -> {
                for (int i = random.nextInt(20); i >= 0; i--) {
                    garbage(damaged, random.nextInt(damaged.length - 4), 1 + random.nextInt(4), random);
                }
            }
        }
        return damaged;
    }

    private static void garbage(byte[] into, int from, int length, Random random) {
        byte[] bytes = Rows.bytes(random, Math.min(length, into.length - from));
        System.arraycopy(bytes, 0, into, from, bytes.length);
    }

    /** Names of the rows no part of which lies on a page that differs. */
    private static Set<String> undamaged(byte[] sound, byte[] damaged, boolean killed) {
        Set<Integer> hurt = new HashSet<>();
        Set<Integer> found = new HashSet<>();
        for (Part part : killed ? liveParts : closedParts) {
            int from = (part.page - 1) * PAGE;
            boolean same = part.safe
                    || (damaged.length >= from + PAGE && Arrays.equals(sound, from, from + PAGE, damaged, from, from + PAGE));
            (same ? found : hurt).addAll(part.rows);
        }
        found.removeAll(hurt);
        Set<String> names = new HashSet<>();
        found.forEach(i -> names.add("own" + i));
        return names;
    }

    private static List<Part> parts(byte[] file, Map<Integer, byte[]> inLog) {
        List<Part> parts = new ArrayList<>();
        inLog.forEach((page, content) -> parts.add(new Part(page, rowsOn(content), true)));
        for (int page = 1; page <= file.length / PAGE; page++) {
            if (!inLog.containsKey(page)) {
                parts.add(new Part(page, rowsOn(Arrays.copyOfRange(file, (page - 1) * PAGE, page * PAGE)), false));
            }
        }
        return parts;
    }

    private static Map<Integer, byte[]> lastOfLog() {
        Map<Integer, byte[]> pages = new HashMap<>();
        ByteBuffer buffer = ByteBuffer.wrap(log);
        long salt = buffer.getLong(32 + 8);
        for (int at = 32; at + 24 + PAGE <= log.length && buffer.getLong(at + 8) == salt; at += 24 + PAGE) {
            pages.put(buffer.getInt(at), Arrays.copyOfRange(log, at + 24, at + 24 + PAGE));
        }
        return pages;
    }

    private static Set<Integer> rowsOn(byte[] page) {
        Set<Integer> rows = new HashSet<>();
        ByteBuffer buffer = ByteBuffer.wrap(page);
        for (int at = 0; at + 8 <= page.length; at++) {
            Integer row = TAGS.get(buffer.getLong(at));
            if (row != null) {
                rows.add(row);
            }
        }
        return rows;
    }

    private static final Map<Long, Integer> TAGS = tags();

    private static Map<Long, Integer> tags() {
        Map<Long, Integer> tags = new HashMap<>();
        for (int i = 0; i < OWN; i++) {
            tags.put(tag(i), i);
        }
        return tags;
    }
}
