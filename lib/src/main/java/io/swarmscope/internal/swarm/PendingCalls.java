package io.swarmscope.internal.swarm;

import io.swarmscope.PeerId;
import io.swarmscope.host.Connection;
import io.swarmscope.internal.fork.Nanos;
import io.swarmscope.internal.kad.QueryId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The calls that wait for the swarm, by their query. Not thread-safe: only the swarm thread runs it. */
final class PendingCalls {

    /**
     * One call.
     *
     * @param onCancel stops what was begun for it, if its caller leaves; is told the time
     */
    record Call(CompletableFuture<?> reply, LongConsumer onCancel) {}

    /** A call that has its connection and waits for the peer to tell about itself, until the deadline. */
    record IdentityWait(QueryId query, Connection connection, long deadline, CompletableFuture<Connection> reply) {}

    private final Map<QueryId, Call> calls = new LinkedHashMap<>();

    // Few at any time: new connections whose dialer wants to know whom it met.
    private final List<IdentityWait> identityWaits = new ArrayList<>();

    void add(QueryId query, CompletableFuture<?> reply, LongConsumer onCancel) {
        calls.put(query, new Call(reply, onCancel));
    }

    void addIdentityWait(IdentityWait wait) {
        identityWaits.add(wait);
        add(wait.query, wait.reply, now -> identityWaits.remove(wait));
    }

    @Nullable Call remove(QueryId query) {
        return calls.remove(query);
    }

    /** Removes and returns those who waited for this peer. */
    List<IdentityWait> identified(PeerId peer) {
        return removeWaits(w -> w.connection.remote().equals(peer));
    }

    /** Removes and returns those whose time is over. */
    List<IdentityWait> expired(long now) {
        return removeWaits(w -> Nanos.reached(w.deadline, now));
    }

    private List<IdentityWait> removeWaits(Predicate<IdentityWait> which) {
        if (identityWaits.isEmpty()) {
            return List.of();
        }
        List<IdentityWait> removed = identityWaits.stream().filter(which).toList();
        identityWaits.removeAll(removed);
        removed.forEach(w -> calls.remove(w.query));
        return removed;
    }

    /** When the first wait for an identity is over, or {@code latest} if that comes first. */
    long nextDeadline(long latest) {
        long next = latest;
        for (IdentityWait wait : identityWaits) {
            next = Nanos.earlier(next, wait.deadline);
        }
        return next;
    }

    Collection<Call> all() {
        return calls.values();
    }
}
