package io.swarmscope.internal.search;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.swarmscope.PeerId;
import io.swarmscope.internal.wire.Limits;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How long peers took for the latest searches, from the question to verified hits. Thread-safe; bounded. Apart from reputation, which hears of
 * all requests: those to the DHT take less and would make a search's deadline too short.
 */
final class Latencies {

    private static final int KEPT = 32;
    private static final int NEEDED = 4;

    private final Cache<PeerId, Ring> peers = Caffeine.newBuilder()
            .maximumSize(Limits.SEARCH_ACCOUNTS)
            .executor(Runnable::run)
            .build();
    private final Ring all = new Ring();

    void add(PeerId peer, long nanos) {
        peers.get(peer, p -> new Ring()).add(nanos);
        all.add(nanos);
    }

    /** The same of the latest answers of all peers. */
    OptionalLong p90() {
        return all.p90();
    }

    /** In which time nine of ten of the latest answers came, in nanoseconds; empty before there were a few. */
    OptionalLong p90(PeerId peer) {
        Ring ring = peers.getIfPresent(peer);
        return ring == null ? OptionalLong.empty() : ring.p90();
    }

    /** The latest of them. Written now and then, read with every search: so whoever adds does the sums. */
    private static final class Ring {
        private final ReentrantLock lock = new ReentrantLock();

        // Guarded by lock.
        private final int[] micros = new int[KEPT];
        private int next;
        private int count;

        /** 0 before there were a few. */
        private volatile long p90Nanos;

        void add(long nanos) {
            if (!lock.tryLock()) {
                return; // somebody else is adding: of a thousand answers at a time one is enough
            }
            try {
                micros[next] = (int) Math.clamp(nanos / 1_000, 1L, Integer.MAX_VALUE);
                next = (next + 1) % KEPT;
                count = Math.min(count + 1, KEPT);
                if (count >= NEEDED) {
                    int[] sorted = Arrays.copyOf(micros, count);
                    Arrays.sort(sorted);
                    p90Nanos = sorted[count * 9 / 10] * 1_000L;
                }
            } finally {
                lock.unlock();
            }
        }

        OptionalLong p90() {
            long nanos = p90Nanos;
            return nanos == 0 ? OptionalLong.empty() : OptionalLong.of(nanos);
        }
    }
}
