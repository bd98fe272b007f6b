package io.swarmscope.internal.link.yamux;

import io.swarmscope.internal.link.SecureChannel;
import io.swarmscope.internal.wire.Limits;
import io.swarmscope.internal.wire.MalformedException;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Reads frames and hands them out. Run by the session's reader thread, which never waits for anything but the channel: neither for an
 * application that reads slowly nor for the writer.
 */
final class ReadLoop {
    private final YamuxSession session;
    private final StreamTable table;
    private final Outbound out;
    private final Heartbeat heartbeat;
    private final Input input;

    /** Application threads to wake, and streams to announce, once everything that arrived together is dispatched: a whole request,
     * not its first frame. */
    private final List<Thread> wakes = new ArrayList<>();

    private final List<YamuxStream> announcements = new ArrayList<>();

    ReadLoop(YamuxSession session, SecureChannel channel, StreamTable table, Outbound out, Heartbeat heartbeat) {
        this.session = session;
        this.table = table;
        this.out = out;
        this.heartbeat = heartbeat;
        this.input = new Input(channel, heartbeat, this::deliver);
    }

    /**
     * Returns when the peer closed the connection.
     *
     * @throws MalformedException if the peer broke the protocol
     * @throws IOException if the connection failed
     */
    void run() throws IOException {
        try {
            while (input.ensure(Frame.HEADER)) {
                frame();
            }
            if (input.available() > 0) {
                throw new EOFException("the connection ended inside a frame");
            }
        } finally {
            deliver();
            input.close();
        }
    }

    private void deliver() {
        for (int i = 0; i < announcements.size(); i++) {
            session.announce(announcements.get(i));
        }
        announcements.clear();
        for (int i = 0; i < wakes.size(); i++) {
            LockSupport.unpark(wakes.get(i));
        }
        wakes.clear();
    }

    private void frame() throws IOException {
        byte[] bytes = input.bytes();
        int at = input.at();
        int version = Frame.version(bytes, at);
        int type = Frame.type(bytes, at);
        int flags = Frame.flags(bytes, at);
        int id = Frame.id(bytes, at);
        long length = Frame.length(bytes, at);
        if (version != 0) {
            throw new MalformedException("yamux: version " + version);
        }
        switch (type) {
            case Frame.DATA -> data(flags, id, length);
            case Frame.WINDOW_UPDATE -> windowUpdate(flags, id, length);
            case Frame.PING -> ping(flags, (int) length);
            case Frame.GO_AWAY -> goAway(length);
            default -> throw new MalformedException("yamux: frame of type " + type);
        }
    }

    private void ping(int flags, int value) throws MalformedException {
        input.advance(Frame.HEADER);
        if ((flags & Frame.SYN) != 0) {
            if (!out.pong(value)) {
                throw new MalformedException("yamux: more than " + Limits.YAMUX_PONGS + " pings at once");
            }
        } else if ((flags & Frame.ACK) != 0) {
            heartbeat.pong(value);
        }
    }

    private void goAway(long code) {
        input.advance(Frame.HEADER);
        session.peerLeaves(code);
    }

    private void windowUpdate(int flags, int id, long credit) throws MalformedException {
        input.advance(Frame.HEADER);
        YamuxStream stream = target(flags, id);
        if (stream != null) {
            out.credit(stream.sender(), credit);
            finish(stream, flags);
        }
    }

    private void data(int flags, int id, long length) throws IOException {
        if (length > Limits.YAMUX_FRAME) {
            throw new MalformedException("yamux: frame of " + length + " bytes");
        }
        int body = (int) length;
        if (Frame.HEADER + body <= input.capacity()) {
            if (!input.ensure(Frame.HEADER + body)) {
                throw new EOFException("the connection ended inside a frame");
            }
            input.advance(Frame.HEADER);
            small(target(flags, id), flags, body);
        } else {
            input.advance(Frame.HEADER);
            large(target(flags, id), flags, body);
        }
    }

    private void small(@Nullable YamuxStream stream, int flags, int body) throws MalformedException {
        if (stream != null) {
            if (!stream.receiver().receive(input.bytes(), input.at(), body, wakes)) {
                session.overfull(stream);
            }
            finish(stream, flags);
        }
        input.advance(body);
    }

    /** The bytes go from the channel straight to where the application finds them. */
    private void large(@Nullable YamuxStream stream, int flags, int body) throws IOException {
        if (stream == null) {
            input.skip(body);
            return;
        }
        Receiver receiver = stream.receiver();
        receiver.expect(body);
        int here = Math.min(body, input.available());
        boolean room = receiver.append(input.bytes(), input.at(), here, wakes);
        input.advance(here);
        int left = body - here;
        while (left > 0 && room && !receiver.discards()) {
            ReceiveBuffer.Piece piece = receiver.reserve(left);
            room = piece != null || receiver.discards();
            if (piece != null) {
                int n = fill(receiver, piece, left);
                left -= n;
            }
        }
        if (!room) {
            session.overfull(stream);
        }
        input.skip(left);
        finish(stream, flags);
    }

    private int fill(Receiver receiver, ReceiveBuffer.Piece piece, int wanted) throws IOException {
        int n = 0;
        try {
            n = input.readDirectly(piece.bytes, piece.to, Math.min(wanted, piece.bytes.length - piece.to));
        } finally {
            receiver.commit(piece, n, wakes);
        }
        return n;
    }

    /**
     * The stream that a frame is for, after the flags that come before its body are dealt with.
     *
     * @return null if the frame is to be discarded: the stream is over, was refused, or is reset by this frame
     */
    @Nullable
    private YamuxStream target(int flags, int id) throws MalformedException {
        if (id == 0) {
            throw new MalformedException("yamux: stream 0");
        }
        YamuxStream stream = table.get(id);
        if ((flags & Frame.SYN) != 0) {
            if (stream != null) {
                throw new MalformedException("yamux: stream " + Integer.toUnsignedLong(id) + " is opened twice");
            }
            stream = opened(flags, id);
        }
        if (stream == null) {
            return null;
        }
        stream.acknowledged();
        if ((flags & Frame.RST) != 0) {
            // The length of a window update is an error code then, not credit.
            stream.peerReset();
            return null;
        }
        return stream;
    }

    @Nullable
    private YamuxStream opened(int flags, int id) throws MalformedException {
        if (!table.isPeers(id)) {
            throw new MalformedException("yamux: stream " + Integer.toUnsignedLong(id) + " is not the peer's to open");
        }
        if ((flags & Frame.RST) != 0 || !session.isAlive()) {
            return null;
        }
        boolean admitted = table.admitsInbound();
        boolean queued = admitted
                ? out.controlLater(Frame.WINDOW_UPDATE, Frame.ACK, id, 0)
                : out.control(Frame.DATA, Frame.RST, id, 0);
        if (!queued) {
            throw new MalformedException("yamux: streams are opened faster than our answers are read");
        }
        if (!admitted) {
            session.refused("a stream beyond the limit");
            return null;
        }
        YamuxStream stream = session.accept(id);
        announcements.add(stream);
        return stream;
    }

    private void finish(YamuxStream stream, int flags) {
        if ((flags & Frame.FIN) != 0) {
            stream.peerEnd(wakes);
        }
    }
}
