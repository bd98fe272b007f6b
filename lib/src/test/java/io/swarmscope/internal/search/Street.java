package io.swarmscope.internal.search;

import static org.awaitility.Awaitility.await;

import io.swarmscope.Multiaddr;
import io.swarmscope.PeerId;
import io.swarmscope.QueryConfig;
import io.swarmscope.host.Connection;
import io.swarmscope.host.DeafListener;
import io.swarmscope.host.StreamHandler;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.fork.Forks;
import io.swarmscope.internal.link.TcpHost;
import io.swarmscope.internal.link.TcpHostConfig;
import io.swarmscope.internal.peer.Reputation;
import io.swarmscope.internal.record.Heads;
import io.swarmscope.internal.record.NamespaceOwners;
import io.swarmscope.internal.record.RecordValidator;
import io.swarmscope.internal.record.Signed;
import io.swarmscope.internal.store.MemoryIndex;
import io.swarmscope.internal.store.PackageIndex;
import io.swarmscope.internal.swarm.Neighbour;
import io.swarmscope.internal.telemetry.Telemetry;
import io.swarmscope.internal.wire.Frames;
import io.swarmscope.internal.wire.Limits;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** A node that searches and its neighbours, which do as they are told: real hosts on real sockets, without swarm and DHT. */
final class Street implements AutoCloseable {
    static final String PROTOCOL = Asking.protocol(Heads.NETWORK);
    /** When the newest record of honest neighbours was signed, by their word. */
    static final long NEWEST = 1_700_000_000_000L;

    static final Duration PATIENCE = Duration.ofSeconds(10);

    final Identity self = Heads.someone();
    final Reputation reputation = new Reputation();
    final MemoryIndex index = new MemoryIndex(self.peerId(), 1_000, InstantSource.system(), PackageIndex.Listener.NOBODY);
    final RecordValidator validator =
            new RecordValidator(Heads.NETWORK, new NamespaceOwners(), index, InstantSource.system());
    final List<Neighbour> neighbours = new ArrayList<>();
    final Asking asking = new Asking(Heads.NETWORK, deadline -> neighbours, Neighbour::id, reputation, validator, index, Telemetry.OFF);

    private final List<TcpHost> hosts = new ArrayList<>();
    private final TcpHost searcher = host(self);

    Street() throws IOException {
        searcher.start(new DeafListener());
    }

    private TcpHost host(Identity identity) {
        TcpHost host = TcpHost.create(
                identity, TcpHostConfig.DEFAULT.withListen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0")));
        hosts.add(host);
        return host;
    }

    SearchService service(QueryConfig config) {
        return service(config, Forks.best());
    }

    SearchService service(QueryConfig config, Forks forks) {
        return new SearchService(self.peerId(), config, index, asking, forks);
    }

    /** A neighbour that runs this handler for each question. */
    PeerId neighbour(StreamHandler handler) throws Exception {
        TcpHost host = host(Heads.someone());
        host.handle(PROTOCOL, handler);
        host.start(new DeafListener());
        neighbours(List.of(host.addresses().getFirst().withPeerId(host.id())));
        return host.id();
    }

    /** Neighbours that somebody else runs. */
    void neighbours(List<Multiaddr> addresses) throws Exception {
        List<Connection> connections = new ArrayList<>();
        for (Multiaddr address : addresses) {
            connections.add(searcher.dial(address, address.peerId().orElseThrow(), PATIENCE));
        }
        for (Connection connection : connections) {
            // Mostly it is there: without the usual tenth of a second for each of many.
            await().atMost(PATIENCE)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> connection.identified().protocols().contains(PROTOCOL));
            neighbours.add(new Neighbour(connection, connection.identified(), 0));
        }
    }

    /** Another connection to a neighbour; not among the neighbours. */
    Neighbour again(Neighbour known) throws Exception {
        Connection connection = searcher.dial(known.connection().remoteAddress(), known.id(), PATIENCE);
        await().atMost(PATIENCE).until(() -> connection.identified().protocols().contains(PROTOCOL));
        return new Neighbour(connection, connection.identified(), 0);
    }

    /** A neighbour that holds these packages and answers as it should. */
    PeerId honest(Signed<?>... heads) throws Exception {
        return neighbour(handlerWith(heads));
    }

    static SearchHandler handlerWith(Signed<?>... heads) {
        MemoryIndex held = new MemoryIndex(Heads.someone().peerId(), 1_000, InstantSource.system(), PackageIndex.Listener.NOBODY);
        List.of(heads).forEach(held::offer);
        return new SearchHandler(held, (id, version) -> held.find(id), () -> NEWEST);
    }

    /** A neighbour that gives this answer to whatever it is asked. */
    PeerId answering(Function<SearchRequest, byte[]> answer) throws Exception {
        return neighbour(stream -> {
            SearchRequest request = SearchRequest.decode(Frames.read(stream.input(), Limits.SEARCH_REQUEST_BYTES));
            stream.finish(Frames.prefixed(answer.apply(request)));
        });
    }

    /** A neighbour whose hits are these records, whatever it is asked. */
    PeerId claiming(byte[]... hits) throws Exception {
        byte[] answer = new SearchAnswer(SearchAnswer.Status.OK, List.of(hits), hits.length, 1, 0).encode();
        return answering(request -> answer);
    }

    /** A neighbour that takes every question and never answers; counts the questions that are open. */
    PeerId silent(AtomicInteger open) throws Exception {
        return neighbour(stream -> {
            stream.timeout(Duration.ofMinutes(1));
            open.incrementAndGet();
            try {
                while (stream.input().read() >= 0) {}
                // The asker has sent all; now writing tells when it has gone.
                for (int i = 0; i < 60_000; i++) {
                    stream.output().write(new byte[0]);
                    java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
                }
            } finally {
                open.decrementAndGet();
            }
        });
    }

    /** How many streams the searcher has open. */
    int streams() {
        return neighbours.stream().mapToInt(n -> n.connection().streams()).sum();
    }

    @Override
    public void close() {
        hosts.forEach(TcpHost::close);
    }
}
