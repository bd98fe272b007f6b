package io.swarmscope.internal.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.swarmscope.host.StreamHandler;
import io.swarmscope.internal.fork.Deadline;
import io.swarmscope.internal.sync.SyncAnswer.Body;
import io.swarmscope.internal.sync.SyncAnswer.Compared;
import io.swarmscope.internal.sync.SyncAnswer.Fetched;
import io.swarmscope.internal.sync.SyncAnswer.Offered;
import io.swarmscope.internal.sync.SyncAnswer.Status;
import io.swarmscope.internal.sync.SyncReport.Ending;
import io.swarmscope.internal.sync.SyncRequest.Asked;
import io.swarmscope.internal.sync.SyncRequest.Compare;
import io.swarmscope.internal.sync.SyncRequest.Fetch;
import io.swarmscope.internal.sync.SyncRequest.Offer;
import io.swarmscope.internal.wire.Frames;
import io.swarmscope.internal.wire.Limits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What a peer may do, and what becomes of it. */
class HostilePeerTest {

    private static final Summary SOMETHING = new Summary(1_000_000, new Fingerprint(1, 2));

    private final Shelf here = new Shelf(100);

    private SyncReport syncWith(Function<SyncRequest, Body> peer) {
        return syncWithHandler(stream -> {
            byte[] question;
            while ((question = Frames.readOrEnd(stream.input(), Limits.SYNC_FRAME_BYTES)) != null) {
                Body body = peer.apply(SyncRequest.decode(question));
                Frames.write(stream.output(), new SyncAnswer(Status.OK, SOMETHING, body).encode());
            }
        });
    }

    private SyncReport syncWithHandler(StreamHandler peer) {
        Wire wire = new Wire(SyncTest.peer(1), SyncTest.peer(2), peer);
        return new SyncClient("test", here).sync(wire, Deadline.after(Duration.ofSeconds(30)));
    }

    private static void assertEnds(SyncReport report, Ending ending, String detail) {
        assertThat(report.ending()).as("%s", report).isEqualTo(ending);
        assertThat(report.detail()).contains(detail);
        assertThat(report.rounds()).isLessThanOrEqualTo(Limits.SYNC_ROUNDS);
        assertThat(report.elapsed()).isLessThan(Duration.ofSeconds(20));
    }

    private static Body each(SyncRequest request, Function<KeyRange, Part> part) {
        List<Part> parts = new ArrayList<>();
        for (Asked asked : ((Compare) request).ranges()) {
            parts.add(part.apply(asked.range()));
        }
        return new Compared(parts);
    }

    /** Cuts that lie in the range, whatever it is. */
    private static Part split(KeyRange range, int parts) {
        List<String> cuts = new ArrayList<>();
        List<Summary> summaries = new ArrayList<>();
        String start = range.low() + "\0";
        while (!range.contains(start + "z")) {
            start += "\0";
        }
        for (int i = 0; i < parts; i++) {
            summaries.add(SOMETHING);
            if (i > 0) {
                cuts.add(start + (char) ('a' + i));
            }
        }
        return new Part.Split(cuts, summaries);
    }

    @Test
    void splitsOfSplitsEnd() {
        assertEnds(syncWith(request -> each(request, range -> split(range, 2))), Ending.PROTOCOL, "without end");
    }

    @Test
    void splitsIntoManyEnd() {
        assertEnds(syncWith(request -> each(request, range -> split(range, 16))), Ending.PROTOCOL, "");
    }

    @Test
    void cutsMustBeInOrderAndInTheRange() {
        List<Summary> three = List.of(SOMETHING, SOMETHING, SOMETHING);
        assertEnds(syncWith(request -> each(request, r -> new Part.Split(List.of("b", "a"), three))), Ending.PROTOCOL, "cuts");
        assertEnds(syncWith(request -> each(request, r -> new Part.Split(List.of("a", "a"), three))), Ending.PROTOCOL, "cuts");
        assertEnds(syncWith(request -> each(request, r -> new Part.Split(List.of("b", "c"), three))), Ending.PROTOCOL, "cuts");
    }

    @Test
    void itemsMustBeInOrderAndInTheRange() {
        Part twice = new Part.Listed(List.of(new Item("b", 1), new Item("b", 2)));
        assertEnds(syncWith(request -> each(request, range -> twice)), Ending.PROTOCOL, "items");
        Part foreign = new Part.Listed(List.of(new Item("a", 1)));
        List<Summary> two = List.of(SOMETHING, SOMETHING);
        Part split = new Part.Split(List.of("m"), two);
        assertEnds(
                syncWith(request -> each(request, range -> range.equals(KeyRange.ALL) ? split : foreign)), Ending.PROTOCOL, "items");
    }

    @Test
    void whoSaysThatEqualsDifferIsFoundOut() {
        Shelf.fill(20, here);
        List<Item> same = here.items.with(items -> items.list(KeyRange.ALL, 100));
        assertEnds(syncWith(request -> each(request, range -> new Part.Listed(same))), Ending.PROTOCOL, "none");
        String cut = Shelf.key(7);
        List<Summary> halves = List.of(here.items.summary(new KeyRange("", cut)), here.items.summary(new KeyRange(cut, null)));
        assertEnds(
                syncWith(request -> each(request, range -> new Part.Split(List.of(cut), halves))), Ending.PROTOCOL, "none");
    }

    @Test
    void answersToQuestionsThatWereNotAskedAreRefused() {
        assertEnds(syncWith(request -> new Compared(List.of())), Ending.PROTOCOL, "0 of 1 ranges");
        assertEnds(syncWith(request -> new Compared(List.of(new Part.Same(), new Part.Same()))), Ending.PROTOCOL, "2 of 1 ranges");
        assertEnds(syncWith(request -> new Offered(1, 1, 1)), Ending.PROTOCOL, "not Compared");
        assertEnds(syncWith(request -> new SyncAnswer.Nothing()), Ending.PROTOCOL, "not Compared");
    }

