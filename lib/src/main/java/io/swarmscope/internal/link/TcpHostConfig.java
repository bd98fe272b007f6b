package io.swarmscope.internal.link;

import io.swarmscope.Multiaddr;
import io.swarmscope.internal.link.yamux.YamuxConfig;
import io.swarmscope.internal.wire.Limits;
import java.util.List;
import java.util.Set;

/**
 * How a {@link TcpHost} is set up. Immutable.
 *
 * @param listen addresses to listen on, ip4 or ip6 with a tcp port; port 0 lets the system choose; empty to dial only
 * @param announce where peers are told to dial; empty for where this host listens
 * @param agentVersion name and version told to peers, at most 64 characters
 * @param limits how many connections and streams are admitted
 * @param timeouts how long peers are waited for
 * @param yamux the limits of each connection's streams
 * @param optimistic protocols asked for without waiting for the peer's consent even before identify told that it has
 *     them; saves a round trip on fresh connections. Only for protocols whose first bytes cannot be read as a protocol
 *     id by a peer that lacks them, so not for ones where a user chooses the bytes. Where peers ask us, consent travels
 *     with the handler's first bytes, so only for protocols whose handlers read or write at once
 * @param identify whether peers are asked about themselves; they are told about us in any case
 * @param perf whether to answer the perf protocol, which lets anybody use up bandwidth
 */
public record TcpHostConfig(
        List<Multiaddr> listen,
        List<Multiaddr> announce,
        String agentVersion,
        LinkLimits limits,
        LinkTimeouts timeouts,
        YamuxConfig yamux,
        Set<String> optimistic,
        boolean identify,
        boolean perf) {

    /** Dials only, with the default limits and times. */
    public static final TcpHostConfig DEFAULT = new TcpHostConfig(
            List.of(),
            List.of(),
            "swarmscope",
            LinkLimits.DEFAULT,
            LinkTimeouts.DEFAULT,
            YamuxConfig.DEFAULT,
            Set.of(),
            true,
            false);

    /** Copies the collections and checks the agent version. */
    public TcpHostConfig {
        listen = List.copyOf(listen);
        announce = List.copyOf(announce);
        optimistic = Set.copyOf(optimistic);
        if (agentVersion.length() > Limits.AGENT_VERSION_CHARS_OUT) {
            throw new IllegalArgumentException("agent version is longer than " + Limits.AGENT_VERSION_CHARS_OUT
                    + " characters, which some peers cut or refuse: " + agentVersion);
        }
    }

    /** This setup with other addresses to listen on. */
    public TcpHostConfig withListen(List<Multiaddr> addresses) {
        return new TcpHostConfig(addresses, announce, agentVersion, limits, timeouts, yamux, optimistic, identify, perf);
    }

    /** This setup with other addresses to listen on. */
    public TcpHostConfig withListen(Multiaddr... addresses) {
        return withListen(List.of(addresses));
    }

    /** This setup with other addresses told to peers. */
    public TcpHostConfig withAnnounce(List<Multiaddr> addresses) {
        return new TcpHostConfig(listen, addresses, agentVersion, limits, timeouts, yamux, optimistic, identify, perf);
    }

    /** This setup with another agent version. */
    public TcpHostConfig withAgentVersion(String version) {
        return new TcpHostConfig(listen, announce, version, limits, timeouts, yamux, optimistic, identify, perf);
    }

    /** This setup with other limits. */
    public TcpHostConfig withLimits(LinkLimits newLimits) {
        return new TcpHostConfig(listen, announce, agentVersion, newLimits, timeouts, yamux, optimistic, identify, perf);
    }

    /** This setup with other times. */
    public TcpHostConfig withTimeouts(LinkTimeouts newTimeouts) {
        return new TcpHostConfig(listen, announce, agentVersion, limits, newTimeouts, yamux, optimistic, identify, perf);
    }

    /** This setup with other protocols that are asked for without waiting for consent. */
    public TcpHostConfig withOptimistic(Set<String> protocols) {
        return new TcpHostConfig(listen, announce, agentVersion, limits, timeouts, yamux, protocols, identify, perf);
    }

    /** This setup with perf answered or not. */
    public TcpHostConfig withPerf(boolean answered) {
        return new TcpHostConfig(listen, announce, agentVersion, limits, timeouts, yamux, optimistic, identify, answered);
    }

    /** This setup with other limits for the streams of each connection. */
    public TcpHostConfig withYamux(YamuxConfig newYamux) {
        return new TcpHostConfig(listen, announce, agentVersion, limits, timeouts, newYamux, optimistic, identify, perf);
    }

    /** This setup with peers asked about themselves or not. */
    public TcpHostConfig withIdentify(boolean asked) {
        return new TcpHostConfig(listen, announce, agentVersion, limits, timeouts, yamux, optimistic, asked, perf);
    }
}
