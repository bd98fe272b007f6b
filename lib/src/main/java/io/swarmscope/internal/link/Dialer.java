package io.swarmscope.internal.link;

import io.swarmscope.Multiaddr;
import io.swarmscope.PeerId;
import io.swarmscope.host.HostException;
import io.swarmscope.host.HostException.Kind;
import io.swarmscope.internal.fork.Deadline;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to dial: runs on a virtual thread of its own, because a blocked socket call cannot be left by its caller otherwise.
 * Whoever wants the result waits for it elsewhere and may walk away, which closes the socket and so ends the attempt.
 */
final class Dialer implements Runnable {
    private final TcpHost host;
    private final Multiaddr address;
    private final @Nullable PeerId expected;
    private final Deadline deadline;
    private final Admission.Place place;
    private final CompletableFuture<Link> result = new CompletableFuture<>();

    private volatile @Nullable Socket socket;
    private volatile @Nullable Thread thread;

    Dialer(TcpHost host, Multiaddr address, @Nullable PeerId expected, Deadline deadline, Admission.Place place) {
        this.host = host;
        this.address = address;
        this.expected = expected;
        this.deadline = deadline;
        this.place = place;
    }

    /** Waits for the attempt; called by the thread that wants the connection. */
    Link await() throws HostException, InterruptedException {
        try {
            return result.get(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw thrownHere(e.getCause());
        } catch (TimeoutException e) {
            throw abandon(new HostException(Kind.TIMED_OUT, "dialing " + address + " took too long", e));
        } catch (InterruptedException e) {
            abandon(new HostException(Kind.INTERRUPTED, "dialing " + address + " was interrupted", e));
            throw e;
        }
    }

    /** A failure whose trace shows who asked, with what happened on the attempt's thread as its cause. */
    private static HostException thrownHere(@Nullable Throwable cause) {
        if (cause instanceof HostException known) {
            return new HostException(known.kind(), String.valueOf(known.getMessage()), known);
        }
        return new HostException(Kind.HANDSHAKE_FAILED, "dialing failed: " + cause, cause);
    }

    /** Gives the attempt up from any thread, and the connection too if it was made at this very moment. */
    HostException abandon(HostException why) {
        if (!result.completeExceptionally(why) && !result.isCompletedExceptionally()) {
            result.join().close();
        }
        Socket open = socket;
        if (open != null) {
            Cutoff.closeQuietly(open);
        }
        Thread running = thread;
        if (running != null) {
            // A lookup of a name has no socket that could be closed.
            running.interrupt();
        }
        return why;
    }

    @Override
    public void run() {
        try {
            Link link = connect();
            if (!result.complete(link)) {
                link.close();
            }
        } catch (HostException e) {
            failed(e);
        } catch (InterruptedException e) {
            failed(new HostException(Kind.CLOSED, "dialing " + address + " was abandoned", e));
        } catch (RuntimeException | Error e) {
            failed(new HostException(Kind.HANDSHAKE_FAILED, "dialing " + address + " failed: " + e, e));
            throw e;
        }
    }

    private void failed(HostException e) {
        place.release();
        host.counters().handshakeFailed(reason(e));
        result.completeExceptionally(e);
    }

    /** Why it was given up, if it was: closing the socket made it fail in another way. */
    private HostException reason(HostException failure) {
        return result.isCompletedExceptionally() && result.exceptionNow() instanceof HostException known ? known : failure;
    }

    private Link connect() throws HostException, InterruptedException {
        Socket connected = connect(resolve());
        try {
            SecureChannel channel = host.upgrader().dialed(connected, expected, deadline);
            return host.connected(connected, channel, place, address.withoutPeerId());
        } catch (HostException | RuntimeException e) {
            Cutoff.closeQuietly(connected);
            throw e;
        }
    }

    private List<InetSocketAddress> resolve() throws HostException, InterruptedException {
        thread = Thread.currentThread();
        try {
            return host.resolver().resolve(address, deadline);
        } finally {
            thread = null;
        }
    }

    /** Tries one after the other; each gets an equal part of the time that is left. */
    private Socket connect(List<InetSocketAddress> targets) throws HostException {
        HostException last = null;
        for (int i = 0; i < targets.size(); i++) {
            try {
                return connect(targets.get(i), deadline.remainingNanos() / (targets.size() - i));
            } catch (HostException e) {
                if (last != null) {
                    e.addSuppressed(last);
                }
                last = e;
            }
            if (result.isDone()) {
                break;
            }
        }
        throw last == null ? new HostException(Kind.REFUSED, "no address to dial for " + address) : last;
    }

    private Socket connect(InetSocketAddress target, long nanos) throws HostException {
        // The system chooses the source port: dialing from the listen port makes two simultaneous dials one broken connection.
        Socket fresh = new Socket();
        socket = fresh;
        try {
            if (result.isDone()) {
                throw new IOException("abandoned");
            }
            fresh.connect(target, Math.clamp(TimeUnit.NANOSECONDS.toMillis(nanos), 1, Integer.MAX_VALUE));
            return fresh;
        } catch (SocketTimeoutException e) {
            Cutoff.closeQuietly(fresh);
            throw new HostException(Kind.TIMED_OUT, "no answer from " + target, e);
        } catch (IOException e) {
            Cutoff.closeQuietly(fresh);
            throw new HostException(Kind.REFUSED, "cannot connect to " + target + ": " + e.getMessage(), e);
        }
    }
}
