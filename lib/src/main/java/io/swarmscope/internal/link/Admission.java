package io.swarmscope.internal.link;

import io.swarmscope.PeerId;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether one more connection is let in, and keeps the books. Safe for any thread; never blocks for long.
 *
 * <p>A {@link Place} is taken before anything is spent on a connection and given back once, when it ends.
 */
final class Admission {
    /** Above this number, networks that have nothing open and have been quiet for a second are forgotten. */
    private static final int NETWORKS_REMEMBERED = 1024;

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final LinkLimits limits;
    private final LongSupplier nanoClock;
    private final ReentrantLock lock = new ReentrantLock();

    // guarded by lock
    private final Map<Network, Visits> networks = new HashMap<>();
    private final Map<PeerId, PeerAccount> peers = new HashMap<>();
    private int inbound;
    private int outbound;
    private int pendingInbound;
    private long swept;

    Admission(LinkLimits limits, LongSupplier nanoClock) {
        this.limits = limits;
        this.nanoClock = nanoClock;
        swept = nanoClock.getAsLong();
    }

    /** A place for a connection that came from the address, or {@code null} if a limit is reached. */
    @Nullable Place inbound(InetAddress from) {
        lock.lock();
        try {
            Network network = from.isLoopbackAddress() && !limits.loopbackToo() ? null : Network.of(from);
            Visits visits = network == null ? null : visits(network);
            // The rate is counted first, so that a flood that is refused for another reason counts too.
            if (visits != null && (!inRate(visits) || visits.open >= limits.perIp())) {
                return null;
            }
            if (inbound >= limits.inbound() || pendingInbound >= limits.pendingInbound()) {
                return null;
            }
            inbound++;
            pendingInbound++;
            if (visits != null) {
                visits.open++;
            }
            return new Place(visits, false);
        } finally {
            lock.unlock();
        }
    }

    /** A place for a connection that we dial, or {@code null} if the limit is reached. */
    @Nullable Place outbound() {
        lock.lock();
        try {
            if (outbound >= limits.outbound()) {
                return null;
            }
            outbound++;
            return new Place(null, true);
        } finally {
            lock.unlock();
        }
    }

    private Visits visits(Network network) {
        long now = nanoClock.getAsLong();
        if (networks.size() >= NETWORKS_REMEMBERED && now - swept > SECOND) {
            swept = now;
            networks.values().removeIf(v -> v.open == 0 && v.nextAllowed - now <= 0);
        }
        return networks.computeIfAbsent(network, n -> new Visits(now));
    }

    /** A bucket that holds one second's worth, kept as the moment at which it would be full again. */
    private boolean inRate(Visits visits) {
        long now = nanoClock.getAsLong();
        long next = Math.max(visits.nextAllowed - now, 0) + SECOND / limits.newPerSecondPerIp();
        if (next > SECOND) {
            return false;
        }
        visits.nextAllowed = now + next;
        return true;
    }

    /** For tests: how many networks the books name. */
    int networksKnown() {
        lock.lock();
        try {
            return networks.size();
        } finally {
            lock.unlock();
        }
    }

    /** One connection's place in the books. */
    final class Place {
        private final @Nullable Visits visits;
        private final boolean dialed;

        // guarded by lock
        private @Nullable PeerAccount account;
        private boolean secured;
        private boolean released;

        private Place(@Nullable Visits visits, boolean dialed) {
            this.visits = visits;
            this.dialed = dialed;
        }

        /** Says who is at the other end. Returns {@code null} if that peer has as many connections as it may. */
        @Nullable PeerAccount secured(PeerId peer) {
            lock.lock();
            try {
                PeerAccount known = peers.computeIfAbsent(peer, p -> new PeerAccount(p, limits));
                if (known.connections >= limits.perPeer()) {
                    return null;
                }
                known.connections++;
                account = known;
                settle();
                return known;
            } finally {
                lock.unlock();
            }
        }

        /** Gives the place back. Idempotent. */
        void release() {
            lock.lock();
            try {
                if (released) {
                    return;
                }
                released = true;
                settle();
                if (dialed) {
                    outbound--;
                } else {
                    inbound--;
                }
                if (account != null && --account.connections == 0) {
                    peers.remove(account.peer);
                }
                if (visits != null) {
                    visits.open--;
                }
            } finally {
                lock.unlock();
            }
        }

        private void settle() {
            if (!dialed && !secured) {
                pendingInbound--;
            }
            secured = true;
        }
    }

    /** Who an address belongs to, as far as limits go: an ip4 address, or the /64 that an ip6 user owns as a whole. */
    private record Network(boolean ip4, long prefix) {
        static Network of(InetAddress address) {
            byte[] bytes = address.getAddress();
            boolean ip4 = bytes.length == 4;
            return new Network(ip4, ByteBuffer.wrap(ip4 ? Arrays.copyOf(bytes, 8) : bytes).getLong());
        }
    }

    private static final class Visits {
        int open;
        long nextAllowed;

        Visits(long now) {
            nextAllowed = now;
        }
    }
}
