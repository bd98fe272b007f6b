package io.swarmscope.internal.sync;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import io.swarmscope.PeerId;
import io.swarmscope.host.Stream;
import io.swarmscope.host.StreamHandler;
import io.swarmscope.internal.fork.Deadline;
import io.swarmscope.internal.fork.World;
import io.swarmscope.internal.fork.WorldMeter;
import io.swarmscope.internal.sync.SyncAnswer.Status;
import io.swarmscope.internal.wire.Frames;
import io.swarmscope.internal.wire.Limits;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Answers the sync protocol: any number of questions on one stream, on the stream's virtual thread. Thread-safe.
 *
 * <p>Nothing is kept between questions but the peer's budget of this node's time, so a session that breaks off costs nothing.
 */
public final class SyncHandler implements StreamHandler {

    /** What a question costs at least: reading it and sending the answer. */
    private static final long LEAST_MICROS = 50;

    /** For the end of the peer's last session, which may be on its way, to arrive. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Answering answering;
    private final TimeMeter clock;
    private final Places places = new Places(Limits.SYNC_SESSIONS);

    private final Cache<PeerId, Bucket> budgets = Caffeine.newBuilder()
            .maximumSize(Limits.SYNC_PEERS)
            .expireAfterAccess(Duration.ofMinutes(10)) // by then a budget is full again
            .ticker(World::nanoTime)
            .executor(Runnable::run)
            .build();
    private final LongAdder sessions = new LongAdder();
    private final LongAdder served = new LongAdder();
    private final LongAdder turnedAway = new LongAdder();

    /** Answers from these records, and takes what is offered. */
    public SyncHandler(SyncRecords records) {
        this(records, WorldMeter.HERE);
    }

    SyncHandler(SyncRecords records, TimeMeter clock) {
        this.answering = new Answering(records);
        this.clock = clock;
    }

    /** The id of the sync protocol of a network. */
    public static String protocol(String network) {
        return "/" + network + "/sync/1.0.0";
    }

    @Override
    public void handle(Stream stream) throws IOException, InterruptedException {
        PeerId peer = stream.remote();
        if (!places.enter(peer, PATIENCE)) {
            stream.finish(Frames.prefixed(turnAway().encode()));
            return;
        }
        try {
            sessions.increment();
            serve(stream, Deadline.after(Limits.SYNC_SESSION));
        } finally {
            places.leave(peer);
        }
    }

    private void serve(Stream stream, Deadline end) throws IOException {
        Status status = Status.OK;
        while (status == Status.OK) {
            stream.timeout(Deadline.after(Limits.SYNC_IDLE).orEarlier(end).remaining());
            byte[] question = Frames.readOrEnd(stream.input(), Limits.SYNC_FRAME_BYTES);
            if (question == null) {
                return;
            }
            SyncAnswer answer = answer(stream.remote(), question);
            Frames.write(stream.output(), answer.encode());
            status = answer.status();
        }
    }

    /** The answer to a peer's question. */
    SyncAnswer answer(PeerId peer, byte[] question) throws IOException {
        Bucket budget = budgets.get(peer, p -> fullBudget());
        if (budget.getAvailableTokens() <= 0) {
            return turnAway();
        }
        served.increment();
        long began = clock.currentTimeNanos();
        try {
            return answering.answer(peer, SyncRequest.decode(question));
        } finally {
            long micros = TimeUnit.NANOSECONDS.toMicros(clock.currentTimeNanos() - began);
            budget.consumeIgnoringRateLimits(Math.max(LEAST_MICROS, micros));
        }
    }

    private SyncAnswer turnAway() {
        turnedAway.increment();
        return answering.busy();
    }

    private Bucket fullBudget() {
        return Bucket.builder()
                .addLimit(limit -> limit.capacity(Limits.SYNC_BURST_MICROS)
                        .refillGreedy(Limits.SYNC_MICROS_PER_SECOND, Duration.ofSeconds(1)))
                .withCustomTimePrecision(clock)
                .build();
    }

    /** How many sessions were begun, how many questions were answered and how many sessions turned away. */
    public Map<String, Long> counters() {
        return Map.of("sync.sessions", sessions.sum(), "sync.served", served.sum(), "sync.busy", turnedAway.sum());
    }
}
