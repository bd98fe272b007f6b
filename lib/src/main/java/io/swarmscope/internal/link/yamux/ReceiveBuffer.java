package io.swarmscope.internal.link.yamux;

import org.jspecify.annotations.Nullable;

/**
 * The received bytes of one stream that nobody has read yet, in pieces that grow with what arrives. Guarded by the lock of the
 * {@link Receiver}, except that the reader thread fills a reserved piece without it.
 */
final class ReceiveBuffer {
    private static final int SMALLEST = 64;

    private final Budget budget;

    @Nullable
    private Piece head;

    @Nullable
    private Piece tail;

    private int size;
    private boolean reserved;

    ReceiveBuffer(Budget budget) {
        this.budget = budget;
    }

    /** An array, of which {@code from} to {@code to} is received and not read. */
    static final class Piece {
        final byte[] bytes;
        int from;
        int to;

        @Nullable
        Piece next;

        Piece(byte[] bytes) {
            this.bytes = bytes;
        }
    }

    int size() {
        return size;
    }

    /** Adds bytes. False if the session's memory is used up. */
    boolean append(byte[] source, int offset, int length) {
        int at = offset;
        int left = length;
        while (left > 0) {
            Piece piece = room(left);
            if (piece == null) {
                return false;
            }
            int n = Math.min(left, piece.bytes.length - piece.to);
            System.arraycopy(source, at, piece.bytes, piece.to, n);
            piece.to += n;
            size += n;
            at += n;
            left -= n;
        }
        return true;
    }

    /**
     * A piece with room, to be filled from its {@code to} on without the lock and then given to {@link #commit}.
     *
     * @return null if the session's memory is used up
     */
    @Nullable
    Piece reserve(int wanted) {
        Piece piece = room(wanted);
        reserved = piece != null;
        return piece;
    }

    /** That many bytes were put into the reserved piece. */
    void commit(Piece piece, int bytes) {
        reserved = false;
        if (piece == tail) {
            piece.to += bytes;
            size += bytes;
        }
    }

    /** Takes up to {@code length} bytes out; 0 if there are none. */
    int read(byte[] target, int offset, int length) {
        int at = offset;
        int left = Math.min(length, size);
        size -= left;
        while (left > 0 && head != null) {
            Piece piece = head;
            int n = Math.min(left, piece.to - piece.from);
            System.arraycopy(piece.bytes, piece.from, target, at, n);
            piece.from += n;
            at += n;
            left -= n;
            if (piece.from == piece.to) {
                dropHead(piece);
            }
        }
        return at - offset;
    }

    /** Drops everything. A piece that is being filled goes to the garbage collector. */
    void clear() {
        while (head != null) {
            Piece piece = head;
            head = piece.next;
            if (reserved && piece == tail) {
                budget.give(piece.bytes.length);
            } else {
                recycle(piece);
            }
        }
        tail = null;
        size = 0;
    }

    private void dropHead(Piece piece) {
        if (piece == tail) {
            if (reserved) {
                return;
            }
            tail = null;
        }
        head = piece.next;
        recycle(piece);
    }

    private void recycle(Piece piece) {
        budget.give(piece.bytes.length);
        Pool.CHUNKS.give(piece.bytes);
    }

    /** The last piece if it has room, otherwise a new one: as large as needed, or as what is here already, so that pieces are few. */
    @Nullable
    private Piece room(int wanted) {
        Piece last = tail;
        if (last != null && last.to < last.bytes.length) {
            return last;
        }
        int full = Pool.CHUNKS.size();
        int length = Math.max(Math.max(SMALLEST, wanted), size);
        boolean pooled = length > full / 2;
        if (!budget.take(pooled ? full : length)) {
            return null;
        }
        Piece piece = new Piece(pooled ? Pool.CHUNKS.take() : new byte[length]);
        if (last == null) {
            head = piece;
        } else {
            last.next = piece;
        }
        tail = piece;
        return piece;
    }
}
