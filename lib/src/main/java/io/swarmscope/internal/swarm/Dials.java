package io.swarmscope.internal.swarm;

import io.swarmscope.Multiaddr;
import io.swarmscope.PeerId;
import io.swarmscope.host.Connection;
import io.swarmscope.host.HostException;
import io.swarmscope.internal.fork.Nanos;
import io.swarmscope.internal.wire.Limits;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Who is being dialed, who waits for it, and who rests after failures. At most one dial per peer is in flight. Not thread-safe:
 * only the swarm thread runs it.
 */
final class Dials {

    /** What waits for a connection to a peer. */
    interface Waiter {
        /** There is a connection now. */
        void connected(Connection connection);

        /** There will be none. */
        void failed(HostException cause, long now);

        /** When it stops waiting, in the swarm's nanoseconds. */
        long deadline();

        /** Whether a peer that rests after failures is dialed for it all the same. */
        boolean insists();
    }

    /** A peer to dial now, and where. */
    record Start(PeerId peer, List<Multiaddr> addresses) {}

    private static final class Dial {
        final List<Waiter> waiters = new ArrayList<>(2);
        final Set<Multiaddr> hints = new LinkedHashSet<>();
        boolean running;
    }

    private record Rest(int failures, long until) {}

    private final Map<PeerId, Dial> dials = new LinkedHashMap<>();
    private final Map<PeerId, Rest> resting = new LinkedHashMap<>();
    private final ArrayDeque<PeerId> queue = new ArrayDeque<>();
    private final RandomGenerator random;
    private int running;

    /** Whether somebody may be waiting, and that nobody's deadline is before {@link #due}: whoever went meanwhile is not taken account of. */
    private boolean awaited;

    private long due;

    Dials(RandomGenerator random) {
        this.random = random;
    }

    /** Waits for a connection to a peer, beginning a dial if none is in flight. */
    void await(PeerId peer, List<Multiaddr> hints, Waiter waiter, long now) {
        Dial dial = dials.get(peer);
        if (dial == null) {
            Rest rest = resting.get(peer);
            if (rest != null && !Nanos.reached(rest.until, now) && !waiter.insists()) {
                waiter.failed(
                        new HostException(
                        HostException.Kind.REFUSED,
                        peer + " could not be reached " + rest.failures + " times and rests for "
                                + (rest.until - now) / 1_000_000 + " ms"),
                        now);
                return;
            }
            if (dials.size() >= Limits.DIALS_QUEUED) {
                waiter.failed(
                        new HostException(
                                HostException.Kind.LIMIT_REACHED,
                                Limits.DIALS_QUEUED + " peers wait to be dialed already"),
                        now);
                return;
            }
            dial = new Dial();
            dials.put(peer, dial);
            queue.add(peer);
        }
        dial.hints.addAll(hints);
        dial.waiters.add(waiter);
        due = awaited ? Nanos.earlier(due, waiter.deadline()) : waiter.deadline();
        awaited = true;
    }

    /** The next peer to dial, if another dial may run; addresses are hints of the waiters only. */
    @Nullable Start next() {
        while (running < Limits.DIALS) {
            PeerId peer = queue.poll();
            if (peer == null) {
                return null;
            }
            Dial dial = dials.get(peer);
            if (dial != null && !dial.running) {
                dial.running = true;
                running++;
                return new Start(peer, List.copyOf(dial.hints));
            }
        }
        return null;
    }

    /** A connection to the peer was made, by us or by it: all who wait get it. */
    void connected(PeerId peer, Connection connection) {
        resting.remove(peer);
        Dial dial = dials.get(peer);
        if (dial != null) {
            List<Waiter> waiters = List.copyOf(dial.waiters);
            dial.waiters.clear();
            waiters.forEach(w -> w.connected(connection));
            if (!dial.running) {
                dials.remove(peer);
            }
        }
    }

    /** A dial began by {@link #next} has ended, well or not. */
    void ended(PeerId peer, @Nullable HostException failure, long now) {
        Dial dial = dials.remove(peer);
        if (dial == null || !dial.running) {
            return;
        }
        running--;
        if (failure == null) {
            return;
        }
        rest(peer, now);
        dial.waiters.forEach(w -> w.failed(failure, now));
    }

    private void rest(PeerId peer, long now) {
        Rest before = resting.remove(peer);
        int failures = before == null ? 1 : before.failures + 1;
        long longest = Math.min(Limits.REDIAL_BACKOFF_MAX.toNanos(), Limits.REDIAL_BACKOFF.toNanos() << Math.min(failures - 1, 16));
        // Full jitter over the upper half: peers that lost one another at the same moment do not all return together.
        long time = longest / 2 + random.nextLong(longest / 2 + 1);
        resting.put(peer, new Rest(failures, now + time));
        if (resting.size() > Limits.RESTING_PEERS) {
            resting.remove(resting.keySet().iterator().next());
        }
    }

    /** Whether it is of use to dial the peer: it is not being dialed and does not rest after failures. */
    boolean mayDial(PeerId peer, long now) {
        Rest rest = resting.get(peer);
        return !dials.containsKey(peer) && (rest == null || Nanos.reached(rest.until, now));
    }

    /** Ends the wait of those whose deadline has passed. A dial that runs goes on: its connection may be of use. */
    void expire(long now) {
        if (!awaited || !Nanos.reached(due, now)) {
            return;
        }
        awaited = false;
        for (Iterator<Map.Entry<PeerId, Dial>> it = dials.entrySet().iterator(); it.hasNext(); ) {
            Map.Entry<PeerId, Dial> entry = it.next();
            Dial dial = entry.getValue();
            List<Waiter> late = dial.waiters.stream()
                    .filter(w -> Nanos.reached(w.deadline(), now))
                    .toList();
            dial.waiters.removeAll(late);
            if (dial.waiters.isEmpty() && !dial.running) {
                it.remove();
            }
            for (Waiter waiter : dial.waiters) {
                due = awaited ? Nanos.earlier(due, waiter.deadline()) : waiter.deadline();
                awaited = true;
            }
            late.forEach(w -> w.failed(
                    new HostException(HostException.Kind.TIMED_OUT, "no connection to " + entry.getKey() + " in time"),
                    now));
        }
    }

    /** Takes a waiter back whose caller has gone. */
    void abandon(Waiter waiter) {
        dials.values().forEach(d -> d.waiters.remove(waiter));
    }

    /** When {@link #expire} is due, or {@code latest} if that comes first. */
    long nextDeadline(long latest) {
        return awaited ? Nanos.earlier(latest, due) : latest;
    }

    /** Fails everybody who waits. */
    void close(HostException cause, long now) {
        List<Dial> all = List.copyOf(dials.values());
        dials.clear();
        queue.clear();
        all.forEach(d -> d.waiters.forEach(w -> w.failed(cause, now)));
    }

    int inFlight() {
        return running;
    }
}
