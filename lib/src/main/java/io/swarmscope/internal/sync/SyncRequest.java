package io.swarmscope.internal.sync;

import io.swarmscope.internal.wire.Limits;
import io.swarmscope.internal.wire.MalformedException;
import io.swarmscope.internal.wire.ProtoReader;
import io.swarmscope.internal.wire.ProtoWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one node asks another over the sync protocol. Immutable; any thread.
 *
 * <pre>
 * message Request {
 *   uint32 shard = 1;         // 0, the only one today; whoever does not know it reads no further
 *   Compare compare = 2;      // one of these three
 *   Fetch fetch = 3;
 *   Records offer = 4;
 * }
 * message Compare { repeated Range range = 1; }
 * message Range { string low = 1; string high = 2; bytes fingerprint = 3; uint64 count = 4; }   // high absent: to the end
 * message Fetch { repeated string key = 1; }
 * message Records { repeated Record record = 1; }
 * message Record { string key = 1; bytes record = 2; }
 * </pre>
 */
sealed interface SyncRequest {

    /** The shard that is asked about. */
    int SHARD = 0;

    /** A range, and what the asker holds in it. */
    record Asked(KeyRange range, Summary summary) {}

    /** Whether ranges differ, and where. */
    record Compare(List<Asked> ranges) implements SyncRequest {}

    /** The records of these keys. */
    record Fetch(List<String> keys) implements SyncRequest {}

    /** Records that the other may lack. */
    record Offer(List<SyncRecord> records) implements SyncRequest {}

    /** A question about another shard than the one there is. */
    record Foreign() implements SyncRequest {}

    /** The bytes of the message. */
    default byte[] encode() {
        ProtoWriter out = new ProtoWriter();
        ProtoWriter body = new ProtoWriter();
        switch (this) {
            case Compare compare -> {
                compare.ranges.forEach(asked -> body.message(1, range(asked)));
                out.varint(1, SHARD).message(2, body);
            }
            case Fetch fetch -> {
                fetch.keys.forEach(key -> body.string(1, key));
                out.varint(1, SHARD).message(3, body);
            }
            case Offer offer -> {
                offer.records.forEach(record -> body.message(1, Fields.record(record)));
                out.varint(1, SHARD).message(4, body);
            }
            case Foreign foreign -> out.varint(1, SHARD + 1);
        }
        return out.toBytes();
    }

    private static ProtoWriter range(Asked asked) {
        ProtoWriter out = new ProtoWriter().string(1, asked.range.low());
        if (asked.range.high() != null) {
            out.string(2, asked.range.high());
        }
        return out.bytes(3, asked.summary.fingerprint().toBytes()).varint(4, asked.summary.count());
    }

    /**
     * Reads the message.
     *
     * @throws MalformedException if it is none, or asks for nothing or for more than allowed
     */
    static SyncRequest decode(byte[] message) throws MalformedException {
        SyncRequest request = null;
        ProtoReader in = ProtoReader.of(message);
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field) {
                case 1 -> {
                    if (in.varint() != SHARD) {
                        return new Foreign();
                    }
                }
                case 2 -> request = once(request, new Compare(ranges(in.message())));
                case 3 -> request = once(request, new Fetch(keys(in.message())));
                case 4 -> request = once(request, new Offer(Fields.records(in.message())));
                default -> in.skip();
            }
        }
        if (request == null) {
            throw new MalformedException("request that asks for nothing");
        }
        return request;
    }

    private static SyncRequest once(@Nullable SyncRequest before, SyncRequest request) throws MalformedException {
        if (before != null) {
            throw new MalformedException("request that asks for two things");
        }
        return request;
    }

    private static List<Asked> ranges(ProtoReader in) throws MalformedException {
        List<Asked> ranges = new ArrayList<>();
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field) {
                case 1 -> Fields.add(ranges, range(in.message()), Limits.SYNC_RANGES);
                default -> in.skip();
            }
        }
        return ranges;
    }

    private static Asked range(ProtoReader in) throws MalformedException {
        String low = "";
        String high = null;
        Fingerprint fingerprint = null;
        long count = 0;
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field) {
                case 1 -> low = in.string(Limits.SYNC_KEY_BYTES);
                case 2 -> high = Fields.key(in);
                case 3 -> fingerprint = Fields.fingerprint(in);
                case 4 -> count = Fields.number(in);
                default -> in.skip();
            }
        }
        KeyRange range = new KeyRange(low, high);
        if (range.isEmpty() || fingerprint == null) {
            throw new MalformedException("range that is empty or without fingerprint");
        }
        return new Asked(range, new Summary(count, fingerprint));
    }

    private static List<String> keys(ProtoReader in) throws MalformedException {
        List<String> keys = new ArrayList<>();
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field) {
                case 1 -> Fields.add(keys, Fields.key(in), Limits.SYNC_RECORDS);
                default -> in.skip();
            }
        }
        return keys;
    }
}
