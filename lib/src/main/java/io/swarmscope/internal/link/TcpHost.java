package io.swarmscope.internal.link;

import io.swarmscope.Multiaddr;
import io.swarmscope.PeerId;
import io.swarmscope.host.Connection;
import io.swarmscope.host.ConnectionListener;
import io.swarmscope.host.Host;
import io.swarmscope.host.HostException;
import io.swarmscope.host.HostException.Kind;
import io.swarmscope.host.HostStats;
import io.swarmscope.host.Stream;
import io.swarmscope.host.StreamHandler;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.fork.Deadline;
import io.swarmscope.internal.link.identify.Identify;
import io.swarmscope.internal.link.noise.NoiseStatic;
import io.swarmscope.internal.link.perf.Perf;
import io.swarmscope.internal.link.ping.Ping;
import io.swarmscope.internal.wire.Limits;
import java.net.InetAddress;
import java.net.Socket;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The built-in host: TCP, Noise, Yamux, identify, ping and perf. Safe for any thread; what blocks runs on virtual threads that the
 * host starts and, when it is closed, ends.
 */
public final class TcpHost implements Host {
    private static final Logger LOG = LoggerFactory.getLogger(TcpHost.class);

    /** One source for all hosts of the process, so that the numbers are unique as {@link Connection#id} promises. */
    private static final AtomicLong LINK_IDS = new AtomicLong();

    private final PeerId id;
    private final TcpHostConfig config;
    private final Counters counters = new Counters();
    private final Handlers handlers = new Handlers();
    private final ProtocolMemory memory = new ProtocolMemory();
    private final Timer timer;
    private final Admission admission;
    private final Inbound inbound;
    private final Upgrader upgrader;
    private final Resolver resolver;
    private final Identify identify;
    private final Responder responder;
    private final ExecutorService linkThreads;
    private final ExecutorService streamThreads;

    private final Links links = new Links();
    private final Set<Dialer> dials = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean pushPending = new AtomicBoolean();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicBoolean started = new AtomicBoolean();
    private final AtomicBoolean closeCalled = new AtomicBoolean();

    private volatile @Nullable ConnectionListener listener;

