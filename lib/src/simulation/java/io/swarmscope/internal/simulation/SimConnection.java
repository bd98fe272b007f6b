package io.swarmscope.internal.simulation;

import io.swarmscope.Multiaddr;
import io.swarmscope.PeerId;
import io.swarmscope.host.Connection;
import io.swarmscope.host.HostException;
import io.swarmscope.host.Identified;
import io.swarmscope.host.Stream;
import io.swarmscope.internal.fork.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** One end of a connection of a simulation. Touched only by the thread that has its turn. */
public final class SimConnection implements Connection {

    private final long id;
    private final SimHost local;
    private final Multiaddr remoteAddress;
    private final boolean outbound;
    private final List<SimStream> streams = new ArrayList<>();
    private final List<Runnable> onEnd = new ArrayList<>();
    private SimConnection other;
    private Identified identified = Identified.NOTHING;
    private int otherStreams;
    private boolean open = true;
    private boolean doomed;
    private boolean forgotten;

    private SimConnection(long id, SimHost local, Multiaddr remoteAddress, boolean outbound) {
        this.id = id;
        this.local = local;
        this.remoteAddress = remoteAddress;
        this.outbound = outbound;
        this.other = this;
    }

    /** The end of the one who dialed. */
    static SimConnection between(SimHost dialer, SimHost answerer, Net net) {
        SimConnection here = new SimConnection(++net.connections, dialer, answerer.address(), true);
        SimConnection there = new SimConnection(++net.connections, answerer, dialer.source(), false);
        here.other = there;
        there.other = here;
        return here;
    }

    /** Whose end it is. */
    public SimHost local() {
        return local;
    }

    /** The other end. */
    public SimConnection other() {
        return other;
    }

    @Override
    public long id() {
        return id;
    }

    @Override
    public PeerId remote() {
        return other.local.id();
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
        return identified;
    }

    void identified(Identified told) {
        identified = told;
    }

    @Override
    public int streams() {
        return streams.size() + otherStreams;
    }

    /** Counts a stream that is not one of {@link #open}. */
    public void counted(int more) {
        otherStreams += more;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    boolean isDoomed() {
        return doomed;
    }

    void doom() {
        doomed = true;
    }

    boolean isForgotten() {
        return forgotten;
    }

    /** Its owner is gone without a word. */
    void forget() {
        forgotten = true;
        open = false;
    }

    /** Done when it ends, by whomever. */
    public void onEnd(Runnable told) {
        onEnd.add(told);
    }

    @Override
    public Stream open(List<String> protocols, Duration timeout) throws HostException, InterruptedException {
        if (!open) {
            throw new HostException(HostException.Kind.CONNECTION_CLOSED, "the connection is closed");
        }
        String agreed = null;
        for (String protocol : protocols) {
            if (agreed == null && other.local.answers(protocol)) {
                agreed = protocol;
            }
        }
        if (agreed == null || protocols.size() > 1 || !identified.protocols().contains(agreed)) {
            Net net = local.net();
            World.here().pause(Math.min(timeout.toNanos(), net.nanos(local, other.local) + net.nanos(other.local, local)));
        }
        if (agreed == null) {
            throw new HostException(HostException.Kind.PROTOCOL_UNSUPPORTED, "the peer answers none of " + protocols);
        }
        return new SimStream(this, agreed, timeout);
    }

    void add(SimStream stream) {
        streams.add(stream);
    }

    void remove(SimStream stream) {
        streams.remove(stream);
    }

    @Override
    public void close() {
        if (open) {
            local.net().send(this, Traffic.CLOSE, new byte[0], 0, () -> other.ended("the peer said goodbye"));
            local.net().engine().after(0, () -> ended("closed"));
        }
    }

    /** It breaks, which both ends see. */
    void lost(String why) {
        local.net().engine().after(0, () -> ended(why));
        local.net().engine().after(local.net().nanos(local, other.local), () -> other.ended(why));
    }

    /** This end is over. */
    void ended(String why) {
        if (!open) {
            return;
        }
        open = false;
        List.copyOf(streams).forEach(SimStream::connectionEnded);
        streams.clear();
        List.copyOf(onEnd).forEach(Runnable::run);
        local.closed(this, why);
    }
}
