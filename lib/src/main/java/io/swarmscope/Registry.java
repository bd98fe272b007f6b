package io.swarmscope;

import io.swarmscope.internal.node.Node;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A node of a peer-to-peer package registry: publishes package metadata and finds what every other node published.
 *
 * <p>Safe for use by any thread; opening one starts a node, closing it stops all that it started. Every call blocks at most for its timeout, or
 * {@link QueryConfig#timeout()} if it names none. Interrupting a calling thread cancels all that the call started and nothing
 * else. All methods but {@link #close} and {@link #metrics} throw {@link RegistryException.Closed} after, or when, the registry is closed.
 *
 * <pre>{@code
 * try (Registry registry = Registry.open(RegistryConfig.DEFAULT.withBootstrap(seed))) {
 *     registry.publish(PackageManifest.of("acme/logger", "1.2.0", "A small logger").withTags("logging"));
 *     registry.search(Query.text("logger")).packages().forEach(System.out::println);
 * }
 * }</pre>
 */
public interface Registry extends AutoCloseable {

    /**
     * Starts a node: loads or makes its identity, listens, and begins to join the network in the background; {@link #awaitReady} waits for that.
     *
     * @throws RegistryException.CannotOpen if an address or directory cannot be used; nothing is left open
     */
    static Registry open(RegistryConfig config) {
        return Node.start(config);
    }

    /** The configuration it was opened with. */
    RegistryConfig config();

    /** This node's peer id. */
    PeerId id();

    /** Where others can dial this node, each with its peer id; empty if it only dials. */
    List<Multiaddr> addresses();

    /**
     * Waits until this node has joined: at least one peer of its network is connected and the first lookup around
     * its own id is done. Returns at once if it did. A node without bootstrap addresses is ready when somebody connects.
     *
     * @throws RegistryException.DeadlineExceeded if that did not happen in time; says what stands in the way
     */
    void awaitReady(Duration timeout) throws InterruptedException;

    /**
     * Connects to a node and learns the network from it.
     *
     * @param address with {@code /p2p} suffix
     * @return the peer connected to
     * @throws RegistryException.Unreachable if nobody, or somebody else, answers there
     * @throws RegistryException.InvalidInput if the address has no peer id or is not a TCP address
     */
    PeerId connect(Multiaddr address, Duration timeout) throws InterruptedException;

    /** {@link #connect(Multiaddr, Duration)} with the configured timeout. */
    default PeerId connect(Multiaddr address) throws InterruptedException {
        return connect(address, config().query().timeout());
    }

    /**
     * Dials all bootstrap addresses that are not connected and looks up this node's own neighbourhood.
     *
     * @return how many peers the routing table holds afterwards
     * @throws RegistryException.Unreachable if there are bootstrap addresses and none could be reached
     */
    int bootstrap(Duration timeout) throws InterruptedException;

    /** {@link #bootstrap(Duration)} with the configured timeout. */
    default int bootstrap() throws InterruptedException {
        return bootstrap(config().query().timeout());
    }

    /**
     * Signs a version of a package, keeps it on disk where there is a data directory, tells all full nodes of it by gossip, and stores it at the peers
     * nearest to its key. What this returns for is on disk and survives a crash. If no peer can be reached, or fewer than wanted store it, the receipt
     * says so, and it is put again later; the same holds if the caller is interrupted after it was signed. Publishing the same version with the same
     * content again makes its record live longer.
     *
     * <p>Other nodes take a limited number of records per second from each node; who publishes more waits here for its turn, at most until the
     * timeout.
     *
     * @throws RegistryException.TooLarge if the signed record exceeds 8 KiB
     * @throws RegistryException.Conflict if the namespace is known to belong to another key, or the version was published before with
     *     other content, or was withdrawn
     * @throws RegistryException.NotStored if it cannot be kept on disk; nothing was published
     */
    PublishReceipt publish(PackageManifest manifest, Duration timeout) throws InterruptedException;

    /** {@link #publish(PackageManifest, Duration)} with the configured timeout. */
    default PublishReceipt publish(PackageManifest manifest) throws InterruptedException {
        return publish(manifest, config().query().timeout());
    }

    /**
     * Withdraws a package with all its versions: signs a tombstone, which stands against every older record of it wherever and whenever one turns up.
     * The package may be published again under new versions.
     *
     * @throws RegistryException.Conflict if this node's key did not publish it, or it is withdrawn already
     * @throws RegistryException.NotStored if that cannot be kept on disk; nothing was withdrawn
     */
    PublishReceipt unpublish(PackageId id, Duration timeout) throws InterruptedException;

    /** {@link #unpublish(PackageId, Duration)} with the configured timeout. */
    default PublishReceipt unpublish(PackageId id) throws InterruptedException {
        return unpublish(id, config().query().timeout());
    }

    /**
     * Withdraws one version of a package for good: signs a tombstone for it and a head without it. If it is the only version, the package is withdrawn.
     *
     * @return its version is the one that was withdrawn
     * @throws RegistryException.Conflict if this node's key did not publish the package, or it has no such version
     * @throws RegistryException.CouldNotFindOut if the version that would become the latest is neither held here nor found
     * @throws RegistryException.NotStored if that cannot be kept on disk; nothing was withdrawn
     * @throws RegistryException.InvalidInput if the version is malformed
     */
    PublishReceipt unpublish(PackageId id, String version, Duration timeout) throws InterruptedException;

    /** {@link #unpublish(PackageId, String, Duration)} with the configured timeout. */
    default PublishReceipt unpublish(PackageId id, String version) throws InterruptedException {
        return unpublish(id, version, config().query().timeout());
    }

    /**
     * Finds the current state of a package: in the local index, else among what was found shortly before ({@link QueryConfig#cacheFor}), else, at
     * once, in the DHT and at connected peers; the first valid record wins. Calls for one package at a time share one lookup.
     *
     * @return empty if the peers nearest to its key answered and none has it, or it was withdrawn. In a network of fewer than 20 nodes, two of
     *     three of those known must have answered
     * @throws RegistryException.CouldNotFindOut if too few of them could be asked to tell; its report says who did what
     */
    default Optional<PublishedPackage> find(PackageId id, Duration timeout) throws InterruptedException {
        return find(id, Quorum.FIRST_VALID, timeout).found();
    }

    /**
     * The same, with a quorum and a report. A quorum of one or more asks the network whatever this node holds, and takes the newest of the records
     * that come. If fewer peers have one by the deadline, or at all, the newest of those is returned, and the report is not complete.
     *
     * @throws RegistryException.CouldNotFindOut if there is no record, and too few could be asked to tell that there is none
     */
    FindResult find(PackageId id, Quorum quorum, Duration timeout) throws InterruptedException;

    /** {@link #find(PackageId, Duration)} with the configured timeout. */
    default Optional<PublishedPackage> find(PackageId id) throws InterruptedException {
        return find(id, config().query().timeout());
    }

    /**
     * Finds one version of a package as it was when it was published. It lists that version alone; ask {@link #versions(PackageId)} for all.
     *
     * @return empty if the peers nearest to its key answered and none has it, or it was withdrawn
     * @throws RegistryException.CouldNotFindOut if too few of them could be asked to tell
     * @throws RegistryException.InvalidInput if the version is malformed
     */
    default Optional<PublishedPackage> findVersion(PackageId id, String version, Duration timeout)
            throws InterruptedException {
        return findVersion(id, version, Quorum.FIRST_VALID, timeout).found();
    }

    /** The same, with a quorum and a report, as {@link #find(PackageId, Quorum, Duration)}. */
    FindResult findVersion(PackageId id, String version, Quorum quorum, Duration timeout) throws InterruptedException;

    /** {@link #findVersion(PackageId, String, Duration)} with the configured timeout. */
    default Optional<PublishedPackage> findVersion(PackageId id, String version) throws InterruptedException {
        return findVersion(id, version, config().query().timeout());
    }

    /**
     * The versions of a package, newest first; empty if there is no such package.
     *
     * @throws RegistryException.CouldNotFindOut as {@link #find(PackageId, Duration)}
     */
    List<String> versions(PackageId id, Duration timeout) throws InterruptedException;

    /** {@link #versions(PackageId, Duration)} with the configured timeout. */
    default List<String> versions(PackageId id) throws InterruptedException {
        return versions(id, config().query().timeout());
    }

    /**
     * The versions of a package in a range, newest first; empty if there is no such package or none of its versions is in it.
     *
     * @param range in npm's notation, for example {@code ^1.2.0}, {@code >=2.0.0 <3.0.0} or {@code 1.x || 3.x}; a version that does not begin with a
     *     number is in none, one like {@code 4.1.Final} counts as far as it can be read
     * @throws RegistryException.InvalidInput if the range is malformed
     * @throws RegistryException.CouldNotFindOut as {@link #find(PackageId, Duration)}
     */
    List<String> versionsIn(PackageId id, String range, Duration timeout) throws InterruptedException;

    /** {@link #versionsIn(PackageId, String, Duration)} with the configured timeout. */
    default List<String> versionsIn(PackageId id, String range) throws InterruptedException {
        return versionsIn(id, range, config().query().timeout());
    }

    /**
     * Whether a package exists.
     *
     * @throws RegistryException.CouldNotFindOut as {@link #find(PackageId, Duration)}
     */
    default boolean exists(PackageId id, Duration timeout) throws InterruptedException {
        return find(id, timeout).isPresent();
    }

    /** {@link #exists(PackageId, Duration)} with the configured timeout. */
    default boolean exists(PackageId id) throws InterruptedException {
        return exists(id, config().query().timeout());
    }

    /**
     * Searches the local index and, at once, {@link QueryConfig#fanOut()} connected peers. One that fails or has nothing is replaced by the next
     * best while time is left; beside one that is slower than it used to be, another is asked. Ends when the query's limit is filled, when all have
     * answered, or at the deadline, and returns what was found until then; never throws because a peer failed or time ran out. The report says what
     * each peer did.
     */
    SearchResult search(Query query, Duration timeout) throws InterruptedException;

    /** {@link #search(Query, Duration)} with the configured timeout. */
    default SearchResult search(Query query) throws InterruptedException {
        return search(query, config().query().timeout());
    }

    /**
     * The same search, but gives what it finds while it runs, from the first hit on, whatever the offset. Returns at once; the deadline is that of the
     * whole search, however slowly it is read.
     */
    SearchStream searchStream(Query query, Duration timeout);

    /** {@link #searchStream(Query, Duration)} with the configured timeout. */
    default SearchStream searchStream(Query query) {
        return searchStream(query, config().query().timeout());
    }

    /** This node at this moment. Blocks for less than a second. */
    RegistryStatus status() throws InterruptedException;

    /** What was counted of calls since this was opened. Cheap, never blocks, and can be read at any time, also after it was closed. */
    QueryMetrics metrics();

    /**
     * What this node thinks of a peer, from what it observed itself, with each term of its reputation; of a peer it never asked, what a newcomer gets.
     * Blocks for less than a second.
     */
    PeerStanding explain(PeerId peer) throws InterruptedException;

    /** Stops the node: calls that still run fail with {@link RegistryException.Closed}, connections say goodbye, threads end. Idempotent. */
    @Override
    void close();
}
