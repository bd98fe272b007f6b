package io.swarmscope.internal.swarm;

import static io.swarmscope.internal.swarm.Peers.address;
import static io.swarmscope.internal.swarm.Peers.dialedByThem;
import static io.swarmscope.internal.swarm.Peers.peer;
import static org.assertj.core.api.Assertions.assertThat;

import io.swarmscope.host.Connection;
import io.swarmscope.host.Identified;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.gossip.GossipConfig;
import io.swarmscope.internal.gossip.RpcCodec;
import io.swarmscope.internal.gossip.Signing;
import io.swarmscope.internal.gossip.Verdict;
import io.swarmscope.internal.gossip.Version;
import io.swarmscope.internal.kad.KadConfig;
import io.swarmscope.internal.kad.Validators;
import io.swarmscope.internal.peer.Reputation;
import io.swarmscope.internal.wire.Limits;
import io.swarmscope.internal.wire.MalformedException;
import io.swarmscope.internal.wire.ProtoWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Which connections are closed where there are too many: the youngest that serve nothing. */
class SurplusTest {

    private static final String TOPIC = "heads";

    /** Whose identity is in nobody's way: its id is none of those that {@link Peers#peer} makes. */
    private final Identity self = Identity.ofSeed(new byte[32]);

    private final Swarm swarm = new Swarm(config(), 0);
    private long now = 1_000_000_000L;
    private long stream;

    private SwarmConfig config() {
        return new SwarmConfig(
                        self.peerId(),
                        KadConfig.DEFAULT,
                        Validators.DEFAULT,
                        List.of(),
                        new Random(5),
                        new Reputation(),
                        (key, value) -> {})
                .withGossip(new GossipSetup(
                        GossipConfig.DEFAULT,
                        Set.of(TOPIC),
                        new Signing(self, System::nanoTime),
                        (from, author, message) -> Verdict.ACCEPT,
                        peer -> 0));
    }

    private void on(Input input) {
        swarm.on(input, now, Instant.EPOCH);
    }

    private <A extends Action> List<A> actions(Class<A> kind) {
        List<A> found = new ArrayList<>();
        for (Action action; (action = swarm.nextAction()) != null; ) {
            if (kind.isInstance(action)) {
                found.add(kind.cast(action));
            }
        }
        return found;
    }

    private List<Connection> open(int first, int count, String protocol) {
        List<Connection> opened = new ArrayList<>();
        for (int i = first; i < first + count; i++) {
            Connection connection = dialedByThem(peer(i));
            on(new Event.Opened(connection));
            on(new Event.Identity(connection, new Identified("test/1", "", Set.of(protocol), List.of(address(4001)), null)));
            opened.add(connection);
        }
        return opened;
    }

    /** Has all of them in the topic, as far as the mesh has room for them. */
    private void gossip(List<Connection> peers) throws MalformedException {
        for (Action.OpenGossip action : actions(Action.OpenGossip.class)) {
            on(new Event.GossipOpened(action.connection().remote(), action.queue(), Version.V1_2));
        }
        byte[] joined = new ProtoWriter().message(1, new ProtoWriter().varint(1, 1).string(2, TOPIC)).toBytes();
        for (Connection peer : peers) {
            on(new Command.GossipReceived(peer, ++stream, RpcCodec.decode(joined), List.of(), new CompletableFuture<>()));
        }
    }

    /** Lets time pass; what is to be closed then if it is idle. */
    private List<Connection> closedAfter(Duration time) {
        actions(Action.Send.class);
        now += time.toNanos();
        swarm.tick(now);
        return actions(Action.CloseIfIdle.class).stream().map(Action.CloseIfIdle::connection).toList();
    }

    @Test
    void aboveTheHighWaterMarkTheYoungestAreClosedDownToTheLowOne() {
        List<Connection> all = open(0, Limits.CONNECTIONS_HIGH_WATER, "/other/1");
        assertThat(closedAfter(Limits.CONNECTION_GRACE)).isEmpty();
        all.addAll(open(Limits.CONNECTIONS_HIGH_WATER, 1, "/other/1"));
        assertThat(closedAfter(Limits.CONNECTION_GRACE)).containsExactlyElementsOf(all.subList(Limits.CONNECTIONS_LOW_WATER, all.size()).reversed());
    }

    @Test
    void whoHasJustComeIsSparedUntilItIsKnownWhatItIsOfUseFor() {
        List<Connection> old = open(0, Limits.CONNECTIONS_LOW_WATER + 5, "/other/1");
        assertThat(closedAfter(Limits.CONNECTION_GRACE)).isEmpty();
        List<Connection> fresh = open(Limits.CONNECTIONS_LOW_WATER + 5, 40, "/other/1");
        assertThat(closedAfter(Limits.MAINTENANCE_INTERVAL))
                .hasSize(45)
                .isSubsetOf(old);
        assertThat(closedAfter(Limits.CONNECTION_GRACE)).hasSize(45).containsAll(fresh);
    }

    @Test
    void peersOfTheRoutingTableAndNeighboursInGossipAreSpared() throws Exception {
        List<Connection> others = open(0, Limits.CONNECTIONS_HIGH_WATER - 20, "/other/1");
        List<Connection> gossiping = open(200, 5, Version.protocols().getFirst());
        gossip(gossiping);
        List<Connection> servers = open(210, 16, KadConfig.DEFAULT.protocolId());
        assertThat(closedAfter(Limits.CONNECTION_GRACE))
                .hasSize(Limits.CONNECTIONS_HIGH_WATER + 1 - Limits.CONNECTIONS_LOW_WATER)
                .isSubsetOf(others)
                .doesNotContainAnyElementsOf(gossiping)
                .doesNotContainAnyElementsOf(servers);
    }
}
