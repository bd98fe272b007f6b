package io.swarmscope.internal.link;

import io.swarmscope.Multiaddr;
import io.swarmscope.host.HostException;
import io.swarmscope.internal.wire.Limits;
import io.swarmscope.internal.wire.MalformedException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What peers dial: the listen addresses of a host, and each connection until it is secured. Safe for any thread; accepting and
 * securing run on virtual threads of their own.
 */
final class Inbound {
    private static final Logger LOG = LoggerFactory.getLogger(Inbound.class);

    private final TcpHost host;
    private final Admission admission;
    private final Runnable addressesChanged;
    private final Set<Socket> upgrades = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closing = new CountDownLatch(1);

    private volatile @Nullable Listeners listeners;
    private volatile List<Multiaddr> addresses = List.of();

    Inbound(TcpHost host, Admission admission, Runnable addressesChanged) {
        this.host = host;
        this.admission = admission;
        this.addressesChanged = addressesChanged;
    }

    /** Binds the addresses; peers are accepted from {@link #accept} on. */
    void bind(List<Multiaddr> listen) throws HostException {
        Listeners bound = Listeners.bind(listen);
        listeners = bound;
        addresses = bound.addresses();
        if (isClosing()) {
            bound.close();
        }
    }

    /** Starts to accept at the addresses that were bound. */
    void accept() {
        Listeners bound = listeners;
        if (bound == null) {
            return;
        }
        for (ServerSocket socket : bound.sockets()) {
            host.run(new Acceptor(socket, this::accepted, closing));
        }
        if (bound.hasWildcard()) {
            lookAgainLater(bound);
        }
    }

    /** Where this host can be reached; empty before {@link #bind}. */
    List<Multiaddr> addresses() {
        return addresses;
    }

    private void lookAgainLater(Listeners bound) {
        host.timer().after(Limits.INTERFACES_EVERY, () -> host.run(() -> {
            List<Multiaddr> now = bound.addresses();
            if (!now.equals(addresses)) {
                addresses = now;
                addressesChanged.run();
            }
            lookAgainLater(bound);
        }));
    }

    private void accepted(Socket socket) {
        Admission.Place place = admission.inbound(socket.getInetAddress());
        if (place == null) {
            host.counters().refused.increment();
            Cutoff.closeQuietly(socket);
            return;
        }
        upgrades.add(socket);
        if (!host.run(() -> upgrade(socket, place))) {
            place.release();
        }
        if (isClosing()) {
            Cutoff.closeQuietly(socket);
        }
    }

    private void upgrade(Socket socket, Admission.Place place) {
        boolean connected = false;
        try {
            host.connected(socket, host.upgrader().accepted(socket), place, null);
            connected = true;
        } catch (HostException e) {
            host.counters().handshakeFailed(e);
            if (e.getCause() instanceof MalformedException) {
                host.counters().violations.increment();
            }
            LOG.debug("no connection from {}: {}", socket.getRemoteSocketAddress(), e.getMessage());
        } finally {
            upgrades.remove(socket);
            if (!connected) {
                Cutoff.closeQuietly(socket);
                place.release();
            }
        }
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }

    /** Stops accepting, and ends what is not secured yet. Idempotent. */
    void close() {
        closing.countDown();
        Listeners bound = listeners;
        if (bound != null) {
            bound.close();
        }
        upgrades.forEach(Cutoff::closeQuietly);
    }
}
