package io.swarmscope.internal.node;

import io.swarmscope.PackageId;
import io.swarmscope.PeerId;
import io.swarmscope.RegistryException;
import io.swarmscope.internal.kad.Bytes;
import io.swarmscope.internal.kad.KadRecord;
import io.swarmscope.internal.kad.ProviderEntry;
import io.swarmscope.internal.kad.RecordEntry;
import io.swarmscope.internal.peer.KnownPeer;
import io.swarmscope.internal.record.RecordCodec;
import io.swarmscope.internal.record.RecordKey;
import io.swarmscope.internal.record.RecordRefused;
import io.swarmscope.internal.record.RecordValidator;
import io.swarmscope.internal.record.Signed;
import io.swarmscope.internal.record.Tombstone;
import io.swarmscope.internal.store.Contents;
import io.swarmscope.internal.store.Row;
import io.swarmscope.internal.swarm.Remembered;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a node finds in its store when it starts: told by the store's thread while the store is opened, then handed to the parts by the thread
 * that opens the registry. What does not hold any more, or cannot be read, is left out.
 */
final class Restored implements Contents {

    private static final Logger log = LoggerFactory.getLogger(Restored.class);

    private final List<byte[]> records = new ArrayList<>();
    private final List<Row.Own> own = new ArrayList<>();
    private final List<Row.Namespace> namespaces = new ArrayList<>();
    private final List<Row.Standing> standings = new ArrayList<>();
    private final Map<RecordKey, Integer> attempts = new HashMap<>();
    private final Map<RecordKey, Long> turns = new LinkedHashMap<>();
    private final List<Runnable> refuted = new ArrayList<>();
    private final List<KnownPeer> peers = new ArrayList<>();
    private final List<PeerId> routing = new ArrayList<>();
    private final List<Row.Version> versions = new ArrayList<>();
    private final List<Row.Provider> providers = new ArrayList<>();

    /** Whether it was saved out of a damaged file: then signatures are verified. */
    boolean damaged;

    /** Set before anything is handed on: evidence is told first. */
    private Optional<HeldPackages> held = Optional.empty();

    @Override
    public void row(Row row) {
        switch (row) {
            case Row.Head head -> records.add(head.record());
            case Row.Tombstone tombstone -> records.add(tombstone.record());
            case Row.Version version -> versions.add(version);
            case Row.Own record -> own.add(record);
            case Row.Namespace namespace -> namespaces.add(namespace);
            case Row.Standing standing -> standings.add(standing);
            case Row.Outbox turn -> turn(turn);
            case Row.Peer peer -> peers.add(PeerMemory.read(peer));
            case Row.Routing peer -> routing.add(peer.peer());
            case Row.Provider provider -> providers.add(provider);
            case Row.Evidence evidence -> {} // told by refuted
        }
    }

    private void turn(Row.Outbox row) {
        try {
            RecordKey key = RecordKey.parse(row.key().getBytes(StandardCharsets.UTF_8));
            attempts.put(key, row.attempts());
            turns.put(key, row.nextAt());
        } catch (RecordRefused e) {
            log.debug("left out of the outbox: {}", e.getMessage());
        }
    }

    @Override
    public void refuted(String namespace, String name, byte[] sha256) {
        refuted.add(() -> held.ifPresent(index -> index.restoreRefuted(new PackageId(namespace, name), sha256)));
    }

    /** Hands on what is known of packages. */
    void giveTo(Packages packages, PeerId self) {
        held = Optional.of(packages.heldPackages());
        namespaces.forEach(row -> namespace(row, packages));
        refuted.forEach(Runnable::run);
        packages.heldPackages().restore(() -> {
            records.forEach(encoded -> record(encoded, packages, damaged));
            own.forEach(row -> own(row, packages, self, damaged));
        });
        packages.reputation().restore(standings.stream().map(PeerMemory::read).toList());
    }

    private static void namespace(Row.Namespace row, Packages packages) {
        try {
            packages.owners().restore(row.namespace(), PeerId.ofBytes(row.owner()), row.until());
        } catch (IllegalArgumentException e) {
            log.debug("whose {} is cannot be read", row.namespace());
        }
    }

    private static void record(byte[] encoded, Packages packages, boolean damaged) {
        try {
            RecordValidator validator = packages.validator();
            packages.heldPackages().offer(damaged ? validator.check(encoded) : validator.checkStored(encoded));
        } catch (RecordRefused e) {
            log.debug("left on disk: {}", e.getMessage());
        }
    }

    private static void own(Row.Own row, Packages packages, PeerId self, boolean damaged) {
        try {
            Signed<?> record = damaged ? RecordCodec.open(row.record()) : RecordCodec.trusted(row.record());
            boolean fits = record.publisher().equals(self)
                    && record.record().network().equals(packages.config().network())
                    && packages.owners().maySign(row.namespace(), self);
            if (!fits) {
                log.warn("not published any more, because it is of another key, network or namespace: the {}", record.record());
            } else if (row.version().isEmpty()) {
                packages.restoreOwn(record, row.renewAt());
            } else if (record.record() instanceof Tombstone) {
                packages.heldPackages().offer(record); // a crash may have kept it from among those held
            }
        } catch (RecordRefused e) {
            log.warn("a publication of this node, {}/{}, cannot be read any more: {}", row.namespace(), row.name(), e.getMessage());
        }
    }

    /** The turns of this node's records; what has none, has one now. */
    void giveTo(Outbox outbox, Packages packages, long nowMillis) {
        for (Row.Own row : own) {
            RecordKey key = row.version().isEmpty()
                    ? RecordKey.of(new PackageId(row.namespace(), row.name()))
                    : RecordKey.of(new PackageId(row.namespace(), row.name()), row.version());
            if (packages.own().has(key.id())) {
                turns.putIfAbsent(key, nowMillis);
            }
        }
        outbox.restore(attempts, turns, nowMillis);
        // Of what no other peer stores, perhaps nobody heard either.
        turns.keySet().stream()
                .filter(key -> key.version().isEmpty() && attempts.getOrDefault(key, 1) > 0)
                .map(key -> packages.own().find(key.id()))
                .filter(Objects::nonNull)
                .forEach(packages::announceAgain);
    }

    /** What is known of the network. */
    Remembered network(long nowMillis) {
        List<RecordEntry> kept = new ArrayList<>();
        for (Row.Version row : versions) {
            version(row, nowMillis).ifPresent(kept::add);
        }
        List<ProviderEntry> serving = providers.stream()
                .map(row -> new ProviderEntry(
                        Bytes.of(row.key()),
                        row.provider(),
                        PeerMemory.addresses(row.addresses()),
                        Duration.ofMillis(row.expires() - nowMillis)))
                .toList();
        return new Remembered(peers, routing, kept, serving);
    }

    private static Optional<RecordEntry> version(Row.Version row, long nowMillis) {
        try {
            RecordKey key = RecordKey.of(new PackageId(row.namespace(), row.name()), row.version());
            KadRecord record = new KadRecord(Bytes.of(key.toBytes()), Bytes.of(row.record()));
            return Optional.of(new RecordEntry(record, Duration.ofMillis(row.expires() - nowMillis)));
        } catch (RegistryException.InvalidInput e) {
            return Optional.empty();
        }
    }
}
