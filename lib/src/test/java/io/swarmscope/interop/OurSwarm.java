package io.swarmscope.interop;

import io.swarmscope.DhtMode;
import io.swarmscope.Multiaddr;
import io.swarmscope.PeerId;
import io.swarmscope.host.Host;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.fork.Deadline;
import io.swarmscope.internal.fork.Forks;
import io.swarmscope.internal.gossip.GossipConfig;
import io.swarmscope.internal.gossip.Intake;
import io.swarmscope.internal.gossip.Signing;
import io.swarmscope.internal.kad.KadConfig;
import io.swarmscope.internal.kad.Operation;
import io.swarmscope.internal.kad.OperationResult;
import io.swarmscope.internal.kad.Validator;
import io.swarmscope.internal.kad.Validators;
import io.swarmscope.internal.kad.Verdict;
import io.swarmscope.internal.peer.DeafObserver;
import io.swarmscope.internal.peer.PeerObserver;
import io.swarmscope.internal.swarm.GossipSetup;
import io.swarmscope.internal.swarm.SwarmConfig;
import io.swarmscope.internal.swarm.SwarmHandle;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/** A node of ours as far as the DHT goes: a host and a swarm over it. It accepts records under {@code /test/}. */
final class OurSwarm implements AutoCloseable {

    static final Duration TIMEOUT = Duration.ofSeconds(20);

    /** Its records must not say "bad", and the longest is the best. */
    private static final Validator TEST = new Validator() {
        @Override
        public Verdict validate(byte[] key, byte[] value) {
            return new String(value, StandardCharsets.UTF_8).equals("bad")
                    ? Verdict.refused("it says bad")
                    : Verdict.ACCEPTED;
        }

        @Override
        public int select(byte[] key, List<byte[]> values) {
            int best = 0;
            for (int i = 1; i < values.size(); i++) {
                best = values.get(i).length > values.get(best).length ? i : best;
            }
            return best;
        }
    };

    final Host host;
    final SwarmHandle swarm;
    final List<String> misbehaved = new CopyOnWriteArrayList<>();

    private OurSwarm(Host host, DhtMode mode, UnaryOperator<SwarmConfig> more) throws IOException {
        this.host = host;
        SwarmConfig config = new SwarmConfig(
                host.id(),
                KadConfig.DEFAULT.withMode(mode),
                Validators.DEFAULT.with("test", TEST),
                List.of(),
                new Random(1),
                observer(),
                (key, value) -> {});
        swarm = SwarmHandle.start(more.apply(config), host, List.of(), Forks.best());
    }

    static OurSwarm start(DhtMode mode) throws IOException {
        return new OurSwarm(OurHost.newHost(), mode, UnaryOperator.identity());
    }

    /** A client of the DHT, so that nobody looks it up, that gossips in one topic. */
    static OurSwarm gossiping(String topic, GossipConfig gossip, Intake.Rules rules) throws IOException {
        Identity identity = Identity.generate(new SecureRandom());
        GossipSetup setup = new GossipSetup(
                gossip, Set.of(topic), new Signing(identity, System::nanoTime), rules, peer -> 0);
        return new OurSwarm(OurHost.newHost(identity), DhtMode.CLIENT, config -> config.withGossip(setup));
    }

    private PeerObserver observer() {
        return new DeafObserver() {
            @Override
            public void misbehaved(PeerId peer, String what) {
                misbehaved.add(peer + ": " + what);
            }
        };
    }

    String id() {
        return host.id().toString();
    }

    /** An address it listens on, with its peer id. */
    String address() {
        return host.addresses().get(0) + "/p2p/" + host.id();
    }

    void connect(JsPeer js) throws Exception {
        swarm.connect(Multiaddr.parse(js.address()), Deadline.after(TIMEOUT));
    }

    /** Runs an operation that must end in the given way. */
    <R extends OperationResult> R run(Operation operation, Class<R> expected) throws InterruptedException {
        OperationResult result = swarm.run(operation, Deadline.after(TIMEOUT));
        if (!expected.isInstance(result)) {
            throw new AssertionError(operation + " ended in " + result);
        }
        return expected.cast(result);
    }

    @Override
    public void close() {
        swarm.close();
        host.close();
    }
}
