package io.swarmscope.internal.attack;

import static org.awaitility.Awaitility.await;

import io.swarmscope.internal.wire.Limits;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Peers that ask, and do not take the answers. */
class DeafPeerTest extends UnderAttack {

    @Test
    void aPeerThatAsksAndNeverReadsIsGivenUp() throws Exception {
        Attacker deaf = attack(Attacker.deaf(victim));
        // It asks until what the system keeps for a socket that nobody reads is full, and then once more.
        for (int i = 0; i < 200; i++) {
            int stream = deaf.open(Victim.SEARCH, StreamAttackTest.ALL);
            deaf.frame(Attacker.WINDOW, 0, stream, 8 << 20);
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
        victim.assertServed();
        await().until(() -> victim.level("host.inbound") == 1);
        victim.assertThatGrown("host.timed-out").isGreaterThanOrEqualTo(1);
        victim.assertHeapWithin(6);
    }

    @Test
    @Tag("slow")
    void pingsWhoseEchoesNobodyTakesWaitForAWindowAndTheNextStreamsForTheirTurn() throws Exception {
        Attacker attacker = attack(Attacker.secured(victim));
        for (int i = 0; i < 2; i++) {
            int stream = attacker.open(Victim.PING);
            attacker.dataInTurn(stream, new byte[Limits.YAMUX_WINDOW + 100_000]);
            await().until(() -> attacker.bytesOn(stream) >= Limits.YAMUX_WINDOW);
        }
        int third = attacker.open(Victim.PING, new byte[Limits.PING_BYTES]);
        attacker.awaitReset(third);
        victim.assertThatGrown("host.refused").isEqualTo(1);
        victim.assertHeapWithin(4);
        victim.assertServed();
    }
}
