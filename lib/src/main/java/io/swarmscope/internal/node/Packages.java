package io.swarmscope.internal.node;

import io.swarmscope.PackageId;
import io.swarmscope.PeerId;
import io.swarmscope.RegistryConfig;
import io.swarmscope.RegistryException;
import io.swarmscope.host.StreamHandler;
import io.swarmscope.internal.fork.Deadline;
import io.swarmscope.internal.fork.World;
import io.swarmscope.internal.kad.Bytes;
import io.swarmscope.internal.kad.Validators;
import io.swarmscope.internal.peer.PeerObserver;
import io.swarmscope.internal.peer.Reputation;
import io.swarmscope.internal.record.Head;
import io.swarmscope.internal.record.NamespaceOwners;
import io.swarmscope.internal.record.RecordCodec;
import io.swarmscope.internal.record.RecordKey;
import io.swarmscope.internal.record.RecordOpener;
import io.swarmscope.internal.record.RecordRefused;
import io.swarmscope.internal.record.RecordValidator;
import io.swarmscope.internal.record.Signed;
import io.swarmscope.internal.record.Tombstone;
import io.swarmscope.internal.record.VersionRecord;
import io.swarmscope.internal.search.Asking;
import io.swarmscope.internal.search.SearchHandler;
import io.swarmscope.internal.store.PackageIndex;
import io.swarmscope.internal.wire.Limits;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a node knows of packages, and the rules for them: made before its swarm, which is given the rules, and used by its calls. Thread-safe.
 */
final class Packages {

    private final RegistryConfig config;
    private final InstantSource clock;
    private final Journal journal;
    private final HeldPackages held;
    private final NamespaceOwners owners;
    private final RecordValidator validator;
    private final Validators validators;
    private final Reputation reputation;
    private final OwnPackages own = new OwnPackages();
    private final PackageLocks locks = new PackageLocks();
    private final SearchHandler searches;

    /** Set once, before calls are taken. */
    private volatile Consumer<Signed<?>> announcer = record -> {};

    /** Knows what the journal has from before. */
    Packages(RegistryConfig config, PeerId self, InstantSource clock, Journal journal) {
        this(config, self, clock, journal, RecordCodec::open);
    }

    /** The same, its records read and verified by that one. */
    Packages(RegistryConfig config, PeerId self, InstantSource clock, Journal journal, RecordOpener opener) {
        this.config = config;
        this.clock = clock;
        this.journal = journal;
        this.reputation = new Reputation(World::nanoTime, clock);
        this.held = new HeldPackages(self, config.maxPackages(), clock, journal);
        this.owners = new NamespaceOwners(config.pinnedNamespaces(), journal::owned);
        this.validator = new RecordValidator(config.network(), owners, held.index(), clock, opener);
        KadRules rules = new KadRules(validator);
        this.validators = Validators.DEFAULT.with(RecordKey.PACKAGES, rules).with(RecordKey.VERSIONS, rules);
        this.searches = new SearchHandler(held.index(), this::heldForPeers, held::newest);
    }

    // For the swarm and the host

    /** The rules for the records of the DHT. */
    Validators validators() {
        return validators;
    }

    /** Hears how peers serve requests to the DHT, and what protocols they break. */
    PeerObserver observer() {
        return reputation;
    }

    /** Takes records that the DHT stored here into the index or, of versions, into the store. */
    BiConsumer<Bytes, Bytes> indexer() {
        return (key, value) -> {
            try {
                Signed<?> record = validator.check(value.array());
                if (!held.offer(record)) {
                    record.as(VersionRecord.class).ifPresent(journal::keep);
                }
            } catch (RecordRefused e) {
                // It was accepted a moment ago; a newer one came meanwhile. The validator has counted it.
            }
        };
    }

    /** What stands for a package, by its key in the DHT: a full node has it though nobody stored it there. Never blocks. */
    @Nullable Bytes heldForDht(Bytes key) {
        try {
            return held.index().find(RecordKey.parse(key.array())).map(found -> Bytes.of(found.encoded())).orElse(null);
        } catch (RecordRefused e) {
            return null;
        }
    }

