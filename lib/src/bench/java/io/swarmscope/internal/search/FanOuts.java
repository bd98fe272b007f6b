package io.swarmscope.internal.search;

import io.swarmscope.Multiaddr;
import io.swarmscope.PackageManifest;
import io.swarmscope.Query;
import io.swarmscope.QueryConfig;
import io.swarmscope.bench.Benchmark;
import io.swarmscope.bench.Figure;
import io.swarmscope.host.Connection;
import io.swarmscope.host.DeafListener;
import io.swarmscope.host.Identified;
import io.swarmscope.host.Stream;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.fork.Forks;
import io.swarmscope.internal.link.TcpHost;
import io.swarmscope.internal.link.TcpHostConfig;
import io.swarmscope.internal.peer.Reputation;
import io.swarmscope.internal.record.Head;
import io.swarmscope.internal.record.NamespaceOwners;
import io.swarmscope.internal.record.RecordCodec;
import io.swarmscope.internal.record.RecordValidator;
import io.swarmscope.internal.store.MemoryIndex;
import io.swarmscope.internal.store.PackageIndex;
import io.swarmscope.internal.swarm.Neighbour;
import io.swarmscope.internal.telemetry.Telemetry;
import io.swarmscope.internal.wire.Frames;
import io.swarmscope.internal.wire.Limits;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/**
 * What a search costs beside the requests it consists of: peers that always give the same answer are asked by a search, and by bare threads that send the
 * same bytes and read the answer. One after the other, in turn, so that both have the same machine.
 */
public final class FanOuts implements Benchmark {

    private static final String NETWORK = "bench";
    private static final String PROTOCOL = Asking.protocol(NETWORK);
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int TIMES = 3_000;
    private static final Query QUERY = Query.text("logger");

    private final List<TcpHost> hosts = new ArrayList<>();
    private final List<Neighbour> neighbours = new ArrayList<>();
    private final byte[] question;
    private final SearchService service;

    /** @param peers how many are asked */
    public FanOuts(int peers) throws Exception {
        Identity self = Identity.generate(new SecureRandom());
        TcpHost searcher = host(self, TcpHostConfig.DEFAULT.withOptimistic(Set.of(PROTOCOL)));
        searcher.start(new DeafListener());
        byte[] answer = Frames.prefixed(answer());
        for (int i = 0; i < peers; i++) {
            TcpHost host = host(Identity.generate(new SecureRandom()), TcpHostConfig.DEFAULT);
            host.handle(PROTOCOL, stream -> {
                Frames.read(stream.input(), Limits.SEARCH_REQUEST_BYTES);
                stream.finish(answer);
            });
            host.start(new DeafListener());
            neighbours.add(neighbour(searcher, host));
        }
        QueryConfig config = QueryConfig.production().withFanOut(peers);
        MemoryIndex index = new MemoryIndex(self.peerId(), 0, InstantSource.system(), PackageIndex.Listener.NOBODY);
        RecordValidator validator = new RecordValidator(NETWORK, new NamespaceOwners(), index, InstantSource.system());
        Asking asking = new Asking(
                NETWORK, deadline -> neighbours, Neighbour::id, new Reputation(), validator, index, Telemetry.OFF);
        service = new SearchService(self.peerId(), config, index, asking, Forks.best());
        question = Frames.prefixed(new SearchRequest.Search(QUERY, config.maxResults()).encode());
    }

    private TcpHost host(Identity identity, TcpHostConfig config) throws Exception {
        TcpHost host = TcpHost.create(identity, config.withListen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0")));
        hosts.add(host);
        return host;
    }

    private static Neighbour neighbour(TcpHost searcher, TcpHost host) throws Exception {
        Connection connection = searcher.dial(host.addresses().getFirst(), host.id(), TIMEOUT);
        while (connection.identified() == Identified.NOTHING) {
            Thread.onSpinWait();
        }
        return new Neighbour(connection, connection.identified(), 0);
    }

    /** One package, the same from everybody. */
    private static byte[] answer() {
        PackageManifest manifest = PackageManifest.of("bench/logger", "1.0.0", "A small logger").withTags("bench");
        Instant now = Instant.now();
        Head head = new Head(NETWORK, manifest, List.of("1.0.0"), 1, now, now.plus(Duration.ofHours(1)));
        byte[] hit = RecordCodec.seal(Identity.generate(new SecureRandom()), head).encoded();
        return new SearchAnswer(SearchAnswer.Status.OK, List.of(hit), 1, 1, 0).encode();
    }

    @Override
    public List<Figure> round() throws Exception {
        long[] one = new long[TIMES];
        long[] bare = new long[TIMES];
        long[] search = new long[TIMES];
        for (int i = 0; i < TIMES; i++) {
            one[i] = askBare(1);
            bare[i] = askBare(neighbours.size());
            long began = System.nanoTime();
            if (service.search(QUERY, TIMEOUT).report().answered() != neighbours.size()) {
                throw new IllegalStateException("somebody did not answer");
            }
            search[i] = System.nanoTime() - began;
        }
        double searches = median(search);
        return List.of(
                new Figure("one request", median(one), "us"),
                new Figure("bare requests at once", median(bare), "us"),
                new Figure("search", searches, "us"),
                new Figure("over bare requests", searches - median(bare), "us"));
    }

    private long askBare(int peers) throws InterruptedException {
        long began = System.nanoTime();
        CountDownLatch answered = new CountDownLatch(peers);
        for (Neighbour peer : neighbours.subList(0, peers)) {
            Thread.startVirtualThread(() -> {
                try (Stream stream = peer.connection().open(PROTOCOL, TIMEOUT)) {
                    stream.finish(question);
                    Frames.read(stream.input(), Limits.SEARCH_ANSWER_BYTES);
                    answered.countDown();
                } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
        }
        answered.await();
        return System.nanoTime() - began;
    }

    private static double median(long[] nanos) {
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2] / 1e3;
    }

    @Override
    public void close() {
        hosts.forEach(TcpHost::close);
    }
}
