package io.swarmscope.internal.swarm;

import io.swarmscope.Multiaddr;
import io.swarmscope.PeerId;
import io.swarmscope.host.Connection;
import io.swarmscope.host.HostException;
import io.swarmscope.internal.fork.Nanos;
import io.swarmscope.internal.peer.AddressBook;
import io.swarmscope.internal.wire.Limits;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * How the node gets into its network, and back after it lost everybody: dial the bootstrap addresses and the peers that were of
 * use before, wait for the first to identify itself, look up the own neighbourhood. After a restart the peers known from before are dialed
 * first, and the bootstrap addresses only if none of them is met soon. Not thread-safe: only the swarm thread runs it.
 */
final class Joining {

    /** Where the node stands. */
    enum State {
        /** Nobody is connected. Somebody identifies itself: {@link #LOOKING}. */
        ALONE,
        /** The lookup around the own id runs. It ends: {@link #JOINED}. Everybody leaves: {@link #ALONE}. */
        LOOKING,
        /** In the network. Everybody leaves: {@link #ALONE}. */
        JOINED
    }

    private record Waiting(long deadline, CompletableFuture<Boolean> reply) {}

    private final List<Multiaddr> bootstrap;
    private final AddressBook addresses;
    private final Dials dials;
    private final Predicate<PeerId> inTable;
    private final RandomGenerator random;
    private final Map<Long, Waiting> waiting = new LinkedHashMap<>();
    private State state = State.ALONE;
    private boolean started;
    private long nextAttempt;
    private long nextReunion;
    private int attempts;

    /**
     * Alone.
     *
     * @param inTable who is in the routing table
     */
    Joining(
            List<Multiaddr> bootstrap,
            AddressBook addresses,
            Dials dials,
            Predicate<PeerId> inTable,
            RandomGenerator random,
            long now) {
        this.bootstrap = bootstrap;
        this.addresses = addresses;
        this.dials = dials;
        this.inTable = inTable;
        this.random = random;
        this.nextAttempt = now;
        this.nextReunion = now + Limits.REUNITE_EVERY.toNanos();
    }

    State state() {
        return state;
    }

    /** Dials the bootstrap addresses, and whoever else is known, if the node is alone and has waited long enough. */
    void dialIfDue(long now) {
        if (state != State.ALONE || !Nanos.reached(nextAttempt, now)) {
            return;
        }
        List<PeerId> known = known(now);
        boolean knownFirst = !started && !known.isEmpty();
        started = true;
        if (knownFirst) {
            nextAttempt = now + Limits.JOIN_KNOWN_FIRST.toNanos();
        } else {
            backOff(now);
            for (Multiaddr address : bootstrap) {
                address.peerId().ifPresent(peer -> dials.await(peer, List.of(address), new Nobody(now), now));
            }
        }
        known.forEach(peer -> dials.await(peer, List.of(), new Nobody(now), now));
    }

    /**
     * Now and then, while the node is in its network, dials whom it has lost: the bootstrap addresses, and one of the peers of before. In a network that was cut in two
     * each half forgets the other after some minutes and nobody is alone: without this the halves would never meet again.
     *
     * @param connected who is connected
     */
    void reuniteIfDue(long now, Predicate<PeerId> connected) {
        if (state != State.JOINED) {
            nextReunion = now + Limits.REUNITE_EVERY.toNanos();
        } else if (Nanos.reached(nextReunion, now)) {
            long every = Limits.REUNITE_EVERY.toNanos();
            nextReunion = now + every / 2 + random.nextLong(every);
            for (Multiaddr address : bootstrap) {
                address.peerId()
                        .filter(peer -> !connected.test(peer) && !inTable.test(peer))
                        .ifPresent(peer -> dials.await(peer, List.of(address), new Nobody(now), now));
            }
            List<PeerId> lost = addresses.lastOfUse(
                    Limits.REUNITE_AMONG, peer -> !connected.test(peer) && !inTable.test(peer) && dials.mayDial(peer, now));
            if (!lost.isEmpty()) {
                dials.await(lost.get(random.nextInt(lost.size())), List.of(), new Nobody(now), now);
            }
        }
    }

    private void backOff(long now) {
        long longest = Math.min(Limits.REJOIN_BACKOFF_MAX.toNanos(), Limits.REJOIN_BACKOFF.toNanos() << Math.min(attempts, 16));
        nextAttempt = now + longest / 2 + random.nextLong(longest / 2 + 1);
        attempts++;
    }

    /**
     * The peers that were of use last: those of the routing table before others. Those that are being dialed or rest after failures only if
     * there are too few, so that each attempt is made with others.
     */
    private List<PeerId> known(long now) {
        Predicate<PeerId> ready = peer -> dials.mayDial(peer, now);
        Set<PeerId> known = new LinkedHashSet<>(addresses.lastOfUse(Limits.REJOIN_PEERS, ready.and(inTable)));
        known.addAll(addresses.lastOfUse(Limits.REJOIN_PEERS, ready));
        known.addAll(addresses.lastOfUse(Limits.REJOIN_PEERS, peer -> true));
        return known.stream().limit(Limits.REJOIN_PEERS).toList();
    }

    /** Somebody is connected and identified; whether the lookup shall begin now. */
    boolean met() {
        if (state != State.ALONE) {
            return false;
        }
        state = State.LOOKING;
        return true;
    }

    /** The lookup has ended; the replies of all who waited for it. */
    List<CompletableFuture<Boolean>> lookedUp() {
        if (state != State.LOOKING) {
            return List.of();
        }
        state = State.JOINED;
        attempts = 0;
        return takeAll();
    }

    /** The replies of all who wait, whom nobody else will answer. */
    List<CompletableFuture<Boolean>> takeAll() {
        List<CompletableFuture<Boolean>> replies = waiting.values().stream().map(Waiting::reply).toList();
        waiting.clear();
        return replies;
    }

    /** Nobody is connected any more: begin again soon. */
    void lost(long now) {
        state = State.ALONE;
        nextAttempt = Nanos.earlier(nextAttempt, now + Limits.REJOIN_BACKOFF.toNanos());
    }

    void await(long id, long deadline, CompletableFuture<Boolean> reply) {
        waiting.put(id, new Waiting(deadline, reply));
    }

    void abandon(long id) {
        waiting.remove(id);
    }

    /** The replies of those whose time is over. */
    List<CompletableFuture<Boolean>> expired(long now) {
        List<CompletableFuture<Boolean>> late = new ArrayList<>();
        waiting.values().removeIf(w -> Nanos.reached(w.deadline, now) && late.add(w.reply));
        return late;
    }

    /** When {@link #dialIfDue}, {@link #reuniteIfDue} or {@link #expired} has something to do, or {@code latest} if that comes first. */
    long nextDeadline(long latest) {
        long next = switch (state) {
            case ALONE -> Nanos.earlier(nextAttempt, latest);
            case LOOKING -> latest;
            case JOINED -> Nanos.earlier(nextReunion, latest);
        };
        for (Waiting w : waiting.values()) {
            next = Nanos.earlier(next, w.deadline);
        }
        return next;
    }

    /** Nobody in particular: a peer is dialed for whoever comes next. */
    private record Nobody(long since) implements Dials.Waiter {
        @Override
        public void connected(Connection connection) {}

        @Override
        public void failed(HostException cause, long now) {}

        @Override
        public long deadline() {
            return since + Limits.DIAL_TIMEOUT.toNanos();
        }

        @Override
        public boolean insists() {
            return true;
        }
    }
}