    /** The id of the search protocol. */
    String searchProtocol() {
        return Asking.protocol(config.network());
    }

    /** Answers the search protocol. */
    StreamHandler searchHandler() {
        return searches;
    }

    // For calls

    RegistryConfig config() {
        return config;
    }

    InstantSource clock() {
        return clock;
    }

    HeldPackages heldPackages() {
        return held;
    }

    PackageIndex index() {
        return held.index();
    }

    NamespaceOwners owners() {
        return owners;
    }

    RecordValidator validator() {
        return validator;
    }

    Reputation reputation() {
        return reputation;
    }

    OwnPackages own() {
        return own;
    }

    Journal journal() {
        return journal;
    }

    /** One who changes a package at a time. */
    PackageLocks locks() {
        return locks;
    }

    /**
     * Keeps what this node signed, on disk first, then tells of it; called with the package's lock taken.
     *
     * @throws RegistryException.NotStored if it cannot be kept; then nothing has changed
     */
    void keep(Publication publication, Deadline deadline) throws InterruptedException {
        journal.commit(publication, deadline);
        own.put(publication.state(), publication.renewAt());
        publication.others().forEach(this::keep);
        keep(publication.state());
    }

    private void keep(Signed<?> record) {
        validator.trust(record);
        held.offer(record);
        if (!(record.record() instanceof VersionRecord)) {
            announcer.accept(record);
        }
    }

    /** Takes over a record of this node from before a restart. */
    void restoreOwn(Signed<?> state, long renewAt) {
        own.put(state, renewAt);
        validator.trust(state);
        held.offer(state);
    }

    /** From now on tells that one of every head and tombstone this node signs; it returns at once. */
    void announceBy(Consumer<Signed<?>> told) {
        announcer = told;
    }

    /** Tells once more what this node signed, of which it is not known that anybody heard. */
    void announceAgain(Signed<?> record) {
        announcer.accept(record);
    }

    /**
     * The record of a package or version that this node holds, its own or another's. May say that it is withdrawn. Of a version that is the latest,
     * it may be the head.
     */
    Optional<Signed<?>> held(RecordKey key, Deadline deadline) throws InterruptedException {
        Optional<Signed<?>> latest = held.index().find(key.id()).filter(state -> key.version().isEmpty()
                || state.record() instanceof Tombstone
                || (state.record() instanceof Head head && head.version().equals(key.version().get())));
        return latest.isPresent() ? latest : heldUnder(key, deadline);
    }

    private Optional<Signed<?>> heldUnder(RecordKey key, Deadline deadline) throws InterruptedException {
        Optional<Signed<?>> found = held.index().find(key);
        return found.isPresent() || key.version().isEmpty() ? found : storedVersion(key, deadline);
    }

    private Optional<Signed<?>> storedVersion(RecordKey key, Deadline deadline) throws InterruptedException {
        for (byte[] encoded : journal.version(key, deadline)) {
            try {
                return Optional.of(validator.checkAgain(encoded));
            } catch (RecordRefused e) {
                // It has expired, or was withdrawn. There may be another one.
            }
        }
        return Optional.empty();
    }

    private Optional<Signed<?>> heldForPeers(PackageId id, Optional<String> version) {
        try {
            return heldUnder(new RecordKey(id, version), Deadline.after(Duration.ofMillis(Limits.SEARCH_SERVING_MILLIS / 2)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (RegistryException e) {
            return Optional.empty(); // the store is closing, or busy for too long
        }
    }

    /** What was counted, by name. */
    Map<String, Long> counters() {
        Map<String, Long> counters = new TreeMap<>(validator.counters());
        counters.putAll(searches.counters());
        counters.putAll(journal.counters());
        counters.put("namespaces", (long) owners.size());
        counters.put("evidence", (long) held.evidence());
        return counters;
    }
}
