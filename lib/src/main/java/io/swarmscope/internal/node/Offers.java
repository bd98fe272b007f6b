package io.swarmscope.internal.node;

import io.github.bucket4j.BlockingBucket;
import io.github.bucket4j.Bucket;
import io.swarmscope.ContentId;
import io.swarmscope.internal.fork.Deadline;
import io.swarmscope.internal.fork.Forks;
import io.swarmscope.internal.fork.Outcome;
import io.swarmscope.internal.fork.World;
import io.swarmscope.internal.fork.WorldMeter;
import io.swarmscope.internal.kad.Bytes;
import io.swarmscope.internal.kad.KadRecord;
import io.swarmscope.internal.kad.Operation;
import io.swarmscope.internal.kad.OperationResult;
import io.swarmscope.internal.kad.Validators;
import io.swarmscope.internal.record.Head;
import io.swarmscope.internal.record.RecordKey;
import io.swarmscope.internal.record.Signed;
import io.swarmscope.internal.search.FindService;
import io.swarmscope.internal.wire.Multihash;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * Puts records of this node into the DHT, several at a time, and announces that it has the content they name. Thread-safe; runs on its caller's
 * thread and on virtual threads that do not outlive the call.
 *
 * <p>It does not write faster than other nodes take from one peer: in a small network each of them gets every record.
 */
final class Offers {

    /** Records under way at a time. Each is a lookup and up to k requests. */
    static final int AT_ONCE = 8;

    private static final int SHA256_HEX_DIGITS = 64;

    private final FindService.Dht dht;
    private final Validators validators;
    private final BlockingBucket pace;
    private final Forks forks;

    /**
     * @param writesPerSecond what other nodes take from one peer; twice that at once
     */
    Offers(FindService.Dht dht, Validators validators, int writesPerSecond, Forks forks) {
        this.dht = dht;
        this.validators = validators;
        // A little less: their clocks and ours count seconds differently, and to be refused is to have published in vain.
        long rate = Math.max(1, writesPerSecond * 9L / 10);
        this.pace = Bucket.builder()
                .addLimit(limit -> limit.capacity(2 * rate).refillGreedy(rate, Duration.ofSeconds(1)))
                .withCustomTimePrecision(WorldMeter.HERE)
                .build()
                .asBlocking();
        this.forks = forks;
    }

    /** Where a record was stored. */
    record Stored(int at, int wanted) {
        static final Stored NOWHERE = new Stored(0, 0);
    }

    /**
     * Offers records to the peers nearest to their keys.
     *
     * @param records by key; the content of the one of a package is announced as well, as far as there is time
     * @return where each was stored, {@link Stored#NOWHERE} where that failed or was not finished by the deadline
     */
    Map<RecordKey, Stored> offer(Map<RecordKey, Signed<?>> records, Deadline deadline) throws InterruptedException {
        return offer(records, this::paced, deadline);
    }

    /**
     * Puts records into the own part of the DHT, for a node that is alone: it keeps no pace with others, and whoever comes and asks it by
     * key must find them.
     */
    void keep(Map<RecordKey, Signed<?>> records, Deadline deadline) throws InterruptedException {
        offer(records, dht, deadline);
    }

    private Map<RecordKey, Stored> offer(Map<RecordKey, Signed<?>> records, FindService.Dht writer, Deadline deadline)
            throws InterruptedException {
        List<Map.Entry<RecordKey, Signed<?>>> all = List.copyOf(records.entrySet());
        Map<RecordKey, Stored> stored = new HashMap<>();
        records.keySet().forEach(key -> stored.put(key, Stored.NOWHERE));
        for (int from = 0; from < all.size() && !deadline.passed(); from += AT_ONCE) {
            List<Map.Entry<RecordKey, Signed<?>>> some = all.subList(from, Math.min(all.size(), from + AT_ONCE));
            List<Callable<OperationResult>> tasks = new ArrayList<>();
            // A little earlier, so that what was stored by then is heard of.
            Deadline inTime = FindService.justBefore(deadline);
            some.forEach(record -> tasks.add(put(record.getKey(), record.getValue(), writer, inTime)));
            some.forEach(record -> tasks.addAll(announcements(record.getKey(), record.getValue(), writer, inTime)));
            List<Outcome<OperationResult>> outcomes = forks.run("publish", tasks, Forks.all(), deadline);
            for (int i = 0; i < some.size(); i++) {
                stored.put(some.get(i).getKey(), stored(outcomes.get(i)));
            }
        }
        return stored;
    }

    private Callable<OperationResult> put(
            RecordKey key, Signed<?> record, FindService.Dht writer, Deadline deadline) {
        KadRecord stored = new KadRecord(Bytes.of(key.toBytes()), Bytes.of(record.encoded()));
        // Checked here, or else the swarm thread would verify the signature.
        return () -> writer.run(new Operation.PutValue(validators.checked(stored)), deadline);
    }

    private List<Callable<OperationResult>> announcements(
            RecordKey key, Signed<?> record, FindService.Dht writer, Deadline deadline) {
        if (key.version().isPresent() || !(record.record() instanceof Head head)) {
            return List.of();
        }
        return head.manifest().content()
                .map(content -> (Callable<OperationResult>) () -> writer.run(new Operation.Provide(keyOf(content)), deadline))
                .stream()
                .toList();
    }

    private OperationResult paced(Operation write, Deadline deadline) throws InterruptedException {
        return pace.tryConsume(1, deadline.remaining(), World.here()::pause)
                ? dht.run(write, deadline)
                : new OperationResult.Refused("this node has published more than others take in that time");
    }

    /**
     * The key under which providers of a content are found: the multihash, which is what other libp2p implementations want. One of another hash
     * function than SHA-256 is hashed, since js-libp2p resets the stream for any other key.
     */
    static Bytes keyOf(ContentId content) {
        boolean sha256 = content.algorithm().equals("sha2-256") && content.digest().length() == SHA256_HEX_DIGITS;
        Multihash hash = sha256
                ? Multihash.ofSha256Digest(HexFormat.of().parseHex(content.digest()))
                : Multihash.sha256(content.toString().getBytes(StandardCharsets.UTF_8));
        return Bytes.of(hash.toBytes());
    }

    private static Stored stored(Outcome<OperationResult> outcome) {
        return outcome instanceof Outcome.Value<OperationResult>(OperationResult.Stored result)
                ? new Stored(result.stored().size(), result.wanted())
                : Stored.NOWHERE;
    }
}
