package io.swarmscope.internal.link.yamux;

import io.swarmscope.internal.wire.Limits;

/**
 * Frames without body that wait to be sent. Guarded by the lock of {@link Outbound}.
 *
 * <p>Nobody waits for room here, so there is a limit instead: more frames than that come from a peer that makes us answer and does
 * not read.
 */
final class ControlFrames {
    private static final int FIRST = 4 * Frame.HEADER;
    private static final int KEPT = 32 * Frame.HEADER;
    private static final byte[] NOTHING = {};

    private byte[] frames = NOTHING;
    private int length;
    private int pongs;

    /** False if there are too many. */
    boolean add(int type, int flags, int id, int value) {
        if (length >= Limits.YAMUX_CONTROL_FRAMES * Frame.HEADER) {
            return false;
        }
        if (length == frames.length) {
            byte[] larger = new byte[Math.max(FIRST, 2 * length)];
            System.arraycopy(frames, 0, larger, 0, length);
            frames = larger;
        }
        Frame.put(frames, length, type, flags, id, value);
        length += Frame.HEADER;
        return true;
    }

    /** Adds the answer to a ping; false if there are too many. */
    boolean addPong(int value) {
        pongs++;
        return pongs <= Limits.YAMUX_PONGS && add(Frame.PING, Frame.ACK, 0, value);
    }

    boolean isEmpty() {
        return length == 0;
    }

    /** Moves all in front of what is in the packet. */
    void moveTo(Packet packet) {
        if (length > 0) {
            packet.prepend(frames, length);
            length = 0;
        }
        pongs = 0;
    }

    /** Gives the memory away that an idle session does not need. */
    void shrink() {
        if (frames.length > KEPT) {
            frames = NOTHING;
        }
    }
}
