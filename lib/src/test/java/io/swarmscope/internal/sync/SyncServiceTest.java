package io.swarmscope.internal.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.swarmscope.PeerId;
import io.swarmscope.internal.sync.SyncReport.Ending;
import io.swarmscope.internal.sync.SyncService.Candidate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Ticks of a clock that is not there, every half second; sessions take no time. */
class SyncServiceTest {

    private static final long SEED = Long.getLong("swarmscope.seed", 5);
    private static final Duration TICK = Duration.ofMillis(500);

    private static final PeerId A = SyncTest.peer(1);
    private static final PeerId B = SyncTest.peer(2);
    private static final PeerId C = SyncTest.peer(3);
    private static final PeerId D = SyncTest.peer(4);

    /** Where it stands says nothing, and it may wrap. */
    private long now = Long.MAX_VALUE - Duration.ofMinutes(10).toNanos();

    private final long began = now;
    private final SyncService service = new SyncService(new Random(SEED), now);
    private final List<PeerId> connected = new ArrayList<>();
    private final List<Session> sessions = new ArrayList<>();
    private Function<PeerId, Ending> ending = peer -> Ending.DONE;

    private record Session(PeerId peer, Duration at) {}

    private void run(Duration time) {
        for (long end = now + time.toNanos(); end - now > 0; now += TICK.toNanos()) {
            Optional<PeerId> peer = tick(service, now, candidates());
            peer.ifPresent(p -> {
                sessions.add(new Session(p, Duration.ofNanos(now - began)));
                service.ended(now, ending.apply(p), false);
            });
        }
    }

    private List<Candidate> candidates() {
        return connected.stream().map(peer -> new Candidate(peer, true)).toList();
    }

    private List<PeerId> peers() {
        return sessions.stream().map(Session::peer).toList();
    }

    private Duration at(int session) {
        return sessions.get(session).at;
    }

