package io.swarmscope.internal.kad;

import static io.swarmscope.internal.kad.Fixtures.MILLI;
import static io.swarmscope.internal.kad.Fixtures.SECOND;
import static io.swarmscope.internal.kad.Fixtures.numberKey;
import static io.swarmscope.internal.kad.Fixtures.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.swarmscope.DhtMode;
import io.swarmscope.Multiaddr;
import io.swarmscope.PeerId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** One node, looked at from outside: what it answers, and what it wants done. */
class KademliaTest {

    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final long DEADLINE = 60 * SECOND;

    private final RandomGenerator random = Fixtures.random("KademliaTest");
    private final PeerId self = Fixtures.peer(random);
    private final Map<PeerId, List<Multiaddr>> book = new HashMap<>();
    private final Map<Bytes, Bytes> holdings = new HashMap<>();
    private Kademlia kad = node(KadConfig.DEFAULT);

    // ---- serving

    @Test
    void itNamesTheNearestPeersButNotTheOneWhoAsksNorThoseWithoutAddress() {
        List<PeerId> known = meet(50);
        PeerId unreachable = Fixtures.peer(random);
        kad.peerConnectedServer(unreachable, 0);
        Bytes key = Fixtures.contentKey(random);
        Key target = Key.of(key.array());
        known.sort((x, y) -> target.compareDistance(Key.of(x), Key.of(y)));
        PeerId asking = known.get(2);
        List<PeerInfo> closer = ((Answer.Nodes) ask(asking, new Request.FindNode(key))).closer();
        known.remove(asking);
        assertThat(closer).hasSizeBetween(19, 20).extracting(PeerInfo::id).doesNotContain(unreachable, asking, self);
        assertThat(closer).allMatch(info -> info.addresses().equals(book.get(info.id())));
        assertThat(closer).allMatch(info -> info.connection() == ConnectionType.CONNECTED);
        assertThat(((Answer.Value) ask(asking, new Request.GetValue(numberKey("a")))).closer()).isNotEmpty();
        assertThat(((Answer.Providers) ask(asking, new Request.GetProviders(key))).closer()).isEqualTo(closer);
    }

    @Test
    void askedForItselfItNamesItselfAndItsNeighbours() {
        meet(30);
        List<PeerInfo> closer = findNode(Fixtures.peer(random), self);
        assertThat(closer).hasSize(20);
        assertThat(closer.getFirst().id()).isEqualTo(self);
        assertThat(closer.getFirst().addresses()).isEqualTo(book.get(self));
    }

    @Test
    void askedForThePeerThatAsksItNamesThatPeerIfItKnowsWhereItIs() {
        meet(30);
        PeerId asking = Fixtures.peer(random);
        List<Multiaddr> at = List.of(Fixtures.address(9));
        Request request = new Request.FindNode(Bytes.of(asking.toBytes()));
        assertThat(ask(asking, request).closer()).extracting(PeerInfo::id).doesNotContain(asking);
        book.put(asking, at);
        assertThat(ask(asking, request).closer()).hasSize(20).startsWith(new PeerInfo(asking, at, ConnectionType.CAN_CONNECT));
    }

    @Test
    void askedForAPeerOnlyItsAddressBookKnowsItNamesThatPeerFirst() {
        meet(30);
        PeerId client = Fixtures.peer(random);
        book.put(client, List.of(Fixtures.address(5)));
        assertThat(findNode(Fixtures.peer(random), client).getFirst().addresses()).containsExactly(Fixtures.address(5));
    }

    @Test
    void aKeyThatOnlyLooksLikeAPeerIsAnsweredToo() {
        meet(5);
        byte[] odd = new byte[38];
        odd[1] = 36;
        assertThat(((Answer.Nodes) ask(Fixtures.peer(random), new Request.FindNode(Bytes.of(odd)))).closer()).hasSize(5);
        byte[] wrongLength = {0x12, 0x20};
        assertThat(ask(Fixtures.peer(random), new Request.FindNode(Bytes.of(wrongLength)))).isNotNull();
    }

