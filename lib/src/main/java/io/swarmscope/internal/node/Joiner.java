package io.swarmscope.internal.node;

import io.swarmscope.Multiaddr;
import io.swarmscope.PeerId;
import io.swarmscope.RegistryConfig;
import io.swarmscope.RegistryException.DeadlineExceeded;
import io.swarmscope.RegistryException.Unreachable;
import io.swarmscope.RegistryException;
import io.swarmscope.host.Connection;
import io.swarmscope.host.HostException;
import io.swarmscope.internal.fork.Deadline;
import io.swarmscope.internal.fork.Forks;
import io.swarmscope.internal.fork.Outcome;
import io.swarmscope.internal.kad.Operation;
import io.swarmscope.internal.kad.OperationResult;
import io.swarmscope.internal.search.FindService;
import io.swarmscope.internal.swarm.SwarmHandle;
import io.swarmscope.internal.swarm.SwarmStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** Connects to nodes and joins the network by them. Thread-safe; runs on its callers' threads. */
final class Joiner {

    private final RegistryConfig config;
    private final SwarmHandle swarm;
    private final FindService.Dht dht;
    private final Forks forks;

    Joiner(RegistryConfig config, SwarmHandle swarm, FindService.Dht dht, Forks forks) {
        this.config = config;
        this.swarm = swarm;
        this.dht = dht;
        this.forks = forks;
    }

    PeerId connect(Multiaddr address, Duration timeout) throws InterruptedException {
        if (address.peerId().isEmpty()) {
            throw new RegistryException.InvalidInput(
                    "address", address.toString(), "end it with /p2p/ and the peer id of that node");
        }
        if (!address.isDialableTcp()) {
            throw new RegistryException.InvalidInput(
                    "address", address.toString(), "use /ip4, /ip6, /dns4 or /dns6 with /tcp");
        }
        try {
            return swarm.connect(address, Deadline.after(timeout)).remote();
        } catch (HostException e) {
            throw new Unreachable(failure(address, e), e);
        }
    }

    int bootstrap(Duration timeout) throws InterruptedException {
        Deadline deadline = Deadline.after(timeout);
        dialBootstrap(deadline);
        OperationResult result = dht.run(new Operation.Bootstrap(), deadline);
        return result instanceof OperationResult.Bootstrapped done ? done.tableSize() : swarm.status().routingTable();
    }

    private void dialBootstrap(Deadline deadline) throws InterruptedException {
        List<Multiaddr> addresses = config.bootstrap();
        if (addresses.isEmpty()) {
            return;
        }
        List<Callable<Connection>> dials = new ArrayList<>();
        for (Multiaddr address : addresses) {
            dials.add(() -> swarm.connect(address, FindService.justBefore(deadline)));
        }
        List<Outcome<Connection>> outcomes = forks.run("bootstrap", dials, Forks.all(), deadline);
        List<String> failures = new ArrayList<>();
        Throwable last = null;
        for (int i = 0; i < addresses.size(); i++) {
            switch (outcomes.get(i)) {
                case Outcome.Value<Connection> reached -> {
                    return;
                }
                case Outcome.Failed<Connection>(RegistryException e) -> throw e;
                case Outcome.Failed<Connection>(Throwable e) -> {
                    failures.add(failure(addresses.get(i), e));
                    last = e;
                }
                case Outcome.Cancelled<Connection> silent -> failures.add(addresses.get(i) + ": no answer in time");
            }
        }
        throw new Unreachable("no bootstrap address could be reached: " + String.join("; ", failures), last);
    }

    private static String failure(Multiaddr address, Throwable cause) {
        return address + ": " + cause.getMessage();
    }

    void awaitReady(Duration timeout) throws InterruptedException {
        if (swarm.awaitJoined(Deadline.after(timeout))) {
            return;
        }
        SwarmStatus status = swarm.status();
        String why;
        if (status.connections() > 0) {
            why = status.connections() + " connections, " + status.routingTable()
                    + " peers in the routing table, but the first lookup is not done";
        } else if (config.bootstrap().isEmpty()) {
            why = "there are no bootstrap addresses, and nobody has connected to this node";
        } else {
            why = "none of the bootstrap addresses is connected: " + config.bootstrap();
        }
        throw new DeadlineExceeded("joining the network", timeout, why);
    }
}
