package io.swarmscope.internal.search;

import io.swarmscope.internal.wire.Limits;
import io.swarmscope.internal.wire.MalformedException;
import io.swarmscope.internal.wire.ProtoReader;
import io.swarmscope.internal.wire.ProtoWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * What a node answers over the search protocol. Immutable; any thread.
 *
 * <pre>
 * message Answer {
 *   uint32 status = 1;          // 1 ok, 2 busy: asked for more than its share, 3 refused
 *   repeated bytes hit = 2;     // signed heads, best first
 *   uint64 total = 3;           // matches, those included that the limit cut off
 *   uint64 packages = 4;        // packages in the answering node's index
 *   uint64 newest = 5;          // when the newest record it holds was signed, milliseconds since 1970
 * }
 * </pre>
 *
 * @param status whether the question was answered
 * @param hits signed heads as their publishers signed them, best first; not verified
 * @param total how many packages match, by the peer's word
 * @param packages how many packages the peer holds, by its word
 * @param newest when the newest record that the peer holds was signed, in milliseconds since 1970; 0 if it does not say
 */
record SearchAnswer(Status status, List<byte[]> hits, long total, long packages, long newest) {

    /** Whether the question was answered. */
    enum Status {
        /** It was. */
        OK(1),
        /** Not now: this peer asked for more than its share. */
        BUSY(2),
        /** Not at all. */
        REFUSED(3);

        private final int code;

        Status(int code) {
            this.code = code;
        }

        /** Whatever is unknown is a refusal: later versions may have more of them. */
        private static Status of(long code) {
            return code == OK.code ? OK : code == BUSY.code ? BUSY : REFUSED;
        }
    }

    SearchAnswer {
        hits = List.copyOf(hits);
    }

    static SearchAnswer busy() {
        return new SearchAnswer(Status.BUSY, List.of(), 0, 0, 0);
    }

    /** The bytes of the message. */
    byte[] encode() {
        ProtoWriter out = new ProtoWriter().varint(1, status.code);
        hits.forEach(hit -> out.bytes(2, hit));
        return out.varint(3, total).varint(4, packages).varint(5, newest).toBytes();
    }

    /**
     * Reads the message.
     *
     * @throws MalformedException if it is none, or holds more or larger hits than allowed
     */
    static SearchAnswer decode(byte[] message) throws MalformedException {
        Status status = Status.REFUSED;
        List<byte[]> hits = new ArrayList<>();
        long total = 0;
        long packages = 0;
        long newest = 0;
        ProtoReader in = ProtoReader.of(message);
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field) {
                case 1 -> status = Status.of(in.varint());
                case 2 -> {
                    if (hits.size() == Limits.SEARCH_HITS) {
                        throw new MalformedException("more than " + Limits.SEARCH_HITS + " hits");
                    }
                    hits.add(in.bytes(Limits.RECORD_BYTES));
                }
                case 3 -> total = counted(in);
                case 4 -> packages = counted(in);
                case 5 -> newest = counted(in);
                default -> in.skip();
            }
        }
        return new SearchAnswer(status, hits, total, packages, newest);
    }

    private static long counted(ProtoReader in) throws MalformedException {
        long value = in.varint();
        if (value < 0) {
            throw new MalformedException("a number that is too large to be true");
        }
        return value;
    }
}
