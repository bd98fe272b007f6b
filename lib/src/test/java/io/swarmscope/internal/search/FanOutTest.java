package io.swarmscope.internal.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.swarmscope.Multiaddr;
import io.swarmscope.PeerId;
import io.swarmscope.Query;
import io.swarmscope.SearchReport.Cause;
import io.swarmscope.SearchReport.Outcome;
import io.swarmscope.SearchReport.PeerReport;
import io.swarmscope.host.Connection;
import io.swarmscope.host.HostException;
import io.swarmscope.host.Identified;
import io.swarmscope.host.Stream;
import io.swarmscope.internal.fork.Deadline;
import io.swarmscope.internal.fork.Outcome.Failed;
import io.swarmscope.internal.fork.Outcome.Value;
import io.swarmscope.internal.record.Heads;
import io.swarmscope.internal.swarm.Neighbour;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whom a call asks, and when: told what happened, without threads, sockets or waiting. Time is what the test says. */
class FanOutTest {
    private static final long MILLI = 1_000_000L;
    private static final long START = System.nanoTime();
    private static final Deadline LATEST = new Deadline(START + 10_000 * MILLI);

    private Street street;

    @BeforeEach
    void build() throws Exception {
        street = new Street();
    }

    @AfterEach
    void close() {
        street.close();
    }

    @Test
    void theBestAreAskedAndWhenAllHaveAnsweredItIsOver() throws Exception {
        PeerId best = peer(9);
        PeerId second = peer(6);
        peer(3);
        FanOut<Given> fanOut = fanOut(2);

        List<PeerTask<Given>> first = fanOut.due(START);
        assertThat(first).extracting(task -> task.part.id()).containsExactlyInAnyOrder(best, second);
        fanOut.ended(first.get(0), found(), START);
        assertThat(fanOut.due(START)).isEmpty();
        assertThat(fanOut.finished()).isFalse();
        fanOut.ended(first.get(1), found(), START);

        assertThat(fanOut.finished()).isTrue();
        assertThat(fanOut.answeredInFull()).isTrue();
    }

    @Test
    void whoeverIsOfNoHelpIsReplacedByTheNextBest() throws Exception {
        List<PeerId> ranked = List.of(peer(12), peer(9), peer(6));
        FanOut<Given> fanOut = fanOut(1);

        PeerTask<Given> first = only(fanOut.due(START));
        fanOut.ended(first, failed(new Refused("busy")), START);
        PeerTask<Given> second = only(fanOut.due(START));
        fanOut.ended(second, new Value<>(new Given(0)), START);
        PeerTask<Given> third = only(fanOut.due(START));
        fanOut.ended(third, found(), START);

        assertThat(List.of(first.part.id(), second.part.id(), third.part.id())).isEqualTo(ranked);
        assertThat(fanOut.due(START)).isEmpty();
        assertThat(fanOut.finished()).isTrue();
        assertThat(causes(fanOut)).containsExactly(Cause.REFUSED, Cause.EMPTY, Cause.NONE);
    }

    @Test
    void noMoreThanThreeAreAskedForASeat() throws Exception {
        IntStream.range(0, 20).forEach(i -> peer(1));
        FanOut<Given> fanOut = fanOut(2);
        int asked = 0;
        for (List<PeerTask<Given>> due = fanOut.due(START); !due.isEmpty(); due = fanOut.due(START)) {
            asked += due.size();
            due.forEach(task -> fanOut.ended(task, new Value<>(new Given(0)), START));
        }

        assertThat(asked).isEqualTo(6);
        assertThat(fanOut.finished()).isTrue();
        assertThat(fanOut.answeredInFull()).as("nobody has it, and they said so").isTrue();
    }

    @Test
    void besideAPeerThatIsSlowerThanItUsedToBeTheNextBestIsAskedOnce() throws Exception {
        PeerId slow = peer(12);
        PeerId quick = peer(9);
        peer(6);
        takes(slow, 100);
        FanOut<Given> fanOut = fanOut(1);
        only(fanOut.due(START));

        assertThat(fanOut.due(START + 99 * MILLI)).isEmpty();
        assertThat(fanOut.wakeAt()).isEqualTo(START + 100 * MILLI);
        PeerTask<Given> hedge = only(fanOut.due(START + 100 * MILLI));
        assertThat(hedge.part.id()).isEqualTo(quick);
        assertThat(fanOut.due(START + 9_000 * MILLI)).as("once").isEmpty();
        fanOut.ended(hedge, found(), START + 150 * MILLI);

        assertThat(fanOut.finished()).as("nobody waits for the slow one any more").isTrue();
        assertThat(causes(fanOut)).containsExactly(Cause.HEDGED, Cause.NONE);
    }

