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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The index in memory: which record stands for each package, and the full text of the heads. Thread-safe: readers take no lock, changes take one.
 *
 * <p>For a package stands its head, or its tombstone where there is no head with a higher sequence number. Packages of others are bounded; beyond
 * that the ones that came in longest ago are forgotten, a hundredth at a time. Own ones never are. One key may have a part of the room and no more.
 * Tombstones have room of their own: they are forgotten when they expire and not before.
 */
public final class MemoryIndex implements PackageIndex {

    private final PeerId self;
    private final int maxForeign;
    private final int maxOfOneKey;
    private final InstantSource clock;
    private final Listener listener;

    private final Map<PackageId, Entry> entries = new ConcurrentHashMap<>();
    private final TextIndex texts = new TextIndex();
    private final Withdrawals withdrawals;
    private final Refutations refutations = new Refutations();

    /** Held by whoever changes the entries or what is counted of them. */
    private final ReentrantLock changing = new ReentrantLock();

    // Changed with the lock held, read by any thread.
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
        this.withdrawals = new Withdrawals(self, maxForeign == 0 ? 0 : Limits.RECORD_WITHDRAWALS);
    }

    /** Who has packages here, and how many. */
    private static final class Publisher {
        private final PeerId id;
        private int packages;

        Publisher(PeerId id) {
            this.id = id;
        }
    }

    /** A package that is not withdrawn: its head, and of that what searching looks at. Immutable. */
    @SuppressWarnings("ArrayRecordComponent") // read, never compared
    private record Entry(
            PackageId id, byte[] encoded, Indexed indexed, Publisher publisher, long sequence, long expiresAt, long arrival) {

        Signed<Head> read() {
            return Match.trusted(encoded).as(Head.class).orElseThrow();
        }
    }

    @Override
    public boolean offer(Signed<?> record) {
        changing.lock();
        try {
            if (record.record().expired(clock.instant())) {
                return false;
            }
            return record.as(Head.class).filter(this::offerHead).isPresent()
                    || record.as(Tombstone.class).filter(this::withdraw).isPresent();
        } finally {
            changing.unlock();
        }
    }

    private boolean offerHead(Signed<Head> head) {
        Entry known = entries.get(head.id());
        if (head.sequence() < withdrawals.sequence(head.id())
                || withdrawals.upTo(head.id(), head.record().version()) >= head.sequence()
                || refutations.contain(head)
                || (known != null && !prevails(head, known))) {
            return false;
        }
        Publisher publisher = publishers.computeIfAbsent(head.publisher(), Publisher::new);
        if (!isOwn(head) && (maxForeign == 0 || (known == null && publisher.packages >= maxOfOneKey))) {
            forgetIfNothing(publisher);
            return false;
        }
        PackageId id = known == null ? head.id() : known.id;
        Indexed indexed = texts.put(head, known == null ? null : known.indexed);
        long expiresAt = head.record().expiresAt().toEpochMilli();
        Entry entry = new Entry(id, head.encoded(), indexed, publisher, head.sequence(), expiresAt, arrivals++);
        count(entry, 1);
        if (known != null) {
            count(known, -1);
        }
        entries.put(id, entry);
        listener.stands(head);
        if (foreign > maxForeign) {
            forgetOldest(Math.max(1, maxForeign / 100));
        }
        return true;
    }

    /** Whether a head takes the place of another. If the two contradict each other, that comes out here. */
    private boolean prevails(Signed<Head> head, Entry known) {
        if (isAnothers(head, known)) {
            return false;
        }
        Signed<Head> held = known.read();
        Optional<Evidence> evidence = Evidence.between(head, held);
        evidence.ifPresent(this::note);
        return evidence.map(e -> e.standing().equals(head)).orElseGet(() -> head.replaces(held));
    }

    private void note(Evidence evidence) {
        if (refutations.add(evidence.id(), Evidence.digest(evidence.refuted()))) {
            listener.contradicted(evidence);
        }
    }

    /**
     * Whether the package belongs to another key than the record's. The rules for namespaces see to that too, but where more of them are in use than
     * can be remembered, this keeps the packages that are here.
     */
    private boolean isAnothers(Signed<?> record, Entry known) {
        return !known.publisher.id.equals(record.publisher()) && known.expiresAt > clock.millis();
    }

    private boolean withdraw(Signed<Tombstone> tombstone) {
        Entry known = entries.get(tombstone.id());
        if (known != null && isAnothers(tombstone, known)) {
            return false;
        }
        boolean isNew = withdrawals.add(tombstone);
        boolean ofPackage = tombstone.record().version().isEmpty();
        if (isNew && !ofPackage) {
            listener.stands(tombstone);
        }
        if (known != null && covers(tombstone, known)) {
            Evidence.between(tombstone, known.read()).ifPresent(this::note);
            remove(known); // even if there is no room to remember why
        } else if (isNew && ofPackage) {
            if (known == null) {
                listener.stands(tombstone);
            } else {
                listener.underlies(tombstone);
            }
        }
        return isNew;
    }

    private static boolean covers(Signed<Tombstone> tombstone, Entry entry) {
        Optional<String> version = tombstone.record().version();
        return version.isEmpty()
                ? entry.sequence <= tombstone.sequence()
                : entry.read().record().version().equals(version.get()); // a newer head says which version is the latest now
    }

    private boolean isOwn(Signed<?> record) {
        return record.publisher().equals(self);
    }

    /** Forgets a head; then the tombstone of its package stands, if there is one. */
    private void remove(Entry entry) {
        count(entry, -1);
        entries.remove(entry.id);
        texts.remove(entry.indexed);
        Optional<byte[]> tombstone = withdrawals.ofPackage(entry.id);
        if (tombstone.isPresent()) {
            listener.stands(Match.trusted(tombstone.get()));
        } else {
            listener.gone(RecordKey.of(entry.id));
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer at a time: the lock is held
    private void count(Entry entry, int by) {
        entry.publisher.packages += by;
        forgetIfNothing(entry.publisher);
        if (entry.publisher.id.equals(self)) {
            published += by;
        } else {
            foreign += by;
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
            if (entry != null && refutations.contain(entry.read())) {
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
        return entry != null && entry.expiresAt > clock.millis() ? Optional.of(entry.read()) : valid(withdrawals.ofPackage(id));
    }

    @Override
    public Optional<Signed<?>> find(RecordKey key) {
        if (key.version().isEmpty()) {
            return find(key.id());
        }
        Optional<Signed<?>> tombstone = valid(withdrawals.ofVersion(key.id(), key.version().get()));
        return tombstone.isPresent() ? tombstone : find(key.id()).filter(found -> found.record() instanceof Tombstone);
    }

    private Optional<Signed<?>> valid(Optional<byte[]> tombstone) {
        return tombstone.<Signed<?>>map(Match::trusted).filter(found -> !found.record().expired(clock.instant()));
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
        return texts.search(query, limit, clock.millis());
    }

    @Override
    public int packages() {
        return published + foreign;
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
            List<RecordKey> tombstones = withdrawals.expire(now);
            tombstones.stream()
                    .filter(key -> key.version().isPresent() || !entries.containsKey(key.id()))
                    .forEach(listener::gone);
            List<Entry> expired =
                    entries.values().stream().filter(entry -> entry.expiresAt <= now).toList();
            expired.forEach(this::remove);
            return expired.size() + tombstones.size();
        } finally {
            changing.unlock();
        }
    }
}
