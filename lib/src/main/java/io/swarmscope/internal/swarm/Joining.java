package io.swarmscope.internal.swarm;

import io.swarmscope.Multiaddr;
import io.swarmscope.internal.wire.Limits;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;

/**
 * How the node gets into its network, and back after it lost everybody: dial the bootstrap addresses and the peers that were of
 * use before, wait for the first to identify itself, look up the own neighbourhood. Not thread-safe: only the swarm thread runs it.
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
    private final RandomGenerator random;
    private final Map<Long, Waiting> waiting = new LinkedHashMap<>();
    private State state = State.ALONE;
    private long nextAttempt;
    private int attempts;

    Joining(List<Multiaddr> bootstrap, RandomGenerator random, long now) {
        this.bootstrap = bootstrap;
        this.random = random;
        this.nextAttempt = now;
    }

    State state() {
        return state;
    }

    /** Whether to dial the bootstrap addresses, and whoever else is known, now: the node is alone and has waited long enough. */
    boolean isTimeToDial(long now) {
        if (state != State.ALONE || nextAttempt - now > 0) {
            return false;
        }
        long longest = Math.min(Limits.REJOIN_BACKOFF_MAX.toNanos(), Limits.REJOIN_BACKOFF.toNanos() << Math.min(attempts, 16));
        nextAttempt = now + longest / 2 + random.nextLong(longest / 2 + 1);
        attempts++;
        return true;
    }

    List<Multiaddr> bootstrap() {
        return bootstrap;
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
        List<CompletableFuture<Boolean>> replies =
                new ArrayList<>(waiting.values().stream().map(Waiting::reply).toList());
        waiting.clear();
        return replies;
    }

    /** Nobody is connected any more: begin again soon. */
    void lost(long now) {
        state = State.ALONE;
        nextAttempt = Math.min(nextAttempt, now + Limits.REJOIN_BACKOFF.toNanos());
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
        waiting.values().removeIf(w -> w.deadline - now <= 0 && late.add(w.reply));
        return late;
    }

    /** When {@link #isTimeToDial} or {@link #expired} has something to say; {@link Long#MAX_VALUE} if only an event can change that. */
    long nextDeadline() {
        long next = state == State.ALONE ? nextAttempt : Long.MAX_VALUE;
        for (Waiting w : waiting.values()) {
            next = Math.min(next, w.deadline);
        }
        return next;
    }
}