    @Test
    void aHedgeThatComesTooLateIsNotCalledSlow() throws Exception {
        PeerId slow = peer(9);
        PeerId hedge = peer(6);
        takes(slow, 100);
        double before = street.reputation.score(hedge);
        FanOut<Given> fanOut = fanOut(1);
        PeerTask<Given> first = only(fanOut.due(START));
        only(fanOut.due(START + 100 * MILLI));
        fanOut.ended(first, found(), START + 101 * MILLI);

        assertThat(causes(fanOut)).containsExactly(Cause.NONE, Cause.CANCELLED);
        assertThat(street.reputation.score(hedge)).isGreaterThanOrEqualTo(before - 0.001);
    }

    @Test
    void whenTheSlowOneFailsItsHedgeIsWaitedForAndNobodyElseIsAsked() throws Exception {
        takes(peer(12), 100);
        peer(9);
        peer(6);
        FanOut<Given> fanOut = fanOut(1);
        PeerTask<Given> slow = only(fanOut.due(START));
        PeerTask<Given> hedge = only(fanOut.due(START + 100 * MILLI));

        fanOut.ended(slow, reset(), START + 101 * MILLI);
        assertThat(fanOut.due(START + 101 * MILLI)).isEmpty();
        fanOut.ended(hedge, new Value<>(new Given(0)), START + 102 * MILLI);

        assertThat(fanOut.due(START + 102 * MILLI)).as("both were of no help").hasSize(1);
    }

    @Test
    void aPeerOfWhichNothingIsKnownIsHedgedAfterWhatOthersTakeElseAfterAQuarterOfTheTime() throws Exception {
        peer(9);
        peer(6);
        FanOut<Given> alone = fanOut(1);
        alone.due(START);
        assertThat(alone.wakeAt()).isEqualTo(START + 2_500 * MILLI);

        takes(Heads.someone().peerId(), 300);
        FanOut<Given> experienced = fanOut(1);
        experienced.due(START);
        assertThat(experienced.wakeAt()).isEqualTo(START + 300 * MILLI);
    }

    @Test
    void whereNobodyIsLeftABrokenStreamIsTriedAgainAfterTimesThatDouble() throws Exception {
        peer(9);
        FanOut<Given> fanOut = fanOut(1);
        long now = START;
        PeerTask<Given> task = only(fanOut.due(now));
        for (int attempt = 1; attempt < 4; attempt++) {
            fanOut.ended(task, reset(), now);
            assertThat(fanOut.due(now)).isEmpty();
            assertThat(fanOut.finished()).isFalse();
            long pause = fanOut.wakeAt() - now;
            assertThat(pause).isBetween((25L << attempt) * MILLI / 2, (25L << attempt) * MILLI);
            now += pause;
            task = only(fanOut.due(now));
        }
        fanOut.ended(task, reset(), now);

        assertThat(fanOut.due(now)).isEmpty();
        assertThat(fanOut.finished()).as("four times are enough").isTrue();
        assertThat(reports(fanOut)).singleElement().satisfies(report -> assertThat(report.attempts()).isEqualTo(4));
    }

    @Test
    void whoWasSilentOrLiedIsNotAskedAgain() throws Exception {
        for (Exception failure : List.of(new HostException(HostException.Kind.TIMED_OUT, "silent"), new Dishonest("lie"))) {
            street.neighbours.clear();
            peer(9);
            FanOut<Given> fanOut = fanOut(1);
            fanOut.ended(only(fanOut.due(START)), failed(failure), START);

            assertThat(fanOut.due(START)).isEmpty();
            assertThat(fanOut.finished()).isTrue();
            assertThat(fanOut.answeredInFull()).isFalse();
        }
    }

    @Test
    void aPeerThatBrokeOffIsReplacedRatherThanTriedAgain() throws Exception {
        peer(9);
        PeerId other = peer(6);
        FanOut<Given> fanOut = fanOut(1);
        fanOut.ended(only(fanOut.due(START)), reset(), START);

        assertThat(only(fanOut.due(START)).part.id()).isEqualTo(other);
    }

