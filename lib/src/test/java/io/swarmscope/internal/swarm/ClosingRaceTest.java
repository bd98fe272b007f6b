package io.swarmscope.internal.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import io.swarmscope.DhtMode;
import io.swarmscope.Race;
import io.swarmscope.RegistryException;
import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.fork.Deadline;
import io.swarmscope.internal.fork.Forks;
import io.swarmscope.internal.kad.Bytes;
import io.swarmscope.internal.kad.KadConfig;
import io.swarmscope.internal.kad.Operation;
import io.swarmscope.internal.kad.Validators;
import io.swarmscope.internal.link.TcpHost;
import io.swarmscope.internal.link.TcpHostConfig;
import io.swarmscope.internal.peer.Reputation;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** Calls that come while the swarm is being closed: each has an answer or is told, long before its deadline. */
class ClosingRaceTest {
    private static final int ROUNDS = 150;
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration LONG = Duration.ofMinutes(5);

    @Test
    void whoCallsWhileTheSwarmStopsIsNotLeftWaiting() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int told = 0;
        for (int round = 0; round < ROUNDS; round++) {
            for (Object result : race(random)) {
                if (result instanceof Throwable) {
                    assertThat(result).as("seed %d, round %d", seed, round).isInstanceOf(RegistryException.Closed.class);
                    told++;
                }
            }
        }
        assertThat(told).as("seed %d: in some rounds the close is first", seed).isPositive();
    }

    private static List<Object> race(Random random) throws Exception {
        Identity identity = Identity.generate(new SecureRandom());
        try (TcpHost host = TcpHost.create(identity, TcpHostConfig.DEFAULT)) {
            SwarmConfig config = new SwarmConfig(
                    identity.peerId(),
                    KadConfig.DEFAULT.withMode(DhtMode.CLIENT),
                    Validators.DEFAULT,
                    List.of(),
                    new SplittableRandom(1),
                    new Reputation(),
                    (key, value) -> {});
            SwarmHandle swarm = SwarmHandle.start(config, host, List.of(), Forks.best());
            Callable<?> lookup = () -> swarm.run(new Operation.GetValue(Bytes.ofText("/pk/a"), 1), Deadline.after(LONG));
            Callable<?> wait = () -> swarm.awaitJoined(Deadline.after(LONG));
            Callable<?> close = () -> {
                swarm.close();
                return "closed";
            };
            return Race.run(random, SOON, List.of(lookup, swarm::status, close, swarm::neighbours, wait));
        }
    }
}
