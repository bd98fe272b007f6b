package io.swarmscope.internal.swarm;

import io.swarmscope.PeerId;
import io.swarmscope.host.Stream;
import io.swarmscope.host.StreamHandler;
import io.swarmscope.internal.gossip.Arrival;
import io.swarmscope.internal.gossip.Intake;
import io.swarmscope.internal.gossip.Rpc;
import io.swarmscope.internal.gossip.RpcCodec;
import io.swarmscope.internal.wire.Frames;
import io.swarmscope.internal.wire.Limits;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Reads what peers gossip, each on the virtual thread of its stream: decodes, checks and hands over to the swarm. It does not hand over a
 * frame before the swarm has taken the one before, so that nobody fills its mailbox. Never writes. A peer that opens another stream means
 * the new one. Thread-safe.
 */
final class GossipServer implements StreamHandler {

    private final SwarmHandle swarm;
    private final Intake intake;
    private final Mailbox<Input> mailbox;
    private final AtomicLong numbers = new AtomicLong();
    private final ConcurrentMap<PeerId, Stream> newest = new ConcurrentHashMap<>();

    GossipServer(SwarmHandle swarm, Intake intake, Mailbox<Input> mailbox) {
        this.swarm = swarm;
        this.intake = intake;
        this.mailbox = mailbox;
    }

    @Override
    public void handle(Stream stream) throws IOException, InterruptedException {
        PeerId peer = stream.remote();
        long number = numbers.incrementAndGet();
        Stream older = newest.put(peer, stream);
        if (older != null) {
            older.reset();
        }
        try {
            read(stream, number);
        } finally {
            newest.remove(peer, stream);
            mailbox.force(new Event.GossipSilent(peer, number));
        }
    }

    private void read(Stream stream, long number) throws IOException, InterruptedException {
        PeerId peer = stream.remote();
        CompletableFuture<Boolean> welcome = CompletableFuture.completedFuture(true);
        for (byte[] frame;
                (frame = Frames.next(stream, Limits.GOSSIP_STREAM, Limits.GOSSIP_READ, Limits.GOSSIP_RPC_BYTES)) != null; ) {
            Rpc rpc = RpcCodec.decode(frame);
            List<Arrival> arrivals = isUnwelcome(welcome) ? List.of() : check(peer, rpc);
            // Only now, when the answer has mostly come: that saves a thread's sleep for each frame.
            swarm.awaitTaken(welcome);
            welcome = swarm.gossiped(stream.connection(), number, rpc, arrivals);
        }
    }

    private static boolean isUnwelcome(CompletableFuture<Boolean> answer) {
        return answer.state() == Future.State.SUCCESS && !answer.resultNow();
    }

    private List<Arrival> check(PeerId peer, Rpc rpc) {
        List<Arrival> arrivals = intake.check(
                peer, rpc, (topic, id, bytes) -> mailbox.offer(new Event.GossipArriving(peer, topic, id, bytes)));
        if (arrivals.stream().anyMatch(arrival -> arrival instanceof Arrival.Forged)) {
            mailbox.force(new Event.Misbehaved(peer, "gossip: a message that its author did not sign"));
        }
        return arrivals;
    }
}
