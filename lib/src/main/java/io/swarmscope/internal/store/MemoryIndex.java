package io.swarmscope.internal.store;

import io.swarmscope.PackageId;
import io.swarmscope.PeerId;
import io.swarmscope.Query;
import io.swarmscope.internal.record.Evidence;
import io.swarmscope.internal.record.Head;
import io.swarmscope.internal.record.RecordKey;
import io.swarmscope.internal.record.Signed;
import io.swarmscope.internal.record.Tombstone;
import io.swarmscope.internal.wire.Limits;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
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
 * <p>Packages of others are bounded; beyond that the ones that came in longest ago are forgotten, a hundredth at a time. Own ones never are.
 * One key may have a part of the room and no more.
 */
public final class MemoryIndex implements PackageIndex {

    private final PeerId self;
    private final int maxForeign;
    private final int maxOfOneKey;
    private final InstantSource clock;
    private final Listener listener;

    private final Map<PackageId, Entry> entries = new ConcurrentHashMap<>();
    private final Withdrawals withdrawals = new Withdrawals();
    private final Refutations refutations = new Refutations();

    /** Held by whoever changes the entries or what is counted of them. */
    private final ReentrantLock changing = new ReentrantLock();

    // Changed with the lock held, read by any thread.
    private volatile int packages;
    private volatile int published;
    private volatile int foreign;

    // Guarded by the lock.
    private final Map<PeerId, Publisher> publishers = new HashMap<>();
    private long arrivals;

    /**
     * An empty index.
     *
     * @param self whose heads are never forgotten
     * @param maxForeign most packages of others to hold
     * @param clock the wall clock
     * @param listener hears of every change
     */
    public MemoryIndex(PeerId self, int maxForeign, InstantSource clock, Listener listener) {
        this.self = self;
        this.maxForeign = maxForeign;
        this.maxOfOneKey = Math.max(Limits.RECORDS_OF_A_KEY, maxForeign / Limits.RECORDS_PART_OF_A_KEY);
        this.clock = clock;
        this.listener = listener;
    }

    /** Who has packages here, and how many. */
    private static final class Publisher {
        private final PeerId id;
        private int packages;

        Publisher(PeerId id) {
            this.id = id;
        }
    }

    /** What stands for a package: the record, and of its contents only what searching looks at. Immutable. */
    @SuppressWarnings("ArrayRecordComponent") // read, never compared
    private record Entry(
            PackageId id,
            byte[] encoded,
            @Nullable Document document,
            Publisher publisher,
            long sequence,
            long expiresAt,
            long arrival) {

        boolean withdrawn() {
            return document == null;
        }

        Signed<?> read() {
            return Match.trusted(encoded);
        }
    }

    @Override
    public boolean offer(Signed<?> record) {
        changing.lock();
        try {
            Optional<Signed<Tombstone>> tombstone = record.as(Tombstone.class);
            if (tombstone.isPresent()) {
                return withdraw(tombstone.get());
            }
            return record.as(Head.class).filter(this::offerHead).isPresent();
        } finally {
            changing.unlock();
        }
    }

    private boolean offerHead(Signed<Head> head) {
        if (head.sequence() < withdrawals.sequence(head.id())
                || withdrawals.upTo(head.id(), head.record().version()) >= head.sequence()
                || refutations.contain(head)) {
            return false;
        }
        return stand(head, Document.of(head.record().manifest()));
    }

    private boolean withdraw(Signed<Tombstone> tombstone) {
        boolean taken = withdrawals.add(tombstone, isOwn(tombstone));
        Optional<String> version = tombstone.record().version();
        if (version.isEmpty()) {
            return stand(tombstone, null);
        }
        if (taken) {
            listener.stands(tombstone);
            Entry entry = entries.get(tombstone.id());
            if (entry != null
                    && entry.sequence < tombstone.sequence()
                    && entry.read().record() instanceof Head head
                    && head.version().equals(version.get())) {
                remove(entry); // the newer head says which version is the latest now
            }
        }
        return taken;
    }