    @Test
    void afterJoiningItSyncsWithThreePeers() {
        IntStream.range(10, 30).mapToObj(SyncTest::peer).forEach(connected::add);
        run(Duration.ofMinutes(1));

        assertThat(sessions).hasSize(3);
        assertThat(peers()).doesNotHaveDuplicates();
        assertThat(at(2)).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void nobodyIsAskedWhoDoesNotSpeakTheProtocol() {
        assertThat(tick(service, now, List.of(new Candidate(A, false)))).isEmpty();
        assertThat(tick(service, now, List.of(new Candidate(A, false), new Candidate(B, true)))).contains(B);
    }

    @Test
    void thereIsOneSessionAtATime() {
        connected.addAll(List.of(A, B));
        assertThat(tick(service, now, candidates())).isPresent();
        now += Duration.ofHours(1).toNanos();
        assertThat(tick(service, now, candidates())).isEmpty();
        service.ended(now, Ending.EQUAL, false);
        assertThat(tick(service, now, candidates())).isPresent();
    }

    @Test
    void everyFiveMinutesOrSoTheOneOfLongestAgoIsAsked() {
        connected.addAll(List.of(A, B, C));
        run(Duration.ofMinutes(60));

        List<Session> later = sessions.subList(3, sessions.size());
        assertThat(later).hasSizeBetween(10, 15);
        for (int i = 0; i < later.size(); i++) {
            assertThat(later.get(i).peer).as("seed %d", SEED).isEqualTo(sessions.get(i).peer);
            assertThat(later.get(i).at.minus(sessions.get(i + 2).at))
                    .as("seed %d", SEED)
                    .isBetween(Duration.ofMinutes(4), Duration.ofMinutes(6).plus(TICK));
        }
        assertThat(later.stream().map(s -> s.at.toSeconds() % 300).distinct().count()).as("jitter").isGreaterThan(3);
    }

    @Test
    void whoConnectsIsAskedSoonButNotAllAtOnce() {
        connected.addAll(List.of(A, B, C));
        run(Duration.ofSeconds(10));
        IntStream.range(10, 20).mapToObj(SyncTest::peer).forEach(connected::add);
        run(Duration.ofSeconds(30));

        assertThat(peers().subList(3, 13)).containsExactlyInAnyOrderElementsOf(connected.subList(3, 13));
        assertThat(at(3)).isLessThanOrEqualTo(Duration.ofSeconds(10));
        for (int i = 4; i < 13; i++) {
            assertThat(at(i).minus(at(i - 1))).isGreaterThanOrEqualTo(SyncService.NEWCOMERS_APART);
        }
        assertThat(sessions).hasSize(13);
    }

    @Test
    void whoMeetsHundredsWithNothingNewGreetsThemEverMoreSeldom() {
        connected.addAll(List.of(A, B, C));
        run(Duration.ofSeconds(10));
        IntStream.range(10, 310).mapToObj(SyncTest::peer).forEach(connected::add);
        run(Duration.ofMinutes(4));
        assertThat(sessions).hasSizeBetween(3 + SyncService.NEWCOMERS_IN_VAIN, 3 + SyncService.NEWCOMERS_IN_VAIN + 12);

        service.brought(now, Set.of(SyncTest.peer(20)));
        int before = sessions.size();
        run(Duration.ofSeconds(20));
        assertThat(sessions.size() - before).as("there was news: others may have more").isGreaterThanOrEqualTo(6);
    }

    @Test
    void whileTheSamePeersAreConnectedASessionBeginsOnlyWhenOneIsSaidToBeDue() {
        connected.addAll(List.of(A, B, C));
        run(Duration.ofSeconds(10));
        IntStream.range(10, 16).mapToObj(SyncTest::peer).forEach(connected::add);
        assertThat(tick(service, now, candidates())).as("who came is greeted").isPresent();
        service.ended(now, Ending.DONE, false);
        int due = 0;
        for (int i = 0; i < 600; i++) {
            now += TICK.toNanos();
            boolean saidToBeDue = service.isDue(now);
            Optional<PeerId> peer = tick(service, now, candidates());
            peer.ifPresent(p -> service.ended(now, Ending.DONE, false));
            assertThat(peer.isPresent() && !saidToBeDue).as("seed %d, tick %d", SEED, i).isFalse();
            due += saidToBeDue ? 1 : 0;
        }
        assertThat(due).as("mostly it is not").isBetween(5, 60);
    }

    @Test
    void whoComesBackAtOnceIsNotAskedAgain() {
        connected.addAll(List.of(A, B, C));
        run(Duration.ofSeconds(10));
        connected.remove(C);
        run(Duration.ofSeconds(10));
        connected.add(C);
        run(Duration.ofSeconds(10));
        assertThat(sessions).hasSize(3);

        connected.remove(C);
        run(Duration.ofSeconds(60));
        connected.add(C);
        run(Duration.ofSeconds(10));
        assertThat(peers().subList(3, sessions.size())).containsExactly(C);
    }

    @Test
    void whoWasAloneJoinsAnew() {
        connected.addAll(List.of(A, B, C));
        run(Duration.ofSeconds(10));
        connected.clear();
        run(Duration.ofSeconds(90));
        connected.addAll(List.of(A, B, C));
        run(Duration.ofSeconds(10));

        assertThat(sessions).hasSize(6);
    }

    @Test
    void afterAFailureAnotherPeerIsAskedSoon() {
        connected.addAll(List.of(A, B, C));
        ending = peer -> peer.equals(A) ? Ending.BUSY : Ending.DONE;
        run(Duration.ofSeconds(9));

        assertThat(peers().getFirst()).isEqualTo(A);
        assertThat(peers().subList(1, 3)).containsExactlyInAnyOrder(B, C);
        assertThat(at(1)).isEqualTo(SyncService.ELSEWHERE);
        assertThat(sessions).hasSize(3);
    }

    @Test
    void withFewerPeersThanThreeEachIsAskedOnceAndWhoComesLaterToo() {
        connected.addAll(List.of(A, B));
        run(Duration.ofSeconds(200));
        assertThat(peers()).containsExactlyInAnyOrder(A, B);

        connected.remove(B);
        run(TICK);
        connected.addAll(List.of(B, C));
        run(Duration.ofSeconds(10));
        assertThat(peers().subList(2, sessions.size())).containsExactlyInAnyOrder(B, C);
    }

    @Test
    void whoIsAloneAndBusyIsAskedAgainAfterARestThatDoubles() {
        connected.add(A);
        ending = peer -> Ending.INTERRUPTED;
        run(Duration.ofMinutes(30));

        List<Long> gaps = new ArrayList<>();
        for (int i = 1; i < sessions.size(); i++) {
            gaps.add(at(i).minus(at(i - 1)).toSeconds());
        }
        assertThat(gaps).startsWith(10L, 20L, 40L, 80L, 160L, 300L, 300L);
        assertThat(sessions.size()).isLessThan(13);

        ending = peer -> Ending.DONE;
        run(Duration.ofMinutes(6));
        int before = sessions.size();
        ending = peer -> Ending.BUSY;
        run(Duration.ofMinutes(6).plusSeconds(11));
        assertThat(at(before + 1).minus(at(before))).as("success makes the rest short again").isEqualTo(SyncService.REST);
    }

    @Test
    void whereAllAreBusyQuestionsBecomeRare() {
        IntStream.range(10, 60).mapToObj(SyncTest::peer).forEach(connected::add);
        ending = peer -> Ending.BUSY;
        run(Duration.ofMinutes(60));

        assertThat(sessions).hasSizeBetween(15, 25);
        assertThat(peers()).as("others first").doesNotHaveDuplicates();
    }

    @Test
    void whoIsDishonestIsLeftAloneForAnHour() {
        connected.addAll(List.of(A, B));
        ending = peer -> peer.equals(A) ? Ending.PROTOCOL : Ending.EQUAL;
        run(Duration.ofMinutes(59));
        assertThat(peers()).containsOnlyOnce(A);

        run(Duration.ofMinutes(20));
        assertThat(peers().stream().filter(A::equals)).hasSize(2);
    }

    @Test
    void aNewcomerDoesNotWaitForTheFailuresOfOthers() {
        connected.addAll(List.of(A, B, C));
        run(Duration.ofSeconds(5));
        ending = peer -> peer.equals(D) ? Ending.DONE : Ending.BUSY;
        run(Duration.ofMinutes(12));
        connected.add(D);
        Duration came = Duration.ofNanos(now - began);
        run(Duration.ofSeconds(5));

        assertThat(peers().getLast()).isEqualTo(D);
        assertThat(sessions.getLast().at).isLessThanOrEqualTo(came.plus(TICK));
    }

    private static Optional<PeerId> tick(SyncService service, long now, List<Candidate> candidates) {
        service.look(candidates);
        return service.tick(now);
    }
}
