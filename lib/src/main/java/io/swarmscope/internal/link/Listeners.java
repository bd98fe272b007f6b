package io.swarmscope.internal.link;

import io.swarmscope.Multiaddr;
import io.swarmscope.host.HostException;
import io.swarmscope.host.HostException.Kind;
import io.swarmscope.internal.wire.Limits;
import java.io.IOException;
import java.net.BindException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The bound server sockets of a host, and the addresses they can be reached at. Bound once, then read by any thread. */
final class Listeners {
    private final List<Bound> bound;

    /**
     * One listen address.
     *
     * @param address what was asked for, with the port that was bound
     * @param ip the address in it
     * @param socket accepts for it; two wildcards of one port share a socket
     */
    record Bound(Multiaddr address, InetAddress ip, ServerSocket socket) {
        int port() {
            return socket.getLocalPort();
        }
    }

    private Listeners(List<Bound> bound) {
        this.bound = List.copyOf(bound);
    }

    /**
     * Binds all of the addresses or none.
     *
     * @throws HostException of kind ADDRESS_IN_USE or UNSUPPORTED_ADDRESS, with what to do about it
     */
    static Listeners bind(List<Multiaddr> addresses) throws HostException {
        List<Bound> bound = new ArrayList<>();
        try {
            // ip6 first: the system's ip6 wildcard takes ip4 connections too, so the ip4 wildcard of the same port is served by it.
            for (Multiaddr address : sorted(addresses)) {
                bound.add(bind(address.withoutPeerId(), bound));
            }
            return new Listeners(bound);
        } catch (HostException e) {
            new Listeners(bound).close();
            throw e;
        }
    }

    private static List<Multiaddr> sorted(List<Multiaddr> addresses) {
        List<Multiaddr> sorted = new ArrayList<>(new LinkedHashSet<>(addresses));
        sorted.sort((a, b) -> Boolean.compare(isIp(b, "ip6"), isIp(a, "ip6")));
        return sorted;
    }

    private static Bound bind(Multiaddr address, List<Bound> others) throws HostException {
        if (!address.isDialableTcp() || !(isIp(address, "ip4") || isIp(address, "ip6"))) {
            throw new HostException(
                    Kind.UNSUPPORTED_ADDRESS,
                    "cannot listen on " + address + ": expected an address like /ip4/0.0.0.0/tcp/4001 or /ip6/::/tcp/0");
        }
        InetAddress ip = Resolver.literal(address.host().orElseThrow());
        int port = address.tcpPort().orElseThrow();
        for (Bound other : others) {
            if (port != 0 && ip.isAnyLocalAddress() && other.ip.isAnyLocalAddress() && other.port() == port) {
                return new Bound(address, ip, other.socket);
            }
        }
        ServerSocket socket = open(address, new InetSocketAddress(ip, port));
        return new Bound(withPort(ip, socket.getLocalPort()), ip, socket);
    }

    private static ServerSocket open(Multiaddr address, InetSocketAddress where) throws HostException {
        ServerSocket socket = unbound(address);
        try {
            // A restarted node gets its port back while connections of its former life linger in the system.
            socket.setReuseAddress(true);
            socket.bind(where, Limits.ACCEPT_BACKLOG);
            return socket;
        } catch (IOException e) {
            Cutoff.closeQuietly(socket);
            throw explained(address, where.getAddress(), e);
        }
    }

    private static ServerSocket unbound(Multiaddr address) throws HostException {
        try {
            return new ServerSocket();
        } catch (IOException e) {
            throw new HostException(Kind.LIMIT_REACHED, "cannot listen on " + address + ": " + e.getMessage(), e);
        }
    }

    private static HostException explained(Multiaddr address, InetAddress ip, IOException cause) {
        String text = String.valueOf(cause.getMessage());
        String cannot = "cannot listen on " + address + ": ";
        if (!(cause instanceof BindException)) {
            return new HostException(Kind.UNSUPPORTED_ADDRESS, cannot + text, cause);
        }
        if (text.toLowerCase(Locale.ROOT).contains("permission")) {
            return new HostException(
                    Kind.UNSUPPORTED_ADDRESS,
                    cannot + "this user may not use the port; choose one above 1023, or 0 to let the system choose",
                    cause);
        }
        if (!isLocal(ip)) {
            return new HostException(
                    Kind.UNSUPPORTED_ADDRESS,
                    cannot + "no network interface of this machine has the address; /ip4/0.0.0.0 listens on all of them",
                    cause);
        }
        return new HostException(
                Kind.ADDRESS_IN_USE,
                cannot + "another program or another listen address of this host has the port; end that one, choose another"
                        + " port, or 0 to let the system choose",
                cause);
    }

    private static boolean isLocal(InetAddress ip) {
        try {
            return ip.isAnyLocalAddress() || NetworkInterface.getByInetAddress(ip) != null;
        } catch (SocketException e) {
            return false;
        }
    }

    /** One per socket, with the socket to accept from. */
    List<ServerSocket> sockets() {
        return List.copyOf(new LinkedHashSet<>(bound.stream().map(Bound::socket).toList()));
    }

    /** Whether the addresses may change while the host runs. */
    boolean hasWildcard() {
        return bound.stream().anyMatch(b -> b.ip.isAnyLocalAddress());
    }

    /** Where this host can be reached, wildcards expanded to what the interfaces have now. */
    List<Multiaddr> addresses() {
        Set<Multiaddr> addresses = new LinkedHashSet<>();
        for (Bound b : bound) {
            if (b.ip.isAnyLocalAddress()) {
                boolean ip4 = b.ip instanceof Inet4Address;
                interfaceAddresses().stream()
                        .filter(a -> a instanceof Inet4Address == ip4)
                        .forEach(a -> addresses.add(withPort(a, b.port())));
            } else {
                addresses.add(b.address);
            }
        }
        return List.copyOf(addresses);
    }

    /** Addresses of the interfaces that are up, loopback last; link-local ones mean nothing to others and are left out. */
    private static List<InetAddress> interfaceAddresses() {
        List<InetAddress> found = new ArrayList<>();
        try {
            for (NetworkInterface card : NetworkInterface.networkInterfaces().toList()) {
                if (card.isUp()) {
                    card.inetAddresses()
                            .filter(a -> !a.isLinkLocalAddress() && !a.isMulticastAddress())
                            .forEach(found::add);
                }
            }
        } catch (SocketException e) {
            // An interface went away while we looked: what was found so far is the answer, the next look finds the rest.
            return found;
        }
        found.sort((a, b) -> Boolean.compare(a.isLoopbackAddress(), b.isLoopbackAddress()));
        return found;
    }

    /** Stops accepting. Idempotent. */
    void close() {
        bound.forEach(b -> Cutoff.closeQuietly(b.socket));
    }

    private static Multiaddr withPort(InetAddress ip, int port) {
        return Multiaddr.tcp(new InetSocketAddress(ip, port));
    }

    private static boolean isIp(Multiaddr address, String family) {
        return address.components().getFirst().name().equals(family);
    }
}