    @Test
    void aRecordIsKeptToldAndGivenBack() {
        PeerId peer = Fixtures.peer(random);
        Answer.Stored stored = (Answer.Stored) ask(peer, new Request.PutValue(record("a", "7")));
        assertThat(stored.record()).isEqualTo(record("a", "7"));
        assertThat(effects()).containsExactly(new Effect.Stored(numberKey("a"), Bytes.ofText("7")));
        Answer.Value value = (Answer.Value) ask(peer, new Request.GetValue(numberKey("a")));
        assertThat(value.record().value()).isEqualTo(Bytes.ofText("7"));
        assertThat(value.record().received()).isEqualTo(NOON);

        ask(peer, new Request.PutValue(record("a", "7")));
        assertThat(effects()).as("the same again is no news").isEmpty();
    }

    @Test
    void anInvalidRecordIsRefusedAndItsSenderNamed() {
        PeerId peer = Fixtures.peer(random);
        assertThat(answer(peer, new Request.PutValue(record("a", "x")))).isEqualTo(new Reply.Refuse("not a number"));
        assertThat(effects()).containsExactly(new Effect.Refused(peer, "not a number", false));
        assertThat(((Answer.Value) ask(peer, new Request.GetValue(numberKey("a")))).record()).isNull();
    }

    @Test
    void anOutdatedRecordIsRefusedAsOneThatAnHonestPeerMaySend() {
        PeerId peer = Fixtures.peer(random);
        ask(peer, new Request.PutValue(record("a", "7")));
        effects();
        assertThat(answer(peer, new Request.PutValue(record("a", "6")))).isEqualTo(new Reply.Refuse("a better value is held"));
        assertThat(effects()).containsExactly(new Effect.Refused(peer, "a better value is held", true));
    }

    @Test
    void onlyThePeerItselfWithAnAddressIsTakenAsProvider() {
        PeerId peer = Fixtures.peer(random);
        PeerId other = Fixtures.peer(random);
        Bytes key = Fixtures.contentKey(random);
        assertThat(answer(peer, new Request.AddProvider(key, List.of(Fixtures.info(other))))).isInstanceOf(Reply.Refuse.class);
        assertThat(answer(peer, new Request.AddProvider(key, List.of(new PeerInfo(peer, List.of()))))).isInstanceOf(Reply.Refuse.class);
        assertThat(answer(peer, new Request.AddProvider(Bytes.of(new byte[81]), List.of(Fixtures.info(peer)))))
                .isInstanceOf(Reply.Refuse.class);
        assertThat(effects()).hasSize(3).allMatch(Effect.Refused.class::isInstance);

        Request good = new Request.AddProvider(key, List.of(Fixtures.info(other), Fixtures.info(peer)));
        assertThat(answer(peer, good)).isEqualTo(new Reply.Nothing());
        assertThat(effects()).startsWith(new Effect.Learned(peer, Fixtures.info(peer).addresses()));
        Answer.Providers found = (Answer.Providers) ask(other, new Request.GetProviders(key));
        assertThat(found.providers()).containsExactly(Fixtures.info(peer));

        book.put(peer, List.of(Fixtures.address(77)));
        Answer.Providers fresher = (Answer.Providers) ask(other, new Request.GetProviders(key));
        assertThat(fresher.providers().getFirst().addresses()).containsExactly(Fixtures.address(77));
    }

