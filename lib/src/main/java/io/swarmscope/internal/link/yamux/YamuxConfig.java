package io.swarmscope.internal.link.yamux;

import java.time.Duration;

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
            256,
            256,
            256,
            Duration.ofSeconds(10),
            Duration.ofSeconds(60),
            16 << 20,
            32 << 20,
            Duration.ofSeconds(30),
            Duration.ofSeconds(10),
            Duration.ofSeconds(15),
            Duration.ofSeconds(10));
}
