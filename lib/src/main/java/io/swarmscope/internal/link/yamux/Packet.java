package io.swarmscope.internal.link.yamux;

/**
 * Frames that leave in one write. Used by whoever holds the lock of {@link Outbound} while it is filled, then by the writer
 * thread alone until it is cleared.
 */
final class Packet {

    /** Room in front for the control frames that usually come together, so that nothing has to move. */
    private static final int HEADROOM = 20 * Frame.HEADER;

    /** Cheap enough to be made anew after each pause: a request and its answer fit. */
    private static final int SMALL = 1024;

    private static final byte[] NOTHING = {};

    private byte[] bytes = NOTHING;
    private int from = HEADROOM;
    private int to = HEADROOM;

    /** Where the header of the last frame is if more data of the same stream may be added to it, otherwise 0. */
    private int openData;

    byte[] bytes() {
        return bytes;
    }

    int offset() {
        return from;
    }

    int length() {
        return to - from;
    }

    void frame(int type, int flags, int id, int length) {
        ensure(Frame.HEADER);
        Frame.put(bytes, to, type, flags, id, length);
        to += Frame.HEADER;
        openData = 0;
    }

    /** Adds data, to the last frame if that is of the same stream and does not become larger than {@code maxBody}. */
    void data(int id, byte[] source, int offset, int length, int maxBody) {
        int open = openData;
        if (open == 0 || Frame.id(bytes, open) != id || to - open - Frame.HEADER + length > maxBody) {
            ensure(Frame.HEADER + length);
            open = to;
            Frame.put(bytes, to, Frame.DATA, 0, id, length);
            to += Frame.HEADER;
        } else {
            ensure(length);
            Frame.length(bytes, open, to - open - Frame.HEADER + length);
        }
        System.arraycopy(source, offset, bytes, to, length);
        to += length;
        openData = open;
    }

    /** Puts frames in front of those that are there. */
    void prepend(byte[] frames, int length) {
        if (length > from) {
            int shift = length - from;
            ensure(shift);
            System.arraycopy(bytes, from, bytes, length, to - from);
            from += shift;
            to += shift;
        } else {
            ensure(0);
        }
        from -= length;
        System.arraycopy(frames, 0, bytes, from, length);
        openData = 0;
    }

    void clear() {
        from = HEADROOM;
        to = HEADROOM;
        openData = 0;
    }

    /** Gives the memory away that an idle session does not need. To be called on a cleared one. */
    void shrink() {
        giveBack(bytes);
        bytes = NOTHING;
    }

    private void ensure(int more) {
        int needed = to + more;
        if (needed > bytes.length) {
            byte[] larger = allocate(needed);
            if (to > from) {
                System.arraycopy(bytes, from, larger, from, to - from);
            }
            giveBack(bytes);
            bytes = larger;
        }
    }

    private static byte[] allocate(int needed) {
        if (needed <= SMALL) {
            return new byte[SMALL];
        }
        if (needed <= Pool.CHUNKS.size()) {
            return Pool.CHUNKS.take();
        }
        return needed <= Pool.PACKETS.size() ? Pool.PACKETS.take() : new byte[needed + needed / 2];
    }

    private static void giveBack(byte[] bytes) {
        Pool.CHUNKS.give(bytes);
        Pool.PACKETS.give(bytes);
    }
}
