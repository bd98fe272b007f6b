package io.swarmscope.internal.node;

import io.swarmscope.Multiaddr;
import io.swarmscope.host.Host;
import io.swarmscope.host.HostException;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.fork.Forks;
import io.swarmscope.internal.link.TcpHost;
import io.swarmscope.internal.link.TcpHostConfig;
import io.swarmscope.internal.record.RecordCodec;
import io.swarmscope.internal.record.RecordOpener;
import io.swarmscope.internal.swarm.SwarmConfig;
import io.swarmscope.internal.swarm.SwarmHandle;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.SplittableRandom;

/** What a node stands on: the clock, chance, threads and sockets of a machine, or those of a simulation. Used by the thread that starts the node. */
interface Ground {

    /** The wall clock. */
    InstantSource clock();

    /** Chance, new each time. */
    SplittableRandom random();

    /** Runs what calls fork. */
    Forks forks();

    /** Reads and verifies records. */
    RecordOpener records();

    /** A host that is not started yet. */
    Host host(Identity identity, TcpHostConfig config);

    /**
     * Starts a swarm, and the host with it.
     *
     * @throws HostException if the host cannot listen; nothing runs then
     */
    SwarmHandle swarm(SwarmConfig config, Host host, List<Multiaddr> announce, Forks forks) throws HostException;

    /** This machine. */
    Ground MACHINE = new Ground() {
        @Override
        public InstantSource clock() {
            return InstantSource.system();
        }

        @Override
        public SplittableRandom random() {
            return new SplittableRandom(new SecureRandom().nextLong());
        }

        @Override
        public Forks forks() {
            return Forks.best();
        }

        @Override
        public RecordOpener records() {
            return RecordCodec::open;
        }

        @Override
        public Host host(Identity identity, TcpHostConfig config) {
            return TcpHost.create(identity, config);
        }

        @Override
        public SwarmHandle swarm(SwarmConfig config, Host host, List<Multiaddr> announce, Forks forks) throws HostException {
            return SwarmHandle.start(config, host, announce, forks);
        }
    };
}
