package io.swarmscope.internal.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.swarmscope.PackageId;
import io.swarmscope.Query;
import io.swarmscope.internal.search.SearchAnswer.Status;
import io.swarmscope.internal.wire.Limits;
import io.swarmscope.internal.wire.MalformedException;
import io.swarmscope.internal.wire.ProtoWriter;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SearchMessagesTest {
    private static final long SEED = 99;
    private static final SearchRequest.Search SEARCH =
            new SearchRequest.Search(
                    Query.text("Ä words").inCategories("c1", "c2").withTags("t").withLicense("MIT", "X").orderedBy(Query.Order.NEWEST),
                    7);

    @Test
    void requestsArriveAsTheyWereSent() throws Exception {
        SearchRequest version = new SearchRequest.Lookup(PackageId.parse("a/b"), Optional.of("1.0"));
        SearchRequest head = new SearchRequest.Lookup(PackageId.parse("a/b"), Optional.empty());

        assertThat(SearchRequest.decode(SEARCH.encode())).isEqualTo(SEARCH);
        assertThat(SearchRequest.decode(version.encode())).isEqualTo(version);
        assertThat(SearchRequest.decode(head.encode())).isEqualTo(head);
    }

    @Test
    void anEmptyRequestAsksForEverything() throws Exception {
        assertThat(SearchRequest.decode(new byte[0])).isEqualTo(new SearchRequest.Search(Query.all(), Limits.SEARCH_HITS));
    }

    @Test
    void theLongestQueryFitsIntoARequest() throws Exception {
        List<String> words = Collections.nCopies(16, "漢".repeat(64));
        List<String> licenses = Collections.nCopies(16, "漢".repeat(200));
        Query query = new Query("漢".repeat(256), words, words, licenses, Query.Order.NEWEST, 0, 0, 0);
        SearchRequest longest = new SearchRequest.Search(query, 100);

        assertThat(longest.encode().length).isLessThanOrEqualTo(Limits.SEARCH_REQUEST_BYTES);
        assertThat(SearchRequest.decode(longest.encode())).isEqualTo(longest);
    }

    @Test
    void aLimitOutsideItsRangeIsBroughtIntoIt() throws Exception {
        for (long limit : new long[] {0, -1, 101, Long.MAX_VALUE, Long.MIN_VALUE}) {
            assertThat(SearchRequest.decode(new ProtoWriter().varint(4, limit).toBytes()))
                    .isEqualTo(new SearchRequest.Search(Query.all(), Limits.SEARCH_HITS));
        }
    }

    @Test
    void whatOnlyTheAskerNeedsDoesNotTravelAndWhatIsUnknownIsSkipped() throws Exception {
        Query page = Query.text("a").offset(20).limit(10).withFacets(5);
        byte[] later = new ProtoWriter().string(1, "a").varint(4, 30).varint(8, 77).string(99, "of a later version").toBytes();

        assertThat(SearchRequest.decode(new SearchRequest.Search(page, 30).encode()))
                .isEqualTo(new SearchRequest.Search(Query.text("a"), 30));
        assertThat(SearchRequest.decode(later)).isEqualTo(new SearchRequest.Search(Query.text("a"), 30));
    }

    @Test
    void whatCannotBeAskedIsMalformed() {
        assertMalformed(new ProtoWriter().string(1, "x".repeat(257)));
        assertMalformed(new ProtoWriter().string(2, ""));
        assertMalformed(new ProtoWriter().string(7, "x".repeat(201)));
        assertMalformed(new ProtoWriter().string(5, "no-slash"));
        assertMalformed(new ProtoWriter().string(5, "a/b").string(6, "not a version"));
        ProtoWriter many = new ProtoWriter();
        for (int i = 0; i < 17; i++) {
            many.string(3, "t" + i);
        }
        assertMalformed(many);
    }

    @Test
    void answersArriveAsTheyWereSent() throws Exception {
        SearchAnswer answer = new SearchAnswer(Status.OK, List.of(new byte[] {1, 2}, new byte[8192]), 77, 10_000, 1_234);

        SearchAnswer read = SearchAnswer.decode(answer.encode());

        assertThat(read.status()).isEqualTo(Status.OK);
        assertThat(read.hits()).usingElementComparator(Arrays::compare).containsExactlyElementsOf(answer.hits());
        assertThat(read.total()).isEqualTo(77);
        assertThat(read.packages()).isEqualTo(10_000);
        assertThat(SearchAnswer.decode(SearchAnswer.busy().encode()).status()).isEqualTo(Status.BUSY);
        assertThat(SearchAnswer.decode(new byte[0]).status()).isEqualTo(Status.REFUSED);
    }

    @Test
    void theLargestAnswerFitsAndALargerOneIsMalformed() throws Exception {
        List<byte[]> full = Collections.nCopies(Limits.SEARCH_HITS, new byte[Limits.RECORD_BYTES]);
        byte[] encoded = new SearchAnswer(Status.OK, full, 100, 100, 0).encode();
        List<byte[]> tooMany = Collections.nCopies(Limits.SEARCH_HITS + 1, new byte[1]);
        List<byte[]> tooLarge = List.of(new byte[Limits.RECORD_BYTES + 1]);

        assertThat(encoded.length).isLessThanOrEqualTo(Limits.SEARCH_ANSWER_BYTES);
        assertThat(SearchAnswer.decode(encoded).hits()).hasSize(Limits.SEARCH_HITS);
        for (List<byte[]> hits : List.of(tooMany, tooLarge)) {
            byte[] bad = new SearchAnswer(Status.OK, hits, 0, 0, 0).encode();
            assertThatThrownBy(() -> SearchAnswer.decode(bad)).isInstanceOf(MalformedException.class);
        }
    }

    @Test
    void aCountThatIsNegativeIsMalformed() {
        for (int field = 3; field <= 5; field++) {
            byte[] negative = new ProtoWriter().varint(1, 1).varint(field, -1).toBytes();
            assertThatThrownBy(() -> SearchAnswer.decode(negative)).isInstanceOf(MalformedException.class);
        }
    }

    @Test
    void anyBytesAreAMessageOrMalformed() {
        Random random = new Random(SEED);
        byte[][] seeds = {SEARCH.encode(), new SearchAnswer(Status.OK, List.of(new byte[30]), 5, 6, 7).encode()};
        for (int i = 0; i < 30_000; i++) {
            byte[] bytes = i % 3 == 0 ? new byte[random.nextInt(60)] : seeds[i % 2].clone();
            if (i % 3 == 0) {
                random.nextBytes(bytes);
            } else {
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
            }
            try {
                SearchRequest.decode(bytes);
                SearchAnswer.decode(bytes);
            } catch (MalformedException e) {
                assertThat(e).as("seed %d, number %d", SEED, i).hasMessageMatching("(?s).+");
            }
        }
    }

    private static void assertMalformed(ProtoWriter message) {
        assertThatThrownBy(() -> SearchRequest.decode(message.toBytes())).isInstanceOf(MalformedException.class);
    }
}
