package io.swarmscope.internal.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.swarmscope.internal.wire.Limits;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The tree against a sorted map that is gone through from start to end. */
class ItemSetTest {

    private static final long SEED = Long.getLong("swarmscope.seed", 20_240);

    /** Where UTF-16 and UTF-8 order differently, and keys that begin alike. */
    private static final String[] PIECES = {"a", "b", "/", "@", "0", "é", "漢", "\uE000", "\uFFFD", "😀", "\0"};

    private final Random random = new Random(SEED);
    private final ItemSet set = new ItemSet();
    private final NavigableMap<String, Long> model = new TreeMap<>(
            (x, y) -> Arrays.compareUnsigned(x.getBytes(StandardCharsets.UTF_8), y.getBytes(StandardCharsets.UTF_8)));

    @Test
    void rangesSumUpAsInASortedMapWhateverHappens() throws Exception {
        for (int round = 0; round < 4_000; round++) {
            change();
            if (round % 10 == 0) {
                KeyRange range = range();
                assertThat(set.summary(range)).as("seed %d, round %d, %s", SEED, round, range).isEqualTo(naive(range));
                assertThat(set.size()).isEqualTo(model.size());
            }
        }
        for (Map.Entry<String, Long> item : List.copyOf(model.entrySet())) {
            assertThat(set.get(item.getKey())).isEqualTo(item.getValue());
            assertThat(set.remove(item.getKey())).isTrue();
        }
        assertThat(set.summary(KeyRange.ALL)).isEqualTo(new ItemSet().summary(KeyRange.ALL));
    }

    @Test
    void aRangeIsListedAndCutInOrder() {
        for (int i = 0; i < 1_000; i++) {
            change();
        }
        for (int round = 0; round < 500; round++) {
            KeyRange range = range();
            List<Item> all = inRange(range);
            int max = random.nextInt(50);
            List<Item> listed = set.with(tree -> tree.list(range, max));
            assertThat(listed)
                    .as("seed %d, round %d, %s", SEED, round, range)
                    .isEqualTo(all.subList(0, Math.min(max, all.size())));
            if (all.size() >= 16) {
                assertCutEvenly(range, all);
            }
        }
    }

    private void assertCutEvenly(KeyRange range, List<Item> all) {
        int parts = 2 + random.nextInt(15);
        List<String> bounds = new ArrayList<>(List.of(range.low()));
        bounds.addAll(set.with(tree -> tree.cuts(range, parts)));
        assertThat(bounds).hasSize(parts);
        int from = 0;
        for (int i = 0; i < parts; i++) {
            KeyRange part = new KeyRange(bounds.get(i), i + 1 < parts ? bounds.get(i + 1) : range.high());
            List<Item> within = inRange(part);
            assertThat(within).hasSizeBetween(all.size() / parts, all.size() / parts + 1);
            assertThat(within).isEqualTo(all.subList(from, from + within.size()));
            from += within.size();
        }
        assertThat(from).isEqualTo(all.size());
    }

    @Test
    void theOrderOfArrivalLeavesNoTrace() {
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            keys.add("key" + i);
        }
        ItemSet rising = new ItemSet();
        keys.forEach(key -> rising.put(key, 7));
        Collections.shuffle(keys, random);
        keys.forEach(key -> set.put(key, 1));
        keys.forEach(key -> set.put(key, 7));

        assertThat(set.summary(KeyRange.ALL)).isEqualTo(rising.summary(KeyRange.ALL));
        set.put("key77", 8);
        assertThat(set.summary(KeyRange.ALL)).isNotEqualTo(rising.summary(KeyRange.ALL));
    }

    @Test
    void whatIsPutAgainChangesNothing() {
        assertThat(set.put("a/b", 3)).isTrue();
        assertThat(set.put("a/b", 3)).isFalse();
        assertThat(set.put("a/b", 2)).as("the caller knows what is newer").isTrue();
        assertThat(set.get("a/b")).isEqualTo(2);
        assertThat(set.remove("a/c")).isFalse();
        assertThat(set.get("a/c")).isZero();
    }

    @Test
    void keysHaveALengthAndSequencesAreReal() {
        String longest = "é".repeat(Limits.SYNC_KEY_BYTES / 2);
        assertThat(set.put(longest, Long.MAX_VALUE)).isTrue();
        assertThatThrownBy(() -> set.put(longest + "x", 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> set.put("", 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> set.put("x", 0)).isInstanceOf(IllegalArgumentException.class);
    }

    private void change() {
        String key = key();
        if (random.nextInt(3) == 0) {
            assertThat(set.remove(key)).isEqualTo(model.remove(key) != null);
        } else {
            long sequence = random.nextInt(4) == 0 ? random.nextLong(Long.MAX_VALUE) + 1 : 1 + random.nextInt(3);
            Long before = model.put(key, sequence);
            assertThat(set.put(key, sequence)).isEqualTo(before == null || before != sequence);
        }
    }

    private String key() {
        StringBuilder key = new StringBuilder();
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            key.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return key.toString();
    }

    private KeyRange range() {
        KeyRange range;
        do {
            range = new KeyRange(random.nextInt(5) == 0 ? "" : key(), random.nextInt(5) == 0 ? null : key());
        } while (range.isEmpty());
        return range;
    }

    private List<Item> inRange(KeyRange range) {
        return model.entrySet().stream()
                .map(entry -> new Item(entry.getKey(), entry.getValue()))
                .filter(item -> range.contains(item.key()))
                .toList();
    }

    private Summary naive(KeyRange range) throws Exception {
        BigInteger sum = BigInteger.ZERO;
        List<Item> items = inRange(range);
        for (Item item : items) {
            byte[] key = item.key().getBytes(StandardCharsets.UTF_8);
            ByteBuffer bytes = ByteBuffer.allocate(key.length + 9).put(key).put((byte) 0).putLong(item.sequence());
            sum = sum.add(new BigInteger(1, sha256(bytes.array())));
        }
        byte[] last = sum.mod(BigInteger.ONE.shiftLeft(256)).toByteArray();
        ByteBuffer bytes = ByteBuffer.allocate(40);
        int length = Math.min(32, last.length);
        bytes.position(32 - length).put(last, last.length - length, length).putLong(items.size());
        return new Summary(items.size(), Fingerprint.of(sha256(bytes.array())));
    }

    private static byte[] sha256(byte[] bytes) throws Exception {
        return MessageDigest.getInstance("SHA-256").digest(bytes);
    }
}
