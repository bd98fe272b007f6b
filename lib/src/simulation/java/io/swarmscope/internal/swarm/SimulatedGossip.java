package io.swarmscope.internal.swarm;

import io.swarmscope.PeerId;
import io.swarmscope.internal.gossip.Arrival;
import io.swarmscope.internal.gossip.Intake;
import io.swarmscope.internal.gossip.Rpc;
import io.swarmscope.internal.gossip.RpcCodec;
import io.swarmscope.internal.gossip.SendQueue;
import io.swarmscope.internal.gossip.Version;
import io.swarmscope.internal.simulation.Net;
import io.swarmscope.internal.simulation.SimConnection;
import io.swarmscope.internal.simulation.SimHost;
import io.swarmscope.internal.simulation.Traffic;
import io.swarmscope.internal.wire.Frames;
import io.swarmscope.internal.wire.Limits;
import io.swarmscope.internal.wire.MalformedException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * The streams for gossip of a simulated node, in the place of the threads of {@link GossipWriter} and {@link GossipServer}: what is put into a queue is written
 * at once, what arrives is checked and handed over. Touched only by the thread that has its turn.
 */
final class SimulatedGossip implements SimHost.GossipDoor {

    private static final byte[] NOTHING = {};

    private final SimHost host;
    private final Net net;
    private final Optional<Intake> intake;
    private final Mailbox<Input> mailbox;
    private final Map<SendQueue, Outgoing> outgoing = new IdentityHashMap<>();
    private final Map<PeerId, Incoming> incoming = new HashMap<>();
    private long streams;

    SimulatedGossip(SimHost host, Optional<Intake> intake, Mailbox<Input> mailbox) {
        this.host = host;
        this.net = host.net();
        this.intake = intake;
        this.mailbox = mailbox;
    }

    /** A stream to a peer. */
    private static final class Outgoing {
        final SimConnection connection;
        final SendQueue queue;
        final long number;
        long lastArrival;
        SimHost.GossipDoor.@Nullable Reader reader;
        boolean open;
        boolean ended;

        Outgoing(SimConnection connection, SendQueue queue, long number) {
            this.connection = connection;
            this.queue = queue;
            this.number = number;
        }
    }

    // To peers

    void open(SimConnection connection, SendQueue queue) {
        Outgoing out = new Outgoing(connection, queue, (long) host.number() << 32 | ++streams);
        outgoing.put(queue, out);
        connection.counted(1);
        connection.onEnd(() -> end(out, false));
        SimHost there = connection.other().local();
        out.lastArrival = net.send(connection, Traffic.GOSSIP_STREAM, NOTHING, 0, () -> {
            Optional<String> agreed = Version.protocols().stream().filter(there::answers).findFirst();
            SimHost.GossipDoor door = there.gossip();
            if (agreed.isPresent() && door != null && !there.isSilent()) {
                out.reader = door.opened(connection.other(), out.number);
            }
            if (!there.isSilent()) {
                net.send(connection.other(), Traffic.GOSSIP_STREAM, NOTHING, 0, () -> agreed(out, agreed));
            }
        });
    }

    private void agreed(Outgoing out, Optional<String> protocol) {
        if (out.ended) {
            return;
        }
        if (protocol.isEmpty()) {
            end(out, true);
            return;
        }
        out.open = true;
        mailbox.force(new Event.GossipOpened(out.connection.remote(), out.queue, Version.of(protocol.get())));
        write(out);
    }

    void send(SendQueue queue, Rpc rpc) {
        boolean works = queue.put(rpc);
        Outgoing out = outgoing.get(queue);
        if (out != null && !works) {
            end(out, false);
        } else if (out != null && out.open) {
            write(out);
        }
    }

    private void write(Outgoing out) {
        try {
            while (!out.ended && !out.queue.isEmpty()) {
                byte[] frame = out.queue.take();
                if (frame == null) {
                    end(out, false);
                    return;
                }
                out.lastArrival = net.send(out.connection, Traffic.GOSSIP, frame, out.lastArrival, () -> {
                    if (out.reader != null && !out.connection.other().local().isSilent()) {
                        out.reader.frame(frame);
                    }
                });
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("it does not wait", e);
        }
    }

    void end(SendQueue queue) {
        queue.close();
        Outgoing out = outgoing.get(queue);
        if (out != null) {
            end(out, false);
        }
    }

    private void end(Outgoing out, boolean forGood) {
        if (out.ended) {
            return;
        }
        out.ended = true;
        out.queue.close();
        outgoing.remove(out.queue);
        out.connection.counted(-1);
        mailbox.force(new Event.GossipEnded(out.connection.remote(), out.queue, forGood));
        if (out.connection.isOpen()) {
            net.send(out.connection, Traffic.GOSSIP_STREAM, NOTHING, out.lastArrival, () -> {
                if (out.reader != null) {
                    out.reader.ended();
                }
            });
        }
    }

    // From peers

    @Override
    public Reader opened(SimConnection from, long stream) {
        Incoming in = new Incoming(from, stream);
        Incoming older = incoming.put(from.remote(), in);
        from.counted(1);
        from.onEnd(in::ended);
        if (older != null) {
            older.over();
        }
        return in;
    }

    /** A stream from a peer, until it ends or the peer opens a newer one. */
    private final class Incoming implements Reader {
        private final SimConnection connection;
        private final PeerId peer;
        private final long number;
        private CompletableFuture<Boolean> welcome = CompletableFuture.completedFuture(true);
        private boolean over;

        Incoming(SimConnection connection, long number) {
            this.connection = connection;
            this.peer = connection.remote();
            this.number = number;
        }

        @Override
        public void ended() {
            incoming.remove(peer, this);
            over();
        }

        private void over() {
            if (!over) {
                over = true;
                connection.counted(-1);
                mailbox.force(new Event.GossipSilent(peer, number));
            }
        }

        @Override
        public void frame(byte[] frame) {
            if (over || intake.isEmpty()) {
                return;
            }
            try {
                Rpc rpc = RpcCodec.decode(Frames.read(new ByteArrayInputStream(frame), Limits.GOSSIP_RPC_BYTES));
                boolean unwelcome = welcome.state() == Future.State.SUCCESS && !welcome.resultNow();
                List<Arrival> arrivals = unwelcome ? List.of() : check(rpc);
                welcome = new CompletableFuture<>();
                mailbox.offer(new Command.GossipReceived(connection, number, rpc, arrivals, welcome));
            } catch (MalformedException e) {
                mailbox.force(new Event.Misbehaved(peer, "gossip: " + e.getMessage()));
                ended();
            } catch (IOException e) {
                throw new IllegalStateException("bytes in memory", e);
            }
        }

        private List<Arrival> check(Rpc rpc) {
            List<Arrival> arrivals = intake.orElseThrow()
                    .check(peer, rpc, (topic, id, bytes) -> mailbox.offer(new Event.GossipArriving(peer, topic, id, bytes)));
            if (arrivals.stream().anyMatch(arrival -> arrival instanceof Arrival.Forged)) {
                mailbox.force(new Event.Misbehaved(peer, "gossip: a message that its author did not sign"));
            }
            return arrivals;
        }
    }
}
