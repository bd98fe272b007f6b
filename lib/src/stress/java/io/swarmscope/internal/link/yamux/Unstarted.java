package io.swarmscope.internal.link.yamux;

import io.swarmscope.internal.crypto.PublicKey;
import io.swarmscope.internal.fork.Deadline;
import io.swarmscope.internal.link.SecureChannel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** A session without threads of its own, for actors to be its reader and writer. Made anew for each race. */
final class Unstarted {
    static final Duration PATIENCE = Duration.ofSeconds(20);

    /** One place for a stream of ours. */
    private static final YamuxConfig CONFIG = YamuxConfig.DEFAULT.withStreams(8, 1, 1);

    final YamuxSession session;
    final ReadLoop reader;

    /** A session of a listener, and what its peer sends. */
    Unstarted(byte[] arriving) {
        Arriving channel = new Arriving(arriving);
        session = new YamuxSession(channel, false, CONFIG, new Deaf(), "stress");
        reader = new ReadLoop(session, channel, session.table(), session.outbound(), new Heartbeat(CONFIG));
    }

    /** A stream that the peer has opened, with this id. */
    YamuxStream inbound(int id) {
        return session.accept(id);
    }

    /** A stream of ours that the peer does not know of. It has taken the place. */
    YamuxStream outbound() {
        try {
            session.table().places().acquire(Deadline.after(Duration.ZERO));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return new YamuxStream(session, 0, PATIENCE, new Budget(CONFIG.maxBuffered()), CONFIG.maxWindow());
    }

    /** How many places are free, by taking them. */
    int freePlaces() {
        int free = 0;
        try {
            while (free < 3 && session.table().places().acquire(Deadline.after(Duration.ZERO))) {
                free++;
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return free;
    }

    /** Reads what arrives, until the channel ends. */
    int readAll() {
        try {
            reader.run();
            return 1;
        } catch (IOException e) {
            return -1;
        }
    }

    /** The frames that would leave, each by a letter: S for an opening, D for data, F for the end, R for a reset. */
    String frames() {
        session.outbound().goodbye(YamuxSession.NORMAL);
        Packet packet = session.outbound().take();
        StringBuilder letters = new StringBuilder();
        byte[] bytes = packet == null ? new byte[0] : packet.bytes();
        int at = packet == null ? 0 : packet.offset();
        int end = packet == null ? 0 : at + packet.length();
        while (at < end) {
            int type = Frame.type(bytes, at);
            int flags = Frame.flags(bytes, at);
            if ((flags & Frame.RST) != 0) {
                letters.append('R');
            } else if ((flags & Frame.FIN) != 0) {
                letters.append('F');
            } else if (type == Frame.DATA) {
                letters.append('D');
            } else if (type == Frame.WINDOW_UPDATE && (flags & Frame.SYN) != 0) {
                letters.append('S');
            }
            at += Frame.HEADER + (type == Frame.DATA ? (int) Frame.length(bytes, at) : 0);
        }
        return letters.isEmpty() ? "nothing" : letters.toString();
    }

    /** A frame and, if it is of data, a body of that length. */
    static byte[] frame(int type, int flags, int id, int length) {
        byte[] header = new byte[Frame.HEADER];
        Frame.put(header, 0, type, flags, id, length);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(header);
        bytes.writeBytes(new byte[type == Frame.DATA ? length : 0]);
        return bytes.toByteArray();
    }

    /** Gives these bytes, a part with each read, then the end. */
    private static final class Arriving implements SecureChannel {
        private static final int AT_ONCE = 1500;
        private final byte[] bytes;
        private int at;

        Arriving(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public PublicKey remoteKey() {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<String> remoteMuxers() {
            return List.of();
        }

        @Override
        public boolean earlyMuxer(String protocol) {
            return false;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            int n = Math.min(Math.min(length, AT_ONCE), bytes.length - at);
            System.arraycopy(bytes, at, buffer, offset, n);
            at += n;
            return n == 0 ? -1 : n;
        }

        @Override
        public void write(byte[] buffer, int offset, int length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {}
    }

    /** Hears nothing. */
    private static final class Deaf implements YamuxListener {
        @Override
        public void inbound(YamuxStream stream) {}

        @Override
        public void closed(Throwable reason) {}

        @Override
        public void violation(String what) {}

        @Override
        public void refused(String what) {}
    }
}
