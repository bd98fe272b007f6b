package io.swarmscope.internal.swarm;

import io.swarmscope.Multiaddr;
import io.swarmscope.PeerId;
import io.swarmscope.RegistryException;
import io.swarmscope.host.Connection;
import io.swarmscope.host.ConnectionListener;
import io.swarmscope.host.Host;
import io.swarmscope.host.HostException;
import io.swarmscope.host.Identified;
import io.swarmscope.internal.fork.Deadline;
import io.swarmscope.internal.fork.Forks;
import io.swarmscope.internal.fork.World;
import io.swarmscope.internal.gossip.Arrival;
import io.swarmscope.internal.gossip.Intake;
import io.swarmscope.internal.gossip.Rpc;
import io.swarmscope.internal.kad.KadConfig;
import io.swarmscope.internal.kad.Operation;
import io.swarmscope.internal.kad.OperationResult;
import io.swarmscope.internal.kad.QueryId;
import io.swarmscope.internal.kad.Reply;
import io.swarmscope.internal.kad.Request;
import io.swarmscope.internal.wire.Limits;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The door to the swarm for all other threads: each call puts a command into the mailbox and waits for its reply, at most until its
 * deadline. Thread-safe. A caller that leaves early, by interrupt or deadline, takes its command back, and what was begun for it
 * is abandoned.
 */
public final class SwarmHandle implements AutoCloseable {

    /** How much later than its deadline a call looks for the swarm's own answer to that deadline, which says more than a timeout. */
    private static final long GRACE_NANOS = 20_000_000L;

    private final Mailbox<Input> mailbox;
    private final AtomicLong queries = new AtomicLong();
    private final AtomicLong connectionChanges = new AtomicLong();
    private final Loop loop;
    private final Optional<Gossiper> gossip;
    private final KadConfig.StoreConfig stores;

    /**
     * Over a swarm that does not run yet.
     *
     * @param mailbox from which the loop takes
     * @param intake checks what is gossiped; empty without gossip
     */
    SwarmHandle(SwarmConfig config, Mailbox<Input> mailbox, Loop loop, Optional<Intake> intake) {
        this.stores = config.kad().stores();
        this.mailbox = mailbox;
        this.loop = loop;
        this.gossip = config.gossip().map(setup -> new Gossiper(setup, intake.orElseThrow(), this, mailbox));
    }

    /**
     * Starts a swarm over a host that is not started yet, and the host with it.
     *
     * @param announce what to tell others to dial; empty for where the host listens
     * @throws HostException if the host cannot listen; nothing runs then
     */
    public static SwarmHandle start(SwarmConfig config, Host host, List<Multiaddr> announce, Forks forks)
            throws HostException {
        String name = "swarmscope-" + config.self().shortText();
        Mailbox<Input> mailbox = new Mailbox<>(Limits.MAILBOX);
        Performer performer = new Performer(
                new Dialer(host, forks, mailbox),
                new KadRequests(config.kad().protocolId(), config.validators(), config.observer(), mailbox),
                new GossipWriter(mailbox),
                config,
                name);
        Loop loop = new SwarmThread(new Swarm(config, System.nanoTime()), performer, mailbox, config.telemetry(), name);
        Optional<Intake> intake = config.gossip().map(setup -> new Intake(setup.config(), setup.topics()::contains, setup.rules()));
        SwarmHandle handle = new SwarmHandle(config, mailbox, loop, intake);
        handle.begin(config, host, announce);
        return handle;
    }

    /** Answers the protocols, then starts the host, then the loop. */
    void begin(SwarmConfig config, Host host, List<Multiaddr> announce) throws HostException {
        if (config.kad().mode() == io.swarmscope.DhtMode.SERVER) {
            host.handle(config.kad().protocolId(), new KadServer(this, config.validators()));
        }
        gossip.ifPresent(gossiper -> gossiper.answer(host));
        host.start(listener());
        mailbox.force(new Event.Listening(announce.isEmpty() ? host.addresses() : announce));
        loop.start();
    }

