package io.swarmscope.internal.sync;

import io.swarmscope.internal.wire.Limits;
import io.swarmscope.internal.wire.MalformedException;
import io.swarmscope.internal.wire.ProtoReader;
import io.swarmscope.internal.wire.ProtoWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * What a node answers over the sync protocol. Immutable; any thread.
 *
 * <pre>
 * message Answer {
 *   uint32 shard = 1;
 *   uint32 status = 2;        // 1 ok, 2 busy: asked for more than its share, 3 unknown shard
 *   uint64 count = 3;         // items that the answering node holds in the shard
 *   bytes root = 4;           // their fingerprint
 *   Compared compared = 5;    // whichever was asked for
 *   Records fetched = 6;
 *   Offered offered = 7;
 * }
 * message Compared { repeated Part part = 1; }                       // of the first ranges asked about: as many as fit, one at least
 * message Records { repeated Record record = 1; uint32 done = 2; }   // of the first keys asked for; how many keys those are
 * message Offered { uint32 new = 1; uint32 known = 2; uint32 refused = 3; }
 * </pre>
 *
 * @param status whether the question was answered
 * @param root what stands for all that the peer holds, by its word
 * @param body the answer; empty if there is none
 */
record SyncAnswer(Status status, Summary root, Body body) {

    /** Whether the question was answered. */
    enum Status {
        /** It was. */
        OK(1),
        /** Not now: the peer asked for more than its share, or too many others ask. */
        BUSY(2),
        /** Not here. */
        UNKNOWN_SHARD(3);

        private final int code;

        Status(int code) {
            this.code = code;
        }

        /** Whatever is unknown is not for us: later versions may have more of them. */
        private static Status of(long code) {
            return code == OK.code ? OK : code == BUSY.code ? BUSY : UNKNOWN_SHARD;
        }
    }

    /** What was asked for. */
    sealed interface Body {}

    /** The first ranges that were asked about, one at least. */
    record Compared(List<Part> parts) implements Body {}

    /** What there is of the first so many keys that were asked for, one at least, in their order. */
    record Fetched(List<SyncRecord> records, int done) implements Body {}

    /** What became of the records offered. */
    record Offered(int taken, int known, int refused) implements Body {}

    /** No answer. */
    record Nothing() implements Body {}

    /** The bytes of the message. */
    byte[] encode() {
        ProtoWriter out = new ProtoWriter()
                .varint(1, SyncRequest.SHARD)
                .varint(2, status.code)
                .varint(3, root.count())
                .bytes(4, root.fingerprint().toBytes());
        ProtoWriter inner = new ProtoWriter();
        switch (body) {
            case Compared compared -> {
                compared.parts.forEach(part -> inner.message(1, part.write()));
                out.message(5, inner);
            }
            case Fetched fetched -> {
                fetched.records.forEach(record -> inner.message(1, Fields.record(record)));
                out.message(6, inner.varint(2, fetched.done));
            }
            case Offered offered ->
                out.message(7, inner.varint(1, offered.taken).varint(2, offered.known).varint(3, offered.refused));
            case Nothing nothing -> {}
        }
        return out.toBytes();
    }

    /**
     * Reads the message.
     *
     * @throws MalformedException if it is none, or holds more or larger things than allowed
     */
    static SyncAnswer decode(byte[] message) throws MalformedException {
        Status status = Status.UNKNOWN_SHARD;
        long count = 0;
        Fingerprint root = new Fingerprint(0, 0);
        Body body = new Nothing();
        ProtoReader in = ProtoReader.of(message);
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field) {
                case 1 -> in.varint(SyncRequest.SHARD);
                case 2 -> status = Status.of(in.varint());
                case 3 -> count = Fields.number(in);
                case 4 -> root = Fields.fingerprint(in);
                case 5 -> body = new Compared(parts(in.message()));
                case 6 -> body = fetched(in.message());
                case 7 -> body = offered(in.message());
                default -> in.skip();
            }
        }
        return new SyncAnswer(status, new Summary(count, root), body);
    }

    private static List<Part> parts(ProtoReader in) throws MalformedException {
        List<Part> parts = new ArrayList<>();
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field) {
                case 1 -> Fields.add(parts, Part.read(in.message()), Limits.SYNC_RANGES);
                default -> in.skip();
            }
        }
        return parts;
    }

    private static Body fetched(ProtoReader in) throws MalformedException {
        List<SyncRecord> records = new ArrayList<>();
        int done = 0;
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field) {
                case 1 -> Fields.add(records, Fields.record(in.message()), Limits.SYNC_RECORDS);
                case 2 -> done = in.varint(Limits.SYNC_RECORDS);
                default -> in.skip();
            }
        }
        return new Fetched(records, done);
    }

    private static Body offered(ProtoReader in) throws MalformedException {
        int[] counts = new int[4];
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field) {
                case 1, 2, 3 -> counts[field] = in.varint(Limits.SYNC_RECORDS);
                default -> in.skip();
            }
        }
        return new Offered(counts[1], counts[2], counts[3]);
    }
}
