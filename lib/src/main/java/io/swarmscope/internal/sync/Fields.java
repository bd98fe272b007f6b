package io.swarmscope.internal.sync;

import io.swarmscope.internal.wire.Limits;
import io.swarmscope.internal.wire.MalformedException;
import io.swarmscope.internal.wire.ProtoReader;
import io.swarmscope.internal.wire.ProtoWriter;
import java.util.ArrayList;
import java.util.List;

/** What several messages of the protocol are made of. Stateless; any thread. */
final class Fields {

    private Fields() {}

    static <T> void add(List<T> list, T value, int max) throws MalformedException {
        if (list.size() == max) {
            throw new MalformedException("more than " + max + " of a kind in one message");
        }
        list.add(value);
    }

    static String key(ProtoReader in) throws MalformedException {
        String key = in.string(Limits.SYNC_KEY_BYTES);
        if (key.isEmpty()) {
            throw new MalformedException("empty key");
        }
        return key;
    }

    static Fingerprint fingerprint(ProtoReader in) throws MalformedException {
        byte[] bytes = in.bytes(Fingerprint.BYTES);
        if (bytes.length != Fingerprint.BYTES) {
            throw new MalformedException("fingerprint of " + bytes.length + " bytes");
        }
        return Fingerprint.of(bytes);
    }

    /** A count or a sequence. */
    static long number(ProtoReader in) throws MalformedException {
        long number = in.varint();
        if (number < 0) {
            throw new MalformedException("number above 2^63");
        }
        return number;
    }

    /** {@code message Record { string key = 1; bytes record = 2; }}. */
    static ProtoWriter record(SyncRecord value) {
        return new ProtoWriter().string(1, value.key()).bytes(2, value.encoded());
    }

    static SyncRecord record(ProtoReader in) throws MalformedException {
        String key = "";
        byte[] encoded = {};
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field) {
                case 1 -> key = key(in);
                case 2 -> encoded = in.bytes(Limits.RECORD_BYTES);
                default -> in.skip();
            }
        }
        if (key.isEmpty() || encoded.length == 0) {
            throw new MalformedException("record without key or content");
        }
        return new SyncRecord(key, encoded);
    }

    /** {@code message Records { repeated Record record = 1; }}. */
    static List<SyncRecord> records(ProtoReader in) throws MalformedException {
        List<SyncRecord> records = new ArrayList<>();
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field) {
                case 1 -> add(records, record(in.message()), Limits.SYNC_RECORDS);
                default -> in.skip();
            }
        }
        return records;
    }
}
