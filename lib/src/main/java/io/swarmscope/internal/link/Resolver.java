package io.swarmscope.internal.link;

import io.swarmscope.Multiaddr;
import io.swarmscope.host.HostException;
import io.swarmscope.host.HostException.Kind;
import io.swarmscope.internal.fork.Deadline;
import io.swarmscope.internal.wire.Limits;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/**
 * Turns a multiaddr into the socket addresses to try, in the order to try them. Safe for any thread.
 *
 * <p>Names are looked up on a few platform threads: the system's resolver is native code that may take many seconds, and
 * would hold the carrier of a virtual thread, of which there are as few as two. The caller waits no longer than he likes.
 */
final class Resolver {
    /** Looks a name up; blocks for as long as the system's resolver likes. */
    @FunctionalInterface
    interface Lookup {
        InetAddress[] all(String name) throws UnknownHostException;
    }

    private final Lookup lookup;
    private final ThreadPoolExecutor threads;

    Resolver(Lookup lookup) {
        this.lookup = lookup;
        threads = new ThreadPoolExecutor(
                Limits.DNS_LOOKUPS,
                Limits.DNS_LOOKUPS,
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(Limits.DNS_WAITING),
                Thread.ofPlatform().name("swarmscope-link-dns-", 0).daemon().factory());
        threads.allowCoreThreadTimeOut(true);
    }

    /**
     * The socket addresses of an address that can be dialed; at least one.
     *
     * @throws HostException of kind UNSUPPORTED_ADDRESS if it cannot be dialed by TCP, REFUSED if the name has no address,
     *     TIMED_OUT or LIMIT_REACHED
     */
    List<InetSocketAddress> resolve(Multiaddr address, Deadline deadline) throws HostException, InterruptedException {
        if (!address.isDialableTcp() || address.tcpPort().orElse(0) == 0) {
            throw new HostException(
                    Kind.UNSUPPORTED_ADDRESS,
                    "cannot dial " + address + ": expected /ip4, /ip6, /dns, /dns4 or /dns6, then /tcp with a port above 0,"
                            + " and no more than /p2p");
        }
        String host = address.host().orElseThrow();
        int port = address.tcpPort().orElseThrow();
        String kind = address.components().getFirst().name();
        List<InetSocketAddress> targets = new ArrayList<>();
        if (kind.equals("ip4") || kind.equals("ip6")) {
            targets.add(new InetSocketAddress(literal(host), port));
            return targets;
        }
        Predicate<InetAddress> wanted =
                switch (kind) {
                    case "dns4" -> Inet4Address.class::isInstance;
                    case "dns6" -> Inet6Address.class::isInstance;
                    default -> a -> true;
                };
        for (InetAddress found : interleaved(lookUp(host, deadline), wanted)) {
            targets.add(new InetSocketAddress(found, port));
        }
        if (targets.isEmpty()) {
            throw new HostException(Kind.REFUSED, "cannot dial " + address + ": the name has no address of that family");
        }
        return targets;
    }

    /** An address in digits; never asks the network. */
    static InetAddress literal(String digits) throws HostException {
        try {
            return InetAddress.getByName(digits);
        } catch (UnknownHostException e) {
            throw new HostException(Kind.UNSUPPORTED_ADDRESS, "not an ip address: " + digits, e);
        }
    }

    /** Families take turns, starting with the resolver's first choice, so that one broken family costs one attempt. */
    static List<InetAddress> interleaved(InetAddress[] found, Predicate<InetAddress> wanted) {
        Deque<InetAddress> turn = new ArrayDeque<>();
        Deque<InetAddress> other = new ArrayDeque<>();
        for (InetAddress address : found) {
            if (wanted.test(address)) {
                boolean first = turn.isEmpty() || turn.getFirst().getClass() == address.getClass();
                (first ? turn : other).add(address);
            }
        }
        List<InetAddress> ordered = new ArrayList<>();
        while (ordered.size() < Limits.DIAL_ADDRESSES && !(turn.isEmpty() && other.isEmpty())) {
            InetAddress next = turn.poll();
            if (next != null) {
                ordered.add(next);
            }
            Deque<InetAddress> swap = turn;
            turn = other;
            other = swap;
        }
        return ordered;
    }

    private InetAddress[] lookUp(String name, Deadline deadline) throws HostException, InterruptedException {
        Future<InetAddress[]> answer;
        try {
            answer = threads.submit((Callable<InetAddress[]>) () -> lookup.all(name));
        } catch (RejectedExecutionException e) {
            throw new HostException(Kind.LIMIT_REACHED, "too many names are being looked up, or the host is closed", e);
        }
        try {
            return answer.get(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw new HostException(Kind.REFUSED, "the name " + name + " cannot be looked up", e.getCause());
        } catch (TimeoutException e) {
            throw new HostException(Kind.TIMED_OUT, "looking up the name " + name + " took too long", e);
        } finally {
            answer.cancel(true);
        }
    }

    /** Drops waiting lookups. One that runs ends when the system's resolver returns; nobody waits for it. */
    void close() {
        threads.shutdownNow();
    }
}