    @Test
    void theTimeShrinksToWhatLatenciesJustifyAndGrowsWhileResultsArrive() throws Exception {
        takes(peer(9), 200);
        takes(peer(6), 300);
        FanOut<Given> fanOut = fanOut(2);
        List<PeerTask<Given>> asked = fanOut.due(START);

        long justified = (4 * 300 + 50) * MILLI;
        assertThat(fanOut.until()).isEqualTo(START + justified);
        fanOut.ended(asked.get(0), found(), START + 1_000 * MILLI);
        assertThat(fanOut.until()).as("somebody had something").isEqualTo(START + 1_000 * MILLI + justified);
        fanOut.ended(asked.get(1), new Value<>(new Given(0)), START + 2_000 * MILLI);
        assertThat(fanOut.until()).as("nothing came").isEqualTo(START + 1_000 * MILLI + justified);
    }

    @Test
    void theTimeNeverGrowsBeyondTheCallers() throws Exception {
        peer(9);
        takes(peer(6), 3_000);
        FanOut<Given> fanOut = fanOut(2);
        List<PeerTask<Given>> asked = fanOut.due(START);
        assertThat(fanOut.until()).as("of one peer nothing is known").isEqualTo(LATEST.nanoTime());
        fanOut.ended(asked.get(0), found(), START + 9_999 * MILLI);

        assertThat(fanOut.until()).isEqualTo(LATEST.nanoTime());
    }

    /** A well-known peer that served so many times of twelve; who served better is asked first. */
    private PeerId peer(int successes) {
        PeerId id = Heads.someone().peerId();
        IntStream.range(0, 3 * successes).forEach(i -> street.reputation.succeeded(id, MILLI));
        IntStream.range(0, 3 * (12 - successes)).forEach(i -> street.reputation.failed(id));
        Identified said = new Identified("test", "", Set.of(Street.PROTOCOL), List.of(), null);
        street.neighbours.add(new Neighbour(new Line(id, said), said, 0));
        return id;
    }

    private void takes(PeerId peer, int millis) {
        IntStream.range(0, 10).forEach(i -> street.asking.latencies.add(peer, millis * MILLI));
    }

    private FanOut<Given> fanOut(int seats) throws InterruptedException {
        return new FanOut<>(
                street.asking,
                seats,
                street.asking.choice.line(seats, LATEST),
                new SearchRequest.Search(Query.all(), 10),
                (peer, answer) -> new Given(0),
                new Patience(street.asking.latencies, TimeUnit.SECONDS.toNanos(10), true, 0),
                LATEST,
                START);
    }

    private static PeerTask<Given> only(List<PeerTask<Given>> due) {
        assertThat(due).hasSize(1);
        return due.getFirst();
    }

    private static Value<Given> found() {
        return new Value<>(new Given(1));
    }

    private static Failed<Given> reset() {
        return failed(new HostException(HostException.Kind.STREAM_RESET, "reset"));
    }

    private static Failed<Given> failed(Exception cause) {
        return new Failed<>(cause);
    }

    private static List<PeerReport> reports(FanOut<Given> fanOut) {
        return fanOut.settle(Fault.NOT_WAITED_FOR, true);
    }

    private static List<Cause> causes(FanOut<Given> fanOut) {
        List<Cause> causes = new ArrayList<>();
        for (PeerReport report : reports(fanOut)) {
            causes.add(report.cause());
            assertThat(report.outcome() == Outcome.ANSWERED)
                    .isEqualTo(report.cause() == Cause.NONE || report.cause() == Cause.EMPTY);
        }
        return causes;
    }

    private record Given(int count) implements PeerAnswer {
        @Override
        public boolean all() {
            return true;
        }
    }

    /** A connection that is only there. */
    private record Line(PeerId remote, Identified identified) implements Connection {
        @Override
        public long id() {
            return 1;
        }

        @Override
        public Multiaddr remoteAddress() {
            return Multiaddr.parse("/ip4/127.0.0.1/tcp/1");
        }

        @Override
        public boolean outbound() {
            return true;
        }

        @Override
        public Stream open(List<String> protocols, Duration timeout) {
            throw new AssertionError("nobody runs the tasks");
        }

        @Override
        public int streams() {
            return 0;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }
}
