package io.swarmscope.internal.search;

import io.swarmscope.SearchReport.PeerReport;
import io.swarmscope.internal.fork.Deadline;
import io.swarmscope.internal.fork.Nanos;
import io.swarmscope.internal.fork.Outcome;
import io.swarmscope.internal.fork.World;
import io.swarmscope.internal.swarm.Neighbour;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The peers that one call asks: so many seats, each of which asks one peer after the other until one was of help. Not thread-safe: a call's plan runs
 * it. It decides whom to ask when; what is to be started, the plan hands to the call's scope.
 *
 * <ul>
 *   <li>A peer that fails, refuses or has nothing is replaced by the next best.
 *   <li>Beside a peer that is slower than it used to be the next best is asked, once a seat. The first that helps has served the seat.
 *   <li>Where nobody else is left, a peer whose stream broke is asked again, after a while that doubles each time and is random by half. One that was
 *       silent is not.
 *   <li>No more than three peers a seat are asked in all.
 * </ul>
 */
final class FanOut<R extends PeerAnswer> {

    private static final int PEERS_PER_SEAT = 3;
    private static final int ATTEMPTS = 4;
    private static final long FIRST_BACKOFF_NANOS = 25_000_000L;

    private final Asking asking;
    private final PeerChoice.Line line;
    private final SearchRequest request;
    private final PeerTask.Check<R> check;
    private final Patience patience;
    private final Deadline latest;
    private final List<Seat> seats = new ArrayList<>();
    private final List<Part> parts = new ArrayList<>();

    /** How much time there is. Shrinks to what the peers' latencies justify, grows with each peer that is asked and with what they send. */
    private long until;

    /** The longest that any of the peers justifies. */
    private long longest;

    /**
     * Nobody is asked yet.
     *
     * @param seats how many peers to ask at once
     * @param line who there is
     * @param latest when the call has to have ended
     * @param now when it begins to ask
     */
    FanOut(
            Asking asking,
            int seats,
            PeerChoice.Line line,
            SearchRequest request,
            PeerTask.Check<R> check,
            Patience patience,
            Deadline latest,
            long now) {
        this.asking = asking;
        this.line = line;
        this.request = request;
        this.check = check;
        this.patience = patience;
        this.latest = latest;
        this.until = now;
        for (int i = 0; i < Math.min(seats, line.size()); i++) {
            this.seats.add(new Seat());
        }
    }

    private static final class Seat {
        private final List<Part> running = new ArrayList<>(2);
        private long hedgeAt;
        private boolean hedged;
        /** Who was asked beside another. */
        private @Nullable Part hedge;
        /** Nobody is asked for it any more: it was served, or there is nobody. */
        private boolean closed;
        private boolean answered;
        private boolean answeredInFull;
        /** Who may do better if asked again. */
        private @Nullable Part broken;
        private long againAt;
    }

    /** Whether there is nobody to wait for. */
    boolean finished() {
        for (Seat seat : seats) {
            if (!seat.closed) {
                return false;
            }
        }
        return true;
    }

    /** Whether each seat had an answer that leaves nothing out. */
    boolean answeredInFull() {
        return seats.stream().allMatch(seat -> seat.answeredInFull);
    }

    /** Takes how an attempt ended. */
    void ended(PeerTask<R> task, Outcome<R> outcome, long now) {
        Part part = task.part;
        Seat seat = seatOf(part);
        seat.running.remove(part);
        switch (outcome) {
            case Outcome.Value<R>(R answer) -> {
                part.answered(answer.count());
                seat.answered = true;
                seat.answeredInFull |= answer.all();
                if (answer.count() > 0) {
                    seat.closed = true;
                    allow(now + longest);
                }
            }
            case Outcome.Failed<R>(Throwable cause) -> {
                Fault fault = Fault.of(cause, part.wasSent());
                part.failed(fault);
                if (fault.again() && part.attempts() < ATTEMPTS) {
                    seat.broken = part;
                    seat.againAt = 0;
                }
            }
            case Outcome.Cancelled<R> never -> {}
        }
    }

    private Seat seatOf(Part part) {
        for (Seat seat : seats) {
            if (seat.running.contains(part)) {
                return seat;
            }
        }
        throw new IllegalStateException("nobody asked " + part.id());
    }

    /** What is to be started now. */
    List<PeerTask<R>> due(long now) {
        List<PeerTask<R>> due = new ArrayList<>(seats.size());
        for (Seat seat : seats) {
            if (seat.closed) {
                continue;
            }
            if (seat.running.isEmpty()) {
                fill(seat, now, due);
            } else if (!seat.hedged && Nanos.reached(seat.hedgeAt, now)) {
                seat.hedged = true;
                Neighbour next = next();
                if (next != null) {
                    seat.hedge = newPart(next);
                    due.add(start(seat, seat.hedge, now));
                }
            }
        }
        return due;
    }

    private void fill(Seat seat, long now, List<PeerTask<R>> due) {
        Neighbour next = next();
        if (next != null) {
            seat.hedgeAt = now + patience.hedgeAfter(next.id());
            due.add(start(seat, newPart(next), now));
            return;
        }
        Part broken = seat.broken;
        if (broken == null || seat.answered) {
            seat.closed = true;
        } else if (seat.againAt == 0) {
            seat.againAt = now + backoff(broken.attempts());
        } else if (Nanos.reached(seat.againAt, now)) {
            seat.broken = null;
            seat.hedged = true; // there is nobody
            due.add(start(seat, broken, now));
        }
    }

    private @Nullable Neighbour next() {
        return parts.size() < PEERS_PER_SEAT * seats.size() ? line.next() : null;
    }

    private Part newPart(Neighbour peer) {
        Part part = new Part(peer);
        parts.add(part);
        return part;
    }

    private void allow(long time) {
        until = Nanos.earlier(Nanos.later(until, time), latest.nanoTime());
    }

    /** When the time is over, as far as is known now; never after the latest. */
    long until() {
        return until;
    }

    private PeerTask<R> start(Seat seat, Part part, long now) {
        long justified = patience.waitFor(part.id());
        longest = Math.max(longest, justified);
        allow(now + justified);
        part.begins();
        seat.running.add(part);
        return new PeerTask<>(part, request, check, asking, latest);
    }

    private static long backoff(int attempts) {
        long most = FIRST_BACKOFF_NANOS << attempts;
        return most / 2 + World.here().random().nextLong(most / 2);
    }

    /** When {@link #due} has something new, or the time is over, if nobody answers before. */
    long wakeAt() {
        long wake = until;
        for (Seat seat : seats) {
            if (!seat.closed && seat.running.isEmpty()) {
                wake = Nanos.earlier(wake, seat.againAt);
            } else if (!seat.closed && !seat.hedged) {
                wake = Nanos.earlier(wake, seat.hedgeAt);
            }
        }
        return wake;
    }

    /**
     * Tells reputation and latencies how it went, and gives each peer's part for the report. Called once, when the scope has ended.
     *
     * @param unfinished what to say of those who were still waited for
     * @param search whether the peers were asked to search
     */
    List<PeerReport> settle(Fault unfinished, boolean search) {
        List<PeerReport> reports = new ArrayList<>(parts.size());
        for (Part part : parts) {
            PeerReport report = part.report(isOvertaken(part) ? Fault.OVERTAKEN : unfinished);
            asking.remember(part, report, search);
            reports.add(report);
        }
        return reports;
    }

    private boolean isOvertaken(Part part) {
        return seats.stream().anyMatch(seat -> seat.closed && part != seat.hedge && seat.running.contains(part));
    }
}
