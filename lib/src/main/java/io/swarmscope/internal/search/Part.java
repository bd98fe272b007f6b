package io.swarmscope.internal.search;

import io.swarmscope.PeerId;
import io.swarmscope.SearchReport.Cause;
import io.swarmscope.SearchReport.Claim;
import io.swarmscope.SearchReport.Outcome;
import io.swarmscope.SearchReport.PeerReport;
import io.swarmscope.internal.fork.World;
import io.swarmscope.internal.swarm.Neighbour;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one peer was asked in one call and what came of it, over all attempts. What happens while it is asked is noted by the peer's own thread and may
 * be read by any; the rest belongs to the call's {@link FanOut}, which is run by one thread at a time.
 */
final class Part {

    final Neighbour peer;

    // Noted by the thread that asks.
    private volatile long asked;
    private volatile boolean sent;
    private volatile long ended;
    private volatile long bytesOut;
    private volatile long bytesIn;
    private volatile @Nullable Claim claim;

    // Of the fan-out.
    private final long began = World.nanoTime();
    private int attempts;
    private int hits;

    /** How the latest attempt ended; null while the peer is being asked. */
    private @Nullable Fault fault;

    /** How the attempt before it ended. */
    private @Nullable Fault before;

    Part(Neighbour peer) {
        this.peer = peer;
    }

    // The thread that asks

    /** The peer is about to be asked: before that, only our own questions were in the way. */
    void asks() {
        asked = World.nanoTime();
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread asks at a time
    void sent(int bytes) {
        sent = true;
        bytesOut += bytes;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread asks at a time
    void received(int bytes, SearchAnswer answer) {
        bytesIn += bytes;
        if (answer.status() == SearchAnswer.Status.OK) {
            Optional<Instant> newest = answer.newest() == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(answer.newest()));
            claim = new Claim(answer.packages(), newest);
        }
    }

    void ends() {
        ended = World.nanoTime();
    }

    // The fan-out

    /** One more attempt begins. */
    void begins() {
        attempts++;
        asked = 0;
        sent = false;
        ended = 0;
        before = fault;
        fault = null;
    }

    /** It answered with so many hits. */
    void answered(int count) {
        hits = count;
        fault = count == 0 ? Fault.EMPTY : Fault.NONE;
    }

    void failed(Fault how) {
        // That it could not be asked again says less than how it failed before.
        fault = how.cause() == Cause.UNREACHABLE && before != null ? before : how;
    }

    PeerId id() {
        return peer.id();
    }

    int attempts() {
        return attempts;
    }

    boolean isRunning() {
        return fault == null;
    }

    /** Whether the question has gone to the peer in this attempt. */
    boolean wasSent() {
        return sent;
    }

    Optional<Claim> claim() {
        return Optional.ofNullable(claim);
    }

    /** How long it took, or has taken until now. */
    long nanos() {
        return end() - began;
    }

    /** How much of the latest attempt the peer had; 0 if it was not asked. */
    long peersNanos() {
        return asked == 0 ? 0 : end() - asked;
    }

    private long end() {
        return ended == 0 ? World.nanoTime() : ended;
    }

    /** @param unfinished what to say of it if it has not ended */
    PeerReport report(Fault unfinished) {
        Fault end = fault == null ? unfinished : fault;
        Outcome outcome = end.outcome();
        Cause cause = end.cause();
        return new PeerReport(
                id(), outcome, cause, end.detail(), hits, attempts, Duration.ofNanos(nanos()), bytesOut, bytesIn, claim());
    }
}
