package io.swarmscope.internal.search;

import io.swarmscope.PackageId;
import io.swarmscope.PeerId;
import io.swarmscope.Query;
import io.swarmscope.SearchResult;
import io.swarmscope.internal.record.Head;
import io.swarmscope.internal.record.Signed;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The hits of one search, from wherever they came: one per package, the newest record of each. Thread-safe: the search adds, and whoever reads them
 * while it runs takes.
 */
final class Merge {

    private static final Comparator<Found> BEST_FIRST =
            Comparator.<Found>comparingDouble(found -> found.score).reversed().thenComparing(found -> found.head.id());
    private static final Comparator<Found> NEWEST_FIRST = Comparator.<Found, Instant>comparing(
                    found -> found.head.record().publishedAt())
            .reversed()
            .thenComparing(found -> found.head.id());

    private final Comparator<Found> order;

    /** Of a query with that order. */
    Merge(Query.Order order) {
        this.order = order == Query.Order.NEWEST ? NEWEST_FIRST : BEST_FIRST;
    }

    private static final class Found {
        private Signed<Head> head;
        private double score;
        private boolean taken;
        private final List<PeerId> sources = new ArrayList<>(2);

        private Found(Signed<Head> head, double score) {
            this.head = head;
            this.score = score;
        }

        private Optional<SearchResult.Hit> hit() {
            return head.toPublished().map(published -> new SearchResult.Hit(published, score, sources));
        }
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();

    // Guarded by lock.
    private final Map<PackageId, Found> byPackage = new HashMap<>();
    private boolean ended;

    void add(Signed<Head> head, double score, PeerId source) {
        lock.lock();
        try {
            Found found = byPackage.computeIfAbsent(head.id(), id -> new Found(head, score));
            if (head.replaces(found.head)) {
                found.head = head;
                found.score = score;
            }
            found.sources.add(source);
            news.signal();
        } finally {
            lock.unlock();
        }
    }

    /** How many packages. */
    int size() {
        lock.lock();
        try {
            return byPackage.size();
        } finally {
            lock.unlock();
        }
    }

    /** That page of them in the order of the query. */
    List<SearchResult.Hit> page(int offset, int limit) {
        lock.lock();
        try {
            return byPackage.values().stream()
                    .sorted(order)
                    .skip(offset)
                    .limit(limit)
                    .flatMap(found -> found.hit().stream())
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    /** Nothing more is added. */
    void end() {
        lock.lock();
        try {
            ended = true;
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The best that was not taken yet, once there is one; empty when nothing more is added. */
    Optional<SearchResult.Hit> take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            Optional<Found> best = bestLeft();
            while (best.isEmpty() && !ended) {
                news.await();
                best = bestLeft();
            }
            best.ifPresent(found -> found.taken = true);
            return best.flatMap(Found::hit);
        } finally {
            lock.unlock();
        }
    }

    private Optional<Found> bestLeft() {
        return byPackage.values().stream().filter(found -> !found.taken).min(order);
    }
}
