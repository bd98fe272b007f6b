package io.swarmscope.internal.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.bucket4j.TimeMeter;
import io.swarmscope.PackageId;
import io.swarmscope.PeerId;
import io.swarmscope.Query;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.record.Heads;
import io.swarmscope.internal.record.Signed;
import io.swarmscope.internal.search.SearchAnswer.Status;
import io.swarmscope.internal.store.MemoryIndex;
import io.swarmscope.internal.store.PackageIndex;
import io.swarmscope.internal.wire.MalformedException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SearchHandlerTest {
    private final Identity alice = Heads.someone();
    private final PeerId asker = Heads.someone().peerId();
    private final MemoryIndex index = new MemoryIndex(alice.peerId(), 0, InstantSource.system(), PackageIndex.Listener.NOBODY);

    private final AtomicLong now = new AtomicLong();

    /** Nanoseconds that looking for a single package takes. */
    private final AtomicLong lookup = new AtomicLong();

    private final TimeMeter clock = new TimeMeter() {
        @Override
        public long currentTimeNanos() {
            return now.get();
        }

        @Override
        public boolean isWallClockBased() {
            return false;
        }
    };
    private final SearchHandler handler = new SearchHandler(index, this::find, () -> 77, clock);

    @Test
    void theBestMatchesAreAnsweredAsTheyWereSigned() throws Exception {
        for (int i = 0; i < 5; i++) {
            index.offer(Heads.signed(alice, "acme/logger-" + i));
        }
        index.offer(Heads.signed(alice, "acme/other"));

        SearchAnswer answer = ask(new SearchRequest.Search(Query.text("logger"), 3));

        assertThat(answer.status()).isEqualTo(Status.OK);
        assertThat(answer.hits()).hasSize(3);
        assertThat(answer.total()).isEqualTo(5);
        assertThat(answer.packages()).isEqualTo(6);
        assertThat(answer.newest()).isEqualTo(77);
        assertThat(answer.hits().getFirst())
                .isEqualTo(index.find(PackageId.parse("acme/logger-0")).orElseThrow().encoded());
    }

    @Test
    void aSinglePackageIsAnsweredIfItIsHeld() throws Exception {
        Signed<?> head = Heads.signed(alice, "acme/logger");
        index.offer(head);

        assertThat(ask(new SearchRequest.Lookup(head.id(), Optional.empty())).hits()).containsExactly(head.encoded());
        assertThat(ask(new SearchRequest.Lookup(head.id(), Optional.of("9"))).hits()).isEmpty();
        assertThat(ask(new SearchRequest.Lookup(PackageId.parse("a/b"), Optional.empty())).hits()).isEmpty();
    }

    @Test
    void aPeerThatAsksForMoreWorkThanItsShareIsTurnedAwayUntilItHasWaited() throws Exception {
        SearchRequest request = new SearchRequest.Lookup(PackageId.parse("a/b"), Optional.empty());
        lookup.set(Duration.ofMillis(100).toNanos());

        int served = 0; // 5 s of work at once, then half of the time that passes
        while (ask(request).status() == Status.OK) {
            served++;
            assertThat(served).as("it must end").isLessThan(1_000);
        }

        assertThat(ask(request).status()).isEqualTo(Status.BUSY);
        assertThat(handler.answer(Heads.someone().peerId(), request.encode()))
                .as("others are served")
                .isEqualTo(new SearchAnswer(Status.OK, java.util.List.of(), 0, 0, 77).encode());
        now.addAndGet(Duration.ofSeconds(2).toNanos());
        assertThat(ask(request).status()).isEqualTo(Status.OK);
        assertThat(handler.counters()).containsEntry("search.served", served + 2L).containsEntry("search.busy", 2L);
    }

    @Test
    void manyCheapQuestionsAreNoOffence() throws Exception {
        SearchRequest request = new SearchRequest.Search(Query.all(), 1);
        for (int i = 0; i < 20_000; i++) {
            now.addAndGet(50_000); // 20,000 a second
            assertThat(ask(request).status()).isEqualTo(Status.OK);
        }
    }

    @Test
    void aMalformedQuestionIsRefused() {
        assertThatThrownBy(() -> handler.answer(asker, new byte[] {0x0a, 0x7f})).isInstanceOf(MalformedException.class);
    }

    private Optional<Signed<?>> find(PackageId id, Optional<String> version) {
        now.addAndGet(lookup.get());
        return version.isEmpty() ? index.find(id) : Optional.empty();
    }

    private SearchAnswer ask(SearchRequest request) throws Exception {
        return SearchAnswer.decode(handler.answer(asker, request.encode()));
    }
}
