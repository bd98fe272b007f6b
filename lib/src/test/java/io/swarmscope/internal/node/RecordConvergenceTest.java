package io.swarmscope.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.swarmscope.PackageId;
import io.swarmscope.PeerId;
import io.swarmscope.Query;
import io.swarmscope.RegistryConfig;
import io.swarmscope.internal.record.Evidence;
import io.swarmscope.internal.record.Head;
import io.swarmscope.internal.record.Heads;
import io.swarmscope.internal.record.RecordCodec;
import io.swarmscope.internal.record.RecordKey;
import io.swarmscope.internal.record.RecordRefused;
import io.swarmscope.internal.record.Signed;
import io.swarmscope.internal.record.Tombstone;
import io.swarmscope.internal.record.VersionRecord;
import io.swarmscope.internal.store.MemoryIndex;
import io.swarmscope.internal.store.PackageIndex;
import io.swarmscope.internal.store.Store;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever publishers do, and in whatever order, how often and how late nodes hear of it: in the end all hold the same, and at no time anything that
 * they were told is withdrawn.
 */
class RecordConvergenceTest {

    private static final Instant BEGIN = Instant.parse("2026-11-21T12:00:00Z");
    private static final Duration LIFETIME = Duration.ofHours(48);
    private static final List<String> NAMES = List.of("a", "b", "c");

    private Instant now = BEGIN;

