package io.swarmscope.internal.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.swarmscope.Multiaddr;
import io.swarmscope.PeerId;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.fork.Deadline;
import io.swarmscope.internal.fork.Forks;
import io.swarmscope.internal.kad.Bytes;
import io.swarmscope.internal.kad.Holdings;
import io.swarmscope.internal.kad.KadConfig;
import io.swarmscope.internal.kad.KadRecord;
import io.swarmscope.internal.kad.Operation;
import io.swarmscope.internal.kad.OperationResult;
import io.swarmscope.internal.kad.ProviderEntry;
import io.swarmscope.internal.kad.RecordEntry;
import io.swarmscope.internal.kad.Validator;
import io.swarmscope.internal.kad.Validators;
import io.swarmscope.internal.kad.Verdict;
import io.swarmscope.internal.link.TcpHost;
import io.swarmscope.internal.link.TcpHostConfig;
import io.swarmscope.internal.peer.KnownAddress;
import io.swarmscope.internal.peer.KnownPeer;
import io.swarmscope.internal.peer.Reputation;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Nodes that come back, and what others hold and answer meanwhile, over real sockets. */
class RestartTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Bytes KEY = Bytes.ofText("/n/a");

    private final List<AutoCloseable> opened = new ArrayList<>();

    /** Values are numbers, more is better. A node whose {@link #known} is greater calls what is less outdated, as one with an index does. */
    private static final class Numbers implements Validator {
        private final ConcurrentHashMap<Bytes, Integer> known = new ConcurrentHashMap<>();

        @Override
        public Verdict validate(byte[] key, byte[] value) {
            return number(value) < known.getOrDefault(Bytes.of(key), 0) ? Verdict.outdated("older than known") : Verdict.ACCEPTED;
        }

        @Override
        public int select(byte[] key, List<byte[]> values) {
            return number(values.get(1)) > number(values.get(0)) ? 1 : 0;
        }

        private static int number(byte[] value) {
            return Integer.parseInt(new String(value, StandardCharsets.UTF_8));
        }
    }

    private final class Node implements AutoCloseable {
        final Identity identity;
        final TcpHost host;
        final Numbers numbers = new Numbers();
        final ConcurrentHashMap<Bytes, Bytes> stored = new ConcurrentHashMap<>();
        final List<ProviderEntry> providers = new CopyOnWriteArrayList<>();
        final List<String> threads = new CopyOnWriteArrayList<>();
        final SwarmHandle swarm;

        Node() throws Exception {
            this(Identity.generate(new SecureRandom()), List.of(), config -> config);
        }

        Node(Identity identity, List<Multiaddr> bootstrap, UnaryOperator<SwarmConfig> more) throws Exception {
            this.identity = identity;
            this.host = TcpHost.create(
                    identity, TcpHostConfig.DEFAULT.withListen(List.of(Multiaddr.parse("/ip4/127.0.0.1/tcp/0"))));
            SwarmConfig config = new SwarmConfig(
                            identity.peerId(),
                            KadConfig.DEFAULT,
                            Validators.DEFAULT.with("n", numbers),
                            bootstrap,
                            new SplittableRandom(1),
                            new Reputation(),
                            (key, value) -> {
                                threads.add(Thread.currentThread().getName());
                                stored.put(key, value);
                            })
                    .withProviders(entry -> {
                        threads.add(Thread.currentThread().getName());
                        providers.add(entry);
                    });
            this.swarm = SwarmHandle.start(more.apply(config), host, List.of(), Forks.best());
            opened.add(this);
        }

        Multiaddr address() {
            return host.addresses().getFirst().withPeerId(identity.peerId());
        }

        void meet(Node other) throws Exception {
            swarm.connect(other.address(), Deadline.after(PATIENCE));
            await().atMost(PATIENCE).until(() -> swarm.status().routingTable() > 0 && other.swarm.status().routingTable() > 0);
        }

        void put(String value) throws Exception {
            swarm.run(new Operation.PutValue(KEY, Bytes.ofText(value)), Deadline.after(PATIENCE));
        }

        OperationResult.FoundValue get(Duration time) throws Exception {
            return (OperationResult.FoundValue) swarm.run(new Operation.GetValue(KEY, 1), Deadline.after(time));
        }

        @Override
        public void close() {
            swarm.close();
            host.close();
        }
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : opened) {
            one.close();
        }
    }

    @Test
    void aRestartedNodeFindsWhatOthersHoldAtOnceThoughEveryBootstrapAddressIsDead() throws Exception {
        Node holder = new Node();
        Node other = new Node();
        Node before = new Node();
        other.meet(holder);
        before.meet(holder);
        await().atMost(PATIENCE).until(() -> before.swarm.awaitJoined(Deadline.after(PATIENCE)));
        other.put("7");
        await().atMost(PATIENCE).until(() -> holder.stored.containsKey(KEY));
        PeersSnapshot known = before.swarm.peers();
        before.close();

        Remembered remembered = new Remembered(known.peers(), known.routingTable(), List.of(), List.of());
        long began = System.nanoTime();
        Node after = new Node(before.identity, List.of(silentAddress(), deadAddress()), c -> c.withRemembered(remembered));
        KadRecord found = after.get(Duration.ofSeconds(2)).best();
        Duration query = Duration.ofNanos(System.nanoTime() - began);
        assertThat(found).isNotNull();
        assertThat(found.value()).isEqualTo(Bytes.ofText("7"));
        assertThat(query).isLessThan(Duration.ofSeconds(2));
        assertThat(after.swarm.awaitJoined(Deadline.after(PATIENCE))).isTrue();
    }

    @Test
    void aRestartedNodeFindsWhatTheOneLivingPeerHoldsThoughAllOthersItKnewAreSilent() throws Exception {
        Node holder = new Node();
        stale(holder);
        List<KnownPeer> known = new ArrayList<>();
        known.add(connectedTo(holder.address(), 1));
        for (int i = 0; i < 24; i++) {
            known.add(connectedTo(silentAddress(), 100 + i));
        }
        List<PeerId> table = known.stream().map(KnownPeer::peer).toList();

        long began = System.nanoTime();
        Node after = new Node(
                Identity.generate(new SecureRandom()),
                List.of(silentAddress()),
                c -> c.withRemembered(new Remembered(known, table, List.of(), List.of())));
        KadRecord found = after.get(PATIENCE).best();
        assertThat(found).isNotNull();
        // The promise is 2 s, and a quiet machine takes half a second; were the silent ones asked in turn, it would be ten.
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
    }

    private static KnownPeer connectedTo(Multiaddr address, long when) {
        return new KnownPeer(
                address.peerId().orElseThrow(), List.of(new KnownAddress(address.withoutPeerId(), true, true, 0)), when);
    }

    /** Where somebody accepts connections and never says anything. */
    private Multiaddr silentAddress() throws Exception {
        ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        opened.add(silent);
        return at(silent.getLocalPort());
    }

    /** Where nobody listens any more. */
    private static Multiaddr deadAddress() throws Exception {
        try (ServerSocket gone = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            return at(gone.getLocalPort());
        }
    }

    private static Multiaddr at(int port) {
        return Multiaddr.parse("/ip4/127.0.0.1/tcp/" + port).withPeerId(Identity.generate(new SecureRandom()).peerId());
    }

    @Test
    void whatANodeKeptForTheNetworkItStillAnswersWithAfterARestart() throws Exception {
        Node reader = new Node();
        Bytes content = Bytes.ofText("some content");
        ProviderEntry entry =
                new ProviderEntry(content, reader.identity.peerId(), List.of(Multiaddr.parse("/ip4/127.0.0.1/tcp/9")), Duration.ofHours(1));
        Remembered remembered = new Remembered(
                List.of(), List.of(), List.of(new RecordEntry(new KadRecord(KEY, Bytes.ofText("7")), Duration.ofHours(1))), List.of(entry));
        Node restarted = new Node(Identity.generate(new SecureRandom()), List.of(), c -> c.withRemembered(remembered));
        reader.meet(restarted);

        KadRecord found = reader.get(PATIENCE).best();
        assertThat(found).isNotNull();
        assertThat(found.value()).isEqualTo(Bytes.ofText("7"));
        Node another = new Node();
        another.meet(restarted);
        OperationResult providers = another.swarm.run(new Operation.FindProviders(content, 1), Deadline.after(PATIENCE));
        assertThat(((OperationResult.FoundProviders) providers).providers())
                .extracting(provider -> provider.id())
                .containsExactly(reader.identity.peerId());
        assertThat(restarted.providers).as("what is taken back is no news").isEmpty();
    }

    @Test
    void anAnnouncementIsHandedToTheOneWhoKeepsItOnTheWorkerOfTheIndex() throws Exception {
        Node holder = new Node();
        Node provider = new Node();
        provider.meet(holder);
        Bytes content = Bytes.ofText("some content");
        provider.swarm.run(new Operation.Provide(content), Deadline.after(PATIENCE));
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(holder.providers)
                .containsExactly(new ProviderEntry(
                        content, provider.identity.peerId(), provider.host.addresses(), provider.swarm.stores().providerTtl())));
        assertThat(provider.providers).as("its own one too").hasSize(1);
        assertThat(holder.threads).isNotEmpty().allMatch(name -> name.endsWith("-index"));
    }

    @Test
    void aReaderThatKnowsBetterReturnsThatAndPutsTheHolderRight() throws Exception {
        Node holder = new Node();
        Node reader = new Node(
                Identity.generate(new SecureRandom()), List.of(), c -> c.withHoldings(holding("7")));
        reader.meet(holder);
        stale(holder);

        KadRecord found = reader.get(PATIENCE).best();
        assertThat(found).isNotNull();
        assertThat(found.value()).isEqualTo(Bytes.ofText("7"));
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(holder.stored).containsEntry(KEY, Bytes.ofText("7")));
    }

    @Test
    void aReaderThatRefusesWhatIsOlderThanItKnowsPutsTheHolderRightTooAndDoesNotCallItALiar() throws Exception {
        Node holder = new Node();
        Reputation reputation = new Reputation();
        Node reader = new Node(
                Identity.generate(new SecureRandom()),
                List.of(),
                c -> new SwarmConfig(
                                c.self(), c.kad(), c.validators(), c.bootstrap(), c.random(), reputation, c.indexer())
                        .withHoldings(holding("7")));
        reader.meet(holder);
        stale(holder);
        reader.numbers.known.put(KEY, 7);

        KadRecord found = reader.get(PATIENCE).best();
        assertThat(found).isNotNull();
        assertThat(found.value()).isEqualTo(Bytes.ofText("7"));
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(holder.stored).containsEntry(KEY, Bytes.ofText("7")));
        assertThat(reputation.snapshot())
                .filteredOn(entry -> entry.peer().equals(holder.identity.peerId()))
                .singleElement()
                .satisfies(entry -> assertThat(entry.lies()).isZero())
                .satisfies(entry -> assertThat(entry.failures()).isBetween(0.09, 0.11));
    }

    private static Holdings holding(String value) {
        return key -> key.equals(KEY) ? Bytes.ofText(value) : null;
    }

    /** Somebody puts an old record there and leaves. */
    private void stale(Node holder) throws Exception {
        Node putter = new Node(
                Identity.generate(new SecureRandom()),
                List.of(),
                c -> new SwarmConfig(
                        c.self(),
                        KadConfig.DEFAULT.withMode(io.swarmscope.DhtMode.CLIENT),
                        c.validators(),
                        c.bootstrap(),
                        c.random(),
                        c.observer(),
                        c.indexer()));
        putter.swarm.connect(holder.address(), Deadline.after(PATIENCE));
        await().atMost(PATIENCE).until(() -> putter.swarm.status().routingTable() > 0);
        putter.put("6");
        await().atMost(PATIENCE).until(() -> holder.stored.containsKey(KEY));
        putter.close();
    }
}
