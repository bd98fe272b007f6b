package io.swarmscope.internal.sync;

import java.nio.ByteBuffer;

/** 16 bytes that are the same for two ranges of items if and, but for chance, only if they hold the same. Immutable; any thread. */
record Fingerprint(long high, long low) {

    static final int BYTES = 16;

    /** Of the first 16 of these bytes. */
    static Fingerprint of(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        return new Fingerprint(in.getLong(), in.getLong());
    }

    byte[] toBytes() {
        return ByteBuffer.allocate(BYTES).putLong(high).putLong(low).array();
    }
}
