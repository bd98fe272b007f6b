package io.swarmscope.internal.store;

import io.swarmscope.PackageId;
import io.swarmscope.PeerId;
import io.swarmscope.Query;
import io.swarmscope.internal.record.SignedHead;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The index in memory. Thread-safe: readers walk a concurrent map without a lock, changes take one. A search looks at every package, which takes
 * a few milliseconds for ten thousand; a full-text index can take its place behind {@link PackageIndex}.
 *
 * <p>Heads of others are bounded; beyond that the ones that came in longest ago are forgotten, a hundredth at a time. Own ones never are.
 */
public final class MemoryIndex implements PackageIndex {

    private final PeerId self;
    private final int maxForeign;
    private final InstantSource clock;

    private final Map<PackageId, Entry> entries = new ConcurrentHashMap<>();

    /** Held by whoever changes the entries or what is counted of them. */
    private final ReentrantLock changing = new ReentrantLock();

    // Changed with the lock held, read by any thread.
    private volatile int packages;
    private volatile int published;

    // Guarded by the lock.
    private int foreign;
    private long arrivals;

    /**
     * An empty index.
     *
     * @param self whose heads are never forgotten
     * @param maxForeign most heads of others to hold
     * @param clock the wall clock
     */
    public MemoryIndex(PeerId self, int maxForeign, InstantSource clock) {
        this.self = self;
        this.maxForeign = maxForeign;
        this.clock = clock;
    }

    /** A package: the record, and of its contents only what searching looks at. */
    private static final class Entry {
        private final PackageId id;
        private final byte[] encoded;
        private final @Nullable Document document;
        private final long sequence;
        private final long expiresAt;
        private final long arrival;
        private final boolean own;

        Entry(PackageId id, SignedHead head, @Nullable Document document, long arrival, boolean own) {
            this.id = id;
            this.encoded = head.encoded();
            this.document = document;
            this.sequence = head.sequence();
            this.expiresAt = head.head().expiresAt().toEpochMilli();
            this.arrival = arrival;
            this.own = own;
        }

        long arrival() {
            return arrival;
        }

        boolean withdrawn() {
            return document == null;
        }

        boolean replacedBy(SignedHead head) {
            return head.sequence() > sequence
                    || (head.sequence() == sequence && head.replaces(Match.trusted(encoded)));
        }
    }

    @Override
    public boolean offer(SignedHead head) {
        boolean own = head.publisher().equals(self);
        Document document = head.head().withdrawn() ? null : Document.of(head.head().manifest());
        changing.lock();
        try {
            Entry known = entries.get(head.id());
            boolean unwanted = !own && maxForeign == 0;
            if (unwanted || (known != null && !known.replacedBy(head))) {
                return false;
            }
            PackageId id = known == null ? head.id() : known.id;
            replace(known, new Entry(id, head, document, arrivals++, own));
            if (foreign > maxForeign) {
                forgetOldest(Math.max(1, maxForeign / 100));
            }
            return true;
        } finally {
            changing.unlock();
        }
    }

    private void replace(@Nullable Entry before, Entry now) {
        count(before, -1);
        count(now, 1);
        entries.put(now.id, now);
    }

    private void remove(Entry entry) {
        count(entry, -1);
        entries.remove(entry.id);
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer at a time: the lock is held
    private void count(@Nullable Entry entry, int by) {
        if (entry == null) {
            return;
        }
        foreign += entry.own ? 0 : by;
        if (!entry.withdrawn()) {
            packages += by;
            published += entry.own ? by : 0;
        }
    }

    private void forgetOldest(int count) {
        entries.values().stream()
                .filter(entry -> !entry.own)
                .sorted(Comparator.comparingLong(Entry::arrival))
                .limit(count)
                .toList()
                .forEach(this::remove);
    }

    @Override
    public Optional<SignedHead> find(PackageId id) {
        Entry entry = entries.get(id);
        return entry == null || entry.expiresAt <= clock.millis()
                ? Optional.empty()
                : Optional.of(Match.trusted(entry.encoded));
    }

    @Override
    public long sequence(PackageId id) {
        Entry entry = entries.get(id);
        return entry == null ? 0 : entry.sequence;
    }

    @Override
    public Matches search(Query query, int limit) {
        Terms terms = Terms.of(query);
        long now = clock.millis();
        PriorityQueue<Match> best = new PriorityQueue<>(Match.BEST_FIRST.reversed());
        int total = 0;
        for (Entry entry : entries.values()) {
            Document document = entry.document;
            double score = document == null ? Terms.NO_MATCH : terms.score(document);
            if (score < 0 || entry.expiresAt <= now) {
                continue;
            }
            total++;
            Match worst = best.size() < limit ? null : best.peek();
            if (worst != null && score < worst.score()) {
                continue;
            }
            best.add(new Match(entry.id, score, entry.encoded));
            if (best.size() > limit) {
                best.remove();
            }
        }
        List<Match> sorted = new ArrayList<>(best);
        sorted.sort(Match.BEST_FIRST);
        return new Matches(sorted, total);
    }

    @Override
    public int packages() {
        return packages;
    }

    @Override
    public int published() {
        return published;
    }

    @Override
    public int expire() {
        long now = clock.millis();
        changing.lock();
        try {
            List<Entry> expired =
                    entries.values().stream().filter(entry -> entry.expiresAt <= now).toList();
            expired.forEach(this::remove);
            return expired.size();
        } finally {
            changing.unlock();
        }
    }
}
