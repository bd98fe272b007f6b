package io.swarmscope.internal.simulation;

import io.swarmscope.Multiaddr;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/** The network of a simulation: who is where, who can reach whom, and when what was sent arrives. Touched only by the thread that has its turn. */
public final class Net {

    private static final byte[] NOTHING = {};

    /** A peer that went without a word is noticed by the pings of the muxer: every 30 s, silent for 10 s. */
    private static final long SILENCE_LEAST_NANOS = Duration.ofSeconds(10).toNanos();

    private static final long SILENCE_MORE_NANOS = Duration.ofSeconds(30).toNanos();

    private final Engine engine;
    private final SplittableRandom random;
    private final Conditions conditions = new Conditions();
    private final Map<Multiaddr, SimHost> byAddress = new HashMap<>();
    private final long[] counts = new long[Traffic.values().length];
    private @Nullable IntUnaryOperator part;
    private long bytes;
    long connections;

    /** An empty one. */
    public Net(Engine engine) {
        this.engine = engine;
        this.random = engine.newRandom();
    }

    /** The time it lives in. */
    public Engine engine() {
        return engine;
    }

    /** What it does to what is sent. */
    public Conditions conditions() {
        return conditions;
    }

    /** Cuts it into parts: the number of each node's part, by the node's number. */
    public void partition(IntUnaryOperator of) {
        part = of;
    }

    /** Joins all parts again. */
    public void heal() {
        part = null;
    }

    /** How many of each kind were delivered. */
    public Map<Traffic, Long> counts() {
        Map<Traffic, Long> all = new EnumMap<>(Traffic.class);
        for (Traffic kind : Traffic.values()) {
            all.put(kind, counts[kind.ordinal()]);
        }
        return all;
    }

    /** How many bytes were delivered, without what TCP, Noise and Yamux add. */
    public long bytes() {
        return bytes;
    }

    void listen(SimHost host) {
        byAddress.put(host.address(), host);
    }

    @Nullable SimHost at(Multiaddr address) {
        return byAddress.get(address.withoutPeerId());
    }

    /** Whether packets go from one to the other. */
    boolean joined(SimHost from, SimHost to) {
        IntUnaryOperator of = part;
        return of == null || of.applyAsInt(from.number()) == of.applyAsInt(to.number());
    }

    /** How long a packet takes. */
    long nanos(SimHost from, SimHost to) {
        return conditions.nanos(from.number(), to.number(), random) + from.slowNanos() + to.slowNanos();
    }

    /** Something takes that long in all: notes it when it has come. */
    void note(Traffic kind, SimHost from, SimHost to, byte[] what) {
        engine.hash().add(engine.now(), kind.ordinal(), from.number(), to.number(), what);
        counts[kind.ordinal()]++;
        bytes += what.length;
    }

    void note(Traffic kind, SimHost from, SimHost to) {
        note(kind, from, to, NOTHING);
    }

    /**
     * Sends something over a connection.
     *
     * @param notBefore nothing of a stream overtakes what was sent before on it
     * @param arrived done at the other end
     * @return when it arrives
     */
    public long send(SimConnection connection, Traffic kind, byte[] what, long notBefore, Runnable arrived) {
        SimHost from = connection.local();
        SimHost to = connection.other().local();
        long arrival = Math.max(notBefore, engine.now() + nanos(from, to));
        if (!connection.isOpen()) {
            return arrival;
        }
        if (conditions.breaks(random)) {
            connection.lost("connection reset");
            return arrival;
        }
        if (!joined(from, to) || connection.other().isForgotten()) {
            silence(connection);
            return arrival;
        }
        int copies = conditions.comesTwice(kind, random) ? 2 : 1;
        for (int i = 0; i < copies; i++) {
            engine.at(arrival, () -> arrive(connection, kind, what, arrived));
        }
        return arrival;
    }

    private void arrive(SimConnection connection, Traffic kind, byte[] what, Runnable arrived) {
        SimConnection there = connection.other();
        if (!there.isOpen() || there.isDoomed() || !joined(connection.local(), there.local())) {
            if (there.isOpen()) {
                silence(connection);
            }
            return;
        }
        note(kind, connection.local(), there.local(), what);
        arrived.run();
    }

    /** What is sent does not arrive: after a while both ends find that out. Nothing more arrives until then, also if the line is mended. */
    private void silence(SimConnection connection) {
        if (!connection.isDoomed()) {
            connection.doom();
            connection.other().doom();
            engine.after(SILENCE_LEAST_NANOS + random.nextLong(SILENCE_MORE_NANOS), () -> connection.ended("silent for too long"));
            engine.after(
                    SILENCE_LEAST_NANOS + random.nextLong(SILENCE_MORE_NANOS), () -> connection.other().ended("silent for too long"));
        }
    }

    /** Cuts off connections between parts that were silent anyway, as their pings find out. */
    public void ping(SimConnection connection) {
        if (connection.isOpen() && (!joined(connection.local(), connection.other().local()) || connection.other().isForgotten())) {
            silence(connection);
        }
    }
}
