package io.swarmscope.internal.swarm;

import static io.swarmscope.internal.swarm.Peers.address;
import static io.swarmscope.internal.swarm.Peers.dialedByThem;
import static io.swarmscope.internal.swarm.Peers.dialedByUs;
import static io.swarmscope.internal.swarm.Peers.peer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.swarmscope.Multiaddr;
import io.swarmscope.PeerId;
import io.swarmscope.RegistryException;
import io.swarmscope.host.Connection;
import io.swarmscope.host.HostException;
import io.swarmscope.host.Identified;
import io.swarmscope.internal.kad.Bytes;
import io.swarmscope.internal.kad.KadConfig;
import io.swarmscope.internal.kad.Operation;
import io.swarmscope.internal.kad.OperationResult;
import io.swarmscope.internal.kad.QueryId;
import io.swarmscope.internal.kad.Request;
import io.swarmscope.internal.kad.Validators;
import io.swarmscope.internal.peer.KnownAddress;
import io.swarmscope.internal.peer.KnownPeer;
import io.swarmscope.internal.peer.Reputation;
import io.swarmscope.internal.wire.Limits;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The swarm as a value: inputs in, actions out, no thread and no clock but the one below. */
class SwarmTest {

    private static final long SEED = 42;
    private static final PeerId US = peer(100);
    private static final String KAD = KadConfig.DEFAULT.protocolId();

    private long now = 1_000_000_000L;
    private long nextQuery = 1;
    private Instant wallClock = Instant.ofEpochMilli(50_000);

    @Test
    void callersThatWantTheSamePeerShareOneDialAndAllGetItsConnection() {
        Swarm swarm = swarm();
        List<CompletableFuture<Connection>> replies = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            replies.add(reach(swarm, peer(1), Duration.ofSeconds(5)));
        }
        assertThat(actions(swarm, Action.Dial.class)).hasSize(1);

