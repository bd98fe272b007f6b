package io.swarmscope.internal.swarm;

import io.swarmscope.Multiaddr;
import io.swarmscope.PeerId;
import io.swarmscope.host.Connection;
import io.swarmscope.host.Host;
import io.swarmscope.host.HostException;
import io.swarmscope.internal.fork.Deadline;
import io.swarmscope.internal.fork.Forks;
import io.swarmscope.internal.fork.Outcome;
import io.swarmscope.internal.fork.World;
import io.swarmscope.internal.wire.Limits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/**
 * Dials a peer at its addresses: the most promising first, each further one a little later, until one answers. Runs on a virtual
 * thread of its own for each dial and reports to the mailbox. Source of the stagger: RFC 8305 (Happy Eyeballs), section 5.
 */
final class Dialer {

    private final Host host;
    private final Forks forks;
    private final Mailbox<Input> mailbox;

    Dialer(Host host, Forks forks, Mailbox<Input> mailbox) {
        this.host = host;
        this.forks = forks;
        this.mailbox = mailbox;
    }

    void dial(PeerId peer, List<Multiaddr> addresses) {
        try {
            mailbox.force(new Event.Dialed(peer, connect(peer, addresses), null));
        } catch (HostException e) {
            mailbox.force(new Event.Dialed(peer, null, e));
        } catch (InterruptedException e) {
            mailbox.force(new Event.Dialed(
                    peer, null, new HostException(HostException.Kind.CLOSED, "the node is closing", e)));
        }
    }

    private Connection connect(PeerId peer, List<Multiaddr> addresses) throws HostException, InterruptedException {
        List<Multiaddr> few = addresses.subList(0, Math.min(addresses.size(), Limits.DIAL_ADDRESSES));
        if (few.isEmpty()) {
            throw new HostException(HostException.Kind.REFUSED, "no address of " + peer + " is known");
        }
        if (few.size() == 1) {
            return attempt(peer, few.get(0));
        }
        return race(peer, few);
    }

    private Connection race(PeerId peer, List<Multiaddr> addresses) throws HostException, InterruptedException {
        List<CompletableFuture<Boolean>> failed = addresses.stream().map(a -> new CompletableFuture<Boolean>()).toList();
        List<Callable<Connection>> attempts = new ArrayList<>();
        for (int i = 0; i < addresses.size(); i++) {
            int index = i;
            attempts.add(() -> {
                if (index > 0) {
                    // Its turn comes when the one before has failed, or has been trying for long enough.
                    awaitTurn(failed.get(index - 1), index * Limits.DIAL_STAGGER.toNanos());
                }
                try {
                    return attempt(peer, addresses.get(index));
                } finally {
                    failed.get(index).complete(true);
                }
            });
        }
        List<Outcome<Connection>> outcomes = forks.run(
                "swarmscope-dial", attempts, Forks.anyValue(), Deadline.after(Limits.DIAL_TIMEOUT));
        return winner(peer, outcomes);
    }

    private static void awaitTurn(CompletableFuture<Boolean> failed, long nanos) throws InterruptedException {
        try {
            World.here().await(failed, nanos);
        } catch (TimeoutException e) {
            // the one before is slow
        } catch (ExecutionException e) {
            throw new IllegalStateException("it is never completed with a failure", e);
        }
    }

    private static Connection winner(PeerId peer, List<Outcome<Connection>> outcomes) throws HostException {
        HostException first = null;
        for (Outcome<Connection> outcome : outcomes) {
            switch (outcome) {
                case Outcome.Value<Connection> v -> {
                    return v.value();
                }
                case Outcome.Failed<Connection> f -> {
                    if (first == null && f.cause() instanceof HostException cause) {
                        first = cause;
                    } else if (first != null) {
                        first.addSuppressed(f.cause());
                    }
                }
                case Outcome.Cancelled<Connection> c -> {}
            }
        }
        throw first != null ? first : new HostException(HostException.Kind.TIMED_OUT, peer + " did not answer in time");
    }

    private Connection attempt(PeerId peer, Multiaddr address) throws HostException, InterruptedException {
        try {
            return host.dial(address, peer, Limits.DIAL_ADDRESS_TIMEOUT);
        } catch (HostException e) {
            if (e.kind() != HostException.Kind.INTERRUPTED && e.kind() != HostException.Kind.CLOSED) {
                mailbox.force(new Event.AddressFailed(peer, address));
            }
            throw e;
        }
    }
}
