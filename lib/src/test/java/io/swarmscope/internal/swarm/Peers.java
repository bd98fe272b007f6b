package io.swarmscope.internal.swarm;

import io.swarmscope.Multiaddr;
import io.swarmscope.PeerId;
import io.swarmscope.host.Connection;
import io.swarmscope.host.Identified;
import io.swarmscope.host.Stream;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Peer ids and connections for tests of the swarm's decisions, which never touch a socket. */
final class Peers {

    private static final AtomicLong CONNECTIONS = new AtomicLong();

    private Peers() {}

    /** A peer id whose key has this byte throughout; a smaller byte makes a smaller id. */
    static PeerId peer(int fill) {
        byte[] multihash = new byte[38];
        byte[] head = {0x00, 0x24, 0x08, 0x01, 0x12, 0x20};
        System.arraycopy(head, 0, multihash, 0, head.length);
        Arrays.fill(multihash, head.length, multihash.length, (byte) fill);
        return PeerId.ofBytes(multihash);
    }

    static Multiaddr address(int port) {
        return Multiaddr.parse("/ip4/127.0.0.1/tcp/" + port);
    }

    static Connection dialedByUs(PeerId remote) {
        return new Fake(CONNECTIONS.incrementAndGet(), remote, address(4001), true);
    }

    static Connection dialedByThem(PeerId remote) {
        return new Fake(CONNECTIONS.incrementAndGet(), remote, address(50_000), false);
    }

    private record Fake(long id, PeerId remote, Multiaddr remoteAddress, boolean outbound) implements Connection {
        @Override
        public Stream open(List<String> protocols, Duration timeout) {
            throw new AssertionError("the swarm decides; it opens no stream");
        }

        @Override
        public Identified identified() {
            return Identified.NOTHING;
        }

        @Override
        public int streams() {
            return 0;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {
            throw new AssertionError("the swarm decides; it closes no connection");
        }
    }
}
