package io.swarmscope.internal.link;

import io.swarmscope.internal.link.identify.Identify;
import io.swarmscope.internal.link.perf.Perf;
import io.swarmscope.internal.link.ping.Ping;
import io.swarmscope.internal.wire.Limits;
import java.util.HashMap;
import java.util.Map;

/**
 * How many connections and streams a host admits. Immutable.
 *
 * @param inbound connections that peers dialed, those being secured included; more is somebody filling our memory
 * @param outbound connections that we dialed, attempts included
 * @param pendingInbound inbound connections being secured at once; too few and a burst of honest peers is refused
 * @param perIp inbound connections from one ip4 address or one ip6 /64 network
 * @param newPerSecondPerIp inbound connections per second from the same, and as many at once after a quiet second
 * @param loopbackToo whether the two limits per IP count for this machine's own addresses also; for tests
 * @param perPeer connections with one peer, both directions; two, because both sides may dial at the same moment
 * @param negotiating inbound streams of one connection that have not agreed on a protocol yet; more wait
 * @param streamsPerProtocol inbound streams that one peer may have open for one protocol; more wait
 * @param streamsOf what deviates from {@code streamsPerProtocol}, by protocol id
 */
public record LinkLimits(
        int inbound,
        int outbound,
        int pendingInbound,
        int perIp,
        int newPerSecondPerIp,
        boolean loopbackToo,
        int perPeer,
        int negotiating,
        int streamsPerProtocol,
        Map<String, Integer> streamsOf) {

    /** The limits a public node should have. */
    public static final LinkLimits DEFAULT = new LinkLimits(
            Limits.CONNECTIONS_INBOUND,
            Limits.CONNECTIONS_OUTBOUND,
            Limits.CONNECTIONS_PENDING_INBOUND,
            Limits.CONNECTIONS_PER_IP,
            Limits.CONNECTIONS_NEW_PER_SECOND_PER_IP,
            false,
            Limits.CONNECTIONS_PER_PEER,
            Limits.STREAMS_NEGOTIATING,
            Limits.STREAMS_PER_PROTOCOL,
            Map.of(
                    Identify.PROTOCOL, Limits.STREAMS_PER_SMALL_PROTOCOL,
                    Identify.PUSH, Limits.STREAMS_PER_SMALL_PROTOCOL,
                    Ping.PROTOCOL, Limits.STREAMS_PER_SMALL_PROTOCOL,
                    Perf.PROTOCOL, Limits.STREAMS_PER_SMALL_PROTOCOL));

    /** Checks that every number is at least 1 and copies the map. */
    public LinkLimits {
        streamsOf = Map.copyOf(streamsOf);
        atLeastOne("inbound", inbound);
        atLeastOne("outbound", outbound);
        atLeastOne("pendingInbound", pendingInbound);
        atLeastOne("perIp", perIp);
        atLeastOne("newPerSecondPerIp", newPerSecondPerIp);
        atLeastOne("perPeer", perPeer);
        atLeastOne("negotiating", negotiating);
        atLeastOne("streamsPerProtocol", streamsPerProtocol);
        streamsOf.forEach(LinkLimits::atLeastOne);
    }

    private static void atLeastOne(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException("limit " + name + " must be at least 1, is " + value);
        }
    }

    int streamsFor(String protocol) {
        return streamsOf.getOrDefault(protocol, streamsPerProtocol);
    }

    /** These limits with other totals. */
    public LinkLimits withConnections(int newInbound, int newOutbound, int newPendingInbound) {
        return new LinkLimits(
                newInbound,
                newOutbound,
                newPendingInbound,
                perIp,
                newPerSecondPerIp,
                loopbackToo,
                perPeer,
                negotiating,
                streamsPerProtocol,
                streamsOf);
    }

    /** These limits with others per IP. */
    public LinkLimits withPerIp(int open, int newPerSecond, boolean onLoopbackToo) {
        return new LinkLimits(
                inbound,
                outbound,
                pendingInbound,
                open,
                newPerSecond,
                onLoopbackToo,
                perPeer,
                negotiating,
                streamsPerProtocol,
                streamsOf);
    }

    /** These limits with another number of connections per peer. */
    public LinkLimits withPerPeer(int connections) {
        return new LinkLimits(
                inbound,
                outbound,
                pendingInbound,
                perIp,
                newPerSecondPerIp,
                loopbackToo,
                connections,
                negotiating,
                streamsPerProtocol,
                streamsOf);
    }

    /** These limits with others for inbound streams; protocols that deviated before and are not named still do. */
    public LinkLimits withStreams(int newNegotiating, int perProtocol, Map<String, Integer> deviating) {
        Map<String, Integer> all = new HashMap<>(streamsOf);
        all.putAll(deviating);
        return new LinkLimits(
                inbound,
                outbound,
                pendingInbound,
                perIp,
                newPerSecondPerIp,
                loopbackToo,
                perPeer,
                newNegotiating,
                perProtocol,
                all);
    }
}