    @TempDir
    private Path directory;

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES) // for a busy machine
    void allNodesComeToTheSameAndResurrectNothing() {
        for (long seed = 1; seed <= 60; seed++) {
            history(seed);
        }
    }

    @Test
    @Tag("slow")
    @Timeout(value = 15, unit = TimeUnit.MINUTES) // for a busy machine
    void allNodesComeToTheSameAndResurrectNothingInTwoThousandHistories() {
        for (long seed = 1_000; seed < 3_000; seed++) {
            history(seed);
        }
    }

    /** One in which there is room for one package of others: they come and go, and what the listener hears is what there is. */
    @Test
    void aFullIndexTellsItsListenerAllTheSame() {
        for (long seed = 1; seed <= 20; seed++) {
            Random random = new Random(seed);
            now = BEGIN;
            List<HonestPublisher> publishers = publishers(random);
            Node node = new Node("seed " + seed, publishers.getFirst().identity().peerId(), 1);
            List<Signed<?>> waiting = new ArrayList<>();
            for (int step = 0; step < 150; step++) {
                now = now.plusMillis(1 + random.nextInt(3_600_000));
                waiting.addAll(change(publishers, random));
                some(waiting, random).forEach(node::hears);
                if (random.nextInt(8) == 0) {
                    node.expires();
                }
                assertThat(node.index.packages() - node.index.published()).as(node.name).isBetween(0, 1);
            }
            node.expires();
            assertThat(node.index.published()).as(node.name).isEqualTo(node.mirror.headsIn("space0"));
        }
    }

    /** Names of 128 characters, a version of 64. */
    @Test
    void theLongestNamesAreHeldAndSynced() throws Exception {
        String name = "n".repeat(PackageId.MAX_PART_LENGTH);
        Signed<?> tombstone = RecordCodec.seal(Heads.someone(), Heads.tombstone(name + "/" + name, "1" + "v".repeat(63), 7, now));
        try (Store store = Store.inMemory("test", () -> now)) {
            Packages packages = packages(Heads.someone().peerId(), store);

            hears(packages, tombstone);

            String key = HeldPackages.itemKey(RecordKey.of(tombstone.record()));
            assertThat(packages.heldPackages().items().get(key)).isEqualTo(7);
        }
    }

    @Test
    void whatWasWithdrawnStaysSoAfterARestart() throws Exception {
        for (long seed = 1; seed <= 3; seed++) {
            restart(seed);
        }
    }

    /** Publishers change their packages for five days, nodes hear of it by and by, then all of it comes once more, then time passes. */
    private void history(long seed) {
        Random random = new Random(seed);
        now = BEGIN;
        List<HonestPublisher> publishers = publishers(random);
        HonestPublisher own = publishers.getFirst();
        List<Node> nodes = IntStream.range(0, 4)
                .mapToObj(i -> new Node("seed " + seed + ", node " + i, i == 0 ? own.identity().peerId() : HonestPublisher.identity(random).peerId()))
                .toList();
        List<Signed<?>> waiting = new ArrayList<>();
        for (int step = 0; step < 40; step++) {
            now = now.plusMillis(1 + random.nextInt(random.nextBoolean() ? 5 : 6 * 3_600_000));
            waiting.addAll(change(publishers, random));
            for (Node node : nodes) {
                some(waiting, random).forEach(node::hears);
            }
            if (random.nextInt(8) == 0) {
                nodes.get(random.nextInt(nodes.size())).expires();
            }
        }
        for (Node node : nodes) {
            shuffled(waiting, random).forEach(node::hears);
            assertThat(node.seen()).as(node.name).isEqualTo(nodes.getFirst().seen());
            publishers.forEach(node::holdsTheLatestOf);
        }
        for (int day = 0; day < 34; day++) {
            now = now.plus(Duration.ofHours(20 + random.nextInt(8)));
            for (Node node : nodes) {
                if (random.nextBoolean()) {
                    node.expires();
                }
                some(waiting, random).forEach(node::hears);
                assertThat(node.seen()).as("%s after %d days", node.name, day).isEqualTo(nodes.getFirst().seen());
            }
        }
        for (Node node : nodes) {
            node.expires();
            node.isEmpty();
        }
    }

    private List<HonestPublisher> publishers(Random random) {
        return List.of(new HonestPublisher(random, LIFETIME, () -> now), new HonestPublisher(random, LIFETIME, () -> now));
    }

    private static List<Signed<?>> change(List<HonestPublisher> publishers, Random random) {
        int which = random.nextInt(publishers.size());
        return publishers.get(which).change(new PackageId("space" + which, NAMES.get(random.nextInt(NAMES.size()))));
    }

    private static List<Signed<?>> some(List<Signed<?>> records, Random random) {
        return shuffled(records, random).stream().limit(random.nextInt(8)).toList();
    }

    private static List<Signed<?>> shuffled(List<Signed<?>> records, Random random) {
        List<Signed<?>> shuffled = new ArrayList<>(records);
        Collections.shuffle(shuffled, random);
        return shuffled;
    }

    /** A node: its index, and a mirror that hears of its changes. */
    private final class Node {
        private final String name;
        private final Mirror mirror = new Mirror();
        private final MemoryIndex index;
        private final Map<PackageId, Long> withdrawn = new HashMap<>();

        Node(String name, PeerId self) {
            this(name, self, 1_000);
        }

        Node(String name, PeerId self, int maxForeign) {
            this.name = name;
            this.index = new MemoryIndex(self, maxForeign, () -> now, mirror);
        }

        void hears(Signed<?> record) {
            boolean taken = index.offer(record);
            String what = name + " heard of the " + record;
            if (taken) {
                assertThat(index.find(RecordKey.of(record.record())).isPresent()).as(what).isTrue();
                assertThat(index.offer(record)).as("%s twice", what).isFalse();
            }
            record.as(Tombstone.class).filter(t -> t.record().version().isEmpty() && !t.record().expired(now))
                    .ifPresent(t -> withdrawn.merge(t.id(), t.sequence(), Math::max));
            checkOf(record.id(), what);
        }

        /** What stands is neither withdrawn nor other than what the mirror heard; what was withdrawn is known to be. */
        private void checkOf(PackageId id, String what) {
            Signed<?> found = index.find(id).orElse(null);
            if (found != null && found.record() instanceof Head head) {
                assertThat(head.sequence()).as(what).isGreaterThan(withdrawn.getOrDefault(id, 0L));
                assertThat(index.withdrawn(id, head.version())).as(what).isLessThan(head.sequence());
            }
            assertThat(mirror.standing.get(RecordKey.of(id))).as("%s: the mirror", what).isIn(found, expired(RecordKey.of(id)));
            assertThat(index.packages()).as("%s: packages", what).isEqualTo(mirror.heads());
        }

        /** What the mirror has, if it has expired: nobody was told so far. */
        private Signed<?> expired(RecordKey key) {
            Signed<?> mirrored = mirror.standing.get(key);
            return mirrored != null && mirrored.record().expired(now) ? mirrored : null;
        }

        void expires() {
            index.expire();
            assertThat(index.expire()).as(name).isZero();
            mirror.standing.forEach((key, record) -> assertThat(index.find(key)).as("%s: the mirror at %s", name, key).contains(record));
            withdrawn.clear();
        }

        /** What can be seen of it by asking. */
        Map<String, Object> seen() {
            Map<String, Object> seen = new TreeMap<>();
            for (String space : List.of("space0", "space1")) {
                for (String name : NAMES) {
                    PackageId id = new PackageId(space, name);
                    seen.put(id.toString(), index.find(id));
                }
            }
            seen.put("search", index.search(Query.all(), 100).best().stream().map(match -> match.id()).toList());
            return seen;
        }

        void holdsTheLatestOf(HonestPublisher publisher) {
            publisher.states().forEach((id, state) -> {
                if (!state.record().expired(now)) {
                    assertThat(index.find(id)).as("%s: %s", name, id).contains(state);
                }
                publisher.versions(id).forEach((version, record) ->
                        assertThat(index.withdrawn(id, version)).as("%s: %s %s", name, id, version).isLessThan(record.sequence()));
            });
            publisher.signed().stream()
                    .flatMap(record -> record.as(VersionRecord.class).stream())
                    .filter(record -> !publisher.versions(record.id()).containsKey(record.record().version()))
                    .forEach(record -> assertThat(index.withdrawn(record.id(), record.record().version()))
                            .as("%s: the %s, which was withdrawn", name, record)
                            .isGreaterThanOrEqualTo(record.sequence()));
        }

        void isEmpty() {
            assertThat(mirror.standing).as(name).isEmpty();
            assertThat(index.packages() + index.published()).as(name).isZero();
        }
    }

    /** All that a listener can know of an index. */
    private static final class Mirror implements PackageIndex.Listener {
        private final Map<RecordKey, Signed<?>> standing = new HashMap<>();

        @Override
        public void stands(Signed<?> record) {
            assertThat(standing.put(RecordKey.of(record.record()), record)).as("told twice").isNotEqualTo(record);
        }

        @Override
        public void underlies(Signed<Tombstone> tombstone) {
            assertThat(standing.get(RecordKey.of(tombstone.id())).sequence()).isGreaterThan(tombstone.sequence());
        }

        @Override
        public void gone(RecordKey key) {
            assertThat(standing.remove(key)).as("what stood under %s", key).isNotNull();
        }

        @Override
        public void contradicted(Evidence evidence) {
            throw new AssertionError("honest publishers contradict themselves: " + evidence);
        }

        int heads() {
            return headsIn("space");
        }

        int headsIn(String space) {
            return (int) standing.values().stream()
                    .filter(record -> record.record() instanceof Head head && head.id().namespace().startsWith(space))
                    .count();
        }
    }

    /** A node that hears of a history in any order, by gossip and sync, is closed and opened again: it knows the same. */
    private void restart(long seed) throws Exception {
        Random random = new Random(seed);
        now = BEGIN;
        List<HonestPublisher> publishers = publishers(random);
        List<Signed<?>> records = new ArrayList<>();
        for (int step = 0; step < 40; step++) {
            now = now.plusMillis(1 + random.nextInt(3_600_000));
            records.addAll(change(publishers, random));
        }
        PeerId self = HonestPublisher.identity(random).peerId();
        Path data = Files.createDirectory(directory.resolve("seed" + seed));
        Map<String, Object> before;
        try (Store store = Store.open(data, "test", () -> now, new Restored())) {
            Packages packages = packages(self, store);
            for (Signed<?> record : shuffled(records, random)) {
                hears(packages, record);
            }
            before = known(packages, publishers);
        }
        Restored restored = new Restored();
        try (Store store = Store.open(data, "test", () -> now, restored)) {
            Packages packages = packages(self, store);
            restored.giveTo(packages, self);

            assertThat(known(packages, publishers)).as("seed %d", seed).isEqualTo(before);
            records.forEach(record -> hears(packages, record));
            assertThat(known(packages, publishers)).as("seed %d, all told again", seed).isEqualTo(before);
        }
    }

    private Packages packages(PeerId self, Store store) {
        return new Packages(RegistryConfig.DEFAULT.withNetwork(Heads.NETWORK), self, () -> now, new Journal(store, () -> now));
    }

    private static void hears(Packages packages, Signed<?> record) {
        try {
            packages.heldPackages().offer(packages.validator().check(record.encoded()));
        } catch (RecordRefused e) {
            assertThat(e.reason()).isEqualTo(RecordRefused.Reason.WITHDRAWN);
        }
    }

    private static Map<String, Object> known(Packages packages, List<HonestPublisher> publishers) {
        Map<String, Object> known = new TreeMap<>();
        int items = 0;
        for (HonestPublisher publisher : publishers) {
            for (RecordKey key : publisher.keys()) {
                Signed<?> found = packages.index().find(key).filter(r -> RecordKey.of(r.record()).equals(key)).orElse(null);
                items += found == null ? 0 : 1;
                known.put(key.toString(), Stream.of(found).toList());
                known.put(key + " sequence", packages.heldPackages().items().get(HeldPackages.itemKey(key)));
                assertThat(packages.heldPackages().items().get(HeldPackages.itemKey(key))).isEqualTo(found == null ? 0 : found.sequence());
                key.version().ifPresent(version -> known.put(key + " withdrawn", packages.index().withdrawn(key.id(), version)));
            }
        }
        assertThat(packages.heldPackages().items().size()).isEqualTo(items);
        known.put("packages", packages.index().packages());
        return known;
    }
}
