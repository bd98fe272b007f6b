package io.swarmscope.internal.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.swarmscope.PeerId;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.sync.SyncReport.Ending;
import io.swarmscope.internal.sync.SyncService.Candidate;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What one node gets by a sync, the others get from it by theirs, within seconds and not at the next regular one. */
class PassingOnTest {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final List<PeerId> PEERS =
            IntStream.range(0, 20).mapToObj(i -> Identity.generate(new SecureRandom()).peerId()).toList();

    private static List<Candidate> all(List<PeerId> peers) {
        return peers.stream().map(peer -> new Candidate(peer, true)).toList();
    }

    /** A service that has joined long ago and just had a regular session. */
    private static SyncService settled(List<PeerId> peers, long now) {
        SyncService service = new SyncService(new Random(1), now);
        for (long second = 0; second < 900; second++) {
            if (tick(service, now + second * SECOND, all(peers)).isPresent()) {
                service.ended(now + second * SECOND, Ending.EQUAL, false);
            }
        }
        return service;
    }

    private static List<Integer> sessions(SyncService service, List<PeerId> peers, long from, int seconds, boolean moved) {
        List<Integer> begun = new ArrayList<>();
        for (int second = 0; second < seconds; second++) {
            long now = from + second * SECOND;
            if (tick(service, now, all(peers)).isPresent()) {
                begun.add(second);
                service.ended(now, Ending.DONE, moved);
            }
        }
        return begun;
    }

    @Test
    void threeSessionsInVainEndIt() {
        SyncService service = settled(PEERS, 0);
        service.brought(900 * SECOND, Set.of(PEERS.get(0)));
        assertThat(sessions(service, PEERS, 900 * SECOND, 200, false)).hasSize(3).allMatch(second -> second < 12);
    }

    @Test
    void inABusyNetworkTheyAreRare() {
        SyncService service = settled(PEERS, 0);
        service.brought(900 * SECOND, Set.of(PEERS.get(0)));
        assertThat(sessions(service, PEERS, 900 * SECOND, 3600, true).size()).isBetween(60, 80);
    }

    @Test
    void whoBroughtItIsAskedLast() {
        SyncService service = settled(PEERS.subList(0, 2), 0);
        service.brought(900 * SECOND, Set.of(PEERS.get(1)));
        service.brought(901 * SECOND, Set.of(PEERS.get(0)));
        Optional<PeerId> next = Optional.empty();
        for (int second = 901; next.isEmpty(); second++) {
            next = tick(service, second * SECOND, all(PEERS.subList(0, 2)));
        }
        assertThat(next).contains(PEERS.get(1));
    }

    /** Each knows five others: a ring with chords. One hears something from outside. */
    @Test
    void allOfANetworkHaveItWithinAMinute() {
        Map<Integer, SyncService> services = new TreeMap<>();
        Map<Integer, List<PeerId>> neighbours = new TreeMap<>();
        for (int i = 0; i < PEERS.size(); i++) {
            List<PeerId> known = new ArrayList<>();
            for (int step : new int[] {1, 19, 4, 16, 7, 13}) {
                known.add(PEERS.get((i + step) % PEERS.size()));
            }
            neighbours.put(i, known);
            services.put(i, settled(known, 0));
        }
        boolean[] has = new boolean[PEERS.size()];
        has[0] = true;
        long start = 900 * SECOND;
        services.get(0).brought(start, Set.of(PEERS.get(1)));
        for (int second = 0; second < 60; second++) {
            long now = start + second * SECOND;
            for (int i = 0; i < has.length; i++) {
                Optional<PeerId> peer = tick(services.get(i), now, all(neighbours.get(i)));
                if (peer.isPresent()) {
                    int other = PEERS.indexOf(peer.get());
                    boolean moved = has[i] != has[other];
                    services.get(i).ended(now, Ending.DONE, moved);
                    if (moved && !has[other]) {
                        services.get(other).brought(now, Set.of(PEERS.get(i)));
                    }
                    has[i] |= has[other];
                    has[other] |= has[i];
                }
            }
        }
        assertThat(has).containsOnly(true);
    }

    private static Optional<PeerId> tick(SyncService service, long now, List<Candidate> candidates) {
        service.look(candidates);
        return service.tick(now);
    }
}
