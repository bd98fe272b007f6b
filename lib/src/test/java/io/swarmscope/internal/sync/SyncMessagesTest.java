package io.swarmscope.internal.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.swarmscope.internal.sync.SyncAnswer.Status;
import io.swarmscope.internal.sync.SyncRequest.Asked;
import io.swarmscope.internal.wire.Limits;
import io.swarmscope.internal.wire.MalformedException;
import io.swarmscope.internal.wire.Mangler;
import io.swarmscope.internal.wire.ProtoWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class SyncMessagesTest {

    private static final Summary SUMMARY = new Summary(77, new Fingerprint(-1, 5));
    private static final SyncRecord RECORD = new SyncRecord("a/é", new byte[] {1, 2, 3});

    private static final SyncRequest COMPARE = new SyncRequest.Compare(List.of(
            new Asked(KeyRange.ALL, SUMMARY),
            new Asked(new KeyRange("a", "b@1"), new Summary(0, new Fingerprint(0, 0)))));
    private static final SyncRequest FETCH = new SyncRequest.Fetch(List.of("a/b", "a/b@1.0"));
    private static final SyncRequest OFFER = new SyncRequest.Offer(List.of(RECORD));

    private static final SyncAnswer COMPARED = answer(new SyncAnswer.Compared(List.of(
            new Part.Same(),
            new Part.Split(List.of("m"), List.of(SUMMARY, new Summary(1, new Fingerprint(3, 4)))),
            new Part.Listed(List.of(new Item("x", 1), new Item("y", Long.MAX_VALUE))),
            new Part.Listed(List.of()))));
    private static final SyncAnswer FETCHED = answer(new SyncAnswer.Fetched(List.of(RECORD), 3));
    private static final SyncAnswer OFFERED = answer(new SyncAnswer.Offered(1, 20, 300));
    private static final SyncAnswer BUSY = new SyncAnswer(Status.BUSY, SUMMARY, new SyncAnswer.Nothing());

    private static SyncAnswer answer(SyncAnswer.Body body) {
        return new SyncAnswer(Status.OK, SUMMARY, body);
    }

    @Test
    void messagesArriveAsTheyWereSent() throws Exception {
        for (SyncRequest request : List.of(COMPARE, FETCH, OFFER, new SyncRequest.Foreign())) {
            assertThat(SyncRequest.decode(request.encode()))
                    .usingRecursiveComparison()
                    .isEqualTo(request);
        }
        for (SyncAnswer answer : List.of(COMPARED, FETCHED, OFFERED, BUSY)) {
            assertThat(SyncAnswer.decode(answer.encode())).usingRecursiveComparison().isEqualTo(answer);
        }
    }

    @Test
    void anyBytesAreAMessageOrMalformed() {
        for (SyncRequest request : List.of(COMPARE, FETCH, OFFER)) {
            Mangler.attack(request.encode(), SyncRequest::decode);
        }
        for (SyncAnswer answer : List.of(COMPARED, FETCHED, OFFERED, BUSY)) {
            Mangler.attack(answer.encode(), SyncAnswer::decode);
        }
    }

    @Test
    void theLargestMessagesFitIntoAFrame() throws Exception {
        List<Item> items = new ArrayList<>();
        List<Asked> ranges = new ArrayList<>();
        for (int i = 0; i < Limits.SYNC_LIST; i++) {
            items.add(new Item(longKey(i), Long.MAX_VALUE));
        }
        for (int i = 0; i < Limits.SYNC_RANGES; i++) {
            ranges.add(new Asked(new KeyRange(longKey(i), longKey(i + 1)), new Summary(Long.MAX_VALUE, new Fingerprint(1, 1))));
        }
        List<String> keys = items.stream().map(Item::key).toList();
        List<SyncRecord> few = Collections.nCopies(
                Limits.SYNC_READ_AT_ONCE, new SyncRecord(longKey(0), new byte[Limits.RECORD_BYTES]));
        int list = new Part.Listed(items).weight();
        int records = few.stream().mapToInt(SyncRecord::weight).sum();

        assertThat(Limits.SYNC_FRAME_FULL + Math.max(list, records) + 1024).isLessThan(Limits.SYNC_FRAME_BYTES);
        assertThat(new Part.Listed(items).write().toBytes().length).isLessThanOrEqualTo(list);
        assertThat(new SyncRequest.Offer(few).encode().length).isLessThanOrEqualTo(records);
        for (SyncRequest large : List.of(new SyncRequest.Compare(ranges), new SyncRequest.Fetch(keys))) {
            assertThat(large.encode().length).isLessThan(Limits.SYNC_FRAME_BYTES);
            assertThat(SyncRequest.decode(large.encode())).isEqualTo(large);
        }
    }

    @Test
    void whatIsTooManyOrTooLargeIsMalformed() {
        Asked range = new Asked(KeyRange.ALL, SUMMARY);
        refused(new SyncRequest.Compare(Collections.nCopies(Limits.SYNC_RANGES + 1, range)));
        refused(new SyncRequest.Compare(List.of(new Asked(new KeyRange("b", "a"), SUMMARY))));
        refused(new SyncRequest.Compare(List.of(new Asked(new KeyRange("a", "x".repeat(Limits.SYNC_KEY_BYTES + 1)), SUMMARY))));
        refused(new SyncRequest.Fetch(Collections.nCopies(Limits.SYNC_RECORDS + 1, "k")));
        refused(new SyncRequest.Fetch(List.of("")));
        refused(new SyncRequest.Offer(Collections.nCopies(Limits.SYNC_RECORDS + 1, RECORD)));
        refused(new SyncRequest.Offer(List.of(new SyncRecord("k", new byte[Limits.RECORD_BYTES + 1]))));
        refused(new SyncRequest.Offer(List.of(new SyncRecord("k", new byte[0]))));

        refused(new SyncAnswer.Compared(Collections.nCopies(Limits.SYNC_RANGES + 1, new Part.Same())));
        refused(new SyncAnswer.Compared(List.of(new Part.Listed(Collections.nCopies(Limits.SYNC_LIST + 1, new Item("k", 1))))));
        refused(new SyncAnswer.Compared(List.of(new Part.Listed(List.of(new Item("k", 0))))));
        refused(new SyncAnswer.Compared(List.of(new Part.Listed(List.of(new Item("k", -1))))));
        refused(new SyncAnswer.Compared(List.of(new Part.Split(List.of(), List.of(SUMMARY)))));
        refused(new SyncAnswer.Compared(List.of(new Part.Split(List.of("a", "b"), List.of(SUMMARY, SUMMARY)))));
        refused(new SyncAnswer.Compared(List.of(new Part.Split(
                Collections.nCopies(Limits.SYNC_PARTS, "a"), Collections.nCopies(Limits.SYNC_PARTS + 1, SUMMARY)))));
        refused(new SyncAnswer.Fetched(List.of(RECORD), Limits.SYNC_RECORDS + 1));
    }

    @Test
    void aRequestAsksForOneThing() {
        assertThatThrownBy(() -> SyncRequest.decode(new byte[0])).isInstanceOf(MalformedException.class);
        byte[] two = new ProtoWriter()
                .message(3, new ProtoWriter().string(1, "k"))
                .message(3, new ProtoWriter().string(1, "k"))
                .toBytes();
        assertThatThrownBy(() -> SyncRequest.decode(two)).isInstanceOf(MalformedException.class);
    }

    private static String longKey(int i) {
        return "k%04d".formatted(i) + "é".repeat((Limits.SYNC_KEY_BYTES - 5) / 2) + "x";
    }

    private static void refused(SyncRequest request) {
        assertThatThrownBy(() -> SyncRequest.decode(request.encode())).as("%s", request).isInstanceOf(MalformedException.class);
    }

    private static void refused(SyncAnswer.Body body) {
        assertThatThrownBy(() -> SyncAnswer.decode(answer(body).encode())).as("%s", body).isInstanceOf(MalformedException.class);
    }
}
