package io.swarmscope.internal.search;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import io.swarmscope.PackageId;
import io.swarmscope.PeerId;
import io.swarmscope.host.Stream;
import io.swarmscope.host.StreamHandler;
import io.swarmscope.internal.fork.World;
import io.swarmscope.internal.fork.WorldMeter;
import io.swarmscope.internal.record.Signed;
import io.swarmscope.internal.search.SearchAnswer.Status;
import io.swarmscope.internal.store.Match;
import io.swarmscope.internal.store.Matches;
import io.swarmscope.internal.store.PackageIndex;
import io.swarmscope.internal.wire.Frames;
import io.swarmscope.internal.wire.Limits;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * Answers the search protocol from the local index: one question, one answer per stream, on the stream's virtual thread. Thread-safe.
 *
 * <p>Each peer has a budget of this node's time. Counting questions would either let expensive ones through or hold cheap ones back.
 */
public final class SearchHandler implements StreamHandler {

    /** What a question costs at least: the stream around it. */
    private static final long LEAST_MICROS = 20;

    /** Finds the record of a package, or of a version of it, that this node holds. */
    @FunctionalInterface
    public interface Records {
        /** The record; empty if this node has none, or it is withdrawn. */
        Optional<Signed<?>> find(PackageId id, Optional<String> version);
    }

    private final PackageIndex index;
    private final Records records;
    private final LongSupplier newest;
    private final TimeMeter clock;

    private final Cache<PeerId, Bucket> budgets = Caffeine.newBuilder()
            .maximumSize(Limits.SEARCH_ACCOUNTS)
            .expireAfterAccess(Duration.ofMinutes(10)) // by then a budget is full again
            .ticker(World::nanoTime)
            .executor(Runnable::run)
            .build();
    private final Leaving leaving = new Leaving(Runtime.getRuntime().maxMemory() / Limits.SEARCH_LEAVING_PART_OF_HEAP);
    private final LongAdder served = new LongAdder();
    private final LongAdder turnedAway = new LongAdder();

    /**
     * Answers from this index and these records.
     *
     * @param newest tells when the newest record held here was signed, in milliseconds since 1970; 0 if there is none
     */
    public SearchHandler(PackageIndex index, Records records, LongSupplier newest) {
        this(index, records, newest, WorldMeter.HERE);
    }

    SearchHandler(PackageIndex index, Records records, LongSupplier newest, TimeMeter clock) {
        this.index = index;
        this.records = records;
        this.newest = newest;
        this.clock = clock;
    }

    @Override
    public void handle(Stream stream) throws IOException {
        stream.timeout(Duration.ofMillis(Limits.SEARCH_SERVING_MILLIS));
        byte[] question = Frames.read(stream.input(), Limits.SEARCH_REQUEST_BYTES);
        byte[] answer = answer(stream.remote(), question);
        if (!leaving.enters(stream.remote(), answer.length)) {
            turnedAway.increment();
            stream.finish(Frames.prefixed(SearchAnswer.busy().encode()));
            return;
        }
        try {
            stream.finish(Frames.prefixed(answer));
        } finally {
            leaving.left(stream.remote(), answer.length);
        }
    }

    /** The answer to a peer's question. */
    byte[] answer(PeerId peer, byte[] question) throws IOException {
        Bucket budget = budgets.get(peer, p -> fullBudget());
        if (budget.getAvailableTokens() <= 0) {
            turnedAway.increment();
            return SearchAnswer.busy().encode();
        }
        served.increment();
        long began = clock.currentTimeNanos();
        try {
            return answer(SearchRequest.decode(question)).encode();
        } finally {
            long micros = TimeUnit.NANOSECONDS.toMicros(clock.currentTimeNanos() - began);
            budget.consumeIgnoringRateLimits(Math.max(LEAST_MICROS, micros));
        }
    }

    private Bucket fullBudget() {
        return Bucket.builder()
                .addLimit(limit -> limit.capacity(Limits.SEARCH_BURST_MICROS)
                        .refillGreedy(Limits.SEARCH_MICROS_PER_SECOND, Duration.ofSeconds(1)))
                .withCustomTimePrecision(clock)
                .build();
    }

    private SearchAnswer answer(SearchRequest request) {
        return switch (request) {
            case SearchRequest.Search search -> {
                Matches matches = index.search(search.query(), search.limit());
                List<byte[]> hits = matches.best().stream().map(Match::encoded).toList();
                yield new SearchAnswer(Status.OK, hits, matches.total(), index.packages(), newest.getAsLong());
            }
            case SearchRequest.Lookup lookup -> {
                List<byte[]> hits = records.find(lookup.id(), lookup.version())
                        .map(Signed::encoded)
                        .stream()
                        .toList();
                yield new SearchAnswer(Status.OK, hits, hits.size(), index.packages(), newest.getAsLong());
            }
        };
    }

    /** How many questions were answered and how many turned away. */
    public Map<String, Long> counters() {
        return Map.of("search.served", served.sum(), "search.busy", turnedAway.sum());
    }
}
