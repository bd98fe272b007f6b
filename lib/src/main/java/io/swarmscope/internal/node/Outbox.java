package io.swarmscope.internal.node;

import io.swarmscope.internal.record.RecordKey;
import io.swarmscope.internal.wire.Limits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * When each record of this node is to be put into the DHT next: soon if too few peers have it, else in good time before they forget it.
 * Thread-safe; never blocks for long.
 */
final class Outbox {

    /** A record that is not stored as it should be is put again this much later, doubled each time. */
    private static final long RETRY_MILLIS = 30_000;

    private static final int RETRY_DOUBLINGS = 6;

    /** Attempts after which it is left at what was reached until it is put again in any case. */
    private static final int ATTEMPTS = 8;

    /** Overdue records of before a restart come this far apart, so that they do not come in one burst. */
    private static final long RESTART_SPACING_MILLIS = 20;

    /** What changed of the schedule, to be kept. Called with no lock held. */
    interface Listener {
        /** The record with this key is to be put at that time, in milliseconds of the wall clock. */
        void scheduled(RecordKey key, int attempts, long at);

        /** Nothing stands under that key any more. */
        void done(RecordKey key);
    }

    /**
     * One record's turn.
     *
     * @param attempts 0 if it is stored as it should be; else how often that was tried, and one
     */
    private record Turn(RecordKey key, int attempts, long at) {
        private static final Comparator<Turn> SOONEST =
                Comparator.comparingLong(Turn::at).thenComparing(turn -> turn.key.toString());
    }

    private final long everyMillis;
    private final Listener listener;
    private final RandomGenerator random;
    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by lock.
    private final Map<RecordKey, Turn> turns = new HashMap<>();
    private final TreeSet<Turn> soonest = new TreeSet<>(Turn.SOONEST);
    private int waiting;

    /**
     * Nothing is to be put yet.
     *
     * @param forgotten after this time holders forget a record
     */
    Outbox(Duration forgotten, Listener listener, RandomGenerator random) {
        this.everyMillis = forgotten.toMillis() / 2;
        this.listener = listener;
        this.random = random;
    }

    /** These records are new, or were signed anew: they are to be put at that time, as soon as there is somebody. */
    void add(Collection<RecordKey> keys, long atMillis) {
        keys.forEach(key -> schedule(new Turn(key, 1, atMillis)));
    }

    /** Takes over the schedule of before a restart; what is overdue has its turn soon. */
    void restore(Map<RecordKey, Integer> attempts, Map<RecordKey, Long> times, long nowMillis) {
        long soon = nowMillis;
        for (Map.Entry<RecordKey, Long> one : times.entrySet()) {
            boolean overdue = one.getValue() <= nowMillis;
            long at = overdue ? soon : one.getValue();
            soon += overdue ? RESTART_SPACING_MILLIS : 0;
            put(new Turn(one.getKey(), attempts.getOrDefault(one.getKey(), 1), at));
        }
    }

    /** Keys whose turn has come, the longest overdue first. */
    List<RecordKey> due(int most, long nowMillis) {
        lock.lock();
        try {
            List<RecordKey> due = new ArrayList<>();
            for (Turn turn : soonest) {
                if (turn.at > nowMillis || due.size() == most) {
                    break;
                }
                due.add(turn.key);
            }
            return due;
        } finally {
            lock.unlock();
        }
    }

    /** The record was stored at some of the peers that should have it. */
    void stored(RecordKey key, Offers.Stored stored, long nowMillis) {
        int attempts = attempts(key);
        if (stored.at() == 0) {
            schedule(new Turn(key, Math.max(1, attempts), nowMillis));
        } else if (stored.at() < stored.wanted() && attempts < ATTEMPTS) {
            long wait = RETRY_MILLIS << Math.min(Math.max(0, attempts - 1), RETRY_DOUBLINGS);
            schedule(new Turn(key, attempts + 1, nowMillis + wait + random.nextLong(wait / 4)));
        } else {
            // Spread, so that what was published together is not put together for ever.
            schedule(new Turn(key, 0, nowMillis + everyMillis - random.nextLong(everyMillis / 4)));
        }
    }

    /** Nothing stands under the key any more. */
    void remove(RecordKey key) {
        lock.lock();
        try {
            forget(turns.remove(key));
        } finally {
            lock.unlock();
        }
        listener.done(key);
    }

    private int attempts(RecordKey key) {
        lock.lock();
        try {
            Turn turn = turns.get(key);
            return turn == null ? 1 : turn.attempts;
        } finally {
            lock.unlock();
        }
    }

    private void schedule(Turn turn) {
        if (put(turn)) {
            listener.scheduled(turn.key, turn.attempts, turn.at);
        }
    }

    /** Whether that is a change, or there is no room. */
    private boolean put(Turn turn) {
        lock.lock();
        try {
            Turn before = turns.get(turn.key);
            if (turn.equals(before) || (before == null && turns.size() >= Limits.OUTBOX_RECORDS)) {
                return false;
            }
            forget(before);
            turns.put(turn.key, turn);
            soonest.add(turn);
            waiting += turn.attempts > 0 ? 1 : 0;
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void forget(@Nullable Turn turn) {
        if (turn != null) {
            soonest.remove(turn);
            waiting -= turn.attempts > 0 ? 1 : 0;
        }
    }

    /** How many records are not stored as they should be. */
    int waiting() {
        lock.lock();
        try {
            return waiting;
        } finally {
            lock.unlock();
        }
    }
}
