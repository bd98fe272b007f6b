package io.swarmscope.internal.sync;

import io.swarmscope.PeerId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Records in a map. One says what it is: its sequence, its key and some bytes that follow from both; one that does not is refused. */
final class Shelf implements SyncRecords {

    final Map<String, byte[]> records = new ConcurrentHashMap<>();
    final ItemSet items = new ItemSet();
    final AtomicInteger takes = new AtomicInteger();

    private final int size;

    /** Records of this many bytes, or as many as needed. */
    Shelf(int size) {
        this.size = size;
    }

    @Override
    public ItemSet items() {
        return items;
    }

    @Override
    public Map<String, byte[]> read(List<String> keys) {
        Map<String, byte[]> found = new HashMap<>();
        keys.forEach(key -> {
            byte[] record = records.get(key);
            if (record != null) {
                found.put(key, record);
            }
        });
        return found;
    }

    @Override
    public Outcome take(PeerId from, String key, byte[] record) {
        takes.incrementAndGet();
        byte[] name = key.getBytes(StandardCharsets.UTF_8);
        if (record.length < Long.BYTES + name.length) {
            return Outcome.REFUSED;
        }
        long sequence = ByteBuffer.wrap(record).getLong();
        if (sequence <= 0 || !Arrays.equals(record, record(key, sequence, record.length))) {
            return Outcome.REFUSED;
        }
        return put(key, sequence, record) ? Outcome.NEW : Outcome.KNOWN;
    }

    /** Holds a record if there is none as new; whether it does. */
    boolean put(String key, long sequence) {
        return put(key, sequence, record(key, sequence, size));
    }

    private boolean put(String key, long sequence, byte[] record) {
        if (items.get(key) >= sequence) {
            return false;
        }
        records.put(key, record);
        return items.put(key, sequence);
    }

    static byte[] record(String key, long sequence, int size) {
        byte[] name = key.getBytes(StandardCharsets.UTF_8);
        byte[] record = new byte[Math.max(size, Long.BYTES + name.length)];
        new Random(sequence).nextBytes(record);
        ByteBuffer.wrap(record).putLong(sequence).put(name);
        return record;
    }

    /** What is held, by key, as the records say. */
    Map<String, Long> held() {
        Map<String, Long> held = new TreeMap<>();
        records.forEach((key, record) -> held.put(key, ByteBuffer.wrap(record).getLong()));
        return held;
    }

    /** Puts the same records on all of these, each with its size. */
    static void fill(int count, Shelf... shelves) {
        for (int i = 0; i < count; i++) {
            for (Shelf shelf : shelves) {
                shelf.put(key(i), 1);
            }
        }
    }

    static String key(int i) {
        return "namespace" + i % 100 + "/package-" + i;
    }

    /** What both hold once they have synced. */
    static Map<String, Long> union(Shelf a, Shelf b) {
        Map<String, Long> union = new TreeMap<>(a.held());
        b.held().forEach((key, sequence) -> union.merge(key, sequence, Math::max));
        return union;
    }
}
