package io.swarmscope.internal.link.yamux;

import io.swarmscope.internal.wire.Limits;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;

/**
 * The limits of one session, checked when made.
 *
 * @param maxInbound streams the peer may have open at once; one more is reset
 * @param maxOutbound streams we open at once; {@link YamuxSession#open} waits beyond. Both together stay below the 512 at
 *     which rust-libp2p closes the whole connection
 * @param maxUnacknowledged streams we open before the peer acknowledged them; go-libp2p resets beyond 256
 * @param openTimeout how long the peer may take to acknowledge a stream before it is reset
 * @param inboundTimeout the timeout an inbound stream starts with
 * @param maxWindow the largest receive window of one stream in bytes, 256 KiB to 16 MiB; windows start at 256 KiB and grow to it
 *     while the peer uses them up within two round trips
 * @param maxBuffered received bytes that all streams of the session together may keep for slow readers
 * @param pingInterval how often the round trip is measured
 * @param pingTimeout silence after a ping that ends the session
 * @param writeTimeout how long one write to the channel may take before the session ends
 * @param lingerTimeout how long a closed stream waits for the peer to close its side, and how long streams may go on after the
 *     peer said goodbye
 */
public record YamuxConfig(
        int maxInbound,
        int maxOutbound,
        int maxUnacknowledged,
        Duration openTimeout,
        Duration inboundTimeout,
        int maxWindow,
        int maxBuffered,
        Duration pingInterval,
        Duration pingTimeout,
        Duration writeTimeout,
        Duration lingerTimeout) {

    /** What nodes use. */
    public static final YamuxConfig DEFAULT = new YamuxConfig(
            Limits.YAMUX_STREAMS,
            Limits.YAMUX_STREAMS,
            Limits.YAMUX_UNACKNOWLEDGED,
            Limits.YAMUX_OPEN,
            Limits.INBOUND_STREAM,
            Limits.YAMUX_WINDOW_MAX,
            Limits.YAMUX_BUFFERED,
            Limits.YAMUX_PING_EVERY,
            Limits.YAMUX_PING,
            Limits.YAMUX_WRITE,
            Limits.YAMUX_LINGER);

    /** Checks that numbers are at least 1, times positive, and the window within its bounds. */
    public YamuxConfig {
        atLeast("maxInbound", maxInbound, 1);
        atLeast("maxOutbound", maxOutbound, 1);
        atLeast("maxUnacknowledged", maxUnacknowledged, 1);
        atLeast("maxWindow", maxWindow, Limits.YAMUX_WINDOW);
        atLeast("maxBuffered", maxBuffered, Limits.YAMUX_WINDOW);
        if (maxWindow > Limits.YAMUX_WINDOW_MAX) {
            throw new IllegalArgumentException("maxWindow must be at most " + Limits.YAMUX_WINDOW_MAX + ", is " + maxWindow);
        }
        for (Duration time : List.of(openTimeout, inboundTimeout, pingInterval, pingTimeout, writeTimeout, lingerTimeout)) {
            if (time.isNegative() || time.isZero()) {
                throw new IllegalArgumentException("a timeout must be positive, is " + time);
            }
        }
    }

    private static void atLeast(String name, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(name + " must be at least " + least + ", is " + value);
        }
    }

    /** The shortest of the times that the session itself watches. */
    Duration shortest() {
        return List.of(openTimeout, pingInterval, pingTimeout, writeTimeout, lingerTimeout).stream()
                .min(Comparator.naturalOrder())
                .orElseThrow();
    }

    /** This with other numbers of streams. */
    public YamuxConfig withStreams(int inbound, int outbound, int unacknowledged) {
        return new YamuxConfig(
                inbound,
                outbound,
                unacknowledged,
                openTimeout,
                inboundTimeout,
                maxWindow,
                maxBuffered,
                pingInterval,
                pingTimeout,
                writeTimeout,
                lingerTimeout);
    }

    /** This with other bounds for received bytes. */
    public YamuxConfig withMemory(int window, int buffered) {
        return new YamuxConfig(
                maxInbound,
                maxOutbound,
                maxUnacknowledged,
                openTimeout,
                inboundTimeout,
                window,
                buffered,
                pingInterval,
                pingTimeout,
                writeTimeout,
                lingerTimeout);
    }

    /** This with other times for streams. */
    public YamuxConfig withStreamTimes(Duration open, Duration inbound, Duration linger) {
        return new YamuxConfig(
                maxInbound,
                maxOutbound,
                maxUnacknowledged,
                open,
                inbound,
                maxWindow,
                maxBuffered,
                pingInterval,
                pingTimeout,
                writeTimeout,
                linger);
    }

    /** This with other times for finding out that the peer is gone. */
    public YamuxConfig withLiveness(Duration newPingInterval, Duration newPingTimeout, Duration newWriteTimeout) {
        return new YamuxConfig(
                maxInbound,
                maxOutbound,
                maxUnacknowledged,
                openTimeout,
                inboundTimeout,
                maxWindow,
                maxBuffered,
                newPingInterval,
                newPingTimeout,
                newWriteTimeout,
                lingerTimeout);
    }
}
