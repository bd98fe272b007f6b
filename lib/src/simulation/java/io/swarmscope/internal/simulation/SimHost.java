package io.swarmscope.internal.simulation;

import io.swarmscope.Multiaddr;
import io.swarmscope.PeerId;
import io.swarmscope.host.Connection;
import io.swarmscope.host.ConnectionListener;
import io.swarmscope.host.Host;
import io.swarmscope.host.HostException;
import io.swarmscope.host.HostStats;
import io.swarmscope.host.Identified;
import io.swarmscope.host.StreamHandler;
import io.swarmscope.internal.fork.World;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The network side of a simulated node, as its process sees it: from {@link #start} until it is closed or crashes. Touched only by the thread that has its turn.
 */
public final class SimHost implements Host {

    /** Dialing takes three round trips: one for TCP, two for agreeing and the handshake. */
    private static final int ROUND_TRIPS = 3;

    private final Net net;
    private final Place place;
    private final String agent;
    private final Map<String, StreamHandler> handlers = new LinkedHashMap<>();
    private final Set<SimConnection> connections = new LinkedHashSet<>();
    private @Nullable ConnectionListener listener;
    private @Nullable KadDoor kad;
    private @Nullable GossipDoor gossip;
    private @Nullable Identified about;
    private long handshakes;
    private long failed;
    private boolean open;

    /** Takes requests over the DHT in one piece, which a stream would bring byte by byte. */
    @FunctionalInterface
    public interface KadDoor {
        /** Answers, or does not. */
        void take(SimConnection from, byte[] request, Answer answer);

        /** What comes of a request. */
        interface Answer {
            /** It is answered. */
            void send(byte[] answer);

            /** The stream is reset. */
            void refuse();
        }
    }

    /** Takes what is gossiped, stream by stream. */
    @FunctionalInterface
    public interface GossipDoor {
        /** A stream begins. */
        Reader opened(SimConnection from, long stream);

        /** Takes what comes by one stream. */
        interface Reader {
            /** A frame with its length in front. */
            void frame(byte[] frame);

            /** It ended. */
            void ended();
        }
    }

    /** A process on a machine, which answers no protocol yet. */
    public SimHost(Net net, Place place, String agent) {
        this.net = net;
        this.place = place;
        this.agent = agent;
    }

    /** The network it is in. */
    public Net net() {
        return net;
    }

    /** The number of its machine. */
    public int number() {
        return place.number();
    }

    long slowNanos() {
        return place.slowNanos();
    }

    Multiaddr address() {
        return place.address();
    }

    /** Where its connections come from. */
    Multiaddr source() {
        return place.source();
    }

    /** Its machine. */
    public Place place() {
        return place;
    }

    /** Who takes requests over the DHT. */
    public void serveKad(KadDoor door) {
        kad = door;
    }

    /** Who takes what is gossiped. */
    public void serveGossip(GossipDoor door) {
        gossip = door;
    }

    /** Who takes requests over the DHT here, if somebody does. */
    public @Nullable KadDoor kad() {
        return place.isSilent() ? null : kad;
    }

    /** Who takes what is gossiped here, if somebody does. */
    public @Nullable GossipDoor gossip() {
        return gossip;
    }

    /** Whether it accepts, and says nothing ever after. */
    public boolean isSilent() {
        return place.isSilent();
    }

    @Override
    public PeerId id() {
        return place.id();
    }

    @Override
    public List<Multiaddr> addresses() {
        return open && place.isDialable() ? List.of(place.address()) : List.of();
    }

    @Override
    public void handle(String protocol, StreamHandler handler) {
        if (handlers.putIfAbsent(protocol, handler) != null) {
            throw new IllegalArgumentException(protocol + " has a handler");
        }
        about = null;
    }

    @Override
    public void unhandle(String protocol) {
        handlers.remove(protocol);
        about = null;
    }

    /** Whether it answers a protocol. */
    public boolean answers(String protocol) {
        return handlers.containsKey(protocol);
    }

    @Override
    public void start(ConnectionListener told) {
        listener = told;
        open = true;
        place.occupy(this);
        net.listen(this);
    }

    boolean isOpen() {
        return open;
    }

    /** Its open connections, oldest first. */
    public List<SimConnection> connections() {
        return List.copyOf(connections);
    }

    @Override
    public Connection dial(Multiaddr address, @Nullable PeerId expected, Duration timeout) throws HostException, InterruptedException {
        long until = net.engine().now() + timeout.toNanos();
        SimHost there = net.at(address);
        if (there == null || !there.place.takes(place) || !net.joined(this, there)) {
            failed++;
            World.here().pause(timeout.toNanos());
            throw new HostException(HostException.Kind.TIMED_OUT, address + " did not answer within " + timeout);
        }
        long took = 0;
        for (int i = 0; i < ROUND_TRIPS; i++) {
            took += net.nanos(this, there) + net.nanos(there, this);
        }
        World.here().pause(Math.min(took, timeout.toNanos()));
        requireOpen();
        SimHost answering = there.place.process();
        if (answering == null || !answering.open) {
            failed++;
            throw new HostException(HostException.Kind.REFUSED, "nobody listens at " + address);
        }
        if (net.engine().now() >= until || !net.joined(this, answering)) {
            failed++;
            throw new HostException(HostException.Kind.TIMED_OUT, address + " did not answer within " + timeout);
        }
        PeerId wanted = expected == null ? address.peerId().orElse(null) : expected;
        if (wanted != null && !wanted.equals(answering.id())) {
            failed++;
            throw new HostException(HostException.Kind.WRONG_PEER, answering.id() + " answers at " + address);
        }
        SimConnection connection = SimConnection.between(this, answering, net);
        net.note(Traffic.DIAL, this, answering);
        opened(connection);
        answering.opened(connection.other());
        return connection;
    }

    private void requireOpen() throws HostException {
        if (!open) {
            throw new HostException(HostException.Kind.CLOSED, "this host is closed");
        }
    }

    private void opened(SimConnection connection) {
        handshakes++;
        connections.add(connection);
        listener().opened(connection);
        if (!place.isSilent()) {
            // It tells about itself; who hears it takes note at its own end.
            Identified told = about();
            net.send(connection, Traffic.IDENTIFY, new byte[0], 0, () -> connection.other().local().heard(connection.other(), told));
        }
    }

    private void heard(SimConnection connection, Identified told) {
        connection.identified(told);
        listener().identified(connection, told);
    }

    private Identified about() {
        Identified told = about;
        if (told == null) {
            told = new Identified(agent, "ipfs/0.1.0", handlers.keySet(), addresses(), null);
            about = told;
        }
        return told;
    }

    private ConnectionListener listener() {
        ConnectionListener told = listener;
        if (told == null) {
            throw new IllegalStateException("it was not started");
        }
        return told;
    }

    void closed(SimConnection connection, String why) {
        connections.remove(connection);
        if (open) {
            listener().closed(connection, why);
        }
    }

    void serve(SimStream stream) {
        StreamHandler handler = handlers.get(stream.protocol());
        if (!open || place.isSilent()) {
            return;
        }
        if (handler == null) {
            stream.reset();
            return;
        }
        net.engine().start("stream-" + place.number(), () -> {
            try {
                handler.handle(stream);
                stream.close();
            } catch (IOException | InterruptedException e) {
                stream.reset();
            }
        });
    }

    @Override
    public HostStats stats() {
        int outbound = (int) connections.stream().filter(SimConnection::outbound).count();
        int streams = connections.stream().mapToInt(SimConnection::streams).sum();
        return new HostStats(connections.size() - outbound, outbound, streams, handshakes, failed, 0, 0, 0, 0, 0, 0);
    }

    /** Says goodbye to everybody. */
    @Override
    public void close() {
        if (open) {
            new ArrayList<>(connections).forEach(connection -> {
                connection.close();
                connection.ended("closed");
            });
            leave();
        }
    }

    /** Is gone without a word: the power failed. */
    public void crash() {
        if (open) {
            connections.forEach(SimConnection::forget);
            List<SimConnection> left = List.copyOf(connections);
            leave();
            left.forEach(connection -> net.ping(connection.other()));
        }
    }

    private void leave() {
        open = false;
        connections.clear();
        place.leave(this);
    }
}
