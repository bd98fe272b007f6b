package io.swarmscope.internal.link.ping;

import io.swarmscope.host.Connection;
import io.swarmscope.host.HostException;
import io.swarmscope.host.Stream;
import io.swarmscope.internal.wire.Limits;
import io.swarmscope.internal.wire.MalformedException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Measures the round trip to a peer and answers peers that measure it. Runs on the thread of whoever calls.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/ping/ping.md">ping specification</a>
 */
public final class Ping {
    /** The protocol id. */
    public static final String PROTOCOL = "/ipfs/ping/1.0.0";

    private Ping() {}

    /**
     * Sends 32 random bytes on a new stream and waits for them. A new stream each time, because deployed peers end a
     * ping stream after a while at their discretion.
     *
     * @param timeout for opening the stream and the answer together
     * @return from sending to receiving; if the peer's protocols are not known yet, without the negotiation before it
     * @throws HostException of the kinds {@link Connection#open(String, Duration)} and {@link Stream} document
     * @throws MalformedException if other bytes came back
     * @throws InterruptedException if the caller is interrupted; only this ping is abandoned
     */
    public static Duration ping(Connection connection, Duration timeout) throws IOException, InterruptedException {
        byte[] sent = new byte[Limits.PING_BYTES];
        ThreadLocalRandom.current().nextBytes(sent);
        try (Stream stream = connection.open(PROTOCOL, timeout)) {
            long start = System.nanoTime();
            // Not finish(): some responders close on seeing our end before they have echoed.
            stream.output().write(sent);
            byte[] echo = stream.input().readNBytes(sent.length);
            long took = System.nanoTime() - start;
            if (echo.length < sent.length) {
                throw new HostException(HostException.Kind.STREAM_RESET, "peer ended the ping stream without answering");
            }
            if (!Arrays.equals(sent, echo)) {
                stream.reset();
                throw new MalformedException("ping was answered with other bytes than were sent");
            }
            return Duration.ofNanos(took);
        } catch (HostException e) {
            if (e.kind() == HostException.Kind.INTERRUPTED && Thread.interrupted()) {
                throw (InterruptedException) new InterruptedException("interrupted during ping").initCause(e);
            }
            throw e;
        }
    }

    /** Answers one inbound stream: echoes 32 bytes at a time until the peer closes or is silent for a minute. */
    public static void respond(Stream stream) throws IOException {
        InputStream in = stream.input();
        byte[] bytes = new byte[Limits.PING_BYTES];
        while (true) {
            stream.timeout(Limits.PING_IDLE);
            if (in.readNBytes(bytes, 0, bytes.length) < bytes.length) {
                return;
            }
            stream.output().write(bytes);
        }
    }
}