    @Test
    void anAnnouncementIsToldEachTimeAndTheOwnOneToo() {
        PeerId peer = Fixtures.peer(random);
        Bytes key = Fixtures.contentKey(random);
        Effect told = new Effect.Provided(new ProviderEntry(key, peer, Fixtures.info(peer).addresses(), Duration.ofDays(2)));
        for (int i = 0; i < 2; i++) {
            answer(peer, new Request.AddProvider(key, List.of(Fixtures.info(peer))));
            assertThat(only(effects(), Effect.Provided.class)).containsExactly((Effect.Provided) told);
        }
        kad.start(new QueryId(1), new Operation.Provide(key), DEADLINE, 0);
        assertThat(only(effects(), Effect.Provided.class))
                .containsExactly(new Effect.Provided(new ProviderEntry(key, self, book.get(self), Duration.ofDays(2))));
    }

    @Test
    void aRecordHeldElsewhereIsAnsweredWithThoughNobodyPutItHere() {
        holdings.put(numberKey("a"), Bytes.ofText("7"));
        holdings.put(numberKey("gone"), Bytes.ofText("7expired"));
        holdings.put(Bytes.ofText("/other/a"), Bytes.ofText("7"));
        PeerId peer = Fixtures.peer(random);
        assertThat(value(peer, numberKey("a"))).isEqualTo(Bytes.ofText("7"));
        assertThat(kad.localRecord(numberKey("a"), 0).checked()).isTrue();
        assertThat(value(peer, numberKey("gone"))).as("it is asked again whether it may stand").isNull();
        assertThat(value(peer, Bytes.ofText("/other/a"))).as("in no namespace we know").isNull();
        assertThat(kad.recordCount()).isZero();

        ask(peer, new Request.PutValue(record("a", "8")));
        assertThat(value(peer, numberKey("a"))).as("of two the better").isEqualTo(Bytes.ofText("8"));
        holdings.put(numberKey("a"), Bytes.ofText("9"));
        assertThat(value(peer, numberKey("a"))).as("of two the better").isEqualTo(Bytes.ofText("9"));
    }

    private Bytes value(PeerId from, Bytes key) {
        KadRecord record = ((Answer.Value) ask(from, new Request.GetValue(key))).record();
        return record == null ? null : record.value();
    }

    @Test
    void whatWasKnownBeforeARestartIsKnownAgainForTheTimeItHadLeft() {
        PeerId provider = Fixtures.peer(random);
        Bytes key = Fixtures.contentKey(random);
        kad.restore(new RecordEntry(record("a", "7"), Duration.ofHours(1)), 0);
        kad.restore(new RecordEntry(record("late", "7"), Duration.ZERO), 0);
        kad.restore(new RecordEntry(record("long", "7"), Duration.ofSeconds(Long.MAX_VALUE)), 0);
        kad.restore(new ProviderEntry(key, provider, Fixtures.info(provider).addresses(), Duration.ofHours(1)), 0);
        kad.restore(new ProviderEntry(key, self, book.get(self), Duration.ofSeconds(-1)), 0);
        List<PeerId> table = Fixtures.peers(30, random);
        table.forEach(peer -> kad.restore(peer, 0));
        kad.restore(self, 0);

        assertThat(effects()).as("it is no news").isEmpty();
        assertThat(kad.localRecord(numberKey("a"), 3599 * SECOND).value()).isEqualTo(Bytes.ofText("7"));
        assertThat(kad.localRecord(numberKey("a"), 3600 * SECOND)).isNull();
        assertThat(kad.localRecord(numberKey("late"), 0)).isNull();
        assertThat(kad.localRecord(numberKey("long"), 2 * 86_400 * SECOND - 1)).isNotNull();
        assertThat(kad.localRecord(numberKey("long"), 2 * 86_400 * SECOND)).isNull();
        assertThat(((Answer.Providers) ask(provider, new Request.GetProviders(key))).providers())
                .extracting(PeerInfo::id)
                .containsExactly(provider);
        assertThat(kad.table()).hasSizeBetween(20, 30).isSubsetOf(table)
                .isSortedAccordingTo((x, y) -> Key.of(self).compareDistance(Key.of(x), Key.of(y)));
    }

