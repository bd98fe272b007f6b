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
        boolean open;
        boolean ended;

        Outgoing(SimConnection connection, SendQueue queue, long number) {
            this.connection = connection;
            this.queue = queue;
            this.number = number;
        }
    }

    /** The newest stream from a peer. */
    private static final class Incoming {
        final SimConnection connection;
        final long number;
        CompletableFuture<Boolean> welcome = CompletableFuture.completedFuture(true);

        Incoming(SimConnection connection, long number) {
            this.connection = connection;
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
                door.opened(connection.other(), out.number);
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
                    SimHost there = out.connection.other().local();
                    SimHost.GossipDoor door = there.gossip();
                    if (door != null && !there.isSilent()) {
                        door.frame(out.connection.other(), out.number, frame);
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
                SimHost.GossipDoor door = out.connection.other().local().gossip();
                if (door != null) {
                    door.ended(out.connection.other(), out.number);
                }
            });
        }
    }

    // From peers

    @Override
    public void opened(SimConnection from, long stream) {
        Incoming in = new Incoming(from, stream);
        Incoming older = incoming.put(from.remote(), in);
        from.counted(1);
        from.onEnd(() -> ended(from, stream));
        if (older != null) {
            silent(older, from.remote());
        }
    }

    @Override
    public void ended(SimConnection from, long stream) {
        Incoming in = incoming.get(from.remote());
        if (in != null && in.number == stream) {
            incoming.remove(from.remote());
            silent(in, from.remote());
        }
    }

    private void silent(Incoming in, PeerId peer) {
        in.connection.counted(-1);
        mailbox.force(new Event.GossipSilent(peer, in.number));
    }

    @Override
    public void frame(SimConnection from, long stream, byte[] frame) {
        Incoming in = incoming.get(from.remote());
        if (in == null || in.number != stream || intake.isEmpty()) {
            return; // of a stream that was replaced
        }
        PeerId peer = from.remote();
        try {
            Rpc rpc = RpcCodec.decode(Frames.read(new ByteArrayInputStream(frame), Limits.GOSSIP_RPC_BYTES));
            boolean unwelcome = in.welcome.state() == Future.State.SUCCESS && !in.welcome.resultNow();
            List<Arrival> arrivals = unwelcome
                    ? List.of()
                    : intake.get().check(peer, rpc, (topic, id, bytes) -> mailbox.offer(new Event.GossipArriving(peer, topic, id, bytes)));
            if (arrivals.stream().anyMatch(arrival -> arrival instanceof Arrival.Forged)) {
                mailbox.force(new Event.Misbehaved(peer, "gossip: a message that its author did not sign"));
            }
            in.welcome = new CompletableFuture<>();
            mailbox.offer(new Command.GossipReceived(from, stream, rpc, arrivals, in.welcome));
        } catch (MalformedException e) {
            mailbox.force(new Event.Misbehaved(peer, "gossip: " + e.getMessage()));
            ended(from, stream);
        } catch (IOException e) {
            throw new IllegalStateException("bytes in memory", e);
        }
    }
}
