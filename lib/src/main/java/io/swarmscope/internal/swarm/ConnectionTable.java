package io.swarmscope.internal.swarm;

import io.swarmscope.PeerId;
import io.swarmscope.host.Connection;
import io.swarmscope.host.Identified;
import io.swarmscope.internal.wire.Limits;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The open connections by peer. Two peers that dial each other at once get two connections; both ends then keep the one that
 * the peer with the smaller id dialed and retire the other, because duplicates break protocols that keep one stream per peer.
 * Not thread-safe: only the swarm thread runs it.
 */
final class ConnectionTable {

    /** How long both of two connections to one peer are kept, so that what was begun on the other can end. */
    static final long DUPLICATE_GRACE_NANOS = 1_000_000_000L;

    private static final long GRACE_NANOS = Limits.CONNECTION_GRACE.toNanos();

    /** One connection and what the swarm knows of it. */
    static final class Entry {
        final Connection connection;
        final long openedAt;
        Identified identified = Identified.NOTHING;

        Entry(Connection connection, long openedAt) {
            this.connection = connection;
            this.openedAt = openedAt;
        }
    }

    private final PeerId self;
    private final Map<PeerId, List<Entry>> byPeer = new LinkedHashMap<>();
    private int size;

    ConnectionTable(PeerId self) {
        this.self = self;
    }

    /** Adds a connection unless it is there already. */
    void opened(Connection connection, long now) {
        List<Entry> entries = byPeer.computeIfAbsent(connection.remote(), p -> new ArrayList<>(1));
        for (Entry entry : entries) {
            if (entry.connection.id() == connection.id()) {
                return;
            }
        }
        entries.add(new Entry(connection, now));
        size++;
        if (entries.size() > 1) {
            entries.sort(Comparator.comparing(this::dialedBySmallerId)
                    .reversed()
                    .thenComparingLong(e -> e.connection.id()));
        }
    }

    private boolean dialedBySmallerId(Entry entry) {
        PeerId remote = entry.connection.remote();
        return entry.connection.outbound() == (self.compareTo(remote) < 0);
    }

    /** Removes a connection; whether the peer has no other. */
    boolean closed(Connection connection) {
        List<Entry> entries = byPeer.get(connection.remote());
        if (entries == null || !entries.removeIf(e -> e.connection.id() == connection.id())) {
            return false;
        }
        size--;
        if (entries.isEmpty()) {
            byPeer.remove(connection.remote());
            return true;
        }
        return false;
    }

    @Nullable Entry entry(Connection connection) {
        for (Entry entry : byPeer.getOrDefault(connection.remote(), List.of())) {
            if (entry.connection.id() == connection.id()) {
                return entry;
            }
        }
        return null;
    }

    /** The connection to use for new streams to the peer, {@code null} if there is none. */
    @Nullable Entry best(PeerId peer) {
        return best(byPeer.getOrDefault(peer, List.of()));
    }

    private static @Nullable Entry best(List<Entry> entries) {
        for (Entry entry : entries) {
            if (entry.connection.isOpen()) {
                return entry;
            }
        }
        return null;
    }

    /** One connection for each peer connected now, oldest first. */
    List<Entry> bestOfEach() {
        List<Entry> all = new ArrayList<>(byPeer.size());
        for (List<Entry> entries : byPeer.values()) {
            Entry best = best(entries);
            if (best != null) {
                all.add(best);
            }
        }
        return all;
    }

    /** Connections beside the one that is kept for their peer, once the grace is over. To be closed when they carry no stream. */
    List<Connection> duplicates(long now) {
        if (size == byPeer.size()) {
            return List.of();
        }
        List<Connection> surplus = new ArrayList<>();
        for (List<Entry> entries : byPeer.values()) {
            for (Entry entry : entries.subList(Math.min(1, entries.size()), entries.size())) {
                long youngest = entries.stream().mapToLong(e -> e.openedAt).max().orElse(now);
                if (now - youngest >= DUPLICATE_GRACE_NANOS) {
                    surplus.add(entry.connection);
                }
            }
        }
        return surplus;
    }

    /**
     * The youngest connections, without those to be spared and those that are quite new, if there are more than {@code high}: so many that {@code low} are
     * left. Who has stayed long will stay longest.
     */
    List<Connection> above(int high, int low, Predicate<PeerId> spared, long now) {
        if (size <= high) {
            return List.of();
        }
        List<Connection> candidates = new ArrayList<>();
        for (Entry entry : all()) {
            if (now - entry.openedAt >= GRACE_NANOS && !spared.test(entry.connection.remote())) {
                candidates.add(entry.connection);
            }
        }
        candidates.sort(Comparator.comparingLong(Connection::id).reversed());
        return candidates.subList(0, Math.min(size - low, candidates.size()));
    }

    private List<Entry> all() {
        return byPeer.values().stream().flatMap(Collection::stream).toList();
    }

    /** The peers connected now. */
    Collection<PeerId> peers() {
        return Collections.unmodifiableSet(byPeer.keySet());
    }

    int size() {
        return size;
    }
}
