package io.swarmscope.internal.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.swarmscope.DhtMode;
import io.swarmscope.Multiaddr;
import io.swarmscope.PeerId;
import io.swarmscope.QueryConfig;
import io.swarmscope.Registry;
import io.swarmscope.RegistryConfig;
import io.swarmscope.host.DeafListener;
import io.swarmscope.host.StreamHandler;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.link.Proxy;
import io.swarmscope.internal.link.TcpHost;
import io.swarmscope.internal.link.TcpHostConfig;
import io.swarmscope.internal.record.Heads;
import io.swarmscope.internal.search.Asking;
import io.swarmscope.internal.search.SearchHandler;
import io.swarmscope.internal.store.MemoryIndex;
import io.swarmscope.internal.store.PackageIndex;
import java.io.IOException;
import java.lang.reflect.Field;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.locks.LockSupport;

/**
 * A real node that holds nothing, and hosts that answer its searches, each over a line of its own that can be made bad: real sockets, no DHT, no gossip, so
 * that whatever streams and threads there are belong to calls.
 */
final class Neighbourhood implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** What the node counts of calls that are under way. */
    private static final List<String> LEAVES_NOTHING =
            List.of("host.streams", "search.under-way", "search.asking", "find.under-way");

    private static final Duration SLOW = Duration.ofMillis(300);
    private static final int SLOW_BYTES_PER_SECOND = 2_000;

    final Registry searcher;
    private final List<TcpHost> hosts = new ArrayList<>();
    private final Map<PeerId, Proxy> lines = new LinkedHashMap<>();

    Neighbourhood(QueryConfig query) throws IOException {
        searcher = Registry.open(RegistryConfig.DEFAULT
                .withNetwork(Heads.NETWORK)
                .withListen("/ip4/127.0.0.1/tcp/0")
                .withDhtMode(DhtMode.CLIENT)
                .withMaxPackages(0)
                .withQuery(query));
    }

    /** A neighbour that holds these packages. */
    PeerId neighbour(String... packages) throws Exception {
        Identity publisher = Heads.someone();
        MemoryIndex held = new MemoryIndex(publisher.peerId(), 0, InstantSource.system(), PackageIndex.Listener.NOBODY);
        for (String id : packages) {
            held.offer(Heads.signed(publisher, id));
        }
        return neighbour(new SearchHandler(held, (id, version) -> held.find(id), () -> 0));
    }

    /** A neighbour that does this when it is asked. */
    PeerId neighbour(StreamHandler handler) throws Exception {
        TcpHost host = TcpHost.create(
                Heads.someone(), TcpHostConfig.DEFAULT.withListen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0")));
        hosts.add(host);
        host.handle(Asking.protocol(Heads.NETWORK), handler);
        host.start(new DeafListener());
        Proxy line = new Proxy(host.addresses().getFirst().tcpPort().orElseThrow(), Duration.ZERO);
        lines.put(host.id(), line);
        searcher.connect(line.address().withPeerId(host.id()), PATIENCE);
        // What each tells the other of itself has arrived: from now on all streams are of calls.
        await().atMost(PATIENCE).until(() -> searcher.status().counters().get("host.streams") == 0);
        return host.id();
    }

    /** The line to a neighbour. */
    Proxy line(PeerId peer) {
        return lines.get(peer);
    }

    /** That many lines, and no others, swallow everything; that many others are slow. */
    void weather(int holes, int slow, Random random) {
        List<Proxy> all = new ArrayList<>(lines.values());
        all.forEach(Proxy::heal);
        Collections.shuffle(all, random);
        all.subList(0, holes).forEach(Proxy::blackHole);
        for (Proxy line : all.subList(holes, holes + slow)) {
            line.delay(SLOW);
            line.throttle(SLOW_BYTES_PER_SECOND);
        }
    }

    /**
     * Looks for streams and threads of calls until there are none; that there are some may not come out later than that from now. The node counts them
     * itself, and that no thread of a call outlives it is what the tests of Forks hold: many lists of all threads made a JVM of release 25 crash.
     */
    void awaitNothingLeft(Duration within, String story) throws InterruptedException {
        long end = System.nanoTime() + within.toNanos();
        while (true) {
            boolean inTime = System.nanoTime() - end < 0; // before the look
            Map<String, Long> counters = searcher.status().counters();
            Map<String, Long> left = new TreeMap<>();
            LEAVES_NOTHING.forEach(name -> left.put(name, counters.get(name)));
            if (left.values().stream().allMatch(count -> count == 0)) {
                return;
            }
            assertThat(inTime).as("%s are left of %s", left, story).isTrue();
            LockSupport.parkNanos(5_000_000);
        }
    }

    /** Tasks that wait in the timer of all connections of this process. */
    int timers() throws ReflectiveOperationException {
        Field executor = Class.forName("io.swarmscope.internal.link.yamux.Clock").getDeclaredField("EXECUTOR");
        executor.setAccessible(true);
        return ((ScheduledThreadPoolExecutor) executor.get(null)).getQueue().size();
    }

    @Override
    public void close() throws IOException {
        searcher.close();
        for (Proxy line : lines.values()) {
            line.close();
        }
        hosts.forEach(TcpHost::close);
    }
}
