package io.swarmscope.internal.record;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import io.swarmscope.PeerId;
import io.swarmscope.internal.fork.World;
import io.swarmscope.internal.fork.WorldMeter;
import io.swarmscope.internal.wire.Limits;
import java.time.Duration;

/**
 * How many news one key may bring into one namespace, by gossip or by the DHT, whoever passes them on: many at once, for whoever publishes a
 * repository, but not many all the time. Thread-safe; never blocks.
 *
 * <p>What is asked for, by a sync or a search, is not counted: it may be years of news.
 */
public final class Quota {

    private record Source(String namespace, PeerId key) {}

    private final TimeMeter clock;
    private final Cache<Source, Bucket> buckets = Caffeine.newBuilder()
            .maximumSize(Limits.RECORD_QUOTAS)
            .expireAfterAccess(Duration.ofMinutes(10)) // by then most of it is there again
            .ticker(World::nanoTime)
            .executor(Runnable::run)
            .build();

    /** Everybody has their full quota. */
    public Quota() {
        this(WorldMeter.HERE);
    }

    Quota(TimeMeter clock) {
        this.clock = clock;
    }

    /** Whether the record's key may bring one more into its namespace; if so, it has. */
    boolean take(Signed<?> record) {
        return buckets.get(new Source(record.id().namespace(), record.publisher()), source -> full()).tryConsume(1);
    }

    private Bucket full() {
        return Bucket.builder()
                .addLimit(limit -> limit.capacity(Limits.RECORD_NEWS_AT_ONCE)
                        .refillGreedy(Limits.RECORD_NEWS_PER_SECOND, Duration.ofSeconds(1)))
                .withCustomTimePrecision(clock)
                .build();
    }
}
