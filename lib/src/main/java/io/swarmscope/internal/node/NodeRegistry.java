package io.swarmscope.internal.node;

import io.swarmscope.FindResult;
import io.swarmscope.Multiaddr;
import io.swarmscope.PackageId;
import io.swarmscope.PackageManifest;
import io.swarmscope.PeerId;
import io.swarmscope.PeerStanding;
import io.swarmscope.PublishReceipt;
import io.swarmscope.PublishedPackage;
import io.swarmscope.Query;
import io.swarmscope.QueryMetrics;
import io.swarmscope.Quorum;
import io.swarmscope.Registry;
import io.swarmscope.RegistryConfig;
import io.swarmscope.RegistryException;
import io.swarmscope.RegistryStatus;
import io.swarmscope.SearchReport;
import io.swarmscope.SearchResult;
import io.swarmscope.SearchStream;
import io.swarmscope.host.Host;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.fork.Deadline;
import io.swarmscope.internal.fork.Forks;
import io.swarmscope.internal.fork.Nanos;
import io.swarmscope.internal.fork.World;
import io.swarmscope.internal.kad.KadConfig;
import io.swarmscope.internal.record.RecordKey;
import io.swarmscope.internal.record.Signed;
import io.swarmscope.internal.record.Versions;
import io.swarmscope.internal.search.Asking;
import io.swarmscope.internal.search.FindService;
import io.swarmscope.internal.search.Finding;
import io.swarmscope.internal.search.NeighbourFacts;
import io.swarmscope.internal.search.SearchService;
import io.swarmscope.internal.store.Storage;
import io.swarmscope.internal.swarm.SwarmHandle;
import io.swarmscope.internal.telemetry.NodeInstruments;
import io.swarmscope.internal.telemetry.Telemetry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out the calls of {@link Registry} over the parts of a running node. Thread-safe; each call runs on its caller's thread and on virtual
 * threads that do not outlive it.
 */
final class NodeRegistry implements Registry {

    private static final Logger log = LoggerFactory.getLogger(NodeRegistry.class);

    /** How often what is known of peers is written down. A crash loses as much of it. */
    private static final Duration REMEMBER_PEERS_EVERY = Duration.ofMinutes(1);

    private final RegistryConfig config;
    private final PeerId self;
    private final Packages packages;
    private final SwarmHandle swarm;
    private final Host host;
    private final NeighbourFacts facts;
    private final Telemetry telemetry;
    private final CallWatch watch;
    private final SearchService searches;
    private final FindService finds;
    private final Outbox outbox;
    private final Publisher publisher;
    private final Republisher republisher;
    private final Syncing syncing;
    private final Joiner joiner;
    private final StatusReader status;
    private final AtomicBoolean closed = new AtomicBoolean();

    // What it runs, set by start.
    private final List<Maintenance> maintenance = new ArrayList<>();
    private @Nullable Storage store;

    /** Touched by the maintenance thread only. */
    private long rememberPeersAt = Nanos.after(World.nanoTime(), Duration.ofSeconds(3));

