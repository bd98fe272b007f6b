package io.swarmscope.internal.search;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.swarmscope.PackageId;
import io.swarmscope.Query;
import io.swarmscope.internal.search.SearchAnswer.Status;
import io.swarmscope.internal.wire.Fuzzed;
import io.swarmscope.internal.wire.Limits;
import io.swarmscope.internal.wire.ProtoWriter;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** What a peer sends over the search protocol. */
class SearchFuzzTest {

    static Stream<byte[]> requests() {
        Query query = Query.text("Ä words").inCategories("c1", "c2").withTags("t").withLicense("MIT").orderedBy(Query.Order.NEWEST);
        return Stream.of(
                new SearchRequest.Search(query, 7).encode(),
                new SearchRequest.Lookup(PackageId.parse("a/b"), Optional.of("1.0")).encode(),
                new SearchRequest.Lookup(PackageId.parse("a/b"), Optional.empty()).encode(),
                new ProtoWriter().varint(4, -1).varint(8, Long.MIN_VALUE).toBytes(),
                new ProtoWriter().string(5, "a/b").string(5, "").string(6, "").toBytes());
    }

    @MethodSource("requests")
    @FuzzTest
    void searchRequest(byte[] bytes) {
        Fuzzed.decoded(bytes, SearchRequest::decode).ifPresent(request -> {
            Fuzzed.roundTrip(request, SearchRequest::encode, SearchRequest::decode);
            if (request instanceof SearchRequest.Search search) {
                assertThat(search.limit()).isBetween(1, Limits.SEARCH_HITS);
            }
        });
    }

    static Stream<byte[]> answers() {
        return Stream.of(
                new SearchAnswer(Status.OK, List.of(new byte[] {1, 2}, new byte[0]), 77, 10_000, 1_234).encode(),
                SearchAnswer.busy().encode(),
                new SearchAnswer(Status.OK, Collections.nCopies(Limits.SEARCH_HITS + 1, new byte[0]), 0, 0, 0).encode(),
                new ProtoWriter().varint(3, -1).toBytes(),
                new ProtoWriter().varint(4, -1).toBytes());
    }

    @MethodSource("answers")
    @FuzzTest
    void searchAnswer(byte[] bytes) {
        Fuzzed.decoded(bytes, SearchAnswer::decode).ifPresent(answer -> {
            Fuzzed.roundTripOfBytes(answer, SearchAnswer::encode, SearchAnswer::decode);
            assertThat(answer.hits().size()).isLessThanOrEqualTo(Limits.SEARCH_HITS);
            assertThat(Math.min(answer.packages(), answer.newest())).isNotNegative();
            assertThat(answer.total()).isNotNegative();
        });
    }
}