    private TcpHost(Identity identity, TcpHostConfig config, Resolver.Lookup lookup) {
        this.id = identity.peerId();
        this.config = config;
        timer = new Timer(id.shortText());
        admission = new Admission(config.limits(), System::nanoTime);
        inbound = new Inbound(this, admission, this::changed);
        NoiseStatic staticKey = NoiseStatic.create(identity, new SecureRandom());
        upgrader = new Upgrader(id, staticKey, config.timeouts(), timer, counters);
        resolver = new Resolver(lookup);
        identify = new Identify(identity, config.agentVersion(), new Identify.Self() {
            @Override
            public List<Multiaddr> addresses() {
                return config.announce().isEmpty() ? inbound.addresses() : config.announce();
            }

            @Override
            public List<String> protocols() {
                return handlers.protocols();
            }
        });
        linkThreads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("swarmscope-link-task-" + id.shortText() + "-", 0).factory());
        streamThreads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("swarmscope-link-stream-" + id.shortText() + "-", 0).factory());
        responder = new Responder(handlers, config.optimistic(), config.timeouts(), counters, streamThreads);
        addOwnHandlers();
    }

    /**
     * A host that does nothing before {@link #start}.
     *
     * @param identity its key, which makes its peer id
     */
    public static TcpHost create(Identity identity, TcpHostConfig config) {
        return create(identity, config, InetAddress::getAllByName);
    }

    /** A host that looks names up in its own way. */
    static TcpHost create(Identity identity, TcpHostConfig config, Resolver.Lookup lookup) {
        return new TcpHost(identity, config, lookup);
    }

    private void addOwnHandlers() {
        handlers.add(Identify.PROTOCOL, stream -> link(stream).identify().respond(stream));
        handlers.add(Identify.PUSH, stream -> link(stream).identify().hear(stream));
        handlers.add(Ping.PROTOCOL, Ping::respond);
        if (config.perf()) {
            handlers.add(Perf.PROTOCOL, stream -> Perf.respond(stream, Limits.PERF_BYTES));
        }
    }

    private static Link link(Stream stream) {
        return (Link) stream.connection();
    }

    @Override
    public PeerId id() {
        return id;
    }

    @Override
    public List<Multiaddr> addresses() {
        return inbound.addresses();
    }

    @Override
    public void handle(String protocol, StreamHandler handler) {
        handlers.add(protocol, handler);
        changed();
    }

    @Override
    public void unhandle(String protocol) {
        if (handlers.remove(protocol)) {
            changed();
        }
    }

    /** Lets peers know, once for all changes of a while: some of them end connections that push too often. */
    private void changed() {
        identify.changed();
        if (started.get() && pushPending.compareAndSet(false, true)) {
            timer.after(config.timeouts().pushDelay(), () -> {
                pushPending.set(false);
                links.forEach(link -> run(link::push));
            });
        }
    }

    @Override
    public void start(ConnectionListener newListener) throws HostException {
        requireOpen();
        if (!started.compareAndSet(false, true)) {
            throw new IllegalStateException("a host is started once");
        }
        inbound.bind(config.listen());
        identify.changed();
        listener = newListener;
        inbound.accept();
    }

    @Override
    public Connection dial(Multiaddr address, @Nullable PeerId expected, Duration timeout)
            throws HostException, InterruptedException {
        requireOpen();
        if (listener == null) {
            throw new IllegalStateException("start the host before it dials");
        }
        PeerId suffix = address.peerId().orElse(null);
        if (expected != null && suffix != null && !expected.equals(suffix)) {
            throw new HostException(Kind.WRONG_PEER, "address " + address + " names another peer than " + expected);
        }
        Admission.Place place = admission.outbound();
        if (place == null) {
            counters.refused.increment();
            throw new HostException(
                    Kind.LIMIT_REACHED, "this host has " + config.limits().outbound() + " outbound connections already");
        }
        Dialer dialer = new Dialer(this, address, expected == null ? suffix : expected, Deadline.after(timeout), place);
        dials.add(dialer);
        try {
            if (!run(dialer)) {
                place.release();
                throw closedException();
            }
            if (isClosing()) {
                throw dialer.abandon(closedException());
            }
            return dialer.await();
        } finally {
            dials.remove(dialer);
        }
    }

    /**
     * Makes a link of a secured socket.
     *
     * @param dialed the address that was dialed, {@code null} if the peer dialed
     * @throws HostException of kind LIMIT_REACHED or CLOSED; socket and place are still the caller's then
     */
    Link connected(Socket socket, SecureChannel channel, Admission.Place place, @Nullable Multiaddr dialed)
            throws HostException {
        PeerAccount account = place.secured(channel.remote());
        if (account == null) {
            counters.refused.increment();
            throw new HostException(
                    Kind.LIMIT_REACHED,
                    "peer " + channel.remote() + " has " + config.limits().perPeer() + " connections with us already");
        }
        Link link = new Link(this, LINK_IDS.incrementAndGet(), socket, channel, account, place, dialed);
        if (!links.add(link)) {
            throw closedException();
        }
        counters.handshakes.increment();
        link.start();
        return link;
    }

    /** Forgets a link that ended. */
    void ended(Link link) {
        links.remove(link);
    }

    /** Runs a task on a virtual thread of its own; returns {@code false}, and runs nothing, if the host is closed. */
    boolean run(Runnable task) {
        try {
            linkThreads.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    /** Tells the listener; what it throws is a fault of this program and must not cost a connection. */
    void tell(Consumer<ConnectionListener> event) {
        ConnectionListener hearing = listener;
        try {
            if (hearing != null) {
                event.accept(hearing);
            }
        } catch (RuntimeException e) {
            LOG.error("a listener of connections threw", e);
        }
    }

    @Override
    public HostStats stats() {
        return links.stats(counters);
    }

    @Override
    public void close() {
        Deadline deadline = Deadline.after(config.timeouts().goodbye());
        try {
            if (closeCalled.compareAndSet(false, true)) {
                closeAll();
                awaitAll(deadline);
                closed.countDown();
            } else {
                closed.await(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
            }
        } catch (InterruptedException e) {
            // Everything was told to end; only the wait for it is cut short.
            Thread.currentThread().interrupt();
        }
    }

    private void closeAll() {
        closing.countDown();
        inbound.close();
        dials.forEach(dialer -> dialer.abandon(closedException()));
        links.close();
        streamThreads.shutdownNow();
        resolver.close();
    }

    private void awaitAll(Deadline deadline) throws InterruptedException {
        try {
            // Goodbyes first, in half of the time; then whoever does not take his is cut off.
            if (!links.awaitNone(deadline.earlier(config.timeouts().goodbye().dividedBy(2)))) {
                links.forEach(Link::cut);
                links.awaitNone(deadline);
            }
        } finally {
            linkThreads.shutdownNow();
            timer.close();
        }
        streamThreads.awaitTermination(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
        linkThreads.awaitTermination(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
        timer.awaitEnd(deadline.remainingNanos());
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }

    private void requireOpen() throws HostException {
        if (isClosing()) {
            throw closedException();
        }
    }

    private static HostException closedException() {
        return new HostException(Kind.CLOSED, "the host is closed");
    }

    TcpHostConfig config() {
        return config;
    }

    Counters counters() {
        return counters;
    }

    ProtocolMemory memory() {
        return memory;
    }

    Timer timer() {
        return timer;
    }

    Upgrader upgrader() {
        return upgrader;
    }

    Resolver resolver() {
        return resolver;
    }

    Identify identify() {
        return identify;
    }

    Responder responder() {
        return responder;
    }
}