    /** Lists these and answers a fetch in its way. */
    private SyncReport listing(int count, Function<Fetch, Body> fetched) {
        return syncWith(request -> switch (request) {
            case Compare compare -> each(compare, range -> new Part.Listed(items(count)));
            case Fetch fetch -> fetched.apply(fetch);
            default -> throw new IllegalStateException("nothing to offer");
        });
    }

    private static List<Item> items(int count) {
        List<Item> items = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            items.add(new Item("key%04d".formatted(i), 5));
        }
        return items;
    }

    private static SyncRecord good(String key) {
        return new SyncRecord(key, Shelf.record(key, 5, 100));
    }

    @Test
    void recordsThatWereNotAskedForAreNotTaken() {
        assertEnds(listing(3, fetch -> new Fetched(List.of(good("other")), 3)), Ending.PROTOCOL, "not asked");
        assertEnds(
                listing(3, fetch -> new Fetched(List.of(good("key0001"), good("key0000")), 3)), Ending.PROTOCOL, "not asked");
        assertEnds(
                listing(3, fetch -> new Fetched(List.of(good("key0000"), good("key0000")), 3)), Ending.PROTOCOL, "not asked");
        assertEnds(listing(3, fetch -> new Fetched(List.of(good("key0002")), 1)), Ending.PROTOCOL, "not asked");
        assertThat(here.takes).hasValue(0);
    }

    @Test
    void anAnswerAboutNoKeysOrTooManyIsRefused() {
        assertEnds(listing(3, fetch -> new Fetched(List.of(), 0)), Ending.PROTOCOL, "0 of 3 keys");
        assertEnds(listing(3, fetch -> new Fetched(List.of(), 4)), Ending.PROTOCOL, "4 of 3 keys");
    }

    @Test
    void oversizedRecordsAreMalformed() {
        byte[] large = new byte[Limits.RECORD_BYTES + 1];
        assertEnds(listing(1, fetch -> new Fetched(List.of(new SyncRecord("key0000", large)), 1)), Ending.PROTOCOL, "limit");
        assertThat(here.takes).hasValue(0);
    }

    @Test
    void whoListsWhatItDoesNotGiveIsOfNoUse() {
        assertEnds(listing(1_000, fetch -> new Fetched(List.of(), fetch.keys().size())), Ending.USELESS, "1000 of 1000");
    }

    @Test
    void whoseRecordsAreMostlyRefusedIsOfNoUse() {
        SyncReport report = listing(1_000, fetch -> new Fetched(
                fetch.keys().subList(0, 100).stream()
                        .map(key -> key.endsWith("0") ? good(key) : new SyncRecord(key, new byte[50]))
                        .toList(),
                100));

        assertEnds(report, Ending.USELESS, "90 of 100");
        assertThat(report.refused()).isEqualTo(90);
        assertThat(report.gained()).as("what was good is kept").isEqualTo(10);
    }

    @Test
    void whoListsNewerRecordsThanItHasIsOfNoUse() {
        items(100).forEach(item -> here.put(item.key(), 4));
        SyncReport report = listing(100, fetch -> new Fetched(
                fetch.keys().stream().map(key -> new SyncRecord(key, Shelf.record(key, 3, 100))).toList(),
                fetch.keys().size()));

        assertEnds(report, Ending.USELESS, "100 of 100");
        assertThat(report.refused()).isZero();
    }

    @Test
    void aFewBadRecordsAreNoReasonToLeave() {
        SyncReport report = listing(30, fetch -> new Fetched(List.of(), fetch.keys().size()));

        assertEnds(report, Ending.DONE, "");
    }

    @Test
    void countsThatDoNotAddUpAreRefused() {
        Shelf.fill(10, here);
        assertEnds(
                syncWith(request -> switch (request) {
                    case Compare compare -> each(compare, range -> new Part.Listed(List.of()));
                    case Offer offer -> new Offered(offer.records().size(), 1, 0);
                    default -> throw new IllegalStateException("nothing to fetch");
                }),
                Ending.PROTOCOL,
                "10 records offered");
    }

    @Test
    void whoRefusesWhatWeOfferIsOfferedNoMore() {
        Shelf.fill(10_000, here);
        SyncReport report = syncWith(request -> switch (request) {
            case Compare compare -> each(compare, range -> new Part.Listed(List.of()));
            case Offer offer -> new Offered(0, 0, offer.records().size());
            default -> throw new IllegalStateException("nothing to fetch");
        });

        assertEnds(report, Ending.DONE, "");
        assertThat(report.offered()).isLessThanOrEqualTo(Limits.SYNC_RECORDS);
    }

    @Test
    void whoAnswersRubbishBreaksTheProtocol() {
        assertEnds(syncWithHandler(stream -> stream.finish(new byte[] {3, 1, 2, 3})), Ending.PROTOCOL, "");
        assertEnds(
                syncWithHandler(stream -> stream.finish(new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff, 1})),
                Ending.PROTOCOL,
                "limit");
    }

    @Test
    void whoGoesAwayInterrupts() {
        assertEnds(syncWithHandler(stream -> stream.reset()), Ending.INTERRUPTED, "STREAM_RESET");
        assertEnds(syncWithHandler(stream -> {}), Ending.INTERRUPTED, "ended");
        assertEnds(syncWithHandler(stream -> stream.finish(new byte[] {100, 1})), Ending.INTERRUPTED, "ended");
    }
}
