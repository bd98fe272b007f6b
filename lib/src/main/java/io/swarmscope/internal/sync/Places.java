package io.swarmscope.internal.sync;

import io.swarmscope.PeerId;
import io.swarmscope.internal.fork.Deadline;
import io.swarmscope.internal.fork.World;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Room for some sessions at a time, one for each peer. Thread-safe. */
final class Places {

    private final int max;
    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by lock.
    private final Set<PeerId> taken = new HashSet<>();
    private CompletableFuture<Boolean> someoneLeft = new CompletableFuture<>();

    Places(int max) {
        this.max = max;
    }

    /** Takes the place of this peer, waiting a moment for one: its last session may be about to end. Whether there was one. */
    boolean enter(PeerId peer, Duration patience) throws InterruptedException {
        Deadline deadline = Deadline.after(patience);
        while (true) {
            CompletableFuture<Boolean> next = take(peer);
            if (next == null) {
                return true;
            }
            try {
                World.here().await(next, deadline.remainingNanos());
            } catch (TimeoutException e) {
                return false;
            } catch (ExecutionException e) {
                throw new IllegalStateException("it is never completed with a failure", e);
            }
        }
    }

    /** Null if there was a place, or else what is completed when the next one leaves. */
    private @Nullable CompletableFuture<Boolean> take(PeerId peer) {
        lock.lock();
        try {
            boolean full = taken.size() >= max || taken.contains(peer);
            return !full && taken.add(peer) ? null : someoneLeft;
        } finally {
            lock.unlock();
        }
    }

    /** Gives the place back. */
    void leave(PeerId peer) {
        CompletableFuture<Boolean> told;
        lock.lock();
        try {
            taken.remove(peer);
            told = someoneLeft;
            someoneLeft = new CompletableFuture<>();
        } finally {
            lock.unlock();
        }
        told.complete(true);
    }
}
