package io.swarmscope.internal.node;

import io.swarmscope.Multiaddr;
import io.swarmscope.Registry;
import io.swarmscope.RegistryConfig;
import io.swarmscope.host.Host;
import io.swarmscope.host.HostException;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.fork.Deadline;
import io.swarmscope.internal.fork.Forks;
import io.swarmscope.internal.kad.Bytes;
import io.swarmscope.internal.kad.Operation;
import io.swarmscope.internal.kad.OperationResult;
import io.swarmscope.internal.link.TcpHostConfig;
import io.swarmscope.internal.record.RecordOpener;
import io.swarmscope.internal.simulation.Net;
import io.swarmscope.internal.simulation.Place;
import io.swarmscope.internal.simulation.SimHost;
import io.swarmscope.internal.simulation.VirtualForks;
import io.swarmscope.internal.store.PackageIndex;
import io.swarmscope.internal.swarm.SimulatedSwarm;
import io.swarmscope.internal.swarm.SwarmConfig;
import io.swarmscope.internal.swarm.SwarmHandle;
import io.swarmscope.internal.swarm.SwarmStatus;
import io.swarmscope.internal.telemetry.Telemetry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** A node of a simulation, from its start to its end: production's parts on the ground of the simulation. Touched only by the thread that has its turn. */
public final class SimulatedProcess {

    /** What stays when a process ends. */
    public static final class Disk {
        private final SimulatedDisk rows = new SimulatedDisk();
    }

    private final Standing ground;
    private final NodeRegistry registry;
    private final Disk disk;

    private SimulatedProcess(Standing ground, NodeRegistry registry, Disk disk) {
        this.disk = disk;
        this.ground = ground;
        this.registry = registry;
    }

    /** Starts one on a machine, with what its disk holds. */
    public static SimulatedProcess start(RegistryConfig config, Identity identity, Place place, Net net, Disk disk, SimulatedSignatures shared) {
        Standing ground = new Standing(place, net, shared);
        Restored restored = new Restored();
        disk.rows.tell(restored, place.clock().millis());
        return new SimulatedProcess(ground, Node.start(config, identity, ground, disk.rows, restored, Telemetry.OFF), disk);
    }

    /** Its calls. */
    public Registry registry() {
        return registry;
    }

    /** Ends it as when the power fails: it says nothing to anybody, and writes nothing more. */
    public void crash() {
        host().crash();
        disk.rows.cut(true);
        try {
            registry.close();
        } finally {
            disk.rows.cut(false);
        }
    }

    /** Its network side. */
    public SimHost host() {
        return Objects.requireNonNull(ground.host);
    }

    /** Walks to the peers nearest to a key; for a task or the thread of the simulation. */
    public OperationResult closest(byte[] key, Duration timeout) throws InterruptedException {
        return Objects.requireNonNull(ground.door).run(new Operation.FindClosest(Bytes.of(key)), Deadline.after(timeout));
    }

    /** Whether it is in its network. */
    public boolean joined() {
        return Objects.requireNonNull(ground.loop).joined();
    }

    /** What its swarm has to say of itself, at once. */
    public SwarmStatus status() {
        return Objects.requireNonNull(ground.loop).status();
    }

    /** What it holds. */
    public PackageIndex index() {
        return registry.packages().index();
    }

    private static final class Standing implements Ground {
        private final Place place;
        private final Net net;
        private final SimulatedSignatures shared;
        private final SplittableRandom random;
        private @Nullable SimHost host;
        private @Nullable SimulatedSwarm loop;
        private @Nullable SwarmHandle door;

        Standing(Place place, Net net, SimulatedSignatures shared) {
            this.place = place;
            this.net = net;
            this.shared = shared;
            this.random = net.engine().newRandom();
        }

        @Override
        public InstantSource clock() {
            return place.clock();
        }

        @Override
        public SplittableRandom random() {
            return random.split();
        }

        @Override
        public Forks forks() {
            return new VirtualForks(net.engine());
        }

        @Override
        public RecordOpener records() {
            return shared::record;
        }

        @Override
        public Host host(Identity identity, TcpHostConfig config) {
            host = new SimHost(net, place, config.agentVersion());
            return host;
        }

        @Override
        public SwarmHandle swarm(SwarmConfig config, Host on, List<Multiaddr> announce, Forks forks) throws HostException {
            loop = new SimulatedSwarm(config, (SimHost) on, forks, shared::author);
            door = loop.start(announce);
            return door;
        }
    }
}