    @Test
    void peersKnownBeforeARestartAreAskedAtOnceAndCheckedSoon() {
        List<PeerId> table = Fixtures.peers(3, random);
        table.forEach(peer -> kad.restore(peer, 0));
        tickUntil(29 * SECOND);
        assertThat(effects()).as("nothing is done for them before they are of use").isEmpty();
        kad.start(new QueryId(1), new Operation.FindClosest(numberKey("a")), DEADLINE, 29 * SECOND);
        assertThat(only(effects(), Effect.Send.class)).extracting(Effect.Send::to).containsExactlyInAnyOrderElementsOf(table);
        kad.cancel(new QueryId(1), 29 * SECOND);
        effects();
        tickUntil(31 * SECOND);
        assertThat(only(effects(), Effect.Send.class)).extracting(Effect.Send::to).containsExactlyInAnyOrderElementsOf(table);
    }

    @Test
    void peersNotHeardOfSinceARestartAreAskedTogetherForAValueUntilTheyProveThemselves() {
        for (int i = 0; i < 40; i++) {
            kad.restore(Fixtures.peer(random), 0);
        }
        kad.start(new QueryId(1), new Operation.GetValue(numberKey("a"), 1), DEADLINE, 0);
        List<Effect.Send> sent = only(effects(), Effect.Send.class);
        assertThat(sent).hasSize(10);
        tickUntil(250 * MILLI);
        assertThat(only(effects(), Effect.Send.class)).hasSize(10);
        kad.onAnswer(sent.getFirst().id(), new Answer.Value(record("a", "7"), List.of()), 300 * MILLI);
        effects();

        kad.table().forEach(peer -> kad.peerConnectedServer(peer, SECOND));
        kad.start(new QueryId(2), new Operation.GetValue(numberKey("a"), 1), DEADLINE, SECOND);
        assertThat(only(effects(), Effect.Send.class)).as("one is enough as a rule").hasSize(1);
    }

    @Test
    void aPeerThatWritesTooOftenIsStoppedAndOthersAreNot() {
        PeerId eager = Fixtures.peer(random);
        int burst = 2 * KadConfig.StoreConfig.DEFAULT.writesPerSecond();
        int kept = 0;
        for (int i = 0; i < burst + 60; i++) {
            kept += answer(eager, new Request.PutValue(record("r" + i, "7"))) instanceof Reply.Send ? 1 : 0;
        }
        assertThat(kept).isEqualTo(burst);
        assertThat(answer(Fixtures.peer(random), new Request.PutValue(record("a", "7")))).isInstanceOf(Reply.Send.class);
        Reply later = kad.answer(eager, new Request.PutValue(record("b", "7")), NOON, SECOND);
        assertThat(later).isInstanceOf(Reply.Send.class);
    }

    @Test
    void aClientAnswersNothing() {
        kad = node(KadConfig.DEFAULT.withMode(DhtMode.CLIENT));
        assertThat(answer(Fixtures.peer(random), new Request.Ping())).isInstanceOf(Reply.Refuse.class);
        assertThat(answer(Fixtures.peer(random), new Request.PutValue(record("a", "7")))).isInstanceOf(Reply.Refuse.class);
    }

    @Test
    void aPingIsAnswered() {
        assertThat(ask(Fixtures.peer(random), new Request.Ping())).isEqualTo(new Answer.Pong());
    }

    // ---- asking

    @Test
    void operationsThatCannotWorkEndAtOnceWithTheReason() {
        meet(5);
        assertThat(refusal(new Operation.GetValue(Bytes.ofText("bare"), 1))).contains("namespace");
        assertThat(refusal(new Operation.GetValue(Bytes.ofText("/other/a"), 1))).contains("namespace");
        assertThat(refusal(new Operation.GetValue(numberKey("a".repeat(2000)), 1))).contains("1024");
        assertThat(refusal(new Operation.PutValue(numberKey("a"), Bytes.ofText("x")))).contains("not a number");
        assertThat(refusal(new Operation.Provide(Bytes.EMPTY))).contains("1 to 80");
        assertThat(refusal(new Operation.FindProviders(Bytes.of(new byte[81]), 1))).contains("81");
        assertThat(refusal(new Operation.FindClosest(Bytes.EMPTY))).contains("empty");
        assertThat(refusal(new Operation.FindPeer(self))).contains("this node");
        book.remove(self);
        assertThat(refusal(new Operation.Provide(Fixtures.contentKey(random)))).contains("no address");
    }

