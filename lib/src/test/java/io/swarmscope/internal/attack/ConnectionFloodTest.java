package io.swarmscope.internal.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.swarmscope.internal.crypto.Identity;
import io.swarmscope.internal.wire.Limits;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

/** Crowds at the door: connections and nothing else. */
class ConnectionFloodTest extends UnderAttack {
    @Test
    void ofACrowdThatShakesNoHandsSixtyFourWaitInsideAndTheRestIsRefusedAtTheDoor() throws Exception {
        for (int i = 0; i < 500; i++) {
            attack(Attacker.connected(victim));
        }
        victim.awaitGrown("host.refused", 500 - 2 * Limits.CONNECTIONS_PENDING_INBOUND);
        victim.assertHeapWithin(4);
        victim.assertServed();

        victim.awaitGrown("host.timed-out", Limits.CONNECTIONS_PENDING_INBOUND);
        victim.awaitGrown("host.failed-handshakes", Limits.CONNECTIONS_PENDING_INBOUND);
    }

    @Test
    void aCrowdOfStrangersThatShakesHandsIsRefusedAboveTheLimitAndIdleOnesAreSentAwayAgain() throws Exception {
        Queue<Attacker> inside = new ConcurrentLinkedQueue<>();
        Semaphore atOnce = new Semaphore(16);
        int crowd = Limits.CONNECTIONS_INBOUND + 50;
        for (int i = 0; i < crowd; i++) {
            atOnce.acquire();
            Thread.startVirtualThread(() -> {
                try {
                    Attacker attacker = attack(Attacker.secured(victim));
                    attacker.open(Victim.KAD); // not idle, for a minute
                    inside.add(attacker);
                } catch (IOException e) {
                    // It was refused.
                } finally {
                    atOnce.release();
                }
            });
        }
        atOnce.acquire(16);
        await().until(() -> victim.level("host.inbound") + victim.grown("host.refused") == crowd + 1);
        victim.assertThatGrown("host.refused").isGreaterThanOrEqualTo(crowd + 1 - Limits.CONNECTIONS_INBOUND);
        assertThat(victim.level("host.inbound")).isGreaterThan(Limits.CONNECTIONS_HIGH_WATER);
        victim.assertHeapWithin(20);
        victim.assertServed();

        for (Attacker attacker : inside) {
            attacker.resetFirst();
        }
        await().until(() -> victim.level("host.inbound") <= Limits.CONNECTIONS_HIGH_WATER);
        victim.assertServed();
    }

    @Test
    void ofManyConnectionsOfOnePeerTwoAreLetInAndOneIsKept() throws Exception {
        Identity one = Identity.generate(new SecureRandom());
        List<Attacker> all = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            all.add(attack(Attacker.secured(victim, one)));
        }
        await().until(() -> all.stream().filter(Attacker::ended).count() == 8);
        victim.assertThatGrown("host.refused").isEqualTo(8);

        await().until(() -> all.stream().filter(Attacker::ended).count() == 9);
        victim.assertServed();
    }

    @Test
    void encryptedFramesOfTheGreatestLengthThatNeverEndCostTwoBuffersEachAndNoMore() throws Exception {
        int connections = 64;
        for (int i = 0; i < connections; i++) {
            Attacker attacker = attack(Attacker.secured(victim));
            attacker.raw().write(new byte[] {(byte) 0xff, (byte) 0xff});
            attacker.raw().write(new byte[60_000]);
        }
        await().until(() -> victim.grown("host.bytes-in") > connections * 60_000L);
        victim.assertHeapWithin(connections * 128 / 1024 + 4);
        victim.assertServed();
    }
}