    /**
     * Runs an operation over the DHT. It ends by the deadline, with what it has then.
     *
     * @throws RegistryException.Closed if the swarm is closed, or is being closed meanwhile
     */
    public OperationResult run(Operation operation, Deadline deadline) throws InterruptedException {
        QueryId query = nextQuery();
        CompletableFuture<OperationResult> reply = new CompletableFuture<>();
        try {
            return call(new Command.Run(query, operation, deadline.nanoTime(), reply), query, reply, deadline);
        } catch (HostException e) {
            throw new IllegalStateException("an operation over the DHT failed unexpectedly", e);
        }
    }

    /**
     * A connection to a peer: one that is open, or a new one to an address that is known or, failing that, to none.
     *
     * @throws HostException if the peer cannot be reached in time
     */
    public Connection reach(PeerId peer, Deadline deadline) throws HostException, InterruptedException {
        return reach(peer, List.of(), false, deadline);
    }

    /**
     * Connects to a peer at an address, unless it is connected already, and gives it the time to tell about itself.
     *
     * @param address with {@code /p2p} suffix
     * @throws HostException if the peer cannot be reached there, or somebody else answers
     */
    public Connection connect(Multiaddr address, Deadline deadline) throws HostException, InterruptedException {
        PeerId peer = address.peerId().orElseThrow(() -> new IllegalArgumentException(address + " has no peer id"));
        return reach(peer, List.of(address), true, deadline);
    }

    private Connection reach(PeerId peer, List<Multiaddr> hints, boolean identified, Deadline deadline)
            throws HostException, InterruptedException {
        QueryId query = nextQuery();
        CompletableFuture<Connection> reply = new CompletableFuture<>();
        return call(
                new Command.Reach(query, peer, hints, identified, deadline.nanoTime(), reply), query, reply, deadline);
    }

    /** Waits until the node has joined its network; whether it has by the deadline. */
    public boolean awaitJoined(Deadline deadline) throws InterruptedException {
        QueryId query = nextQuery();
        CompletableFuture<Boolean> reply = new CompletableFuture<>();
        try {
            return call(new Command.AwaitJoined(query, deadline.nanoTime(), reply), query, reply, deadline);
        } catch (HostException e) {
            return false;
        }
    }

    /** Who is connected now, the longest connected first. */
    public List<Neighbour> neighbours() throws InterruptedException {
        CompletableFuture<List<Neighbour>> reply = new CompletableFuture<>();
        return quick(new Command.ListNeighbours(reply), reply);
    }

    /** The same, but nobody if the swarm does not tell by the deadline. */
    public List<Neighbour> neighbours(Deadline deadline) throws InterruptedException {
        CompletableFuture<List<Neighbour>> reply = new CompletableFuture<>();
        try {
            return call(new Command.ListNeighbours(reply), new QueryId(0), reply, deadline);
        } catch (HostException e) {
            return List.of();
        }
    }

    /** How many times a peer connected, told about itself or left. Never blocks. */
    public long connectionChanges() {
        return connectionChanges.get();
    }

    /** Whom the node knows now, connected or not: what to remember for a restart. */
    public PeersSnapshot peers() throws InterruptedException {
        CompletableFuture<PeersSnapshot> reply = new CompletableFuture<>();
        return quick(new Command.ListPeers(reply), reply);
    }

    /** How long a node of this network keeps what is put or announced: whoever wants it kept for longer does so again before. */
    public KadConfig.StoreConfig stores() {
        return stores;
    }

    /** The swarm's figures now. */
    public SwarmStatus status() throws InterruptedException {
        CompletableFuture<SwarmStatus> reply = new CompletableFuture<>();
        return quick(new Command.ReadStatus(reply), reply);
    }

    /**
     * What is counted beside the swarm, by name: {@code swarm.inputs}, {@code swarm.turns} and the nanoseconds its thread was busy; {@code
     * kad.passed-over}, peers in answers of the DHT beyond the limit.
     */
    public Map<String, Long> counters() {
        return loop.counters();
    }

    /** The reply to a peer's request; called by the handler of the DHT's protocol. */
    Reply serve(Connection from, Request request) throws HostException, InterruptedException {
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        return quick(new Command.Serve(from, request, reply), reply);
    }

