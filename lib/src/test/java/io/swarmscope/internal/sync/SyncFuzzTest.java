package io.swarmscope.internal.sync;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.swarmscope.internal.wire.Fuzzed;
import io.swarmscope.internal.wire.ProtoWriter;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** What a peer sends over the sync protocol. */
class SyncFuzzTest {
    private static final Summary SUMMARY = new Summary(3, new Fingerprint(1, -2));
    private static final SyncRecord RECORD = new SyncRecord("a/b", new byte[] {5, 6});

    static Stream<byte[]> requests() {
        ProtoWriter twice = new ProtoWriter().message(3, new ProtoWriter()).message(4, new ProtoWriter());
        ProtoWriter empty = new ProtoWriter().message(2, new ProtoWriter().message(1, new ProtoWriter().string(1, "b").string(2, "b")));
        return Stream.of(
                new SyncRequest.Compare(List.of(
                                new SyncRequest.Asked(KeyRange.ALL, SUMMARY), new SyncRequest.Asked(new KeyRange("a", "b"), SUMMARY)))
                        .encode(),
                new SyncRequest.Fetch(List.of("a/b", "a/c")).encode(),
                new SyncRequest.Offer(List.of(RECORD, RECORD)).encode(),
                new SyncRequest.Foreign().encode(),
                twice.toBytes(),
                empty.toBytes());
    }

    @MethodSource("requests")
    @FuzzTest
    void syncRequest(byte[] bytes) {
        Fuzzed.decoded(bytes, SyncRequest::decode).ifPresent(request -> {
            if (request instanceof SyncRequest.Offer) {
                Fuzzed.roundTripOfBytes(request, SyncRequest::encode, SyncRequest::decode);
            } else {
                Fuzzed.roundTrip(request, SyncRequest::encode, SyncRequest::decode);
            }
        });
    }

    static Stream<byte[]> answers() {
        List<Part> parts = List.of(
                new Part.Same(),
                new Part.Split(List.of("k"), List.of(SUMMARY, SUMMARY)),
                new Part.Listed(List.of(new Item("a/b", 1), new Item("a/c", Long.MAX_VALUE))));
        ProtoWriter uneven = new ProtoWriter().varint(1, 1).bytes(3, new byte[16]).varint(4, 1);
        return Stream.of(
                new SyncAnswer(SyncAnswer.Status.OK, SUMMARY, new SyncAnswer.Compared(parts)).encode(),
                new SyncAnswer(SyncAnswer.Status.OK, SUMMARY, new SyncAnswer.Fetched(List.of(RECORD), 2)).encode(),
                new SyncAnswer(SyncAnswer.Status.OK, SUMMARY, new SyncAnswer.Offered(1, 2, 3)).encode(),
                new SyncAnswer(SyncAnswer.Status.BUSY, SUMMARY, new SyncAnswer.Nothing()).encode(),
                new ProtoWriter().message(5, new ProtoWriter().message(1, uneven)).toBytes());
    }

    @MethodSource("answers")
    @FuzzTest
    void syncAnswer(byte[] bytes) {
        Fuzzed.decoded(bytes, SyncAnswer::decode).ifPresent(answer -> {
            if (answer.body() instanceof SyncAnswer.Fetched) {
                Fuzzed.roundTripOfBytes(answer, SyncAnswer::encode, SyncAnswer::decode);
            } else {
                Fuzzed.roundTrip(answer, SyncAnswer::encode, SyncAnswer::decode);
            }
        });
    }
}