    /** Lets a record stand for its package if it may; whether it does now and did not before. */
    private boolean stand(Signed<?> record, @Nullable Document document) {
        Entry known = entries.get(record.id());
        if (known != null && !prevails(record, known)) {
            return false;
        }
        boolean own = isOwn(record);
        Publisher publisher = publishers.computeIfAbsent(record.publisher(), Publisher::new);
        if (!own && (maxForeign == 0 || (known == null && publisher.packages >= maxOfOneKey))) {
            forgetIfNothing(publisher);
            return false;
        }
        PackageId id = known == null ? record.id() : known.id;
        long expiresAt = record.record().expiresAt().toEpochMilli();
        Entry entry = new Entry(id, record.encoded(), document, publisher, record.sequence(), expiresAt, arrivals++);
        count(entry, 1);
        if (known != null) {
            count(known, -1);
        }
        entries.put(id, entry);
        listener.stands(record);
        if (foreign > maxForeign) {
            forgetOldest(Math.max(1, maxForeign / 100));
        }
        return true;
    }

    /** Whether a record takes the place of another. If the two contradict each other, that comes out here. */
    private boolean prevails(Signed<?> record, Entry known) {
        if (record.sequence() < known.sequence) {
            return false;
        }
        Signed<?> held = known.read();
        Optional<Evidence> evidence = Evidence.between(record, held);
        if (evidence.isPresent()) {
            if (refutations.add(record.id(), Evidence.digest(evidence.get().refuted()))) {
                listener.contradicted(evidence.get());
            }
            return evidence.get().standing().equals(record);
        }
        return record.replaces(held);
    }

    private boolean isOwn(Signed<?> record) {
        return record.publisher().equals(self);
    }

    private void remove(Entry entry) {
        count(entry, -1);
        entries.remove(entry.id);
        listener.gone(RecordKey.of(entry.id));
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer at a time: the lock is held
    private void count(Entry entry, int by) {
        boolean own = entry.publisher.id.equals(self);
        entry.publisher.packages += by;
        forgetIfNothing(entry.publisher);
        foreign += own ? 0 : by;
        if (!entry.withdrawn()) {
            packages += by;
            published += own ? by : 0;
        }
    }

    private void forgetIfNothing(Publisher publisher) {
        if (publisher.packages == 0) {
            publishers.remove(publisher.id);
        }
    }

    private void forgetOldest(int count) {
        entries.values().stream()
                .filter(entry -> !entry.publisher.id.equals(self))
                .sorted(Comparator.comparingLong(Entry::arrival))
                .limit(count)
                .toList()
                .forEach(this::remove);
    }

    @Override
    public boolean refute(Evidence evidence) {
        changing.lock();
        try {
            if (!refutations.add(evidence.id(), Evidence.digest(evidence.refuted()))) {
                return false;
            }
            Entry entry = entries.get(evidence.id());
            if (entry != null && entry.read().record().saysTheSameAs(evidence.refuted().record())) {
                remove(entry);
            }
            return true;
        } finally {
            changing.unlock();
        }
    }

    /** Takes over evidence of before a restart: the digest of a record that is refuted. */
    public void restoreRefuted(PackageId id, byte[] digest) {
        refutations.add(id, digest);
    }

    @Override
    public Optional<Signed<?>> find(PackageId id) {
        Entry entry = entries.get(id);
        return entry == null || entry.expiresAt <= clock.millis() ? Optional.empty() : Optional.of(entry.read());
    }

    @Override
    public Optional<Signed<?>> find(RecordKey key) {
        if (key.version().isEmpty()) {
            return find(key.id());
        }
        Optional<byte[]> tombstone = withdrawals.ofVersion(key.id(), key.version().get());
        return tombstone.isPresent()
                ? tombstone.<Signed<?>>map(Match::trusted).filter(found -> !found.record().expired(clock.instant()))
                : find(key.id()).filter(found -> found.record() instanceof Tombstone);
    }

    @Override
    public long sequence(PackageId id) {
        Entry entry = entries.get(id);
        return Math.max(entry == null ? 0 : entry.sequence, withdrawals.sequence(id));
    }

    @Override
    public long withdrawn(PackageId id, String version) {
        return withdrawals.upTo(id, version);
    }

    @Override
    public boolean refuted(Signed<?> record) {
        return refutations.contain(record);
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
    public boolean isFull() {
        return foreign >= maxForeign;
    }

    /** How many records there is evidence against. */
    public int evidence() {
        return refutations.size();
    }

    @Override
    public int expire() {
        long now = clock.millis();
        changing.lock();
        try {
            List<Entry> expired =
                    entries.values().stream().filter(entry -> entry.expiresAt <= now).toList();
            expired.forEach(this::remove);
            List<RecordKey> tombstones = withdrawals.expire(now);
            tombstones.forEach(listener::gone);
            return expired.size() + tombstones.size();
        } finally {
            changing.unlock();
        }
    }
}