    @Test
    void aPutWorseThanWhatThisNodeHoldsIsRefused() {
        ask(Fixtures.peer(random), new Request.PutValue(record("a", "9")));
        effects();
        assertThat(refusal(new Operation.PutValue(numberKey("a"), Bytes.ofText("8")))).contains("better");
    }

    @Test
    void anIdInUseOrOfTheBackgroundIsAMistakeOfTheCaller() {
        meet(5);
        kad.start(new QueryId(1), new Operation.Bootstrap(), DEADLINE, 0);
        assertThatThrownBy(() -> kad.start(new QueryId(1), new Operation.Bootstrap(), DEADLINE, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> kad.start(new QueryId(-1), new Operation.Bootstrap(), DEADLINE, 0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aNodeThatKnowsNobodyFinishesWithNothing() {
        kad.start(new QueryId(1), new Operation.Bootstrap(), DEADLINE, 0);
        OperationResult.Bootstrapped result = (OperationResult.Bootstrapped) finished().getFirst().result();
        assertThat(result.tableSize()).isZero();
        assertThat(result.report().end()).isEqualTo(End.EXHAUSTED);
        assertThat(kad.operations()).isZero();
    }

    @Test
    void cancellingEndsItOnceAndAbandonsWhatWasAsked() {
        meet(30);
        kad.start(new QueryId(1), new Operation.FindClosest(numberKey("a")), DEADLINE, 0);
        List<Effect.Send> sent = only(effects(), Effect.Send.class);
        assertThat(sent).hasSize(10).allMatch(send -> send.query().equals(new QueryId(1)));
        kad.cancel(new QueryId(1), MILLI);
        kad.cancel(new QueryId(1), MILLI);
        List<Effect> effects = effects();
        assertThat(only(effects, Effect.Abandon.class)).extracting(Effect.Abandon::id)
                .containsExactlyInAnyOrderElementsOf(sent.stream().map(Effect.Send::id).toList());
        assertThat(only(effects, Effect.Finished.class)).hasSize(1);
        assertThat(kad.operations()).isZero();

        kad.onAnswer(sent.getFirst().id(), new Answer.Nodes(List.of()), 2 * MILLI);
        kad.onFailure(sent.getLast().id(), "late", 2 * MILLI);
        assertThat(effects()).isEmpty();
        assertThat(kad.tableSize()).isEqualTo(30);
    }

    @Test
    void theDeadlineEndsAnOperationWhoseRequestsAreTooYoungToBlame() {
        meet(30);
        kad.start(new QueryId(1), new Operation.FindClosest(numberKey("a")), 100 * MILLI, 0);
        effects();
        assertThat(kad.nextDeadline()).isEqualTo(100 * MILLI);
        kad.tick(99 * MILLI);
        assertThat(effects()).isEmpty();
        kad.tick(100 * MILLI);
        OperationResult.Closest result = (OperationResult.Closest) finished().getFirst().result();
        assertThat(result.report().end()).isEqualTo(End.DEADLINE);
        assertThat(kad.tableSize()).isEqualTo(30);
    }

    @Test
    void peersThatStaySilentTwiceLeaveTheTable() {
        meet(3);
        for (int i = 0; i < 2; i++) {
            long start = i * 100 * SECOND;
            kad.start(new QueryId(i), new Operation.FindClosest(numberKey("a")), start + DEADLINE, start);
            while (kad.operations() > 0) {
                kad.tick(kad.nextDeadline());
            }
            effects();
        }
        assertThat(kad.tableSize()).isZero();
    }

    @Test
    void anAnswerThatBreaksTheRulesNamesItsSender() {
        List<PeerId> known = meet(1);
        kad.start(new QueryId(1), new Operation.GetValue(numberKey("a"), 1), DEADLINE, 0);
        Effect.Send sent = only(effects(), Effect.Send.class).getFirst();
        kad.onAnswer(sent.id(), new Answer.Value(record("b", "7"), List.of()), MILLI);
        List<Effect> effects = effects();
        assertThat(only(effects, Effect.Refused.class))
                .containsExactly(new Effect.Refused(known.getFirst(), "gave a record under another key", false));
        OperationResult.FoundValue result =
                (OperationResult.FoundValue) only(effects, Effect.Finished.class).getFirst().result();
        assertThat(result.best()).isNull();
    }

    @Test
    void theOwnCopyTakesPartButDoesNotStopTheQuestion() {
        meet(1);
        kad.start(new QueryId(1), new Operation.PutValue(numberKey("a"), Bytes.ofText("7")), DEADLINE, 0);
        assertThat(kad.localRecord(numberKey("a"), 0).value()).isEqualTo(Bytes.ofText("7"));
        effects();
        kad.start(new QueryId(2), new Operation.GetValue(numberKey("a"), 1), DEADLINE, 0);
        Effect.Send sent = only(effects(), Effect.Send.class).getFirst();
        kad.onAnswer(sent.id(), new Answer.Value(record("a", "6"), List.of()), MILLI);
        List<Effect> effects = effects();
        OperationResult.FoundValue found =
                (OperationResult.FoundValue) only(effects, Effect.Finished.class).getFirst().result();
        assertThat(found.best().value()).isEqualTo(Bytes.ofText("7"));
        assertThat(found.values()).isEqualTo(1);
        assertThat(only(effects, Effect.Send.class)).as("the correction").extracting(Effect.Send::request)
                .allMatch(request -> request instanceof Request.PutValue put && put.record().value().equals(Bytes.ofText("7")));
    }

    @Test
    void whatIsHeldElsewhereTakesPartTooAndItsBetterValueIsPutRight() {
        meet(1);
        holdings.put(numberKey("a"), Bytes.ofText("7"));
        kad.start(new QueryId(1), new Operation.GetValue(numberKey("a"), 1), DEADLINE, 0);
        kad.onAnswer(only(effects(), Effect.Send.class).getFirst().id(), new Answer.Value(record("a", "6"), List.of()), MILLI);
        assertThat(foundAndPutRight()).isEqualTo("7 put right by 7");
        assertThat(kad.recordCount()).isZero();
    }

    @Test
    void aHolderWhoseRecordDoesNotStandAnyMoreIsPutRightAndAnotherIsAsked() {
        List<PeerId> known = meet(2);
        holdings.put(numberKey("a"), Bytes.ofText("7"));
        kad.start(new QueryId(1), new Operation.GetValue(numberKey("a"), 1), DEADLINE, 0);
        Effect.Send first = only(effects(), Effect.Send.class).getFirst();
        kad.onAnswer(first.id(), new Answer.Value(record("a", "9old"), List.of()), MILLI);
        List<Effect> effects = effects();
        assertThat(only(effects, Effect.Refused.class))
                .containsExactly(new Effect.Refused(first.to(), "gave an invalid value: old", true));
        Effect.Send second = only(effects, Effect.Send.class).getFirst();
        assertThat(known).contains(second.to()).doesNotHaveDuplicates();
        kad.onAnswer(second.id(), new Answer.Value(record("a", "7"), List.of()), 2 * MILLI);
        assertThat(foundAndPutRight()).isEqualTo("7 put right by 7");
    }

    @Test
    void aBetterValueFoundReplacesTheOwnOneAndIsTold() {
        meet(1);
        ask(Fixtures.peer(random), new Request.PutValue(record("a", "6")));
        holdings.put(numberKey("b"), Bytes.ofText("6"));
        effects();
        for (String name : List.of("a", "b")) {
            kad.start(new QueryId(1), new Operation.GetValue(numberKey(name), 1), DEADLINE, 0);
            kad.onAnswer(only(effects(), Effect.Send.class).getFirst().id(), new Answer.Value(record(name, "7"), List.of()), MILLI);
            assertThat(only(effects(), Effect.Stored.class)).containsExactly(new Effect.Stored(numberKey(name), Bytes.ofText("7")));
            assertThat(kad.localRecord(numberKey(name), MILLI).value()).isEqualTo(Bytes.ofText("7"));
        }
    }

    /** What the one operation found, and what was put at the one peer that had worse. */
    private String foundAndPutRight() {
        List<Effect> effects = effects();
        OperationResult.FoundValue found =
                (OperationResult.FoundValue) only(effects, Effect.Finished.class).getFirst().result();
        List<Effect.Send> sent = only(effects, Effect.Send.class);
        assertThat(sent).hasSize(1);
        Request.PutValue correction = (Request.PutValue) sent.getFirst().request();
        return text(found.best()) + " put right by " + text(correction.record());
    }

    private static String text(KadRecord record) {
        return new String(record.value().array(), StandardCharsets.UTF_8);
    }

    @Test
    void anAcknowledgementOfAnotherValueIsAFailure() {
        meet(1);
        kad.start(new QueryId(1), new Operation.PutValue(numberKey("a"), Bytes.ofText("7")), DEADLINE, 0);
        Effect.Send find = only(effects(), Effect.Send.class).getFirst();
        kad.onAnswer(find.id(), new Answer.Nodes(List.of()), MILLI);
        Effect.Send put = only(effects(), Effect.Send.class).getFirst();
        kad.onAnswer(put.id(), new Answer.Stored(record("a", "8")), 2 * MILLI);
        OperationResult.Stored stored = (OperationResult.Stored) finished().getFirst().result();
        assertThat(stored.wanted()).isEqualTo(1);
        assertThat(stored.failed()).extracting(PeerFailure::cause).containsExactly("acknowledged another value");
    }

    @Test
    void aPutWhoseTimeIsUpStillStoresWhereItCan() {
        meet(30);
        kad.start(new QueryId(1), new Operation.PutValue(numberKey("a"), Bytes.ofText("7")), 3 * SECOND, 0);
        List<Effect.Send> finds = only(effects(), Effect.Send.class);
        kad.onAnswer(finds.getFirst().id(), new Answer.Nodes(List.of()), MILLI);
        kad.tick(2 * SECOND); // the lookup may take two thirds
        List<Effect.Send> puts = new ArrayList<>(only(effects(), Effect.Send.class));
        puts.removeIf(send -> !(send.request() instanceof Request.PutValue));
        assertThat(puts).extracting(Effect.Send::to).containsExactly(finds.getFirst().to());
        kad.onAnswer(puts.getFirst().id(), new Answer.Stored(null), 2 * SECOND + MILLI);
        OperationResult.Stored stored = (OperationResult.Stored) finished().getFirst().result();
        assertThat(stored.stored()).hasSize(1);
        assertThat(stored.report().end()).isEqualTo(End.DEADLINE);
    }

    // ---- upkeep

    @Test
    void aSilentPeerIsAskedForASignOfLife() {
        List<PeerId> known = meet(1);
        kad.peerGone(known.getFirst(), 0);
        for (int second = 0; second < 10; second++) { // the first refresh, which it answers
            tickUntil(second * SECOND);
            for (Effect.Send send : only(effects(), Effect.Send.class)) {
                kad.onAnswer(send.id(), new Answer.Nodes(List.of()), second * SECOND);
            }
        }
        tickUntil(300 * SECOND);
        assertThat(effects()).isEmpty();
        tickUntil(311 * SECOND);
        Effect.Send check = only(effects(), Effect.Send.class).getFirst();
        assertThat(check.query().isBackground()).isTrue();
        kad.onFailure(check.id(), "connection refused", 311 * SECOND);
        tickUntil(350 * SECOND);
        Effect.Send again = only(effects(), Effect.Send.class).getFirst();
        kad.onFailure(again.id(), "connection refused", 350 * SECOND);
        assertThat(kad.tableSize()).isZero();
    }

    @Test
    void theFirstPeersOfAYoungTableLeadToALookupOfItsNeighbourhood() {
        meet(2);
        assertThat(kad.nextDeadline()).isLessThanOrEqualTo(2 * SECOND);
        tickUntil(2 * SECOND);
        assertThat(only(effects(), Effect.Send.class)).extracting(Effect.Send::request)
                .containsOnly(new Request.FindNode(Bytes.of(self.toBytes())));
    }

    @Test
    void theBackgroundIsBounded() {
        meet(120).forEach(peer -> kad.peerGone(peer, 0));
        tickUntil(1000 * SECOND);
        assertThat(kad.operations()).isLessThanOrEqualTo(KadConfig.DEFAULT.table().backgroundOperations());
        assertThat(finished()).isEmpty();
    }

    @Test
    void whatIsKeptForOthersExpires() {
        PeerId peer = Fixtures.peer(random);
        ask(peer, new Request.PutValue(record("a", "7")));
        answer(peer, new Request.AddProvider(Fixtures.contentKey(random), List.of(Fixtures.info(peer))));
        assertThat(kad.recordCount() + kad.providerCount()).isEqualTo(2);
        kad.tick(3 * 86_400 * SECOND);
        assertThat(kad.recordCount() + kad.providerCount()).isZero();
    }

    private Kademlia node(KadConfig config) {
        book.put(self, List.of(Fixtures.address(1)));
        return new Kademlia(
                self, config, Fixtures.VALIDATORS, peer -> book.getOrDefault(peer, List.of()), holdings::get, random, 0);
    }

    private List<PeerId> meet(int count) {
        List<PeerId> peers = new ArrayList<>();
        while (kad.tableSize() < count) {
            PeerId peer = Fixtures.peer(random);
            int before = kad.tableSize();
            kad.peerConnectedServer(peer, 0);
            if (kad.tableSize() > before) {
                book.put(peer, Fixtures.info(peer).addresses());
                peers.add(peer);
            }
        }
        return peers;
    }

    private void tickUntil(long end) {
        for (long due = kad.nextDeadline(); due < end; due = kad.nextDeadline()) {
            kad.tick(due);
        }
        kad.tick(end);
    }

    private Reply answer(PeerId from, Request request) {
        return kad.answer(from, request, NOON, 0);
    }

    private Answer ask(PeerId from, Request request) {
        return ((Reply.Send) answer(from, request)).answer();
    }

    private List<PeerInfo> findNode(PeerId from, PeerId wanted) {
        return ask(from, new Request.FindNode(Bytes.of(wanted.toBytes()))).closer();
    }

    private String refusal(Operation operation) {
        kad.start(new QueryId(1000), operation, DEADLINE, 0);
        return ((OperationResult.Refused) finished().getFirst().result()).reason();
    }

    private List<Effect> effects() {
        List<Effect> effects = new ArrayList<>();
        for (Effect effect = kad.nextEffect(); effect != null; effect = kad.nextEffect()) {
            effects.add(effect);
        }
        return effects;
    }

    private List<Effect.Finished> finished() {
        return only(effects(), Effect.Finished.class);
    }

    private static <T extends Effect> List<T> only(List<Effect> effects, Class<T> type) {
        return effects.stream().filter(type::isInstance).map(type::cast).toList();
    }
}