    /** Over the parts of a node that runs. */
    NodeRegistry(
            Identity identity,
            Packages packages,
            SwarmHandle swarm,
            Host host,
            Forks forks,
            Syncing syncing,
            Telemetry telemetry,
            SplittableRandom random) {
        this.config = packages.config();
        this.self = identity.peerId();
        this.packages = packages;
        this.swarm = swarm;
        this.host = host;
        this.facts = new NeighbourFacts(config.location().orElse(null));
        Asking asking = new Asking(
                config.network(),
                swarm::neighbours,
                facts,
                packages.reputation(),
                packages.validator(),
                packages.index(),
                telemetry);
        this.telemetry = telemetry;
        this.watch = new CallWatch(telemetry);
        TracedDht dht = new TracedDht(swarm::run, telemetry);
        Signer signer = new Signer(identity, config.network(), config.recordLifetime(), packages.clock());
        KadConfig.StoreConfig stores = KadConfig.DEFAULT.stores();
        Offers offers = new Offers(dht, packages.validators(), stores.writesPerSecond(), forks);
        Reach reach = () -> swarm.status().routingTable() > 0;
        this.searches = new SearchService(self, config.query(), packages.index(), asking, forks);
        this.finds = new FindService(
                self,
                dht,
                asking,
                packages.validator(),
                packages.index(),
                id -> packages.owners().ownerOf(id.namespace()),
                config.query().cacheFor(),
                forks);
        packages.heldPackages().tellNewsTo(finds::heard);
        this.outbox = new Outbox(shorter(stores.recordTtl(), stores.providerTtl()), packages.journal(), random);
        this.republisher = new Republisher(packages, signer, offers, outbox, reach);
        this.publisher = new Publisher(self, packages, signer, finds, reach, offers, republisher);
        this.syncing = syncing;
        this.joiner = new Joiner(config, swarm, dht, forks);
        this.status = new StatusReader(self, packages, swarm, host, syncing, searches, finds);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    /**
     * Begins to work for the node beside its calls; called once, before any.
     *
     * @param schedule fills the outbox with what waited before a restart
     * @param store closed after everything that writes into it
     */
    void start(Consumer<Outbox> schedule, Storage store) {
        this.store = store;
        schedule.accept(outbox);
        telemetry.observe(self, () -> new NodeInstruments.Reading(readStatus(), metrics()));
        String name = "swarmscope-" + self.shortText();
        begin(name + "-maintenance", this::tick);
        if (Node.isFull(config)) {
            begin(name + "-sync", syncing::tick);
        }
    }

    /** What it knows of packages. */
    Packages packages() {
        return packages;
    }

    private void begin(String name, Maintenance.Task task) {
        Maintenance running = new Maintenance(name);
        maintenance.add(running);
        running.start(task);
    }

    private void tick() throws InterruptedException {
        republisher.tick();
        if (Nanos.reached(rememberPeersAt, World.nanoTime())) {
            rememberPeersAt = Nanos.after(World.nanoTime(), REMEMBER_PEERS_EVERY);
            rememberPeers();
        }
    }

    private void rememberPeers() throws InterruptedException {
        PeerMemory.keep(swarm.peers(), packages.reputation(), packages.journal());
    }

    @Override
    public RegistryConfig config() {
        return open(() -> config);
    }

    @Override
    public PeerId id() {
        return open(() -> self);
    }

    @Override
    public List<Multiaddr> addresses() {
        return open(this::ownAddresses);
    }

    private List<Multiaddr> ownAddresses() {
        List<Multiaddr> told = config.announce().isEmpty() ? host.addresses() : config.announce();
        return told.stream().map(address -> address.withPeerId(self)).toList();
    }

    @Override
    public void awaitReady(Duration timeout) throws InterruptedException {
        call(() -> {
            joiner.awaitReady(timeout);
            return true;
        });
    }

    @Override
    public PeerId connect(Multiaddr address, Duration timeout) throws InterruptedException {
        return call(() -> joiner.connect(address, timeout));
    }

    @Override
    public int bootstrap(Duration timeout) throws InterruptedException {
        return call(() -> watch.trace("bootstrap", () -> joiner.bootstrap(timeout)));
    }

    @Override
    public PublishReceipt publish(PackageManifest manifest, Duration timeout) throws InterruptedException {
        return call(() -> watch.publish("publish", () -> publisher.publish(manifest, timeout)));
    }

    @Override
    public PublishReceipt unpublish(PackageId id, Duration timeout) throws InterruptedException {
        return call(() -> watch.publish("unpublish", () -> publisher.unpublish(id, timeout)));
    }

    @Override
    public PublishReceipt unpublish(PackageId id, String version, Duration timeout) throws InterruptedException {
        return call(() -> watch.publish("unpublish", () -> publisher.unpublish(id, version, timeout)));
    }

    @Override
    public FindResult find(PackageId id, Quorum quorum, Duration timeout) throws InterruptedException {
        return find(RecordKey.of(id), quorum, timeout);
    }

    @Override
    public FindResult findVersion(PackageId id, String version, Quorum quorum, Duration timeout)
            throws InterruptedException {
        PackageManifest.checkVersion(version);
        return find(RecordKey.of(id, version), quorum, timeout);
    }

    @Override
    public List<String> versions(PackageId id, Duration timeout) throws InterruptedException {
        return find(id, timeout).map(PublishedPackage::versions).orElse(List.of());
    }

    @Override
    public List<String> versionsIn(PackageId id, String range, Duration timeout) throws InterruptedException {
        Versions.inRange(range, List.of()); // before anybody is asked
        return Versions.inRange(range, versions(id, timeout));
    }

    private FindResult find(RecordKey key, Quorum quorum, Duration timeout) throws InterruptedException {
        return call(() -> watch.find(key, timeout, () -> look(key, quorum, timeout)));
    }

    private FindResult look(RecordKey key, Quorum quorum, Duration timeout) throws InterruptedException {
        long began = World.nanoTime();
        Deadline deadline = Deadline.after(timeout);
        Optional<Signed<?>> held = packages.held(key, deadline);
        if (held.isPresent() && quorum.equals(Quorum.FIRST_VALID)) {
            SearchReport report = finds.heldReport(timeout, World.nanoTime() - began);
            return new FindResult(shown(held.get(), key), 0, report);
        }
        return switch (finds.find(key, quorum, deadline)) {
            case Finding.Found found -> {
                Signed<?> newest = held.isPresent() && held.get().replaces(found.record()) ? held.get() : found.record();
                yield new FindResult(shown(newest, key), found.confirmations(), found.report());
            }
            case Finding.Absent absent -> new FindResult(Optional.empty(), 0, absent.report());
            case Finding.Unknown unknown ->
                throw new RegistryException.CouldNotFindOut(
                        "whether " + key.id() + key.version().map(v -> " " + v).orElse("")
                                + " exists could not be found out within " + timeout.toMillis() + " ms: " + unknown.why(),
                        null,
                        unknown.report());
        };
    }

    /** Of a version nothing but that version is said, even where the head is what is known of it. */
    private static Optional<PublishedPackage> shown(Signed<?> record, RecordKey key) {
        return record.toPublished().map(found -> key.version().isEmpty()
                ? found
                : new PublishedPackage(
                        found.manifest(),
                        List.of(found.version()),
                        found.publisher(),
                        found.sequence(),
                        found.publishedAt(),
                        found.expiresAt()));
    }

    @Override
    public SearchResult search(Query query, Duration timeout) throws InterruptedException {
        return call(() -> watch.search(query, () -> searches.search(query, timeout)));
    }

    @Override
    public SearchStream searchStream(Query query, Duration timeout) {
        return open(() -> searches.stream(query, timeout, () -> requireOpen(null), watch.stream(query)));
    }

    @Override
    public RegistryStatus status() throws InterruptedException {
        return call(this::readStatus);
    }

    private RegistryStatus readStatus() throws InterruptedException {
        return status.read(ownAddresses(), republisher.waiting());
    }

    @Override
    public QueryMetrics metrics() {
        return watch.metrics();
    }

    @Override
    public PeerStanding explain(PeerId peer) throws InterruptedException {
        return call(() -> packages.reputation().standing(peer, nearness(peer)));
    }

    private double nearness(PeerId peer) throws InterruptedException {
        return swarm.neighbours().stream().filter(known -> known.id().equals(peer)).mapToDouble(facts::nearness).findFirst().orElse(0);
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            telemetry.close();
            maintenance.forEach(Maintenance::close);
            rememberPeersOnceMore();
            swarm.close();
            host.close();
            if (store != null) {
                store.close();
            }
        }
    }

    private void rememberPeersOnceMore() {
        try {
            rememberPeers();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RegistryException e) {
            log.debug("the peers known last were not written down: {}", e.getMessage());
        }
    }

    /** Runs a call. If the registry is closed meanwhile, that is why it failed or has less than it should, whatever it says itself. */
    private <T> T call(CallWatch.Call<T> call) throws InterruptedException {
        requireOpen(null);
        T result;
        try {
            result = call.run();
        } catch (RegistryException e) {
            requireOpen(e);
            throw e;
        }
        requireOpen(null);
        return result;
    }

    private <T> T open(Supplier<T> read) {
        requireOpen(null);
        return read.get();
    }

    private void requireOpen(@Nullable RegistryException cause) {
        if (closed.get()) {
            throw cause instanceof RegistryException.Closed same ? same : new RegistryException.Closed(cause);
        }
    }
}
