package io.swarmscope.internal.node;

import io.swarmscope.PackageId;
import io.swarmscope.PeerId;
import io.swarmscope.internal.fork.Deadline;
import io.swarmscope.internal.kad.ProviderEntry;
import io.swarmscope.internal.record.Evidence;
import io.swarmscope.internal.record.Head;
import io.swarmscope.internal.record.PackageRecord;
import io.swarmscope.internal.record.RecordCodec;
import io.swarmscope.internal.record.RecordKey;
import io.swarmscope.internal.record.RecordRefused;
import io.swarmscope.internal.record.Signed;
import io.swarmscope.internal.record.Tombstone;
import io.swarmscope.internal.record.VersionRecord;
import io.swarmscope.internal.store.Change;
import io.swarmscope.internal.store.Row;
import io.swarmscope.internal.store.Storage;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down what a node must not forget, and reads what it does not keep in memory: packages and records as rows of the {@link Storage}. Thread-safe;
 * waits for the store, so not for the swarm thread.
 */
final class Journal implements Outbox.Listener {

    private static final Logger log = LoggerFactory.getLogger(Journal.class);

    private final Storage store;
    private final InstantSource clock;

    /** Writes into this store. */
    Journal(Storage store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    // What is kept in passing: at most the last moments of it are lost in a crash, and come back from the network.

    /** What stands for its package, or a version that this node keeps for the DHT. */
    void keep(Signed<?> record) {
        PackageRecord said = record.record();
        String namespace = said.id().namespace();
        String name = said.id().name();
        long expires = said.expiresAt().toEpochMilli();
        switch (said) {
            case Head head -> put(new Row.Head(namespace, name, head.sequence(), expires, record.encoded()));
            case VersionRecord version ->
                put(new Row.Version(namespace, name, version.version(), version.sequence(), expires, record.encoded()));
            case Tombstone tombstone -> {
                String version = tombstone.version().orElse("");
                keepTombstone(tombstone, record.encoded());
                write(
                        version.isEmpty()
                                ? new Change.DeleteHead(namespace, name)
                                : new Change.DeleteVersion(namespace, name, version));
            }
        }
    }

    /** The tombstone of a package that came back since. */
    void keepBeneath(Signed<Tombstone> tombstone) {
        keepTombstone(tombstone.record(), tombstone.encoded());
    }

    private void keepTombstone(Tombstone tombstone, byte[] encoded) {
        put(new Row.Tombstone(
                tombstone.id().namespace(),
                tombstone.id().name(),
                tombstone.version().orElse(""),
                tombstone.sequence(),
                tombstone.expiresAt().toEpochMilli(),
                encoded));
    }

    /** Nothing stands under a key any more. */
    void forget(RecordKey key) {
        String namespace = key.id().namespace();
        String name = key.id().name();
        if (key.version().isEmpty()) {
            write(new Change.DeleteHead(namespace, name));
        }
        write(new Change.DeleteTombstone(namespace, name, key.version().orElse("")));
    }

    void keep(Evidence evidence) {
        put(new Row.Evidence(
                evidence.id().namespace(),
                evidence.id().name(),
                evidence.kind().name(),
                evidence.standing().encoded(),
                evidence.refuted().encoded(),
                clock.millis(),
                Evidence.digest(evidence.refuted())));
    }

    void owned(String namespace, PeerId key, long until) {
        put(new Row.Namespace(namespace, key.toBytes(), until));
    }

    void keep(ProviderEntry entry) {
        String addresses = entry.addresses().stream().map(Object::toString).collect(Collectors.joining("\n"));
        long expires = clock.millis() + entry.left().toMillis();
        put(new Row.Provider(entry.key().array(), entry.provider(), addresses, expires));
    }

    @Override
    public void scheduled(RecordKey key, int attempts, long at) {
        put(new Row.Outbox(key.toString(), attempts, at));
    }

    @Override
    public void done(RecordKey key) {
        write(new Change.DeleteOutbox(key.toString()));
    }

    void expire(long nowMillis) {
        write(new Change.Expire(nowMillis));
    }

    /** Whom this node knows, in place of whom it knew. */
    void replace(List<Row.Peer> peers, List<Row.Routing> routing, List<Row.Standing> standings) {
        write(new Change.ReplacePeers(peers));
        write(new Change.ReplaceRouting(routing));
        write(new Change.ReplaceReputation(standings));
    }

    private void put(Row row) {
        write(new Change.Put(row));
    }

    /** Of an interrupted caller, only what there is room for at once is written. The store counts what it could not take. */
    private void write(Change change) {
        if (store.offer(change)) {
            return;
        }
        try {
            boolean taken = store.write(change);
            log.debug("the store is behind: a change {}", taken ? "had to wait" : "was not written");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // What is acknowledged

    /**
     * Writes down what this node signed. When this returns, it is on disk.
     *
     * @throws io.swarmscope.RegistryException.NotStored if it is not
     */
    void commit(Publication publication, Deadline deadline) throws InterruptedException {
        List<Change> changes = new ArrayList<>();
        long renewAt = publication.renewAt();
        changes.add(own(publication.state(), publication.state().record() instanceof Tombstone, renewAt));
        publication.others().forEach(record -> changes.add(own(record, record.record() instanceof Tombstone, renewAt)));
        publication.buried().forEach(record -> changes.add(own(record, true, renewAt)));
        publication.keys().forEach(key -> changes.add(new Change.Put(new Row.Outbox(key.toString(), 1, clock.millis()))));
        store.commit(changes, deadline);
    }

    private static Change own(Signed<?> record, boolean withdrawn, long renewAt) {
        String version = RecordKey.of(record.record()).version().orElse("");
        return new Change.Put(new Row.Own(
                record.id().namespace(), record.id().name(), version, record.encoded(), withdrawn, renewAt));
    }

    // What is read again

    /** The versions that this node published of a package, those that were withdrawn among them. */
    Map<String, OwnVersion> ownVersions(PackageId id, Deadline deadline) throws InterruptedException {
        Map<String, OwnVersion> versions = new TreeMap<>();
        for (Row.Own row : store.own(id.namespace(), id.name(), deadline)) {
            if (!row.version().isEmpty()) {
                versions.put(row.version(), new OwnVersion(read(row.record()), row.withdrawn()));
            }
        }
        return versions;
    }

    /** The record of a version that this node published. */
    Optional<OwnVersion> ownVersion(RecordKey key, Deadline deadline) throws InterruptedException {
        return Optional.ofNullable(ownVersions(key.id(), deadline).get(key.version().orElseThrow()));
    }

    /** Records of a version that are kept: this node's own, or one of the DHT. */
    List<byte[]> version(RecordKey key, Deadline deadline) throws InterruptedException {
        String version = key.version().orElseThrow();
        List<byte[]> records = new ArrayList<>();
        for (Row.Own row : store.own(key.id().namespace(), key.id().name(), deadline)) {
            if (row.version().equals(version)) {
                records.add(row.record());
            }
        }
        store.version(key.id().namespace(), key.id().name(), version, deadline).ifPresent(row -> records.add(row.record()));
        return records;
    }

    private static Signed<?> read(byte[] encoded) {
        try {
            return RecordCodec.trusted(encoded);
        } catch (RecordRefused e) {
            throw new IllegalStateException("this node signed it", e);
        }
    }

    Map<String, Long> counters() {
        return store.counters();
    }
}
