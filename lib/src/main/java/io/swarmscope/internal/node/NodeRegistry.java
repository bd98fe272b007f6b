package io.swarmscope.internal.node;

import io.swarmscope.Multiaddr;
import io.swarmscope.PackageId;
import io.swarmscope.PackageManifest;
import io.swarmscope.PeerId;
import io.swarmscope.PublishReceipt;
import io.swarmscope.PublishedPackage;
import io.swarmscope.Query;
import io.swarmscope.Registry;
import io.swarmscope.RegistryConfig;
import io.swarmscope.RegistryException;
import io.swarmscope.RegistryStatus;
import io.swarmscope.SearchResult;
import io.swarmscope.host.Host;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.fork.Deadline;
import io.swarmscope.internal.fork.Forks;
import io.swarmscope.internal.kad.KadConfig;
import io.swarmscope.internal.record.RecordKey;
import io.swarmscope.internal.record.SignedHead;
import io.swarmscope.internal.search.Asking;
import io.swarmscope.internal.search.FindService;
import io.swarmscope.internal.search.Finding;
import io.swarmscope.internal.search.SearchService;
import io.swarmscope.internal.swarm.SwarmHandle;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Carries out the calls of {@link Registry} over the parts of a running node. Thread-safe; each call runs on its caller's thread and on virtual
 * threads that do not outlive it.
 */
final class NodeRegistry implements Registry {

    private final RegistryConfig config;
    private final PeerId self;
    private final Packages packages;
    private final Host host;
    private final SearchService searches;
    private final FindService finds;
    private final Publisher publisher;
    private final Republisher republisher;
    private final Joiner joiner;
    private final StatusReader status;
    private final Runnable closer;
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * Over the parts of a node that runs.
     *
     * @param closer stops the parts; called once, on the thread that closes the registry
     */
    NodeRegistry(Identity identity, Packages packages, SwarmHandle swarm, Host host, Forks forks, Runnable closer) {
        this.config = packages.config();
        this.self = identity.peerId();
        this.packages = packages;
        this.host = host;
        this.closer = closer;
        Asking asking = new Asking(
                config.network(), swarm::neighbours, packages.reputation(), packages.validator(), packages.index());
        Signer signer = new Signer(identity, config.network(), config.recordLifetime(), packages.clock());
        Offers offers = new Offers(swarm::run, packages.validators(), KadConfig.DEFAULT.stores().writesPerSecond(), forks);
        Reach reach = () -> swarm.status().routingTable() > 0;
        this.searches = new SearchService(self, config.query(), packages.index(), asking, forks);
        this.finds = new FindService(swarm::run, asking, packages.validator(), packages.index(), forks);
        this.republisher = new Republisher(packages, signer, offers, reach);
        this.publisher = new Publisher(self, packages, signer, finds, reach, offers, republisher);
        this.joiner = new Joiner(config, swarm, forks);
        this.status = new StatusReader(self, packages, swarm, host);
    }

    /** Does what is due: offers, renews and forgets records. For the node's maintenance thread, about every second; ends within seconds. */
    void tick() throws InterruptedException {
        republisher.tick();
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
        return call(() -> joiner.bootstrap(timeout));
    }

    @Override
    public PublishReceipt publish(PackageManifest manifest, Duration timeout) throws InterruptedException {
        return call(() -> publisher.publish(manifest, timeout));
    }

    @Override
    public PublishReceipt unpublish(PackageId id, Duration timeout) throws InterruptedException {
        return call(() -> publisher.unpublish(id, timeout));
    }

    @Override
    public Optional<PublishedPackage> find(PackageId id, Duration timeout) throws InterruptedException {
        return call(() -> find(RecordKey.of(id), timeout));
    }

    @Override
    public Optional<PublishedPackage> findVersion(PackageId id, String version, Duration timeout)
            throws InterruptedException {
        PackageManifest.checkVersion(version);
        return call(() -> find(RecordKey.of(id, version), timeout));
    }

    @Override
    public List<String> versions(PackageId id, Duration timeout) throws InterruptedException {
        return find(id, timeout).map(PublishedPackage::versions).orElse(List.of());
    }

    private Optional<PublishedPackage> find(RecordKey key, Duration timeout) throws InterruptedException {
        Optional<SignedHead> held = packages.held(key.id(), key.version());
        if (held.isPresent()) {
            return shown(held.get());
        }
        return switch (finds.find(key, Deadline.after(timeout))) {
            case Finding.Found found -> shown(found.head());
            case Finding.Absent absent -> Optional.empty();
            case Finding.Unknown unknown ->
                throw new RegistryException.CouldNotFindOut(
                        "whether " + key.id() + key.version().map(v -> " " + v).orElse("")
                                + " exists could not be found out within " + timeout.toMillis() + " ms: " + unknown.why(),
                        null);
        };
    }

    private static Optional<PublishedPackage> shown(SignedHead head) {
        return head.head().withdrawn() ? Optional.empty() : Optional.of(head.toPublished());
    }

    @Override
    public SearchResult search(Query query, Duration timeout) throws InterruptedException {
        return call(() -> searches.search(query, timeout));
    }

    @Override
    public RegistryStatus status() throws InterruptedException {
        return call(() -> status.read(ownAddresses(), republisher.waiting()));
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            closer.run();
        }
    }

    private interface Call<T> {
        T run() throws InterruptedException;
    }

    /** Runs a call. If the registry is closed meanwhile, that is why it failed or has less than it should, whatever it says itself. */
    private <T> T call(Call<T> call) throws InterruptedException {
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
