package io.swarmscope.internal.link.yamux;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The twelve bytes in front of every frame: version, type, flags, stream id, length. Functions without state, for any thread.
 *
 * <p>We send one flag per frame, because jvm-libp2p closes the connection on combinations; others send combinations.
 */
final class Frame {
    static final int HEADER = 12;

    static final int DATA = 0;
    static final int WINDOW_UPDATE = 1;
    static final int PING = 2;
    static final int GO_AWAY = 3;

    static final int SYN = 1;
    static final int ACK = 2;
    static final int FIN = 4;
    static final int RST = 8;

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private Frame() {}

    static void put(byte[] bytes, int at, int type, int flags, int id, int length) {
        INT.set(bytes, at, type << 16 | flags);
        INT.set(bytes, at + 4, id);
        INT.set(bytes, at + 8, length);
    }

    /** Replaces the length of a frame that was put there. */
    static void length(byte[] bytes, int at, int length) {
        INT.set(bytes, at + 8, length);
    }

    static int version(byte[] bytes, int at) {
        return bytes[at] & 0xff;
    }

    static int type(byte[] bytes, int at) {
        return bytes[at + 1] & 0xff;
    }

    static int flags(byte[] bytes, int at) {
        return (int) INT.get(bytes, at) & 0xffff;
    }

    static int id(byte[] bytes, int at) {
        return (int) INT.get(bytes, at + 4);
    }

    /** Up to 2^32 - 1. */
    static long length(byte[] bytes, int at) {
        return (int) INT.get(bytes, at + 8) & 0xffff_ffffL;
    }
}
