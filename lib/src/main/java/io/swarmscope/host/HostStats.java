package io.swarmscope.host;

/**
 * What a host counted since it started.
 *
 * @param inbound connections open now that peers dialed
 * @param outbound connections open now that we dialed
 * @param streams streams open now
 * @param handshakes connections secured and multiplexed, both directions
 * @param failedHandshakes attempts that ended before that, both directions
 * @param refused connections and streams refused because a limit was reached
 * @param violations protocol violations by peers
 * @param timedOut connections and streams given up because the peer kept this host waiting, handshakes among them
 * @param failedStreams streams of peers that ended before they were answered, for other reasons than these
 * @param bytesIn bytes read from sockets
 * @param bytesOut bytes written to sockets
 */
public record HostStats(
        int inbound,
        int outbound,
        int streams,
        long handshakes,
        long failedHandshakes,
        long refused,
        long violations,
        long timedOut,
        long failedStreams,
        long bytesIn,
        long bytesOut) {}
