package io.swarmscope.internal.node;

import io.swarmscope.DhtMode;
import io.swarmscope.Registry;
import io.swarmscope.RegistryConfig;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.fork.Deadline;
import io.swarmscope.internal.fork.Forks;
import io.swarmscope.internal.gossip.GossipConfig;
import io.swarmscope.internal.gossip.Signing;
import io.swarmscope.internal.gossip.Verdict;
import io.swarmscope.internal.kad.Bytes;
import io.swarmscope.internal.kad.KadConfig;
import io.swarmscope.internal.kad.KadRecord;
import io.swarmscope.internal.kad.Operation;
import io.swarmscope.internal.kad.OperationResult;
import io.swarmscope.internal.kad.Validator;
import io.swarmscope.internal.kad.Validators;
import io.swarmscope.internal.link.TcpHost;
import io.swarmscope.internal.link.TcpHostConfig;
import io.swarmscope.internal.peer.Reputation;
import io.swarmscope.internal.record.Evidence;
import io.swarmscope.internal.record.RecordKey;
import io.swarmscope.internal.record.Signed;
import io.swarmscope.internal.swarm.GossipSetup;
import io.swarmscope.internal.swarm.SwarmConfig;
import io.swarmscope.internal.swarm.SwarmHandle;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/** A libp2p node that speaks our protocols and says whatever a test wants it to say. */
final class Stranger implements AutoCloseable {

    private final TcpHost host;
    private final SwarmHandle swarm;

    Stranger(Identity identity) throws Exception {
        host = TcpHost.create(identity, TcpHostConfig.DEFAULT);
        SwarmConfig config = new SwarmConfig(
                        identity.peerId(),
                        KadConfig.DEFAULT.withMode(DhtMode.CLIENT),
                        Validators.DEFAULT.with(RecordKey.PACKAGES, new Anything()).with(RecordKey.VERSIONS, new Anything()),
                        List.of(),
                        new SplittableRandom(1),
                        new Reputation(),
                        (key, value) -> {})
                .withGossip(new GossipSetup(
                        GossipConfig.DEFAULT,
                        Set.of(),
                        new Signing(identity, System::nanoTime),
                        (from, author, message) -> Verdict.ACCEPT,
                        peer -> 0));
        swarm = SwarmHandle.start(config, host, List.of(), Forks.best());
    }

    void connect(Registry node) throws Exception {
        swarm.connect(node.addresses().getFirst(), Deadline.after(Network.PATIENCE));
        swarm.awaitJoined(Deadline.after(Network.PATIENCE));
    }

    void gossip(Signed<?> record) {
        swarm.publish(HeadGossip.topic(RegistryConfig.DEFAULT), record.encoded());
    }

    void gossip(Evidence evidence) {
        swarm.publish(HeadGossip.evidenceTopic(RegistryConfig.DEFAULT), evidence.encode());
    }

    /** Asks the network to store it; at how many peers it is. */
    int put(Signed<?> record) throws Exception {
        Bytes key = Bytes.of(RecordKey.of(record.record()).toBytes());
        OperationResult result =
                swarm.run(new Operation.PutValue(new KadRecord(key, Bytes.of(record.encoded()))), Deadline.after(Network.PATIENCE));
        return result instanceof OperationResult.Stored stored ? stored.stored().size() : 0;
    }

    @Override
    public void close() {
        swarm.close();
        host.close();
    }

    /** Has no rules. */
    private static final class Anything implements Validator {
        @Override
        public io.swarmscope.internal.kad.Verdict validate(byte[] key, byte[] value) {
            return io.swarmscope.internal.kad.Verdict.ACCEPTED;
        }

        @Override
        public int select(byte[] key, List<byte[]> values) {
            return 0;
        }
    }
}
