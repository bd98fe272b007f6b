package io.swarmscope.internal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.swarmscope.PeerId;
import io.swarmscope.RegistryException;
import io.swarmscope.internal.fork.Deadline;
import io.swarmscope.internal.wire.Limits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What comes in comes out: in memory, from a file, after a crash. */
class StoreTest {

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochMilli(Rows.NOW));

    @TempDir
    Path directory;

    enum Kind {
        MEMORY,
        FILE
    }

    private Store open(Kind kind) {
        return kind == Kind.MEMORY ? Store.inMemory("test", CLOCK) : open(new Rows.Told());
    }

    private Store open(Contents told) {
        return Store.open(directory, "test", CLOCK, told);
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(20));
    }

    private static void commit(Store store, Row... rows) throws InterruptedException {
        store.commit(Stream.of(rows).map(row -> (Change) new Change.Put(row)).toList(), soon());
    }

    private static Rows.Told told(Store store) throws InterruptedException {
        Rows.Told told = new Rows.Told();
        return store.read(
                statements -> {
                    new Reads(statements).tell(told, Rows.NOW);
                    return told;
                },
                soon());
    }

    @ParameterizedTest
    @EnumSource
    void everyTableGivesBackWhatWasPutIn(Kind kind) throws Exception {
        Random random = new Random(1);
        byte[] a = Rows.bytes(random, 6000);
        byte[] b = Rows.bytes(random, 32);
        PeerId peer = Rows.peer(random);
        long later = Rows.NOW + 1;
        Row.Version version = new Row.Version("acme", "log", "1.2.0", 7, later, a);
        List<Row> rows = List.of(
                new Row.Namespace("acme", b, later),
                new Row.Tombstone("acme", "old", "", 3, later, a),
                new Row.Own("acme", "log", "", a, true, later),
                new Row.Head("acme", "log", Long.MAX_VALUE, later, a),
                version,
                new Row.Outbox("head acme/log", 4, later),
                new Row.Provider(b, peer, "/ip4/1.2.3.4/tcp/1\n/ip6/::1/tcp/2", later),
                new Row.Peer(peer, "/ip4/1.2.3.4/tcp/1\tx\t0", later),
                new Row.Routing(peer, 2),
                new Row.Standing(peer, 1.5, 0.25, 0, 1e9 + 1, later));
        Row.Own ownVersion = new Row.Own("acme", "log", "1.2.0", a, false, later);
        Row.Evidence evidence = new Row.Evidence("acme", "log", "same sequence", a, b, later, b);
        try (Store store = open(kind)) {
            commit(store, rows.toArray(Row[]::new));
            commit(store, ownVersion, evidence);
            Rows.Told told = told(store);
            assertThat(told.rows).usingRecursiveComparison().isEqualTo(rows);
            assertThat(told.refuted).containsExactly("acme/log " + Arrays.hashCode(b));
            assertThat(store.own("acme", "log", soon()))
                    .usingRecursiveFieldByFieldElementComparator()
                    .containsExactlyInAnyOrder((Row.Own) rows.get(2), ownVersion);
            assertThat(store.version("acme", "log", "1.2.0", soon()).orElseThrow()).usingRecursiveComparison().isEqualTo(version);
            assertThat(store.version("acme", "log", "1.2.1", soon())).isEmpty();
            assertThat(store.versions("acme", "log", soon())).hasSize(1);
            assertThat(store.evidence(10, soon()).getFirst()).usingRecursiveComparison().isEqualTo(evidence);
            assertThat(store.sizes(soon())).hasSize(11).allSatisfy((table, count) -> assertThat(count).isEqualTo(table.equals("own") ? 2 : 1));
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsDeletedReplacedOrExpiredIsGone(Kind kind) throws Exception {
        Random random = new Random(2);
        PeerId alice = Rows.peer(random);
        PeerId bob = Rows.peer(random);
        byte[] a = Rows.bytes(random, 40);
        long past = Rows.NOW - 1;
        Function<PeerId, Row.Standing> standing = peer -> new Row.Standing(peer, 1, 1, 1, 1, 1);
        try (Store store = open(kind)) {
            long longPast = past - Limits.STORE_NAMESPACE_KEPT.toMillis();
            commit(store, new Row.Namespace("acme", a, longPast), new Row.Tombstone("acme", "x", "1", 1, past, a));
            commit(store, new Row.Head("acme", "x", 1, past, a), new Row.Version("acme", "x", "1", 1, past, a));
            commit(store, new Row.Provider(a, alice, "", past), Rows.own("x"), new Row.Outbox("x", 0, 0));
            commit(store, new Row.Peer(alice, "", 1), new Row.Routing(alice, 1), standing.apply(alice));
            assertThat(told(store).rows).as("expired rows are not told, but whose a namespace was").hasSize(6);
            store.commit(
                    List.of(
                            new Change.Expire(Rows.NOW),
                            new Change.DeleteOwn("acme", "x", ""),
                            new Change.DeleteOutbox("x"),
                            new Change.ReplacePeers(List.of(new Row.Peer(bob, "", 1))),
                            new Change.ReplaceRouting(List.of(new Row.Routing(bob, 1), new Row.Routing(alice, 0))),
                            new Change.ReplaceReputation(List.of(standing.apply(bob)))),
                    soon());
            assertThat(store.sizes(soon()).values().stream().mapToLong(Long::longValue).sum()).isEqualTo(4);
            Rows.Told told = told(store);
            assertThat(told.all(Row.Peer.class)).extracting(Row.Peer::peer).containsExactly(bob);
            assertThat(told.all(Row.Routing.class)).extracting(Row.Routing::peer).containsExactly(alice, bob);

            commit(store, Rows.head("y", 1, 10), new Row.Tombstone("acme", "y", "", 1, Rows.NOW + 1, a));
            commit(store, new Row.Version("acme", "y", "1", 1, Rows.NOW + 1, a), new Row.Namespace("acme", a, Rows.NOW + 1));
            store.commit(
                    List.of(
                            new Change.DeleteHead("acme", "y"),
                            new Change.DeleteTombstone("acme", "y", ""),
                            new Change.DeleteVersion("acme", "y", "1"),
                            new Change.DeleteNamespace("acme")),
                    soon());
            assertThat(store.sizes(soon()).values().stream().mapToLong(Long::longValue).sum()).isEqualTo(4);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anOlderHeadDoesNotTakeThePlaceOfANewer(Kind kind) throws Exception {
        try (Store store = open(kind)) {
            commit(store, Rows.head("log", 2, 100));
            commit(store, Rows.head("log", 1, 100));
            assertThat(told(store).all(Row.Head.class)).extracting(Row.Head::sequence).containsExactly(2L);
            commit(store, Rows.head("log", 3, 100));
            assertThat(told(store).all(Row.Head.class)).extracting(Row.Head::sequence).containsExactly(3L);
        }
    }

    @Test
    void whatWasHandedOverIsThereWhenItIsOpenedAgain() throws Exception {
        try (Store store = open(Kind.FILE)) {
            assertThat(store.write(Rows.putHead("a"), Rows.putHead("b"))).isTrue();
            assertThat(store.offer(Rows.putHead("c"))).isTrue();
        }
        assertThat(Files.size(directory.resolve(Database.FILE))).isPositive();
        assertThat(directory.resolve(Database.FILE + Rescue.LOG)).as("closing leaves one file").doesNotExist();
        Rows.Told told = new Rows.Told();
        try (Store store = open(told)) {
            assertThat(told.heads()).containsExactly("a", "b", "c");
            assertThat(store.recovery()).isEmpty();
        }
    }

    @Test
    void whatWasCommittedIsThereAfterACrash(@TempDir Path copy) throws Exception {
        long seed = 3;
        Random random = new Random(seed);
        List<String> committed = new ArrayList<>();
        try (Store store = open(Kind.FILE)) {
            for (int round = 0; round < 20; round++) {
                for (int i = 0; i < 40; i++) {
                    String name = "log" + round + "-" + i;
                    commit(store, Rows.head(name, 1, 100 + random.nextInt(8000)));
                    committed.add(name);
                }
                // What the disk has now is what a killed process leaves.
                Path crashed = Files.createDirectory(copy.resolve("crash" + round));
                copy(crashed);
                Rows.Told told = new Rows.Told();
                try (Store after = Store.open(crashed, "crashed", CLOCK, told)) {
                    assertThat(after.recovery()).as("seed %s, round %s", seed, round).isEmpty();
                    assertThat(told.heads()).as("seed %s, round %s", seed, round).containsExactlyElementsOf(committed.stream().sorted().toList());
                }
            }
        }
    }

    private void copy(Path to) throws Exception {
        for (String part : List.of("", Rescue.LOG)) {
            Path from = directory.resolve(Database.FILE + part);
            if (Files.exists(from)) {
                Files.copy(from, to.resolve(Database.FILE + part));
            }
        }
    }

    @Test
    void aSecondRegistryOnTheSameDirectoryIsRefusedAndTheFirstGoesOn() throws Exception {
        try (Store first = open(Kind.FILE)) {
            assertThatThrownBy(() -> open(Kind.FILE))
                    .isInstanceOf(RegistryException.CannotOpen.class)
                    .hasMessageContaining("in use by process " + ProcessHandle.current().pid());
            commit(first, Rows.head("a", 1, 10));
        }
        open(Kind.FILE).close();
    }

    @Test
    void aDirectoryThatIsNotThereIsRefused() {
        assertThatThrownBy(() -> Store.open(directory.resolve("nowhere"), "test", CLOCK, new Rows.Told()))
                .isInstanceOf(RegistryException.CannotOpen.class)
                .hasMessageContaining("nowhere");
    }

    @Test
    void aDirectoryMayHaveAnyName() throws Exception {
        Path odd = Files.createDirectory(directory.resolve("a?mode=memory #%41 ü"));
        try (Store store = Store.open(odd, "test", CLOCK, new Rows.Told())) {
            commit(store, Rows.own("a"));
        }
        assertThat(odd.resolve(Database.FILE)).exists();
    }

    @Test
    void aFailingReaderOfTheContentsFailsTheOpening() throws Exception {
        try (Store store = open(Kind.FILE)) {
            commit(store, Rows.own("a"));
        }
        Contents broken = new Contents() {
            @Override
            public void row(Row row) {
                throw new IllegalStateException("cannot take " + row.getClass());
            }

            @Override
            public void refuted(String namespace, String name, byte[] sha256) {}
        };
        assertThatThrownBy(() -> open(broken)).isInstanceOf(RegistryException.CannotOpen.class);
        open(Kind.FILE).close();
    }
}
