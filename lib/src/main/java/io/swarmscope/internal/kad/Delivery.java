package io.swarmscope.internal.kad;

import io.swarmscope.PeerId;
import io.swarmscope.internal.fork.Nanos;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One request to each of a few peers, all at once: the second half of a put, a correction, a check whether a peer is alive. Driven from
 * outside, run by the thread that owns the DHT.
 */
final class Delivery implements Run, Asker {

    private final Request request;
    private final List<PeerInfo> to;
    private final LookupReport before;
    private final long deadline;
    private final long peerTimeout;
    private final long patience;
    private int sent;
    private boolean cancelled;
    private final Map<PeerId, Long> waiting = new LinkedHashMap<>();
    private final List<PeerId> stored = new ArrayList<>();
    private final List<PeerFailure> failed = new ArrayList<>();

    /**
     * Nothing is sent yet.
     *
     * @param before the report of the lookup that found these peers
     */
    Delivery(Request request, List<PeerInfo> to, LookupReport before, KadConfig config, long deadline) {
        this.request = request;
        this.to = to;
        this.before = before;
        this.deadline = deadline;
        this.peerTimeout = config.lookup().peerTimeout().toNanos();
        this.patience = config.lookup().patience().toNanos();
    }

    @Override
    public long patience() {
        return patience;
    }

    @Override
    public Step next(long now) {
        if (cancelled || Nanos.reached(deadline, now)) {
            return done();
        }
        if (sent < to.size()) {
            PeerInfo peer = to.get(sent++);
            long until = Nanos.earlier(now + peerTimeout, deadline);
            waiting.put(peer.id(), until);
            return new Step.Ask(this, peer, request, until);
        }
        giveUpLate(now);
        return waiting.isEmpty() ? done() : new Step.Wait(waiting.values().iterator().next());
    }

    @Override
    public @Nullable Fault answered(PeerInfo peer, Answer answer, long now) {
        if (waiting.remove(peer.id()) == null) {
            return null;
        }
        Fault fault = fault(answer);
        if (fault == null) {
            stored.add(peer.id());
        } else {
            failed.add(new PeerFailure(peer.id(), fault.reason()));
        }
        return fault;
    }

    /** The request, which has no answer, was written out. */
    void delivered(PeerInfo peer) {
        if (waiting.remove(peer.id()) != null) {
            stored.add(peer.id());
        }
    }

    @Override
    public void failed(PeerInfo peer, String cause) {
        if (waiting.remove(peer.id()) != null) {
            failed.add(new PeerFailure(peer.id(), cause));
        }
    }

    @Override
    public void cancel() {
        cancelled = true;
    }

    private @Nullable Fault fault(Answer answer) {
        if (!request.answeredBy(answer)) {
            return Fault.lie("answered another question");
        }
        KadRecord sentOut = request instanceof Request.PutValue put ? put.record() : null;
        KadRecord echoed = answer instanceof Answer.Stored echo ? echo.record() : null;
        boolean other = sentOut != null && echoed != null && !echoed.value().equals(sentOut.value());
        return other ? Fault.lie("acknowledged another value") : null;
    }

    private void giveUpLate(long now) {
        while (!waiting.isEmpty()) {
            Map.Entry<PeerId, Long> longest = waiting.entrySet().iterator().next();
            if (!Nanos.reached(longest.getValue(), now)) {
                return;
            }
            waiting.remove(longest.getKey());
            failed.add(new PeerFailure(longest.getKey(), "no answer in time"));
        }
    }

    private Step done() {
        return new Step.Done(new OperationResult.Stored(to.size(), stored, failed, before));
    }
}
