package io.swarmscope.internal.kad;

import io.swarmscope.PeerId;
import io.swarmscope.internal.kad.Bucket.Entry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Peers that know each other as in a network that has run for long, and never learn anything new: what one {@link Lookup} can be walked
 * through. Time is virtual; a peer takes 10 to 100 ms to answer.
 */
final class StaticNetwork {

    final List<PeerId> peers;
    private final Set<PeerId> real;
    final SplittableRandom random;
    final Set<PeerId> silent = new HashSet<>();
    final Set<PeerId> down = new HashSet<>();
    final Map<PeerId, Liar> liars = new HashMap<>();
    final Map<PeerId, KadRecord> records = new HashMap<>();
    final Map<PeerId, List<PeerInfo>> providers = new HashMap<>();
    KadConfig config = KadConfig.DEFAULT;
    private final Map<PeerId, RoutingTable> tables = new HashMap<>();

    /** Answers as it likes. */
    interface Liar {
        @Nullable Answer answer(Request request, Answer honest);
    }

    StaticNetwork(int count, long seed) {
        random = new SplittableRandom(seed);
        peers = Fixtures.peers(count, random);
        real = Set.copyOf(peers);
    }

    PeerId anyone() {
        return peers.get(random.nextInt(peers.size()));
    }

    /** A share of the peers, always the same ones for one seed. */
    Set<PeerId> share(double share) {
        Set<PeerId> some = new HashSet<>();
        for (PeerId peer : peers) {
            if (random.nextDouble() < share) {
                some.add(peer);
            }
        }
        return some;
    }

    /** All peers, nearest to the target first. */
    List<PeerId> sorted(Key target) {
        List<PeerId> sorted = new ArrayList<>(peers);
        sorted.sort((x, y) -> target.compareDistance(Key.of(x), Key.of(y)));
        return sorted;
    }

    RoutingTable table(PeerId of) {
        return tables.computeIfAbsent(of, any -> {
            Key key = Key.of(of);
            RoutingTable table = new RoutingTable(key, config.k(), config.table(), 0);
            List<PeerId> others = new ArrayList<>(peers);
            Collections.shuffle(others, new Random(random.nextLong()));
            for (PeerId other : others) {
                Key point = Key.of(other);
                if (!other.equals(of) && table.size(key.commonPrefixLength(point)) < config.k()) {
                    table.seen(other, point, 0);
                }
            }
            return table;
        });
    }

    private @Nullable Answer answer(PeerId by, PeerId to, Request request) {
        List<PeerInfo> closer = new ArrayList<>();
        Key target = Key.of(rawKey(request).array());
        for (Entry entry : table(by).closest(target, config.k(), Key.of(to))) {
            closer.add(Fixtures.info(entry.peer));
        }
        Answer honest = switch (request) {
            case Request.GetValue get -> new Answer.Value(records.get(by), closer);
            case Request.GetProviders get -> new Answer.Providers(providers.getOrDefault(by, List.of()), closer);
            default -> new Answer.Nodes(closer);
        };
        Liar liar = liars.get(by);
        return liar == null ? honest : liar.answer(request, honest);
    }

    private static Bytes rawKey(Request request) {
        return switch (request) {
            case Request.FindNode find -> find.key();
            case Request.GetValue get -> get.key();
            case Request.GetProviders get -> get.key();
            default -> throw new AssertionError(request);
        };
    }

    /** A walk of a lookup through this network, starting at one of its peers. */
    final class Walk {
        final PeerId from;
        final Lookup lookup;
        final List<PeerId> asked = new ArrayList<>();
        final List<String> faults = new ArrayList<>();
        long now = Long.MAX_VALUE - 5 * Fixtures.SECOND; // wraps on the way
        final long started = now;
        int inFlight;
        int mostInFlight;
        private long order;
        private final PriorityQueue<Event> events =
                new PriorityQueue<>((x, y) -> x.at == y.at ? Long.compare(x.order, y.order) : Long.compare(x.at - y.at, 0));

        private record Event(long at, long order, Runnable action) {}

        Walk(PeerId from, Bytes key, Goal goal) {
            this(from, key, goal, 120 * Fixtures.SECOND);
        }

        Walk(PeerId from, Bytes key, Goal goal, long nanos) {
            this.from = from;
            Key target = Key.of(key.array());
            this.lookup = new Lookup(
                    Key.of(from), target, goal, count -> table(from).closest(target, count, null), config, now + nanos, now);
        }

        /** Until it is done. */
        <T extends OperationResult> T run(Class<T> type) {
            while (true) {
                switch (lookup.next(now)) {
                    case Step.Ask ask -> ask(ask);
                    case Step.Wait wait -> sleep(wait.until());
                    case Step.Done done -> {
                        return type.cast(done.result());
                    }
                }
            }
        }

        private void sleep(long until) {
            if (until - now <= 0) {
                throw new AssertionError("waits for a time that is past");
            }
            Event next = events.peek();
            if (next == null || until - next.at < 0) {
                now = until;
            } else {
                events.poll();
                now = next.at;
                next.action.run();
            }
        }

        private void ask(Step.Ask ask) {
            PeerId to = ask.to().id();
            asked.add(to);
            mostInFlight = Math.max(mostInFlight, ++inFlight);
            long delay = random.nextLong(10 * Fixtures.MILLI, 100 * Fixtures.MILLI);
            if (down.contains(to) || !real.contains(to) && !liars.containsKey(to)) {
                events.add(new Event(now + delay, order++, () -> {
                    inFlight--;
                    lookup.failed(ask.to(), "connection refused");
                }));
            } else if (!silent.contains(to)) {
                Answer answer = answer(to, from, ask.request());
                events.add(new Event(now + delay, order++, () -> {
                    inFlight--;
                    Fault fault = answer == null ? null : lookup.answered(ask.to(), answer, now);
                    if (fault != null) {
                        faults.add(fault.reason());
                    }
                }));
            }
        }
    }
}
