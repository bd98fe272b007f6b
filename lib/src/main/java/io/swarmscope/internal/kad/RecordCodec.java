package io.swarmscope.internal.kad;

import io.swarmscope.PeerId;
import io.swarmscope.internal.wire.Limits;
import io.swarmscope.internal.wire.MalformedException;
import io.swarmscope.internal.wire.ProtoReader;
import io.swarmscope.internal.wire.ProtoWriter;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/** The record within a Kademlia message. Stateless; any thread. */
final class RecordCodec {

    private static final int KEY = 1;
    private static final int VALUE = 2;
    private static final int TIME_RECEIVED = 5;

    /** Of rust-libp2p. */
    private static final int PUBLISHER = 666;

    /** Of rust-libp2p, in seconds. */
    private static final int TTL = 777;

    private static final long UINT32_MAX = 0xffff_ffffL;

    /** RFC 3339 has years of four digits. */
    private static final Instant YEAR_0 = Instant.parse("0000-01-01T00:00:00Z");

    private static final Instant YEAR_10000 = Instant.parse("+10000-01-01T00:00:00Z");

    private RecordCodec() {}

    static ProtoWriter write(KadRecord record) {
        ProtoWriter out = new ProtoWriter().bytes(KEY, record.key().array()).bytes(VALUE, record.value().array());
        Instant received = record.received();
        if (received != null) {
            out.string(TIME_RECEIVED, received.toString());
        }
        PeerId publisher = record.publisher();
        if (publisher != null) {
            out.bytes(PUBLISHER, publisher.toBytes());
        }
        if (record.ttlSeconds() > 0) {
            out.varint(TTL, Math.min(record.ttlSeconds(), UINT32_MAX));
        }
        return out;
    }

    static KadRecord read(ProtoReader in) throws MalformedException {
        Bytes key = Bytes.EMPTY;
        Bytes value = Bytes.EMPTY;
        Instant received = null;
        PeerId publisher = null;
        long ttl = 0;
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field) {
                case KEY -> key = Bytes.of(in.bytes(Limits.KAD_KEY_BYTES));
                case VALUE -> value = Bytes.of(in.bytes(Limits.KAD_REQUEST_BYTES));
                case TIME_RECEIVED -> received = time(in.string(Limits.KAD_TIME_BYTES));
                case PUBLISHER -> publisher = PeerCodec.peer(in.bytes(Limits.KAD_KEY_BYTES));
                case TTL -> ttl = in.varint() & UINT32_MAX;
                default -> in.skip();
            }
        }
        return new KadRecord(key, value, received, publisher, ttl, false);
    }

    /** Null where it is not RFC 3339: the field informs, nothing depends on it. */
    private static @Nullable Instant time(String text) {
        try {
            Instant time = text.isEmpty() ? null : OffsetDateTime.parse(text).toInstant();
            // Java reads years of up to nine digits, and those that their offset makes longer could be written but not read again.
            return time == null || time.isBefore(YEAR_0) || !time.isBefore(YEAR_10000) ? null : time;
        } catch (DateTimeException e) {
            return null;
        }
    }
}