        Connection connection = dialedByUs(peer(1));
        on(swarm, new Event.Dialed(peer(1), connection, null));
        perform(swarm);
        assertThat(replies).allSatisfy(r -> assertThat(r).isCompletedWithValue(connection));
        reach(swarm, peer(1), Duration.ofSeconds(5));
        assertThat(actions(swarm, Action.Dial.class)).as("a live connection is used again").isEmpty();
    }

    @Test
    void aPeerThatDialsUsMeanwhileServesThoseWhoWaitForOurDial() {
        Swarm swarm = swarm();
        CompletableFuture<Connection> reply = reach(swarm, peer(1), Duration.ofSeconds(5));
        Connection theirs = dialedByThem(peer(1));
        on(swarm, new Event.Opened(theirs));
        perform(swarm);
        assertThat(reply).isCompletedWithValue(theirs);
    }

    @Test
    void ofTwoConnectionsBothEndsKeepTheOneThatTheSmallerIdDialed() {
        Swarm swarm = swarm();
        Connection ours = dialedByUs(peer(1));
        Connection theirs = dialedByThem(peer(1));
        on(swarm, new Event.Opened(ours));
        on(swarm, new Event.Opened(theirs));
        perform(swarm);

        CompletableFuture<Connection> reply = reach(swarm, peer(1), Duration.ofSeconds(5));
        perform(swarm);
        assertThat(reply).isCompletedWithValue(theirs);

        pass(swarm, Duration.ofMillis(900));
        assertThat(actions(swarm, Action.CloseIfIdle.class)).isEmpty();
        pass(swarm, Duration.ofSeconds(2));
        assertThat(actions(swarm, Action.CloseIfIdle.class)).containsExactly(new Action.CloseIfIdle(ours));
    }

    @Test
    void aFailedDialFailsItsCallersWithItsCauseAndLetsThePeerRest() {
        Swarm swarm = swarm();
        CompletableFuture<Connection> reply = reach(swarm, peer(1), Duration.ofSeconds(5));
        HostException refused = new HostException(HostException.Kind.REFUSED, "nobody listens there");
        on(swarm, new Event.Dialed(peer(1), null, refused));
        perform(swarm);
        assertThatThrownBy(reply::get).isInstanceOf(ExecutionException.class).hasCause(refused);

        reach(swarm, peer(1), Duration.ofSeconds(5));
        assertThat(actions(swarm, Action.Dial.class)).as("a caller insists").hasSize(1);
    }

    @Test
    void aCallerThatLeavesTakesItsWaitBack() {
        Swarm swarm = swarm();
        CompletableFuture<Connection> reply = new CompletableFuture<>();
        QueryId query = new QueryId(7);
        on(swarm, new Command.Reach(query, peer(1), List.of(address(1)), false, now + 5_000_000_000L, reply));
        CompletableFuture<Boolean> cancelled = new CompletableFuture<>();
        on(swarm, new Command.Cancel(query, cancelled));
        on(swarm, new Event.Dialed(peer(1), dialedByUs(peer(1)), null));
        perform(swarm);
        assertThat(cancelled).isCompletedWithValue(true);
        assertThat(reply).isNotDone();
    }

    @Test
    void aPeerThatNeverTellsAboutItselfIsConnectedAtTheDeadlineAllTheSame() {
        Swarm swarm = swarm();
        CompletableFuture<Connection> reply = new CompletableFuture<>();
        Connection connection = dialedByUs(peer(1));
        on(swarm, new Command.Reach(new QueryId(7), peer(1), List.of(address(1)), true, now + 1_000_000_000L, reply));
        on(swarm, new Event.Dialed(peer(1), connection, null));
        perform(swarm);
        assertThat(reply).isNotDone();
        pass(swarm, Duration.ofSeconds(1));
        perform(swarm);
        assertThat(reply).isCompletedWithValue(connection);
    }

    @Test
    void noMoreDialsRunAtOnceThanTheLimitSaysAndTheRestFollow() {
        Swarm swarm = swarm();
        for (int i = 0; i < Limits.DIALS + 10; i++) {
            reach(swarm, peer(i), Duration.ofSeconds(60));
        }
        assertThat(actions(swarm, Action.Dial.class)).hasSize(Limits.DIALS);
        for (int i = 0; i < 10; i++) {
            on(swarm, new Event.Dialed(peer(i), null, new HostException(HostException.Kind.REFUSED, "no")));
        }
        assertThat(actions(swarm, Action.Dial.class)).hasSize(10);
    }

    @Test
    void aNodeWithDeadSeedsTriesAgainEverMoreSeldomAndSaysThatItHasNotJoined() {
        Multiaddr seed = address(4001).withPeerId(peer(1));
        Swarm swarm = swarm(seed);
        CompletableFuture<Boolean> joined = new CompletableFuture<>();
        on(swarm, new Command.AwaitJoined(new QueryId(5), now + Duration.ofSeconds(3).toNanos(), joined));
        List<Long> attempts = new ArrayList<>();
        long began = now;
        while (now - began < Duration.ofMinutes(10).toNanos()) {
            swarm.tick(now);
            for (Action action; (action = swarm.nextAction()) != null; ) {
                if (action instanceof Action.Dial dial) {
                    attempts.add(now);
                    assertThat(dial.addresses()).containsExactly(address(4001));
                    on(swarm, new Event.Dialed(peer(1), null, new HostException(HostException.Kind.REFUSED, "no")));
                } else if (action instanceof Action.Settle<?> settle) {
                    settle.perform();
                }
            }
            now = Math.max(now + 1, swarm.nextDeadline());
        }
        assertThat(joined).isCompletedWithValue(false);
        assertThat(attempts).hasSizeBetween(10, 40);
        long firstWait = attempts.get(1) - attempts.get(0);
        long lastWait = attempts.get(attempts.size() - 1) - attempts.get(attempts.size() - 2);
        assertThat(lastWait).isGreaterThan(10 * firstWait).isLessThanOrEqualTo(Limits.REJOIN_BACKOFF_MAX.toNanos());
    }

    @Test
    void aNodeThatLostEverybodyDialsWhoWasOfUseEvenWithoutBootstrapAddresses() {
        Swarm swarm = swarm();
        Connection connection = dialedByThem(peer(1));
        on(swarm, new Event.Opened(connection));
        on(swarm, new Event.Identity(connection, serving(KAD)));
        answerAllWithNothing(swarm, actions(swarm, Action.Send.class));
        on(swarm, new Event.Closed(connection, "the peer left"));
        pass(swarm, Limits.REJOIN_BACKOFF);
        assertThat(actions(swarm, Action.Dial.class)).containsExactly(new Action.Dial(peer(1), List.of(address(4001))));
    }

    @Test
    void aRestartedNodeDialsWhomItKnewFirstThoseOfItsRoutingTableBeforeOthers() {
        Multiaddr seed = address(4001).withPeerId(peer(99));
        Swarm swarm = restarted(IntStream.range(0, 20).mapToObj(SwarmTest::known).toList(), peers(3, 4, 5), seed);
        swarm.tick(now);
        assertThat(dialed(swarm)).containsExactlyElementsOf(peers(5, 4, 3, 19, 18, 17, 16, 15));

        Connection connection = dialedByUs(peer(4));
        on(swarm, new Event.Dialed(peer(4), connection, null));
        on(swarm, new Event.Identity(connection, serving(KAD)));
        pass(swarm, Limits.JOIN_KNOWN_FIRST);
        pass(swarm, Limits.REJOIN_BACKOFF);
        assertThat(dialed(swarm)).as("who is met needs no bootstrap address").doesNotContain(peer(99));
    }

    @Test
    void aRestartedNodeThatMeetsNobodyItKnewDialsTheBootstrapAddressesSoonAndThenOthersItKnew() {
        Multiaddr seed = address(4001).withPeerId(peer(99));
        Swarm swarm = restarted(IntStream.range(0, 20).mapToObj(SwarmTest::known).toList(), List.of(), seed);
        swarm.tick(now);
        List<PeerId> first = dialed(swarm);
        assertThat(first).hasSize(Limits.REJOIN_PEERS).doesNotContain(peer(99));
        // Half of them refuse, the others are silent.
        first.subList(0, 4)
                .forEach(peer -> on(swarm, new Event.Dialed(peer, null, new HostException(HostException.Kind.REFUSED, "no"))));

        pass(swarm, Limits.JOIN_KNOWN_FIRST.minusMillis(1));
        assertThat(dialed(swarm)).isEmpty();
        assertThat(swarm.nextDeadline()).isEqualTo(now + 1_000_000);
        pass(swarm, Duration.ofMillis(1));
        assertThat(dialed(swarm)).startsWith(peer(99)).hasSize(9).doesNotContainAnyElementsOf(first);
    }

    @Test
    void aNodeThatStartsForTheFirstTimeDialsTheBootstrapAddressesAtOnce() {
        Swarm swarm = swarm(address(4001).withPeerId(peer(99)));
        swarm.tick(now);
        assertThat(dialed(swarm)).containsExactly(peer(99));
    }

    @Test
    void whomANodeKnowsIsHandedOutAndTakenBack() throws Exception {
        Swarm swarm = restarted(List.of(known(1), known(2), new KnownPeer(US, known(3).addresses(), 5)), peers(1, 7));
        Connection connection = dialedByThem(peer(1));
        on(swarm, new Event.Opened(connection));
        on(swarm, new Event.Identity(connection, serving(KAD)));
        wallClock = Instant.ofEpochMilli(90_000);
        PeersSnapshot known = peers(swarm);
        assertThat(known.routingTable()).as("of whom an address is known").containsExactly(peer(1));
        assertThat(known.peers()).as("who is connected is in use now").containsExactly(known(2), new KnownPeer(peer(1), known(1).addresses(), 90_000));

        Swarm again = restarted(known.peers(), known.routingTable());
        assertThat(peers(again)).isEqualTo(known);
    }

    @Test
    void handingOutTenThousandPeersTakesTheSwarmNoTimeToSpeakOf() throws Exception {
        Swarm swarm = restarted(IntStream.range(0, 10_000).mapToObj(SwarmTest::manyAddresses).toList(), List.of());
        long shortest = Long.MAX_VALUE;
        for (int i = 0; i < 20; i++) {
            long began = System.nanoTime();
            assertThat(peers(swarm).peers()).hasSize(10_000);
            shortest = Math.min(shortest, System.nanoTime() - began);
        }
        assertThat(Duration.ofNanos(shortest)).isLessThan(Duration.ofMillis(5));
    }

    private static KnownPeer manyAddresses(int number) {
        List<KnownAddress> addresses = IntStream.range(0, 8)
                .mapToObj(port -> new KnownAddress(address(port + 1), true, true, 0))
                .toList();
        byte[] publicKey = {8, 1, 18, 4, 0, 0, (byte) (number >> 8), (byte) number};
        return new KnownPeer(PeerId.ofPublicKey(publicKey), addresses, number);
    }

    private Swarm restarted(List<KnownPeer> known, List<PeerId> table, Multiaddr... bootstrap) {
        return new Swarm(config(bootstrap).withRemembered(new Remembered(known, table, List.of(), List.of())), now);
    }

    /** Used the later the greater its number. */
    private static KnownPeer known(int number) {
        return new KnownPeer(peer(number), List.of(new KnownAddress(address(4001), true, false, 0)), 1_000 + number);
    }

    private static List<PeerId> peers(int... numbers) {
        return IntStream.of(numbers).mapToObj(Peers::peer).toList();
    }

    private static List<PeerId> dialed(Swarm swarm) {
        return actions(swarm, Action.Dial.class).stream().map(Action.Dial::peer).toList();
    }

    private PeersSnapshot peers(Swarm swarm) throws Exception {
        CompletableFuture<PeersSnapshot> reply = new CompletableFuture<>();
        on(swarm, new Command.ListPeers(reply));
        perform(swarm);
        return reply.get();
    }

    @Test
    void theFirstPeerThatServesTheDhtIsAskedForOurNeighbourhoodAndThenTheNodeHasJoined() {
        Swarm swarm = swarm();
        CompletableFuture<Boolean> joined = new CompletableFuture<>();
        on(swarm, new Command.AwaitJoined(new QueryId(5), now + Duration.ofSeconds(30).toNanos(), joined));
        Connection connection = dialedByThem(peer(1));
        on(swarm, new Event.Opened(connection));
        on(swarm, new Event.Identity(connection, serving(KAD)));
        List<Action.Send> sends = actions(swarm, Action.Send.class);
        assertThat(sends).isNotEmpty().allSatisfy(s -> assertThat(s.request()).isInstanceOf(Request.FindNode.class));
        answerAllWithNothing(swarm, sends);
        assertThat(joined).isCompletedWithValue(true);
    }

    @Test
    void whoIsInItsNetworkDialsNowAndThenWhomItHasLost() {
        Swarm swarm = swarm(address(4001).withPeerId(peer(9)));
        actions(swarm, Action.Dial.class);
        on(swarm, new Event.Dialed(peer(9), null, new HostException(HostException.Kind.TIMED_OUT, "another part of the network")));
        Connection connection = dialedByThem(peer(1));
        on(swarm, new Event.Opened(connection));
        on(swarm, new Event.Identity(connection, serving(KAD)));
        answerAllWithNothing(swarm, actions(swarm, Action.Send.class));
        pass(swarm, Duration.ofSeconds(1));
        assertThat(dialed(swarm)).as("nobody is dialed at once").isEmpty();
        Set<PeerId> dialed = new HashSet<>();
        for (long end = now + Limits.REUNITE_EVERY.multipliedBy(2).toNanos(); now < end; ) {
            pass(swarm, Duration.ofSeconds(1));
            dialed.addAll(dialed(swarm));
        }
        assertThat(dialed).containsExactly(peer(9));
    }

    @Test
    void whoLosesEverybodyDuringItsFirstLookupLooksAgainWhenItMeetsSomebody() {
        Swarm swarm = swarm();
        CompletableFuture<Boolean> joined = new CompletableFuture<>();
        on(swarm, new Command.AwaitJoined(new QueryId(5), now + Duration.ofSeconds(30).toNanos(), joined));
        Connection lost = dialedByThem(peer(1));
        on(swarm, new Event.Opened(lost));
        on(swarm, new Event.Identity(lost, serving(KAD)));
        assertThat(actions(swarm, Action.Send.class)).as("the first lookup runs").isNotEmpty();
        on(swarm, new Event.Closed(lost, "the peer has too many"));
        perform(swarm);
        assertThat(joined).isNotDone();

        Connection other = dialedByThem(peer(2));
        on(swarm, new Event.Opened(other));
        on(swarm, new Event.Identity(other, serving(KAD)));
        HostException gone = new HostException(HostException.Kind.REFUSED, "no address of the one who left is known");
        on(swarm, new Event.Dialed(peer(1), null, gone));
        answerAllWithNothing(swarm, actions(swarm, Action.Send.class));
        assertThat(joined).isCompletedWithValue(true);
    }

    @Test
    void aPeerOfAnotherNetworkDoesNotEnterTheRoutingTable() throws Exception {
        Swarm swarm = swarm();
        Connection connection = dialedByThem(peer(1));
        on(swarm, new Event.Opened(connection));
        on(swarm, new Event.Identity(connection, serving("/other/kad/1.0.0")));
        assertThat(actions(swarm, Action.Send.class)).isEmpty();
        CompletableFuture<SwarmStatus> status = new CompletableFuture<>();
        on(swarm, new Command.ReadStatus(status));
        perform(swarm);
        assertThat(status.get().routingTable()).isZero();
        assertThat(status.get().connections()).isEqualTo(1);
    }

    @Test
    void anOperationThatNobodyAnswersEndsAtItsDeadline() throws Exception {
        Swarm swarm = swarm();
        Connection connection = dialedByThem(peer(1));
        on(swarm, new Event.Opened(connection));
        on(swarm, new Event.Identity(connection, serving(KAD)));
        actions(swarm, Action.Send.class);
        CompletableFuture<OperationResult> reply = new CompletableFuture<>();
        on(swarm, new Command.Run(
                new QueryId(9), new Operation.FindClosest(Bytes.of(new byte[] {1})), now + 2_000_000_000L, reply));
        pass(swarm, Duration.ofSeconds(2));
        perform(swarm);
        assertThat(reply).isDone();
        assertThat(reply.get()).isInstanceOf(OperationResult.Closest.class);
    }

    @Test
    void closingFailsEverythingThatIsPendingWithTheSameTypedReason() {
        Swarm swarm = swarm();
        List<CompletableFuture<?>> replies = new ArrayList<>();
        replies.add(reach(swarm, peer(1), Duration.ofSeconds(5)));
        CompletableFuture<OperationResult> run = new CompletableFuture<>();
        on(swarm, new Event.Opened(dialedByThem(peer(2))));
        on(swarm, new Command.Reach(new QueryId(90), peer(2), List.of(), true, now + 9_000_000_000L, waiting(replies)));
        on(swarm, new Command.Run(new QueryId(91), new Operation.Bootstrap(), now + 9_000_000_000L, run));
        CompletableFuture<Boolean> joined = new CompletableFuture<>();
        on(swarm, new Command.AwaitJoined(new QueryId(92), now + 9_000_000_000L, joined));
        replies.add(joined);
        swarm.close(now);
        perform(swarm);
        assertThat(replies.get(0)).isCompletedExceptionally();
        assertThat(replies).allSatisfy(r -> assertThatThrownBy(r::get)
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(RegistryException.Closed.class));
    }

    private static CompletableFuture<Connection> waiting(List<CompletableFuture<?>> replies) {
        CompletableFuture<Connection> reply = new CompletableFuture<>();
        replies.add(reply);
        return reply;
    }

    private Swarm swarm(Multiaddr... bootstrap) {
        return new Swarm(config(bootstrap), now);
    }

    private static SwarmConfig config(Multiaddr... bootstrap) {
        return new SwarmConfig(
                US,
                KadConfig.DEFAULT,
                Validators.DEFAULT,
                List.of(bootstrap),
                new Random(SEED),
                new Reputation(),
                (key, value) -> {});
    }

    private static Identified serving(String protocol) {
        return new Identified("test/1", "", Set.of(protocol), List.of(address(4001)), null);
    }

    private void on(Swarm swarm, Input input) {
        swarm.on(input, now, wallClock);
    }

    private CompletableFuture<Connection> reach(Swarm swarm, PeerId peer, Duration timeout) {
        CompletableFuture<Connection> reply = new CompletableFuture<>();
        on(swarm, new Command.Reach(
                new QueryId(nextQuery++), peer, List.of(address(4001)), false, now + timeout.toNanos(), reply));
        return reply;
    }

    private void pass(Swarm swarm, Duration time) {
        now += time.toNanos();
        swarm.tick(now);
    }

    private void answerAllWithNothing(Swarm swarm, List<Action.Send> sends) {
        sends.forEach(s -> on(swarm, new Event.Answered(s.id(), new io.swarmscope.internal.kad.Answer.Nodes(List.of()))));
        List<Action.Send> more = actions(swarm, Action.Send.class);
        if (!more.isEmpty()) {
            answerAllWithNothing(swarm, more);
        }
    }

    /** The actions of one kind; settles replies on the way, as the swarm thread does. */
    private static <A extends Action> List<A> actions(Swarm swarm, Class<A> kind) {
        List<A> found = new ArrayList<>();
        for (Action action; (action = swarm.nextAction()) != null; ) {
            if (kind.isInstance(action)) {
                found.add(kind.cast(action));
            }
            switch (action) {
                case Action.Settle<?> settle -> settle.perform();
                case Action.Fail fail -> fail.perform();
                default -> {}
            }
        }
        return found;
    }

    private static void perform(Swarm swarm) {
        actions(swarm, Action.Dial.class);
    }
}
