package io.swarmscope.internal.kad;

import io.swarmscope.internal.fork.Nanos;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * All operations under way: drives each {@link Run}, numbers its requests, brings answers back to who asked, wakes it when its time has
 * come. Run by the thread that owns the DHT.
 */
final class Runs {

    private final Owner owner;
    private final Queue<Effect> effects;
    private final Map<QueryId, Active> active = new HashMap<>();
    private final Map<RequestId, Pending> pending = new HashMap<>();
    private final PriorityQueue<Wake> wakes = new PriorityQueue<>((x, y) -> Long.compare(x.at - y.at, 0));
    private long nextRequest;
    private int background;

    /** Who has the operations run, and learns from them which peers live. */
    interface Owner {
        /** A peer answered, as a server does. */
        void alive(PeerInfo peer, long now);

        /** A peer did not answer. */
        void silent(PeerInfo peer, long now);

        /** An operation ended. It may be one of the background. */
        void ended(QueryId id, Run run, OperationResult result, long now);
    }

    private static final class Active {
        private final QueryId id;
        private final Run run;
        private final List<Pending> requests = new ArrayList<>();
        private boolean ended;
        /** The earliest of its wakes that is set; later ones are spurious and do no harm. */
        private @Nullable Wake wake;

        private Active(QueryId id, Run run) {
            this.id = id;
            this.run = run;
        }
    }

    private static final class Pending {
        private final RequestId id;
        private final Active active;
        private final Step.Ask ask;
        private final long sent;

        private Pending(RequestId id, Active active, Step.Ask ask, long sent) {
            this.id = id;
            this.active = active;
            this.ask = ask;
            this.sent = sent;
        }
    }

    /** Names the operation instead of holding it, because most wakes outlive theirs. */
    private record Wake(long at, QueryId id) {}

    Runs(Owner owner, KadConfig config, Queue<Effect> effects) {
        this.owner = owner;
        this.effects = effects;
    }

    int size() {
        return active.size();
    }

    /** How many of them are nobody's. */
    int background() {
        return background;
    }

    boolean isActive(QueryId id) {
        return active.containsKey(id);
    }

    void start(QueryId id, Run run, long now) {
        Active started = new Active(id, run);
        active.put(id, started);
        background += id.isBackground() ? 1 : 0;
        advance(started, now);
    }

    void cancel(QueryId id, long now) {
        Active cancelled = active.get(id);
        if (cancelled != null) {
            cancelled.run.cancel();
            advance(cancelled, now);
        }
    }

    void onAnswer(RequestId id, Answer answer, long now) {
        Pending answered = take(id);
        if (answered == null) {
            return;
        }
        PeerInfo peer = answered.ask.to();
        owner.alive(peer, now);
        Fault fault = answered.ask.by().answered(peer, answer, now);
        if (fault != null) {
            effects.add(new Effect.Refused(peer.id(), fault.reason(), fault.mayBeHonest()));
        }
        advance(answered.active, now);
    }

    void onDelivered(RequestId id, long now) {
        Pending delivered = pending.get(id);
        if (delivered != null && delivered.ask.by() instanceof Delivery delivery) {
            take(id);
            delivery.delivered(delivered.ask.to());
            advance(delivered.active, now);
        }
    }

    void onFailure(RequestId id, String cause, long now) {
        Pending failed = take(id);
        if (failed != null) {
            failed.ask.by().failed(failed.ask.to(), cause);
            // A peer that refuses a value is alive all the same: it resets the stream, for want of an error message
            if (!(failed.ask.request() instanceof Request.PutValue)) {
                owner.silent(failed.ask.to(), now);
            }
            advance(failed.active, now);
        }
    }

    /** When {@link #tick} is due, given that it is due at {@code latest} anyway. */
    long nextWake(long latest) {
        Wake first = wakes.peek();
        if (first != null && active.isEmpty()) {
            wakes.clear();
            return latest;
        }
        while (first != null && !active.containsKey(first.id)) {
            wakes.poll();
            first = wakes.peek();
        }
        return first == null ? latest : Nanos.earlier(first.at, latest);
    }

    /** Advances every operation whose time has come. */
    void tick(long now) {
        for (Wake first = wakes.peek(); first != null && Nanos.reached(first.at, now); first = wakes.peek()) {
            wakes.poll();
            Active due = active.get(first.id);
            if (due != null) {
                due.wake = due.wake != null && due.wake.at - first.at <= 0 ? null : due.wake;
                giveUpLate(due, now);
                advance(due, now);
            }
        }
    }

    /** Does what the run wants done until it wants to wait or is done. */
    private void advance(Active current, long now) {
        while (!current.ended) {
            switch (current.run.next(now)) {
                case Step.Ask ask -> send(current, ask, now);
                case Step.Wait wait -> {
                    wake(current, wait.until());
                    return;
                }
                case Step.Done done -> end(current, done.result(), now);
            }
        }
    }

    private void send(Active current, Step.Ask ask, long now) {
        RequestId id = new RequestId(nextRequest++);
        Pending request = new Pending(id, current, ask, now);
        pending.put(id, request);
        current.requests.add(request);
        effects.add(new Effect.Send(id, current.id, ask.to().id(), ask.to().addresses(), ask.request(), ask.deadline()));
    }

    private void wake(Active current, long at) {
        Wake set = current.wake;
        if (set == null || at - set.at < 0) {
            current.wake = new Wake(at, current.id);
            wakes.add(current.wake);
        }
    }

    private void end(Active current, OperationResult result, long now) {
        current.ended = true;
        active.remove(current.id);
        background -= current.id.isBackground() ? 1 : 0;
        for (Pending open : current.requests) {
            pending.remove(open.id);
            effects.add(new Effect.Abandon(open.id));
            noteSilence(open, now);
        }
        current.requests.clear();
        owner.ended(current.id, current.run, result, now);
    }

    /** The run gives late peers up by itself; this forgets their requests and tells the owner. */
    private void giveUpLate(Active current, long now) {
        for (int i = current.requests.size() - 1; i >= 0; i--) {
            Pending request = current.requests.get(i);
            if (Nanos.reached(request.ask.deadline(), now)) {
                current.requests.remove(i);
                pending.remove(request.id);
                effects.add(new Effect.Abandon(request.id));
                request.ask.by().failed(request.ask.to(), "no answer in time");
                noteSilence(request, now);
            }
        }
    }

    /** Only a peer that had time to answer can be called silent; an operation may end a moment after it asked. */
    private void noteSilence(Pending unanswered, long now) {
        if (Nanos.reached(unanswered.sent + unanswered.ask.by().patience(), now)) {
            owner.silent(unanswered.ask.to(), now);
        }
    }

    private @Nullable Pending take(RequestId id) {
        Pending taken = pending.remove(id);
        if (taken != null) {
            taken.active.requests.remove(taken);
        }
        return taken;
    }
}
