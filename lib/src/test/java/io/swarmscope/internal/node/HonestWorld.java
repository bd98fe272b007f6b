package io.swarmscope.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.swarmscope.PackageId;
import io.swarmscope.PeerId;
import io.swarmscope.RegistryConfig;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.record.Evidence;
import io.swarmscope.internal.record.Heads;
import io.swarmscope.internal.record.PackageRecord;
import io.swarmscope.internal.record.RecordCodec;
import io.swarmscope.internal.record.RecordKey;
import io.swarmscope.internal.record.RecordRefused;
import io.swarmscope.internal.record.Signed;
import io.swarmscope.internal.record.VersionRecord;
import io.swarmscope.internal.store.Store;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** A node that holds what a few honest publishers signed in the last two days: what stands, what was withdrawn, what has expired. */
final class HonestWorld implements AutoCloseable {

    static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final int PUBLISHERS = 6;
    private static final int PACKAGES = 40;

    /** A package whose publisher has a P-256 key: an Ed25519 signature has one form only, this one has two. */
    static final PackageId CURVED = PackageId.parse("curved/thing");

    final Packages packages;
    final PeerId self;

    /** The names under which publishers have packages. */
    final List<PackageId> ids = new ArrayList<>();

    /** Whoever owns a namespace. */
    final Map<String, PeerId> owners = new HashMap<>();

    /** All that the publishers ever signed for this network. */
    final List<Signed<?>> signed = new ArrayList<>();

    private final Set<ByteBuffer> genuine = new HashSet<>();
    private final Map<PackageId, Optional<Signed<?>>> standing = new HashMap<>();
    private final Map<RecordKey, Long> withdrawn = new HashMap<>();
    private final Map<PackageId, Long> synced = new HashMap<>();
    private final List<HonestPublisher> publishers = new ArrayList<>();
    private final Store store = Store.inMemory("world", () -> NOW);
    private Instant now = NOW;

    /** Two states of a package with one sequence number: what somebody signed who is not honest. The node has the evidence. */
    final Evidence contradiction;

    HonestWorld(Random random) {
        this.self = HonestPublisher.identity(random).peerId();
        RegistryConfig config = RegistryConfig.DEFAULT.withNetwork(Heads.NETWORK);
        this.packages = new Packages(config, self, () -> now, new Journal(store, () -> now));
        for (int p = 0; p < PUBLISHERS; p++) {
            publish(p, random);
        }
        signed.sort(Comparator.comparing(record -> record.record().publishedAt()));
        signed.forEach(this::hear);
        Signed<?> curved = RecordCodec.seal(publishers.getFirst().identity(), Heads.head(Heads.manifest(CURVED.toString(), "1"), 1, NOW));
        now = NOW;
        signed.add(read(OtherKeys.p256().sign(Forgery.of(curved))));
        hear(signed.getLast());
        ids.add(CURVED);
        now = NOW;
        contradiction = contradiction(HonestPublisher.identity(random));
        packages.heldPackages().take(contradiction);
        hear(contradiction.standing());
        ids.add(contradiction.id());
        remember();
    }

    private static Evidence contradiction(Identity liar) {
        Signed<?> one = RecordCodec.seal(liar, Heads.head(Heads.manifest("liar/thing", "1"), 5, NOW));
        Signed<?> other = RecordCodec.seal(liar, Heads.head(Heads.manifest("liar/thing", "2"), 5, NOW));
        return Evidence.between(one, other).orElseThrow();
    }

    /** The last publisher was last heard of before its records expired. */
    private void publish(int number, Random random) {
        Instant[] time = {NOW.minus(Duration.ofHours(number == PUBLISHERS - 1 ? 40 : 20))};
        HonestPublisher publisher = new HonestPublisher(random, Duration.ofHours(25), () -> time[0]);
        publishers.add(publisher);
        for (int i = 0; i < PACKAGES; i++) {
            PackageId id = new PackageId("space" + number, "package" + i);
            ids.add(id);
            for (int change = 1 + random.nextInt(8); change > 0; change--) {
                time[0] = time[0].plusMillis(1 + random.nextInt(120_000));
                signed.addAll(publisher.change(id));
            }
        }
    }

    private void hear(Signed<?> record) {
        now = record.record().publishedAt();
        try {
            Signed<?> checked = packages.validator().check(record.encoded());
            packages.heldPackages().offer(checked);
        } catch (RecordRefused e) {
            throw new AssertionError(e);
        }
        owners.put(record.id().namespace(), record.publisher());
        genuine.add(ByteBuffer.wrap(record.encoded()));
    }

    static Signed<?> read(byte[] encoded) {
        try {
            return RecordCodec.trusted(encoded);
        } catch (RecordRefused e) {
            throw new AssertionError(e);
        }
    }

    /** What a publisher signs although it is of no use here: it must not be taken from anybody. */
    Signed<?> alsoSigned(Random random, PackageRecord record) {
        int publisher = Integer.parseInt(record.id().namespace().substring("space".length()));
        return RecordCodec.seal(publishers.get(publisher).identity(), record);
    }

    boolean isGenuine(byte[] encoded) {
        return genuine.contains(ByteBuffer.wrap(encoded));
    }

    private void remember() {
        packages.index().expire();
        ids.forEach(id -> standing.put(id, packages.index().find(id)));
        ids.forEach(id -> synced.put(id, packages.heldPackages().items().get(id.toString())));
        signed.stream().flatMap(record -> record.as(VersionRecord.class).stream()).forEach(version -> {
            RecordKey key = RecordKey.of(version.record());
            withdrawn.put(key, packages.index().withdrawn(key.id(), version.record().version()));
        });
        for (HonestPublisher publisher : publishers) {
            // Where a head has expired, a tombstone may stand that it had overcome.
            publisher.states().forEach((id, state) -> assertThat(standing.get(id).filter(s -> s.sequence() == state.sequence()))
                    .isEqualTo(state.record().expired(NOW) ? Optional.empty() : Optional.of(state)));
        }
    }

    /** What stood for a package before anybody attacked. */
    Optional<Signed<?>> standing(PackageId id) {
        return standing.get(id);
    }

    /** Whether one package is as it was. */
    boolean isAsItWas(PackageId id) {
        return packages.index().find(id).equals(standing.get(id));
    }

    /** All of it is as it was. */
    void requireUnharmed(String what) {
        for (PackageId id : ids) {
            assertThat(packages.index().find(id)).as("%s: %s", what, id).isEqualTo(standing.get(id));
            standing.get(id).ifPresent(state -> {
                assertThat(packages.index().refuted(state)).as("%s: evidence against %s", what, id).isFalse();
                assertThat(packages.index().sequence(id)).as("%s: %s", what, id).isGreaterThanOrEqualTo(state.sequence());
                assertThat(packages.heldPackages().items().get(id.toString())).as("%s: %s as synced", what, id).isEqualTo(synced.get(id));
            });
        }
        withdrawn.forEach((key, upTo) -> assertThat(packages.index().withdrawn(key.id(), key.version().orElseThrow()))
                .as("%s: %s", what, key)
                .isEqualTo(upTo));
        owners.forEach((namespace, owner) ->
                assertThat(packages.owners().ownerOf(namespace)).as("%s: %s", what, namespace).contains(owner));
    }

    @Override
    public void close() {
        store.close();
    }
}
