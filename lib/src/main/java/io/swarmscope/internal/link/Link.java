package io.swarmscope.internal.link;

import io.swarmscope.Multiaddr;
import io.swarmscope.PeerId;
import io.swarmscope.host.Connection;
import io.swarmscope.host.ConnectionListener;
import io.swarmscope.host.HostException;
import io.swarmscope.host.HostException.Kind;
import io.swarmscope.host.Identified;
import io.swarmscope.host.Stream;
import io.swarmscope.internal.link.identify.Identify;
import io.swarmscope.internal.link.identify.IdentifiedPeer;
import io.swarmscope.internal.link.multistream.Multistream;
import io.swarmscope.internal.link.yamux.YamuxListener;
import io.swarmscope.internal.link.yamux.YamuxSession;
import io.swarmscope.internal.link.yamux.YamuxStream;
import io.swarmscope.internal.wire.MalformedException;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection. Safe for any thread: callers wait on streams, the session's own two threads touch the socket, and what a peer
 * opens runs on threads of its own.
 */
final class Link implements Connection, YamuxListener {
    private static final Logger LOG = LoggerFactory.getLogger(Link.class);

    private final TcpHost host;
    private final long id;
    private final boolean outbound;
    private final Multiaddr remoteAddress;
    private final Socket socket;
    private final PeerAccount account;
    private final Admission.Place place;
    private final YamuxSession session;
    private final IdentifiedPeer identify;
    private final Semaphore negotiating;

    /** Held while the listener is called, so that it hears of this connection in order. */
    private final ReentrantLock events = new ReentrantLock();

    /** Whether the listener has heard of the connection. Written under events. */
    private volatile boolean announced;

    /** Guarded by events. */
    private boolean ended;

    private final FirstStreams firstStreams = new FirstStreams();

    private volatile Timer.@Nullable Pending cutoff;

    /**
     * A connection that does nothing before {@link #start}.
     *
     * @param remoteAddress what was dialed; {@code null} if the peer dialed
     */
    Link(
            TcpHost host,
            long id,
            Socket socket,
            SecureChannel channel,
            PeerAccount account,
            Admission.Place place,
            @Nullable Multiaddr remoteAddress) {
        Multiaddr seen = Multiaddr.tcp((InetSocketAddress) socket.getRemoteSocketAddress());
        this.host = host;
        this.id = id;
        this.outbound = remoteAddress != null;
        this.remoteAddress = remoteAddress == null ? seen : remoteAddress;
        this.socket = socket;
        this.account = account;
        this.place = place;
        TcpHostConfig config = host.config();
        negotiating = new Semaphore(config.limits().negotiating(), true);
        identify = new IdentifiedPeer(this, seen, host.identify(), config.timeouts().identify(), this::told);
        session = new YamuxSession(channel, outbound, config.yamux(), this, host.id().shortText() + "-" + id);
    }

    /** Starts the session's threads, announces the connection, and asks the peer about itself. */
    void start() {
        events.lock();
        try {
            if (ended) {
                return;
            }
            // Started first, because whoever hears of the connection may open a stream at once.
            session.start();
            host.tell(listener -> listener.opened(this));
            announced = true;
        } finally {
            events.unlock();
        }
        if (host.config().identify()) {
            host.run(this::ask);
        }
    }

