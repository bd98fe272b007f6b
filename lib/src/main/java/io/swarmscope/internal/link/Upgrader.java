package io.swarmscope.internal.link;

import io.swarmscope.PeerId;
import io.swarmscope.host.HostException;
import io.swarmscope.host.HostException.Kind;
import io.swarmscope.internal.fork.Deadline;
import io.swarmscope.internal.link.multistream.Multistream;
import io.swarmscope.internal.link.noise.NoiseChannel;
import io.swarmscope.internal.link.noise.NoiseStatic;
import io.swarmscope.internal.link.noise.Prelude;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Secures fresh sockets and agrees on the muxer. Safe for any thread; the calls block, and end at their time whatever the peer
 * does.
 */
final class Upgrader {
    private static final String NOISE = "/noise";
    private static final String YAMUX = "/yamux/1.0.0";

    /** The proposal of {@link #NOISE} travels with the first message of its handshake. */
    private static final Prelude PROPOSE_NOISE = new Prelude() {
        private final byte[] proposal = Multistream.lazyProposal(NOISE);

        @Override
        public byte[] opening() {
            return proposal.clone();
        }

        @Override
        public void readReply(InputStream in) throws IOException {
            Multistream.readLazyEcho(in, NOISE);
        }
    };

    private final PeerId self;
    private final NoiseStatic staticKey;
    private final LinkTimeouts timeouts;
    private final Timer timer;
    private final Counters counters;

    Upgrader(PeerId self, NoiseStatic staticKey, LinkTimeouts timeouts, Timer timer, Counters counters) {
        this.self = self;
        this.staticKey = staticKey;
        this.timeouts = timeouts;
        this.timer = timer;
        this.counters = counters;
    }

    /**
     * Secures a connection we dialed; three messages, so it ends one round trip after it began, before the peer has agreed on the
     * muxer.
     *
     * @throws HostException of kind TIMED_OUT, WRONG_PEER or HANDSHAKE_FAILED
     */
    SecureChannel dialed(Socket socket, @Nullable PeerId expected, Deadline deadline) throws HostException {
        Deadline whole = deadline.orEarlier(Deadline.after(timeouts.handshake()));
        try (Cutoff cutoff = cutoff(socket, timeouts.noise(), whole)) {
            try {
                socket.setTcpNoDelay(true);
                SocketInput in = new SocketInput(socket.getInputStream(), counters.bytesIn);
                SocketOutput out = new SocketOutput(socket.getOutputStream(), counters.bytesOut);
                SecureChannel channel = NoiseChannel.initiate(in, out, staticKey, expected, PROPOSE_NOISE);
                in.handshakeDone();
                requireOther(channel);
                return channel.earlyMuxer(YAMUX)
                        ? channel
                        : new LazyMuxer(channel, YAMUX, cutoff(socket, timeouts.handshake(), whole));
            } catch (IOException e) {
                throw failure(e, cutoff);
            }
        }
    }

    /**
     * Secures a connection that a peer dialed, and waits until it has chosen the muxer.
     *
     * @throws HostException of kind TIMED_OUT, WRONG_PEER or HANDSHAKE_FAILED
     */
    SecureChannel accepted(Socket socket) throws HostException {
        Deadline whole = Deadline.after(timeouts.handshake());
        SecureChannel channel = respond(socket, whole);
        if (channel.earlyMuxer(YAMUX)) {
            return channel;
        }
        try (Cutoff cutoff = cutoff(socket, timeouts.handshake(), whole)) {
            try {
                requireAgreed(Multistream.respond(channel.input(), channel.output(), YAMUX::equals), YAMUX);
                return channel;
            } catch (IOException e) {
                throw failure(e, cutoff);
            }
        }
    }

    private SecureChannel respond(Socket socket, Deadline whole) throws HostException {
        try (Cutoff cutoff = cutoff(socket, timeouts.noise(), whole)) {
            try {
                socket.setTcpNoDelay(true);
                SocketInput in = new SocketInput(socket.getInputStream(), counters.bytesIn);
                SocketOutput out = new SocketOutput(socket.getOutputStream(), counters.bytesOut);
                requireAgreed(Multistream.respond(in, out, NOISE::equals), NOISE);
                SecureChannel channel = NoiseChannel.respond(in, out, staticKey);
                in.handshakeDone();
                requireOther(channel);
                return channel;
            } catch (IOException e) {
                throw failure(e, cutoff);
            }
        }
    }

    private Cutoff cutoff(Socket socket, Duration time, Deadline whole) {
        return new Cutoff(timer, Deadline.after(time).orEarlier(whole).remaining(), socket);
    }

    private void requireOther(SecureChannel channel) throws HostException {
        if (channel.remote().equals(self)) {
            throw new HostException(Kind.WRONG_PEER, "the address leads to this host itself");
        }
    }

    private static void requireAgreed(@Nullable String agreed, String protocol) throws HostException {
        if (agreed == null) {
            throw new HostException(Kind.HANDSHAKE_FAILED, "peer proposed nothing but protocols other than " + protocol);
        }
    }

    private static HostException failure(IOException e, Cutoff cutoff) {
        if (cutoff.happened()) {
            return new HostException(Kind.TIMED_OUT, "peer did not finish the handshake in time", e);
        }
        if (e instanceof HostException known && known.kind() != Kind.PROTOCOL_UNSUPPORTED) {
            return known;
        }
        return new HostException(Kind.HANDSHAKE_FAILED, "handshake failed: " + e.getMessage(), e);
    }
}