    /**
     * Tells all who are in a topic, and if there is nobody, the first who comes. Returns at once. Does nothing without gossip.
     *
     * @param data not changed afterwards
     */
    public void publish(String topic, byte[] data) {
        gossip.ifPresent(gossiper -> gossiper.publish(topic, data));
    }

    /** Hands over what a peer gossiped. The answer says whether what it sends next is worth checking. Called by the handler of its protocols. */
    CompletableFuture<Boolean> gossiped(Connection from, long stream, Rpc rpc, List<Arrival> arrivals) throws HostException {
        CompletableFuture<Boolean> reply = new CompletableFuture<>();
        submit(new Command.GossipReceived(from, stream, rpc, arrivals, reply));
        return reply;
    }

    /** Waits until the swarm has taken what was handed over. */
    void awaitTaken(CompletableFuture<Boolean> handedOver) throws HostException, InterruptedException {
        if (!handedOver.isDone()) {
            await(new QueryId(0), handedOver, Deadline.after(Limits.SWARM_ANSWER));
        }
    }

    private QueryId nextQuery() {
        return new QueryId(queries.incrementAndGet());
    }

    private <T> T quick(Command command, CompletableFuture<T> reply) throws InterruptedException {
        try {
            return call(command, new QueryId(0), reply, Deadline.after(Limits.SWARM_ANSWER));
        } catch (HostException e) {
            throw new RegistryException.DeadlineExceeded("a question to the swarm", Limits.SWARM_ANSWER, String.valueOf(e.getMessage()));
        }
    }

    private <T> T call(Command command, QueryId query, CompletableFuture<T> reply, Deadline deadline)
            throws HostException, InterruptedException {
        submit(command);
        return await(query, reply, deadline);
    }

    private void submit(Command command) throws HostException {
        if (!mailbox.offer(command)) {
            if (mailbox.isClosed()) {
                throw new RegistryException.Closed(null);
            }
            throw new HostException(
                    HostException.Kind.LIMIT_REACHED, Limits.MAILBOX + " commands wait for the swarm already");
        }
    }

    private <T> T await(QueryId query, CompletableFuture<T> reply, Deadline deadline) throws HostException, InterruptedException {
        assert !loop.isHere() : "the swarm thread must not wait for itself";
        try {
            return World.here().await(reply, deadline.remainingNanos() + GRACE_NANOS);
        } catch (InterruptedException e) {
            cancel(query);
            throw e;
        } catch (TimeoutException e) {
            cancel(query);
            throw new HostException(HostException.Kind.TIMED_OUT, "the swarm had no answer in time", e);
        } catch (ExecutionException e) {
            throw onCallersThread(e.getCause() == null ? e : e.getCause());
        }
    }

    /** The same failure with the caller's stack, the swarm's as its cause. */
    private static HostException onCallersThread(Throwable cause) {
        if (cause instanceof HostException failure) {
            return new HostException(failure.kind(), String.valueOf(failure.getMessage()), failure);
        }
        throw new RegistryException.Closed(cause);
    }

    private void cancel(QueryId query) {
        if (query.number() > 0) {
            mailbox.force(new Command.Cancel(query, new CompletableFuture<>()));
        }
    }

    private ConnectionListener listener() {
        return new ConnectionListener() {
            @Override
            public void opened(Connection connection) {
                if (!mailbox.force(new Event.Opened(connection))) {
                    connection.close();
                }
                connectionChanges.incrementAndGet();
            }

            @Override
            public void identified(Connection connection, Identified identified) {
                mailbox.force(new Event.Identity(connection, identified));
                connectionChanges.incrementAndGet(); // afterwards: who sees the number must see the peer
            }

            @Override
            public void closed(Connection connection, String reason) {
                mailbox.force(new Event.Closed(connection, reason));
                connectionChanges.incrementAndGet();
            }

            @Override
            public void misbehaved(PeerId peer, String what) {
                mailbox.force(new Event.Misbehaved(peer, what));
            }
        };
    }

    /**
     * Ends the swarm: calls that wait fail with {@link RegistryException.Closed}, its threads end. The host is closed by whoever made
     * it. Idempotent.
     */
    @Override
    public void close() {
        try {
            loop.stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