    private void ask() {
        // Lazy also with a peer we know nothing of: the question has no bytes that it could mistake for another proposal.
        try (Stream stream = openLazily(Identify.PROTOCOL, host.config().timeouts().identify())) {
            ask(stream);
        } catch (MalformedException e) {
            violated(e);
        } catch (IOException e) {
            LOG.debug("{} does not identify itself: {}", this, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void ask(Stream stream) throws IOException {
        try {
            identify.ask(stream);
        } catch (MalformedException e) {
            stream.reset(); // closed, it would wait for the end of what is not worth reading
            throw e;
        }
    }

    /** Tells the peer what changed about this host. */
    void push() {
        try {
            identify.push();
        } catch (IOException e) {
            LOG.debug("{} takes no push: {}", this, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void told(Identified identified) {
        event(listener -> listener.identified(this, identified));
    }

    private void event(Consumer<ConnectionListener> event) {
        events.lock();
        try {
            if (announced && !ended) {
                host.tell(event);
            }
        } finally {
            events.unlock();
        }
    }

    /** Returns once the listener has heard of the connection, so that no handler is ahead of it. */
    void awaitAnnounced() {
        if (!announced) {
            event(listener -> {});
        }
    }

    @Override
    public Stream open(List<String> protocols, Duration timeout) throws HostException, InterruptedException {
        if (protocols.isEmpty()) {
            throw new IllegalArgumentException("no protocol to open a stream for");
        }
        protocols.forEach(Handlers::requireValid);
        if (protocols.size() == 1 && mayBeLazy(protocols.getFirst())) {
            return openLazily(protocols.getFirst(), timeout);
        }
        YamuxStream stream = newStream(timeout);
        try {
            String agreed = Multistream.select(stream.input(), stream.output(), protocols);
            answered();
            return new LinkStream(this, agreed, stream, stream.input());
        } catch (IOException e) {
            stream.reset();
            throw refused(e, protocols);
        }
    }

    /** Only if the peer is known to consent: a peer that does not would read what follows as further proposals. */
    private boolean mayBeLazy(String protocol) {
        boolean knownBefore = host.memory().answered(remote(), protocol);
        Identified known = identified();
        return known.equals(Identified.NOTHING)
                ? knownBefore || host.config().optimistic().contains(protocol)
                : known.protocols().contains(protocol);
    }

    private Stream openLazily(String protocol, Duration timeout) throws HostException, InterruptedException {
        YamuxStream stream = newStream(timeout);
        stream.prefix(Multistream.lazyProposal(protocol));
        return new LinkStream(this, protocol, stream, new LazyInput(this, stream, protocol));
    }

    private YamuxStream newStream(Duration timeout) throws HostException, InterruptedException {
        return session.open(firstStreams.await(timeout));
    }

    /** Called when the peer has said something on a stream, so that it is ready for any number of them. */
    void answered() {
        firstStreams.answered();
    }

    private HostException refused(IOException e, List<String> protocols) throws InterruptedException {
        if (e instanceof HostException known) {
            if (known.kind() == Kind.INTERRUPTED && Thread.interrupted()) {
                throw (InterruptedException) new InterruptedException("interrupted while opening a stream").initCause(e);
            }
            return known;
        }
        if (e instanceof MalformedException malformed) {
            return violated(malformed);
        }
        String what = e instanceof EOFException ? "peer ended the stream" : "stream failed";
        return new HostException(Kind.STREAM_RESET, what + " before it agreed on one of " + protocols, e);
    }

    /** Called when the peer refused a protocol that it was taken to answer. */
    void lacks(String protocol) {
        LOG.debug("{} does not answer {} although it said so", this, protocol);
        host.memory().forget(remote());
    }

    /** Counts and reports what the peer did wrong. */
    HostException violated(MalformedException e) {
        violation(e.getMessage() + "");
        return new HostException(Kind.PROTOCOL_VIOLATION, "peer broke the protocol: " + e.getMessage(), e);
    }

    @Override
    public void inbound(YamuxStream stream) {
        answered();
        host.responder().accept(this, stream);
    }

    @Override
    public void violation(String what) {
        LOG.debug("{} broke a protocol: {}", this, what);
        host.counters().violations.increment();
        host.tell(listener -> listener.misbehaved(remote(), what));
    }

    @Override
    public void refused(String what) {
        LOG.debug("{} is refused: {}", this, what);
        host.counters().refused.increment();
    }

    @Override
    public void closed(Throwable reason) {
        if (reason instanceof HostException known && known.kind() == Kind.TIMED_OUT) {
            host.counters().timedOut.increment();
        }
        answered(); // those who wait find out that it is over
        Timer.Pending pending = cutoff;
        if (pending != null) {
            pending.cancel();
        }
        Cutoff.closeQuietly(socket);
        String why = reason.getMessage() == null ? reason.toString() : reason.getMessage();
        LOG.debug("{} ended: {}", this, why);
        if (!identified().equals(Identified.NOTHING)) {
            host.memory().remember(remote(), identified().protocols());
        }
        // Before anybody hears of the end, because he may dial again at once.
        place.release();
        events.lock();
        try {
            event(listener -> listener.closed(this, why + ""));
            ended = true;
        } finally {
            events.unlock();
        }
        host.ended(this);
    }

    @Override
    public void close() {
        session.close(YamuxSession.NORMAL);
        // A peer that does not read would keep our goodbye, and with it the socket.
        if (cutoff == null) {
            cutoff = host.timer().after(host.config().timeouts().goodbye(), this::cut);
        }
    }

    /** Closes the socket, whatever is still to be said. */
    void cut() {
        Cutoff.closeQuietly(socket);
    }

    @Override
    public long id() {
        return id;
    }

    @Override
    public PeerId remote() {
        return account.peer;
    }

    @Override
    public Multiaddr remoteAddress() {
        return remoteAddress;
    }

    @Override
    public boolean outbound() {
        return outbound;
    }

    @Override
    public Identified identified() {
        return identify.identified();
    }

    @Override
    public int streams() {
        return session.streams();
    }

    @Override
    public boolean isOpen() {
        return session.isOpen();
    }

    IdentifiedPeer identify() {
        return identify;
    }

    PeerAccount account() {
        return account;
    }

    Semaphore negotiating() {
        return negotiating;
    }

    @Override
    public String toString() {
        return "link " + id + (outbound ? " to " : " from ") + remote().shortText() + " at " + remoteAddress;
    }
}
