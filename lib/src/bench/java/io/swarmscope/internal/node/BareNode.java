package io.swarmscope.internal.node;

import io.swarmscope.Multiaddr;
import io.swarmscope.PackageManifest;
import io.swarmscope.RegistryConfig;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.fork.Deadline;
import io.swarmscope.internal.fork.Forks;
import io.swarmscope.internal.gossip.GossipConfig;
import io.swarmscope.internal.gossip.Intake;
import io.swarmscope.internal.gossip.Message;
import io.swarmscope.internal.gossip.Signing;
import io.swarmscope.internal.gossip.Verdict;
import io.swarmscope.internal.kad.KadConfig;
import io.swarmscope.internal.link.TcpHost;
import io.swarmscope.internal.link.TcpHostConfig;
import io.swarmscope.internal.record.Signed;
import io.swarmscope.internal.store.Store;
import io.swarmscope.internal.swarm.GossipSetup;
import io.swarmscope.internal.swarm.SwarmConfig;
import io.swarmscope.internal.swarm.SwarmHandle;
import io.swarmscope.internal.sync.SyncHandler;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * A full node of its real parts, links, swarm, rules, index and a database in memory, without what works beside its calls: nothing is put
 * into the DHT, renewed or synced by itself, so that a benchmark sees gossip, or sync, alone.
 */
final class BareNode implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    final Packages packages;
    final SyncedRecords synced;
    final SwarmHandle swarm;
    private final Identity identity = Identity.generate(new SecureRandom());
    private final RegistryConfig config;
    private final Store store;
    private final TcpHost host;

    /**
     * Opens it.
     *
     * @param bootstrap whom to join by
     * @param accepted hears of each message that was taken by gossip, when its record is in the index
     */
    BareNode(List<Multiaddr> bootstrap, Consumer<Message> accepted) throws Exception {
        config = RegistryConfig.DEFAULT.withListen("/ip4/127.0.0.1/tcp/0").withBootstrap(bootstrap);
        store = Store.inMemory("bench", InstantSource.system());
        packages = new Packages(config, identity.peerId(), InstantSource.system(), new Journal(store, InstantSource.system()));
        synced = new SyncedRecords(packages.heldPackages(), packages.validator(), packages.observer());
        host = TcpHost.create(identity, TcpHostConfig.DEFAULT.withListen(config.listen()));
        host.handle(SyncHandler.protocol(config.network()), new SyncHandler(synced));
        HeadGossip rules = new HeadGossip(config, packages.validator(), packages.heldPackages(), packages.observer());
        Intake.Rules telling = (from, author, message) -> {
            Verdict verdict = rules.judge(from, author, message);
            if (verdict == Verdict.ACCEPT) {
                accepted.accept(message);
            }
            return verdict;
        };
        SwarmConfig swarmConfig = new SwarmConfig(
                        identity.peerId(),
                        KadConfig.DEFAULT.withPrefix("/" + config.network()),
                        packages.validators(),
                        bootstrap,
                        new SplittableRandom(42),
                        packages.observer(),
                        packages.indexer())
                .withGossip(new GossipSetup(
                        GossipConfig.DEFAULT,
                        HeadGossip.topics(config),
                        new Signing(identity, InstantSource.system()::millis),
                        telling,
                        peer -> HeadGossip.opinion(packages.reputation(), peer)));
        swarm = SwarmHandle.start(swarmConfig, host, List.of(), Forks.best());
    }

    void awaitJoined() throws InterruptedException {
        if (!swarm.awaitJoined(Deadline.after(PATIENCE))) {
            throw new IllegalStateException("a node did not join");
        }
    }

    Multiaddr address() {
        return host.addresses().getFirst().withPeerId(identity.peerId());
    }

    /** A new head of this node, in its index. */
    Signed<?> sign(PackageManifest manifest) {
        Signer signer = new Signer(identity, config.network(), config.recordLifetime(), InstantSource.system());
        Signed<?> head = signer.publish(manifest, null, null).state();
        packages.restoreOwn(head, Long.MAX_VALUE);
        return head;
    }

    void announce(Signed<?> head) {
        swarm.publish(HeadGossip.topic(config), head.encoded());
    }

    long counter(String name) throws InterruptedException {
        return swarm.status().counters().getOrDefault(name, 0L);
    }

    @Override
    public void close() {
        swarm.close();
        host.close();
        store.close();
    }
}
