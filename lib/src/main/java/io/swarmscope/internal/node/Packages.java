package io.swarmscope.internal.node;

import io.swarmscope.PackageId;
import io.swarmscope.PeerId;
import io.swarmscope.RegistryConfig;
import io.swarmscope.host.StreamHandler;
import io.swarmscope.internal.kad.Bytes;
import io.swarmscope.internal.kad.Validators;
import io.swarmscope.internal.node.OwnPackages.Own;
import io.swarmscope.internal.peer.PeerObserver;
import io.swarmscope.internal.peer.Reputation;
import io.swarmscope.internal.record.NamespaceOwners;
import io.swarmscope.internal.record.RecordKey;
import io.swarmscope.internal.record.RecordRefused;
import io.swarmscope.internal.record.RecordValidator;
import io.swarmscope.internal.record.SignedHead;
import io.swarmscope.internal.search.Asking;
import io.swarmscope.internal.search.SearchHandler;
import io.swarmscope.internal.store.MemoryIndex;
import io.swarmscope.internal.store.PackageIndex;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * What a node knows of packages, and the rules for them: made before its swarm, which is given the rules, and used by its calls. Thread-safe.
 */
final class Packages {

    private final RegistryConfig config;
    private final InstantSource clock;
    private final PackageIndex index;
    private final NamespaceOwners owners = new NamespaceOwners();
    private final RecordValidator validator;
    private final Validators validators;
    private final Reputation reputation = new Reputation();
    private final OwnPackages own = new OwnPackages();
    private final PackageLocks locks = new PackageLocks();
    private final SearchHandler searches;

    /** Set once, before calls are taken. */
    private volatile Consumer<SignedHead> announcer = head -> {};

    Packages(RegistryConfig config, PeerId self, InstantSource clock) {
        this.config = config;
        this.clock = clock;
        this.index = new MemoryIndex(self, config.maxPackages(), clock);
        this.validator = new RecordValidator(config.network(), owners, index::sequence, clock);
        KadRules rules = new KadRules(validator);
        this.validators = Validators.DEFAULT.with(RecordKey.PACKAGES, rules).with(RecordKey.VERSIONS, rules);
        this.searches = new SearchHandler(index, this::held);
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

    /** Takes records that the DHT stored here into the index. */
    BiConsumer<Bytes, Bytes> indexer() {
        return (key, value) -> {
            if (RecordKey.isOfPackage(key.array())) {
                try {
                    index.offer(validator.check(key.array(), value.array()));
                } catch (RecordRefused e) {
                    // It was accepted a moment ago; a newer one came meanwhile. The validator has counted it.
                }
            }
        };
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

    PackageIndex index() {
        return index;
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

    /** One who changes a package at a time. */
    PackageLocks locks() {
        return locks;
    }

    /** Keeps a package of this node as it is now; called with its lock taken. */
    void keep(PackageId id, Own changed) {
        SignedHead head = changed.head().read();
        own.put(id, changed);
        validator.trust(head);
        index.offer(head);
        announcer.accept(head);
    }

    /** From now on tells that one of every head this node signs; it returns at once. */
    void announceBy(Consumer<SignedHead> told) {
        announcer = told;
    }

    /** The record of a package or version that this node holds, its own or another's. May say that the package is withdrawn. */
    Optional<SignedHead> held(PackageId id, Optional<String> version) {
        RecordKey key = new RecordKey(id, version);
        Optional<SignedHead> ours = own.record(key);
        if (ours.isPresent()) {
            return ours;
        }
        return index.find(id).filter(head -> version.isEmpty()
                || head.head().withdrawn()
                || head.head().version().equals(version.get()));
    }

    /** What was counted, by name. */
    Map<String, Long> counters() {
        Map<String, Long> counters = new TreeMap<>(validator.counters());
        counters.putAll(searches.counters());
        counters.put("namespaces", (long) owners.size());
        return counters;
    }
}
